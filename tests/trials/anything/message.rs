//! Any value of any message type: a deserializer that reads nothing but random numbers, so
//! that each type's own fields, kept by its `Deserialize`, are all that is to be known of
//! it. A type that refuses what it is given is tried again.

use serde::de::value::{Error, StrDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer,
    MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use crate::support::random::Random;

/// Messages contain each other without end; this is deep enough for all that is looked at.
const DEEPEST: usize = 9;
const TRIES: usize = 40;

const TEXTS: [&str; 12] = [
    "",
    "a",
    "default",
    "\0",
    "line\nline",
    "\u{202e}tfel ot thgir",
    "'; DROP TABLE run; --",
    "ExecutionStatus = 'Running'",
    "StartTime > '2020-01-01T00:00:00Z' ORDER BY",
    "CustomKeyword",
    "100%_\\\"",
    "\u{10ffff}\u{feff}é",
];
const DURATIONS: [&str; 8] = [
    "0s",
    "0.001s",
    "1s",
    "60s",
    "-1s",
    "315576000000s",
    "-315576000000s",
    "0.000000001s",
];
const MOMENTS: [&str; 4] = [
    "1970-01-01T00:00:00Z",
    "2025-06-01T12:00:00.5Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
];
/// Bytes as JSON has them.
const BYTES: [&str; 5] = ["", "AA==", "ImEi", "//////8=", "eyJhIjoxfQ=="];
const NUMBERS: [i64; 12] = [
    0,
    1,
    2,
    3,
    5,
    7,
    -1,
    100,
    65_536,
    i32::MAX as i64,
    i32::MIN as i64,
    i64::MAX,
];

/// Any message of a type.
pub fn any<T: DeserializeOwned + Default>(random: &mut Random) -> T {
    (0..TRIES)
        .find_map(|_| {
            let source = Source {
                random,
                depth: 0,
                field: "",
            };
            T::deserialize(source).ok()
        })
        .unwrap_or_default()
}

/// Where the next value comes from, and what it is for.
struct Source<'r> {
    random: &'r mut Random,
    depth: usize,
    field: &'static str,
}

impl Source<'_> {
    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        let place = self.random.below(all.len() as u64);
        all[usize::try_from(place).expect("it is below a length")]
    }

    /// Less and less often, so that it ends.
    fn goes_on(&mut self) -> bool {
        self.depth < DEEPEST && self.random.below(3 + self.depth as u64 / 2) != 0
    }

    fn deeper(&mut self, field: &'static str) -> Source<'_> {
        Source {
            depth: self.depth + 1,
            random: self.random,
            field,
        }
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ident)*) => {$(
        fn $method<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
            let number = self.one_of(&NUMBERS);
            visitor.$visit($type::try_from(number).unwrap_or($type::MAX))
        }
    )*};
}

impl<'de> Deserializer<'de> for Source<'_> {
    type Error = Error;

    numbers! {
        deserialize_i8 visit_i8 i8
        deserialize_i16 visit_i16 i16
        deserialize_i32 visit_i32 i32
        deserialize_i64 visit_i64 i64
        deserialize_u8 visit_u8 u8
        deserialize_u16 visit_u16 u16
        deserialize_u32 visit_u32 u32
        deserialize_u64 visit_u64 u64
    }

    /// Enums and numbers of types that have JSON of their own.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let number = self.random.below(5);
        visitor.visit_i64(i64::try_from(number).expect("it is small"))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(self.random.below(2) == 0)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_f64(self.one_of(&[0.0, 1.0, -1.0, 1e300, f64::NAN, f64::INFINITY]))
    }

    fn deserialize_string<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.one_of(&TEXTS))
    }

    /// Times, and bytes, which only their field's name tells apart.
    fn deserialize_str<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        const SPANS: [&str; 9] = [
            "timeout", "duration", "interval", "period", "delay", "ttl", "window", "age", "backoff",
        ];
        let field = self.field.to_ascii_lowercase();
        let text = if SPANS.iter().any(|span| field.ends_with(span)) {
            self.one_of(&DURATIONS)
        } else if field.ends_with("time") {
            self.one_of(&MOMENTS)
        } else {
            self.one_of(&BYTES)
        };
        visitor.visit_str(text)
    }

    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        if self.goes_on() {
            visitor.visit_some(self)
        } else {
            visitor.visit_none()
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        let field = self.field;
        visitor.visit_seq(Several(self.deeper(field)))
    }

    fn deserialize_map<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Entries(self.deeper("")))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        // Types with JSON of their own have full names, take fields under two names, and
        // need none of them.
        let optional = name.contains('.');
        visitor.visit_map(Fields {
            source: self.deeper(""),
            left: fields,
            optional,
            field: "",
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let variant = self.one_of(variants);
        visitor.visit_enum(Variant(self.deeper(variant)))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

struct Several<'r>(Source<'r>);

impl<'de> SeqAccess<'de> for Several<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        if !self.0.goes_on() {
            return Ok(None);
        }
        let field = self.0.field;
        seed.deserialize(self.0.deeper(field)).map(Some)
    }
}

struct Entries<'r>(Source<'r>);

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        if !self.0.goes_on() {
            return Ok(None);
        }
        seed.deserialize(self.0.deeper("")).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.0.deeper(""))
    }
}

struct Fields<'r> {
    source: Source<'r>,
    left: &'static [&'static str],
    optional: bool,
    field: &'static str,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        while let Some((field, left)) = self.left.split_first() {
            self.left = left;
            let second_name = self.optional && field.contains('_');
            if second_name || (self.optional && self.source.random.below(3) == 0) {
                continue;
            }
            self.field = field;
            let name: StrDeserializer<'_, Error> = (*field).into_deserializer();
            return seed.deserialize(name).map(Some);
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let field = self.field;
        seed.deserialize(self.source.deeper(field))
    }
}

struct Variant<'r>(Source<'r>);

impl<'de, 'r> EnumAccess<'de> for Variant<'r> {
    type Error = Error;
    type Variant = Source<'r>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self::Variant), Error> {
        let name: StrDeserializer<'_, Error> = self.0.field.into_deserializer();
        Ok((seed.deserialize(name)?, self.0))
    }
}

impl<'de> VariantAccess<'de> for Source<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("no message has such a variant"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        Err(Error::custom("no message has such a variant"))
    }
}
