//! The journal of systemd: whether standard error leads there, and entries by its own
//! protocol, so that `journalctl EPOCH_ID=…` finds an epoch's.

use std::ffi::OsStr;
use std::io;

use tracing_journald::{Layer, Priority, PriorityMappings};

/// What systemd tells the services whose standard error is the journal: the file's device
/// and inode.
const VARIABLE: &str = "JOURNAL_STREAM";

/// Whether this process's standard error leads to the journal.
pub(super) fn is_stderr() -> bool {
    let Some(stream) = std::env::var_os(VARIABLE) else {
        return false;
    };
    rustix::fs::fstat(rustix::stdio::stderr())
        .is_ok_and(|stat| is_file(&stream, stat.st_dev, stat.st_ino))
}

/// Whether it is this file that the variable is about. A process that was given the
/// variable and another standard error is not.
fn is_file(stream: &OsStr, device: u64, inode: u64) -> bool {
    let told = stream.to_str().and_then(|text| text.split_once(':'));
    told.is_some_and(|(d, i)| d.parse() == Ok(device) && i.parse() == Ok(inode))
}

/// Entries with the fields' own names, in upper case, as the journal wants them, and with
/// priorities as syslog has them: `journalctl -p warning` shows what it says.
pub(super) fn layer() -> io::Result<Layer> {
    Ok(Layer::new()?
        .with_field_prefix(None)
        .with_priority_mappings(PriorityMappings {
            error: Priority::Error,
            warn: Priority::Warning,
            info: Priority::Informational,
            debug: Priority::Debug,
            trace: Priority::Debug,
        }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_is_about_one_file() {
        let is = |text: &str| is_file(OsStr::new(text), 9, 1234);
        assert!(is("9:1234"));
        for other in [
            "", "9", "9:", ":1234", "9:1235", "8:1234", "9:1234:1", "a:b",
        ] {
            assert!(!is(other), "{other}");
        }
    }
}
