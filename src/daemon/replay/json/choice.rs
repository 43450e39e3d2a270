//! A choice, of which protobuf's form writes what was chosen among the other fields, and the
//! SDK's form as an object with one entry.

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error as _, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Map, Value};

use super::{Given, camel};

/// The object one of whose entries is what was chosen.
#[derive(Clone, Copy)]
pub(super) struct Choice<'de>(pub(super) &'de Map<String, Value>);

impl<'de> Deserializer<'de> for Choice<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("this is a choice"))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let chosen = self.0.iter().find_map(|(key, value)| {
            let key = camel(key);
            let is_it = |variant: &&&str| {
                let (first, rest) = variant.split_at(1);
                **variant == key || key.strip_prefix(&first.to_lowercase()) == Some(rest)
            };
            Some((*variants.iter().find(is_it)?, value))
        });
        match chosen {
            Some((variant, value)) => visitor.visit_enum(Chosen(variant, value)),
            None => Err(Error::custom(format!("its {name} are unknown here"))),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// What was chosen.
struct Chosen<'de>(&'static str, &'de Value);

impl<'de> EnumAccess<'de> for Chosen<'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Error> {
        let variant = seed.deserialize(StrDeserializer::<Error>::new(self.0))?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Chosen<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(Given(self.1))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        Given(self.1).deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        Given(self.1).deserialize_struct(self.0, fields, visitor)
    }
}
