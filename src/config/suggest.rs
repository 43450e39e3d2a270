//! Which known name somebody may have meant. It leaves out the sentences around it.

/// The nearest of the names, if one is near enough to have been meant: a few slips away,
/// or else one that the given text is a part of.
pub(crate) fn nearest<'a>(given: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let names: Vec<_> = names.collect();
    let text = folded(given);
    let near = 1 + text.len() / 5;
    let by_slip = names
        .iter()
        .map(|name| (distance(&text, &folded(name)), *name))
        .filter(|(distance, _)| *distance <= near)
        .min_by_key(|(distance, _)| *distance);
    let by_part = || {
        names
            .iter()
            .find(|name| given.len() > 3 && name.contains(given))
    };
    by_slip.map(|(_, name)| name).or_else(|| by_part().copied())
}

/// The characters that tell names apart: not their case, and not `-` from `_`. Names are
/// short; what is longer resembles none of them.
fn folded(name: &str) -> Vec<char> {
    let fold = |c: char| {
        if c == '-' {
            '_'
        } else {
            c.to_ascii_lowercase()
        }
    };
    name.chars().take(40).map(fold).collect()
}

/// How many single changes lead from one to the other: a character more, less or
/// another, or two neighbours exchanged.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let changed = row[j] + usize::from(x != y);
            let mut least = changed.min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}
