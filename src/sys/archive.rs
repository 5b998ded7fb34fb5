//! Cuts an archive down to one entry of it, so that whoever wants one file of a jar does not build
//! the list of all of them. Reads positions only: what is cut out is still read, checked and
//! unpacked by the library. Whatever is unusual is left to it whole.

use std::io::{self, Read, Seek, SeekFrom, Write};

use super::Seekable;

/// Length of the record at the end that says where the list of entries lies.
const END: u64 = 22;
/// Length of an entry of that list, before its name.
const LISTED: usize = 46;
/// Length of what stands before an entry's name and data.
const LOCAL: usize = 30;

/// An archive with nothing but `entry`; none where it is not found at once: no such entry, a remark
/// at the end, sizes beyond 4 GiB, bytes in front.
///
/// # Errors
/// Those of reading.
pub(super) fn cut(archive: &mut dyn Seekable, entry: &str) -> io::Result<Option<Vec<u8>>> {
    let size = archive.seek(SeekFrom::End(0))?;
    let Some(start) = size.checked_sub(END) else { return Ok(None) };
    let Some(end) = piece(archive, start, END, size)? else { return Ok(None) };
    let (Some(length), Some(at)) = (four(&end, 12), four(&end, 16)) else { return Ok(None) };
    if !end.starts_with(b"PK\x05\x06") || at.checked_add(length) != Some(start) {
        return Ok(None);
    }
    archive.seek(SeekFrom::Start(at))?;
    let Some(listed) = listed(&mut Read::take(&mut *archive, length), entry.as_bytes())? else {
        return Ok(None);
    };
    let (Some(packed), Some(at)) = (four(&listed, 20), four(&listed, 42)) else { return Ok(None) };
    let Some(head) = piece(archive, at, LOCAL as u64, size)? else { return Ok(None) };
    let (Some(name), Some(extra)) = (two(&head, 26), two(&head, 28)) else { return Ok(None) };
    let length = (LOCAL + name + extra) as u64 + packed;
    let Some(local) = piece(archive, at, length, size)? else { return Ok(None) };
    local.starts_with(b"PK\x03\x04").then(|| joined(&local, &listed)).transpose()
}

/// An archive of these two parts of an entry.
fn joined(local: &[u8], listed: &[u8]) -> io::Result<Vec<u8>> {
    let too_long = |_| io::Error::from(io::ErrorKind::FileTooLarge);
    let at = u32::try_from(local.len()).map_err(too_long)?;
    let length = u32::try_from(listed.len()).map_err(too_long)?;
    let mut whole = io::Cursor::new(Vec::with_capacity(local.len() + listed.len() + 22));
    whole.write_all(local)?;
    whole.write_all(listed)?;
    whole.write_all(b"PK\x05\x06\0\0\0\0\x01\0\x01\0")?;
    whole.write_all(&length.to_le_bytes())?;
    whole.write_all(&at.to_le_bytes())?;
    whole.write_all(&[0, 0])?;
    // It stands at the beginning now.
    whole.seek(SeekFrom::Start(u64::from(at) + 42))?;
    whole.write_all(&[0; 4])?;
    Ok(whole.into_inner())
}

/// The last entry of that name in the list, as the library has it too; none where the list is not
/// one to its end.
fn listed(list: &mut dyn Read, entry: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let (mut found, mut this) = (None, Vec::new());
    loop {
        this.resize(LISTED, 0);
        match list.read_exact(&mut this) {
            // The last one stands before: nothing is left of the list.
            Err(end) if end.kind() == io::ErrorKind::UnexpectedEof => return Ok(found),
            read => read?,
        }
        let lengths = (two(&this, 28), two(&this, 30), two(&this, 32));
        let (Some(name), Some(extra), Some(remark)) = lengths else { return Ok(None) };
        this.resize(LISTED + name + extra + remark, 0);
        if !this.starts_with(b"PK\x01\x02") || list.read_exact(&mut this[LISTED..]).is_err() {
            return Ok(None);
        }
        if this.get(LISTED..LISTED + name) == Some(entry) {
            found = Some(this.clone());
        }
    }
}

/// So many bytes from a place; none where the archive ends before.
fn piece(
    archive: &mut dyn Seekable,
    at: u64,
    length: u64,
    size: u64,
) -> io::Result<Option<Vec<u8>>> {
    if at.checked_add(length).is_none_or(|end| end > size) {
        return Ok(None);
    }
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
    archive.seek(SeekFrom::Start(at))?;
    archive.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}

fn two(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + 2)?.try_into().ok()?;
    Some(usize::from(u16::from_le_bytes(bytes)))
}

fn four(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u64::from(u32::from_le_bytes(bytes)))
}
