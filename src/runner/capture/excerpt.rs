//! The head and the tail of a stream, in bounded memory.

use std::collections::VecDeque;

/// How many bytes of the beginning are kept, at most.
const HEAD: usize = 4 * 1024;
/// How many bytes of the end are kept, at most: the end says more.
const TAIL: usize = 8 * 1024;

/// The longest text that a command's output becomes, in bytes; the line in the middle
/// included.
pub const OUTPUT_LIMIT: usize = HEAD + TAIL + 100;

/// Both ends of what it was given.
#[derive(Debug, Default)]
pub(in crate::runner) struct Excerpt {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    bytes: u64,
}

impl Excerpt {
    /// More of the stream.
    pub(in crate::runner) fn add(&mut self, chunk: &[u8]) {
        self.bytes += chunk.len() as u64;
        let (first, rest) = chunk.split_at(chunk.len().min(HEAD - self.head.len()));
        self.head.extend_from_slice(first);
        let last = &rest[rest.len().saturating_sub(TAIL)..];
        let surplus = (self.tail.len() + last.len()).saturating_sub(TAIL);
        self.tail.drain(..surplus);
        self.tail.extend(last);
    }

    /// How many bytes it was given.
    pub(in crate::runner) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The text: all of it, or head and tail and a line between them.
    pub(in crate::runner) fn render(self) -> String {
        let tail = Vec::from(self.tail);
        let kept = (self.head.len() + tail.len()) as u64;
        if kept == self.bytes {
            let whole = [self.head, tail].concat();
            let text = String::from_utf8_lossy(&whole);
            if text.len() <= HEAD + TAIL {
                return text.into_owned();
            }
            // So many replaced bytes that the text is longer than what it stands for.
            let head = first(&text, HEAD);
            let tail = last(&text[head.len()..], TAIL);
            return join(head, tail, "text that is mostly no UTF-8");
        }
        // A character that is cut in two is left out rather than replaced.
        let head = String::from_utf8_lossy(whole_start(&self.head));
        let tail = String::from_utf8_lossy(whole_end(&tail));
        let left_out = format!("{} bytes", self.bytes - kept);
        join(first(&head, HEAD), last(&tail, TAIL), &left_out)
    }
}

fn join(head: &str, tail: &str, what: &str) -> String {
    format!("{head}\n[… {what} left out; see the log …]\n{tail}")
}

fn first(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}

fn last(text: &str, limit: usize) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(limit))..]
}

/// Without the beginning of a character at the end.
fn whole_start(bytes: &[u8]) -> &[u8] {
    match str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => &bytes[..error.valid_up_to()],
        _ => bytes,
    }
}

/// Without the rest of a character at the beginning.
fn whole_end(bytes: &[u8]) -> &[u8] {
    let is_rest = |byte: &&u8| **byte & 0b1100_0000 == 0b1000_0000;
    let rest = bytes.iter().take(3).take_while(is_rest).count();
    &bytes[rest..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(chunks: &[&[u8]]) -> Excerpt {
        let mut excerpt = Excerpt::default();
        for chunk in chunks {
            excerpt.add(chunk);
        }
        excerpt
    }

    #[test]
    fn what_is_short_is_whole_however_it_comes() {
        assert_eq!(excerpt(&[]).render(), "");
        let text = "grün\n".repeat((HEAD + TAIL) / 6);
        let bytes: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        assert_eq!(excerpt(&bytes).render(), text);
        assert_eq!(excerpt(&[text.as_bytes()]).render(), text);
    }

    #[test]
    fn of_what_is_long_both_ends_are_kept_and_the_rest_is_counted() {
        let all: Vec<u8> = (0..1_000_000_u32).map(|n| b'a' + (n % 23) as u8).collect();
        for size in [1, 7, HEAD, TAIL - 1, TAIL + 1, 1_000_000] {
            let chunks: Vec<&[u8]> = all.chunks(size).collect();
            let excerpt = excerpt(&chunks);
            assert_eq!(excerpt.bytes(), 1_000_000);
            assert!(excerpt.tail.capacity() <= 4 * TAIL);
            let text = excerpt.render();
            let head = str::from_utf8(&all[..HEAD]).unwrap();
            let tail = str::from_utf8(&all[1_000_000 - TAIL..]).unwrap();
            let left_out = 1_000_000 - HEAD - TAIL;
            let line = format!("\n[… {left_out} bytes left out; see the log …]\n");
            assert_eq!(text, format!("{head}{line}{tail}"), "chunks of {size}");
        }
    }

    #[test]
    fn no_bytes_make_a_text_that_is_longer_than_its_limit_or_none() {
        for pattern in [
            &b"\xff"[..],
            b"\x80",
            "ü".as_bytes(),
            "x\u{1F600}".as_bytes(),
        ] {
            for length in [1, 100, HEAD + TAIL, HEAD + TAIL + 1, 100_003] {
                let all: Vec<u8> = pattern.iter().copied().cycle().take(length).collect();
                let text = excerpt(&[&all]).render();
                assert!(
                    !text.is_empty() && text.len() <= OUTPUT_LIMIT,
                    "{}",
                    text.len()
                );
            }
        }
    }

    #[test]
    fn a_character_at_the_cut_is_left_out_and_not_broken() {
        let all = format!("x{}", "ü".repeat(100_000));
        let text = excerpt(&[all.as_bytes()]).render();
        assert!(!text.contains('\u{FFFD}'), "{text}");
    }
}
