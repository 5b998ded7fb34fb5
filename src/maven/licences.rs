//! Licences that Apache RAT 0.12 approves by their whole text, wherever it is wrapped and whatever
//! stands between its words. Text in, yes or no out; which licences a project may use is not its
//! affair.

/// A text that RAT looks for.
struct Known {
    /// The beginning, which must stand on one line.
    begins: &'static str,
    /// What follows it.
    goes_on: &'static str,
    /// What must stand on a line before, in this order.
    after: &'static [&'static str],
}

const KNOWN: [Known; 5] = [
    Known {
        begins: "Permission is hereby",
        goes_on: "granted, free of charge, to any person obtaining a copy of this software and \
            associated documentation files (the \"Software\"), to deal in the Software without \
            restriction, including without limitation the rights to use, copy, modify, merge, \
            publish, distribute, sublicense, and/or sell copies of the Software, and to permit \
            persons to whom the Software is furnished to do so, subject to the following \
            conditions: The above copyright notice and this permission notice shall be included \
            in all copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED \
            \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED \
            TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND \
            NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY \
            CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR \
            OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER \
            DEALINGS IN THE SOFTWARE.",
        after: &[],
    },
    // Versions 1 and 2 of this licence it knows and, by a slip of its own, does not approve.
    Known {
        begins: "This program is free software: you can redistribute it and/or modify",
        goes_on: "it under the terms of the GNU General Public License as published by the Free \
            Software Foundation, either version 3 of the License, or (at your option) any later \
            version.",
        after: &[],
    },
    Known {
        begins: "The contents of this file are subject to the terms of the Common Development",
        goes_on: "and Distribution License(\"CDDL\") (the \"License\"). You may not use this file \
            except in compliance with the License.",
        after: &[],
    },
    Known {
        begins: "The contents of this file are subject to the terms of the",
        goes_on: "Common Development and Distribution License (the \"License\") You may not use \
            this file except in compliance with the License.",
        after: &[],
    },
    Known {
        begins: "This document and tr",
        // RAT's own text runs some of its words together; without blanks it is the same.
        goes_on: "anslations of it may be copied and furnished to others and derivative works that \
            comment on or otherwise explain it or assist in its implementation may be prepared \
            copied published and distributed",
        after: &["Copyright", "OASIS Open"],
    },
];

/// Whether a text holds one of the licences that are known whole.
pub(super) fn whole(text: &str) -> bool {
    let lines: Vec<_> = text.lines().map(|line| (line, pruned(line))).collect();
    KNOWN.iter().any(|known| known.is_in(&lines))
}

impl Known {
    fn is_in(&self, lines: &[(&str, String)]) -> bool {
        let announced = |(line, _): &(&str, String)| in_order(line, self.after);
        let from = if self.after.is_empty() {
            Some(0)
        } else {
            lines.iter().position(announced).map(|at| at + 1)
        };
        let begins = pruned(self.begins);
        let all = begins.clone() + &pruned(self.goes_on);
        let rest = from.map_or(&[][..], |from| &lines[from..]);
        rest.iter().enumerate().any(|(at, (_, line))| {
            line.match_indices(&begins).any(|(offset, _)| {
                let mut left = all.as_str();
                let following = rest[at + 1..].iter().map(|(_, line)| line.as_str());
                for part in std::iter::once(&line[offset..]).chain(following) {
                    if part.starts_with(left) {
                        return true;
                    }
                    let Some(after) = left.strip_prefix(part) else { return false };
                    left = after;
                }
                false
            })
        })
    }
}

fn in_order(line: &str, words: &[&str]) -> bool {
    let mut rest = line;
    words.iter().all(|word| {
        let found = rest.split_once(word);
        rest = found.map_or(rest, |(_, after)| after);
        found.is_some()
    })
}

/// Letters and digits only, in lower case.
fn pruned(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
