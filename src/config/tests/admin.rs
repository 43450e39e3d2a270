//! Where the admin endpoint answers, and who has to say so before other machines may ask.

use super::{User, row};
use crate::config::aurad;

fn admin(address: &str, expose: bool) -> aurad::Flags {
    aurad::Flags {
        admin: Some(address.into()),
        admin_expose: expose,
        ..Default::default()
    }
}

#[test]
fn there_is_none_unless_somebody_says_where() {
    let user = User::new();
    assert_eq!(user.aurad().admin.value, None);
    let shown = |address: &str| {
        let settings = user.aurad_with(admin(address, false)).unwrap();
        row(&settings.describe(), "admin").0
    };
    for (text, meant) in [
        ("none", "none"),
        ("127.0.0.1:0", "127.0.0.1:0"),
        ("localhost:9464", "127.0.0.1:9464"),
        ("[::1]:9464", "[::1]:9464"),
        ("127.1.2.3:1", "127.1.2.3:1"),
    ] {
        assert_eq!(shown(text), meant);
    }
    // A weaker source's address can be taken back.
    let user = User::new().with("AURAD_ADMIN", "0.0.0.0:1");
    let settings = user.aurad_with(admin("none", false)).unwrap();
    assert_eq!(settings.admin.value, None);
}

#[test]
fn what_is_no_address_is_explained() {
    let user = User::new();
    for text in ["", "9464", ":9464", "localhost", "example.org:1", "off"] {
        let error = user.aurad_with(admin(text, false)).unwrap_err();
        assert_eq!(
            user.parts(&error),
            [
                format!("--admin '{text}' cannot be listened on"),
                "it is an IP address, or localhost, and a port; none means no endpoint".to_owned(),
                "correct --admin: write 127.0.0.1:9464, for example; port 0 takes a free one"
                    .to_owned(),
            ]
        );
    }
}

#[test]
fn other_machines_are_let_in_by_those_who_say_so() {
    let user = User::new().with("AURAD_ADMIN", "0.0.0.0:9464");
    let error = user.aurad_with(aurad::Flags::default()).unwrap_err();
    assert_eq!(
        user.parts(&error),
        [
            "admin 0.0.0.0:9464 (env AURAD_ADMIN) is no loopback address",
            "whoever reaches the admin endpoint can read it: it has neither passwords nor \
             encryption",
            "write 127.0.0.1:9464, or add --admin-expose if that network is trusted",
        ]
    );
    for address in ["0.0.0.0:1", "192.0.2.1:1", "[::]:1", "[2001:db8::1]:1"] {
        assert!(
            user.aurad_with(admin(address, false)).is_err(),
            "{address} is let in"
        );
        let settings = user.aurad_with(admin(address, true)).unwrap();
        assert_eq!(settings.admin.value, Some(address.parse().unwrap()));
        assert_eq!(settings.notices, [""; 0]);
    }
    // A loopback address that is written like one of IPv6.
    assert!(
        user.aurad_with(admin("[::ffff:127.0.0.1]:1", false))
            .is_ok()
    );
}

#[test]
fn a_switch_without_an_endpoint_is_named() {
    let user = User::new().config("[aurad]\nadmin_expose = true\n");
    let [notice] = &user.aurad().notices[..] else {
        panic!("one notice")
    };
    assert!(
        notice.starts_with("admin_expose (file ") && notice.contains(") is not used: "),
        "{notice}"
    );
}
