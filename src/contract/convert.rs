//! Conversions between a type of the wire and a type of the rules with the same fields.
//! Where the two differ, the conversion is written out beside the type.

/// `Wire => Core { fields }` makes the one from the other; `<=>` goes both ways. Both types
/// are taken apart by name, so a field that only one of them has does not compile.
macro_rules! same_fields {
    ($wire:ident => $core:ident { $($field:ident),+ $(,)? }) => {
        impl From<$wire> for $core {
            fn from($wire { $($field),+ }: $wire) -> Self {
                Self { $($field),+ }
            }
        }
    };
    ($wire:ident <=> $core:ident { $($field:ident),+ $(,)? }) => {
        same_fields!($wire => $core { $($field),+ });
        same_fields!($core => $wire { $($field),+ });

        impl From<&$core> for $wire {
            fn from(core: &$core) -> Self {
                core.clone().into()
            }
        }
    };
}

pub(super) use same_fields;
