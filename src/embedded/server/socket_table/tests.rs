use super::*;

#[test]
#[cfg(target_endian = "little")]
fn rows_are_read_as_the_kernel_writes_them() {
    let v4 = "   1: 0100007F:1C41 0200007F:BEEA 01 00000000:00000000 00:00000000 00000000  1000 \
              0 5291 1 000000001d044723 21 4 1 104 146";
    assert_eq!(
        parse(v4),
        Some(Row {
            local: "127.0.0.1:7233".parse().unwrap(),
            remote: "127.0.0.2:48874".parse().unwrap(),
            state: ESTABLISHED,
            uid: 1000,
            inode: 5291,
        })
    );
    let v6 = "   0: 00000000000000000000000001000000:1C41 00000000000000000000000000000000:0000 0A \
              00000000:00000000 00:00000000 00000000     0        0 77 1 0 100 0 0 10 0";
    let row = parse(v6).unwrap();
    assert_eq!(row.local, "[::1]:7233".parse().unwrap());
    assert_eq!(row.state, LISTEN);
    let mapped = "   0: 0000000000000000FFFF00000100007F:0001 0000000000000000FFFF00000100007F:0002 \
                  01 00000000:00000000 00:00000000 00000000     0        0 77 1 0 100 0 0 10 0";
    assert_eq!(parse(mapped).unwrap().local, "127.0.0.1:1".parse().unwrap());
}

#[test]
fn what_is_no_row_is_passed_over() {
    for line in [
        "",
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid",
        "   1: 0100007F:1C41 0200007F:BEEA",
        "   1: 0100007:1C41 0200007F:BEEA 01 0:0 0:0 0 1000 0 5291",
        "   1: äöüß:1C41 0200007F:BEEA 01 0:0 0:0 0 1000 0 5291",
        "   1: 0100007F:1C41 0200007F:BEEA 01 0:0 0:0 0 -1 0 5291",
    ] {
        assert_eq!(parse(line), None, "{line:?}");
    }
}

#[test]
fn a_listener_of_this_process_is_listed() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let listed = || {
        read()
            .unwrap()
            .into_iter()
            .any(|row| row.local == address && row.state == LISTEN && row.inode != 0)
    };
    // Not a snapshot: other sockets come and go, and it may be missing once.
    assert!(listed() || listed());
}
