//! The numbers of users who are named. Names are looked up in the system's own list; a
//! directory service is not asked, since its users can be given by number.

use std::collections::BTreeSet;
use std::fs;

use crate::config::User;

/// Where the system keeps its users.
const LIST: &str = "/etc/passwd";

/// A user that is not known here.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no user {0} on this machine")]
pub(super) struct Unknown(pub(super) String);

/// The numbers of these users.
pub(super) fn ids(users: &[User]) -> Result<BTreeSet<u32>, Unknown> {
    let is_named = users.iter().any(|user| matches!(user, User::Name(_)));
    let list = if is_named {
        fs::read_to_string(LIST).unwrap_or_default()
    } else {
        String::new()
    };
    users.iter().map(|user| id(user, &list)).collect()
}

fn id(user: &User, list: &str) -> Result<u32, Unknown> {
    match user {
        User::Id(id) => Ok(*id),
        User::Name(name) => list
            .lines()
            .find_map(|line| {
                let mut fields = line.split(':');
                let is_it = fields.next() == Some(name);
                is_it.then(|| fields.nth(1)?.parse().ok()).flatten()
            })
            .ok_or_else(|| Unknown(name.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::{Unknown, id, ids};
    use crate::config::User;

    const LIST: &str =
        "root:x:0:0:root:/root:/bin/sh\nbroken\nann:x:1000:1000::/home/ann:/bin/sh\n";

    #[test]
    fn a_name_is_looked_up_and_a_number_is_not() {
        let name = |name: &str| User::Name(name.to_owned());
        assert_eq!(id(&name("ann"), LIST), Ok(1000));
        assert_eq!(id(&name("root"), LIST), Ok(0));
        for missing in ["an", "broken", "x"] {
            assert_eq!(id(&name(missing), LIST), Err(Unknown(missing.to_owned())));
        }
        assert_eq!(ids(&[User::Id(7), User::Id(7)]), Ok([7].into()));
    }
}
