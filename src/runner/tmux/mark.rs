//! The mark that a launcher sends to its terminal after the last of a command's output.
//! tmux closes a pane as soon as its process has ended and nothing seems to be left to
//! read, and under load something may be. So the launcher stays until the writer of the
//! log has seen the mark. Terminals ignore it, and it is in no log.

use std::io::{self, Read};

/// The mark of the order with this id, which no command knows.
pub(super) fn of(id: &str) -> Vec<u8> {
    format!("\x1b]7117;aura-end-{id}\x07").into_bytes()
}

/// What comes before a mark, or all if there is none.
pub(super) struct Before<R> {
    from: R,
    mark: Vec<u8>,
    /// What was read and not yet handed on.
    held: Vec<u8>,
    ended: bool,
}

impl<R: Read> Before<R> {
    pub(super) fn new(from: R, mark: Vec<u8>) -> Self {
        Self {
            from,
            mark,
            held: Vec::new(),
            ended: false,
        }
    }

    /// How much of what is held surely comes before the mark.
    fn sure(&mut self) -> usize {
        // The usual case, fast: nothing in it could begin a mark.
        let Some(first) = self.held.iter().position(|byte| *byte == self.mark[0]) else {
            return self.held.len();
        };
        for at in first..self.held.len() {
            let rest = &self.held[at..];
            if rest.starts_with(&self.mark) {
                self.held.truncate(at);
                self.ended = true;
                return at;
            }
            if self.mark.starts_with(rest) {
                return at;
            }
        }
        self.held.len()
    }
}

impl<R: Read> Read for Before<R> {
    /// Hands on at most as much as the buffer holds.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut sure = self.sure();
        while sure == 0 && !self.ended {
            let read = self.from.read(buffer)?;
            self.held.extend_from_slice(&buffer[..read]);
            sure = self.sure();
            if read == 0 {
                self.ended = true;
                sure = self.held.len();
            }
        }
        if self.ended {
            sure = self.held.len();
        }
        let count = sure.min(buffer.len());
        buffer[..count].copy_from_slice(&self.held[..count]);
        self.held.drain(..count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives as many bytes at once as it is told.
    struct Pieces<'a>(&'a [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    #[track_caller]
    fn check(text: &str, before: &str) {
        for size in [1, 2, 3, 7, 1000] {
            for room in [1, 5, 1000] {
                let mut reader = Before::new(Pieces(text.as_bytes(), size), of("ID"));
                let mut all = Vec::new();
                let mut buffer = vec![0; room];
                loop {
                    let count = reader.read(&mut buffer).unwrap();
                    if count == 0 {
                        break;
                    }
                    all.extend_from_slice(&buffer[..count]);
                }
                assert_eq!(String::from_utf8(all).unwrap(), before, "{size} {room}");
            }
        }
    }

    #[test]
    fn all_before_the_mark_is_handed_on_and_nothing_after_it() {
        let mark = String::from_utf8(of("ID")).unwrap();
        check(&format!("one\x1b[mtwo{mark}three"), "one\x1b[mtwo");
        check(&mark, "");
        check(&format!("\x1b{mark}"), "\x1b");
        check(&format!("\x1b]7117;aura-{mark}{mark}"), "\x1b]7117;aura-");
    }

    #[test]
    fn without_a_mark_all_is_handed_on() {
        check("", "");
        check("text\x1b", "text\x1b");
        let other = String::from_utf8(of("OTHER")).unwrap();
        check(
            &format!("{other}\x1b]7117;aura-end-I"),
            &format!("{other}\x1b]7117;aura-end-I"),
        );
    }
}
