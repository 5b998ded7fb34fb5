//! The binary notation of SSH: numbers, and strings after their length. Every step may find the
//! bytes too short; none reads beyond them.

/// Reads what a byte string holds, front to back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

/// Longest big number that ssh-keygen reads, in bytes.
const LONGEST_NUMBER: usize = 2048;

impl<'a> Reader<'a> {
    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.take(8)?.try_into().ok().map(u64::from_be_bytes)
    }

    /// Bytes after their length.
    pub(super) fn string(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.u32()?).ok()?;
        self.take(length)
    }

    /// A string that C can hold: no zero in it, but perhaps one at its end, which does not count.
    pub(super) fn text(&mut self) -> Option<&'a [u8]> {
        let bytes = self.string()?;
        let text = bytes.strip_suffix(b"\0").unwrap_or(bytes);
        (!text.contains(&0)).then_some(text)
    }

    /// A big number that is not negative, without leading zeros.
    pub(super) fn number(&mut self) -> Option<&'a [u8]> {
        let bytes = self.string()?;
        if bytes.first().is_some_and(|first| first & 0x80 != 0) {
            return None;
        }
        let number = trimmed(bytes);
        (number.len() <= LONGEST_NUMBER).then_some(number)
    }
}

/// Without leading zeros.
fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}

/// Appends a string after its length.
pub(super) fn put(bytes: &mut Vec<u8>, string: &[u8]) {
    let length = u32::try_from(string.len()).unwrap_or(u32::MAX);
    bytes.extend(length.to_be_bytes());
    bytes.extend(string);
}

/// Appends a big number, with the zero that keeps it from being negative.
pub(super) fn put_number(bytes: &mut Vec<u8>, number: &[u8]) {
    let negative = number.first().is_some_and(|first| first & 0x80 != 0);
    let padded = [&[0][..usize::from(negative)], number].concat();
    put(bytes, &padded);
}

/// Bits of a big number without leading zeros.
pub(super) fn bits(number: &[u8]) -> usize {
    number.first().map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}
