//! One entry of an archive is what the library unpacks, however the archive is built.

use std::io::{Cursor, ErrorKind, Write};

use onramp::sys::{Real, read_archive_entry};
use tempfile::TempDir;
use zip::CompressionMethod::{Deflated, Stored};
use zip::write::{SimpleFileOptions, ZipWriter};

/// Entries of different length, unpacked and packed, behind so many bytes and with a remark.
fn archive(remark: &str) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text, method) in [
        ("META-INF/", "", Stored),
        ("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n", Stored),
        ("META-INF/maven/pom.properties", &"version=3.8.7\n".repeat(100), Deflated),
        ("empty", "", Deflated),
    ] {
        archive.start_file(name, SimpleFileOptions::default().compression_method(method)).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.set_comment(remark).unwrap();
    archive.finish().unwrap().into_inner()
}

fn entry(archive: &[u8], name: &str, limit: u64) -> Result<Vec<u8>, ErrorKind> {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("sample.jar");
    std::fs::write(&file, archive).unwrap();
    read_archive_entry(&Real::default(), &file, name, limit).map_err(|error| error.kind())
}

#[test]
fn every_entry_is_found_whatever_stands_around_the_archive() {
    let plain = archive("");
    let behind = [b"#!/bin/sh\n".as_slice(), &plain].concat();
    for archive in [plain, archive("a remark"), behind] {
        let read = |name: &str| entry(&archive, name, 10_000);
        assert_eq!(read("META-INF/MANIFEST.MF").unwrap(), b"Manifest-Version: 1.0\r\n");
        let properties = read("META-INF/maven/pom.properties").unwrap();
        assert_eq!(properties, "version=3.8.7\n".repeat(100).as_bytes());
        assert!(read("empty").unwrap().is_empty());
        assert_eq!(read("META-INF/maven/pom"), Err(ErrorKind::NotFound));
        assert_eq!(entry(&archive, "META-INF/MANIFEST.MF", 5), Err(ErrorKind::FileTooLarge));
    }
}

#[test]
fn a_broken_archive_is_an_error_and_no_answer() {
    let whole = archive("");
    for length in 0..whole.len() {
        entry(&whole[..length], "META-INF/MANIFEST.MF", 100).unwrap_err();
    }
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 0xff;
        // Anything but a panic or another text: some bytes do not matter.
        if let Ok(read) = entry(&changed, "META-INF/MANIFEST.MF", 100) {
            assert_eq!(read, b"Manifest-Version: 1.0\r\n", "byte {at}");
        }
    }
}
