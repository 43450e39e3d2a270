//! What a terminal was sent, as text: without the sequences that move, colour and title,
//! and with lines that end as in a file. It doesn't draw: what a program wrote over stays.

const ESCAPE: u8 = 0x1b;
const BELL: u8 = 0x07;

/// A stream for a terminal that is made into text, piece by piece.
#[derive(Debug, Default)]
pub(super) struct Text {
    within: Within,
    /// A carriage return came, and nothing after it yet.
    returned: bool,
    /// The line has something in it.
    begun: bool,
}

/// Of what the next byte is a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Within {
    /// Text.
    #[default]
    Text,
    /// A sequence of which there is the escape.
    Sequence,
    /// One with parameters, and a letter or the like at the end.
    Control,
    /// One with a text for the terminal, up to a bell or to an escape and a backslash.
    Message,
    /// The same, and its last byte was an escape.
    MessageEnd,
    /// Such as the choice of a character set.
    Choice,
}

impl Text {
    /// The text in the next piece.
    pub(super) fn of(&mut self, piece: &[u8]) -> Vec<u8> {
        let mut text = Vec::with_capacity(piece.len());
        let mut rest = piece;
        while let Some((byte, after)) = rest.split_first() {
            self.next(*byte, &mut text);
            rest = after;
            // Most of it has no meaning for the terminal, and there may be very much of it.
            if self.within == Within::Text && self.begun && !self.returned {
                let plain = rest.iter().position(u8::is_ascii_control);
                let (plain, after) = rest.split_at(plain.unwrap_or(rest.len()));
                text.extend_from_slice(plain);
                rest = after;
            }
        }
        text
    }

    fn next(&mut self, byte: u8, text: &mut Vec<u8>) {
        self.within = match self.within {
            Within::Message | Within::MessageEnd if byte == ESCAPE => Within::MessageEnd,
            _ if byte == ESCAPE => Within::Sequence,
            Within::Text => {
                self.plain(byte, text);
                Within::Text
            }
            Within::Sequence => match byte {
                b'[' => Within::Control,
                b']' | b'P' | b'X' | b'^' | b'_' => Within::Message,
                0x20..=0x2f => Within::Choice,
                _ => Within::Text,
            },
            Within::Control if matches!(byte, 0x20..=0x3f) => Within::Control,
            Within::Choice if matches!(byte, 0x20..=0x2f) => Within::Choice,
            Within::MessageEnd if byte == b'\\' => Within::Text,
            Within::Message | Within::MessageEnd if byte != BELL => Within::Message,
            _ => Within::Text,
        };
    }

    /// A terminal is sent at least one carriage return before each newline. Alone it
    /// begins a line that is written over the last one.
    fn plain(&mut self, byte: u8, text: &mut Vec<u8>) {
        match byte {
            b'\r' => self.returned = true,
            b'\n' => {
                self.returned = false;
                self.begun = false;
                text.push(b'\n');
            }
            _ if byte.is_ascii_control() && byte != b'\t' => {}
            _ => {
                if self.returned && self.begun {
                    text.push(b'\n');
                }
                self.returned = false;
                self.begun = true;
                text.push(byte);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[track_caller]
    fn check(sent: &str, text: &str) {
        let whole = Text::default().of(sent.as_bytes());
        assert_eq!(String::from_utf8(whole).unwrap(), text, "{sent:?}");
        let mut pieces = Text::default();
        let bytes = sent
            .as_bytes()
            .chunks(1)
            .flat_map(|byte| pieces.of(byte))
            .collect();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            text,
            "{sent:?} byte by byte"
        );
    }

    #[test]
    fn colours_titles_and_movements_go() {
        check("\x1b[1;31mred\x1b[0m\x1b[K plain", "red plain");
        check("\x1b]0;title\x07after", "after");
        check("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\.", "link.");
        check("\x1bPdata\x1b\\after", "after");
        check("\x1b(Bascii \x1b7saved\x1b[?25l", "ascii saved");
        check("\x1b[1\x1b[mbroken", "broken");
        check("bell\x07 and \x08back", "bell and back");
    }

    #[test]
    fn lines_end_as_in_a_file() {
        check("one\r\ntwo\r\r\n\tthree\n", "one\ntwo\n\tthree\n");
        check("10%\r20%\r\r30%\r\ndone\r", "10%\n20%\n30%\ndone");
        check("10%\r\x1b[K20%\r\n", "10%\n20%\n");
        check("\r\n\r\n\rx", "\n\nx");
    }

    #[test]
    fn what_is_cut_off_is_no_trouble() {
        for cut in [
            "\x1b",
            "\x1b[",
            "\x1b[1;",
            "\x1b]0;tit",
            "\x1b(",
            "\x1b]0;x\x1b",
        ] {
            check(&format!("text{cut}"), "text");
        }
        check("grüße 🎉", "grüße 🎉");
    }
}
