//! XML as a small tree with line numbers: what poms and settings are read through. Entities a
//! document declares are never expanded, and size and depth are bounded; nothing here knows what
//! the elements mean.

use std::fmt;

use quick_xml::Reader;
use quick_xml::events::Event;

/// Deeper than any pom; a file that nests more is not one.
const DEEPEST: usize = 200;
/// Ten times CloudStack's largest pom.
const MOST_ELEMENTS: usize = 200_000;

/// One element. Text is that directly inside it, trimmed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// Name without its namespace prefix.
    pub name: String,
    /// Its text, references resolved.
    pub text: String,
    /// One-based line of its start.
    pub line: u64,
    /// The elements inside, in order.
    pub children: Vec<Element>,
}

impl Element {
    /// The first child of that name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of that name, unless empty.
    #[must_use]
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str()).filter(|text| !text.is_empty())
    }

    /// The children called `item` of the child called `list`: `modules/module` and the like.
    pub fn items<'a>(&'a self, list: &str, item: &'a str) -> impl Iterator<Item = &'a Element> {
        let children = self.child(list).map_or(&[][..], |list| &list.children);
        children.iter().filter(move |child| child.name == item)
    }
}

/// Why a document could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// One-based line.
    pub line: u64,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for Malformed {}

/// Reads a document whose root element is called `root`.
///
/// # Errors
/// The line and kind of the first mistake: not XML, not text, cut off, another root element, too
/// deep, too many elements, or an entity where the document may declare some itself.
pub fn parse(bytes: &[u8], root: &str) -> Result<Element, Malformed> {
    let text = decode(bytes)?;
    let element = Builder::new(&text).run()?;
    if element.name == root {
        return Ok(element);
    }
    let what = format!("the outermost element is <{}>, not <{root}>", element.name);
    Err(Malformed { line: element.line, what })
}

/// UTF-8, or Latin-1 where the declaration says so: older poms of other projects do.
fn decode(bytes: &[u8]) -> Result<String, Malformed> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text.to_owned()),
        Err(error) => error,
    };
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).to_ascii_lowercase();
    if head.starts_with("<?xml") && head.contains("iso-8859-1") {
        return Ok(bytes.iter().map(|byte| char::from(*byte)).collect());
    }
    let line = line_at(bytes, error.valid_up_to());
    Err(Malformed { line, what: "bytes that are not UTF-8".into() })
}

fn line_at(bytes: &[u8], position: usize) -> u64 {
    let before = &bytes[..position.min(bytes.len())];
    1 + before.iter().filter(|byte| **byte == b'\n').count() as u64
}

struct Builder<'a> {
    source: &'a str,
    reader: Reader<&'a [u8]>,
    open: Vec<Element>,
    count: usize,
    /// The document may declare entities of its own, which are never expanded.
    declares: bool,
    /// Lines are counted as the reader goes: asking from the top each time would be quadratic.
    seen: usize,
    line: u64,
}

impl<'a> Builder<'a> {
    fn new(source: &'a str) -> Self {
        let reader = Reader::from_str(source);
        Self { source, reader, open: vec![], count: 0, declares: false, seen: 0, line: 1 }
    }

    fn run(mut self) -> Result<Element, Malformed> {
        loop {
            let event = self.reader.read_event();
            let event = event.map_err(|error| {
                let position = usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX);
                Malformed {
                    line: line_at(self.source.as_bytes(), position),
                    what: error.to_string(),
                }
            })?;
            let done = match event {
                Event::Start(start) => self.start(start.local_name().into_inner())?,
                Event::Empty(start) => {
                    self.start(start.local_name().into_inner())?;
                    self.end()
                }
                Event::End(_) => self.end(),
                Event::Text(text) => self.add(&text),
                Event::CData(text) => self.add(&text),
                Event::GeneralRef(reference) => {
                    let resolved = reference.resolve_char_ref().ok().flatten();
                    self.reference(&reference, resolved)?
                }
                Event::Eof => return Err(self.malformed("the file ends inside an element")),
                Event::DocType(_) => {
                    self.declares = true;
                    None
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => None,
            };
            if let Some(element) = done {
                return Ok(element);
            }
            self.advance();
        }
    }

    fn start(&mut self, name: &str) -> Result<Option<Element>, Malformed> {
        self.count += 1;
        if self.open.len() >= DEEPEST {
            return Err(self.malformed("elements nest too deep"));
        }
        if self.count > MOST_ELEMENTS {
            return Err(self.malformed("too many elements"));
        }
        self.open.push(Element { name: name.into(), line: self.line, ..Element::default() });
        Ok(None)
    }

    /// Closes the innermost element; the outermost one is the result.
    fn end(&mut self) -> Option<Element> {
        let mut element = self.open.pop()?;
        element.text = element.text.trim().to_owned();
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => return Some(element),
        }
        None
    }

    fn add(&mut self, text: &str) -> Option<Element> {
        if let Some(element) = self.open.last_mut() {
            element.text.push_str(text);
        }
        None
    }

    fn reference(&mut self, name: &str, code: Option<char>) -> Result<Option<Element>, Malformed> {
        let resolved = code.or(match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => None,
        });
        let Some(c) = resolved else {
            // Maven knows HTML's names in poms; what they stand for matters to nobody here.
            let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.chars().all(|c| c.is_ascii_alphanumeric());
            if plain && !self.declares {
                return Ok(self.add(&format!("&{name};")));
            }
            return Err(self.malformed(&format!("the entity `&{name};` is not one of XML's own")));
        };
        Ok(self.add(c.encode_utf8(&mut [0; 4])))
    }

    fn advance(&mut self) {
        let position = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        let passed = self.source.as_bytes().get(self.seen..position).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.seen = position;
    }

    fn malformed(&self, what: &str) -> Malformed {
        Malformed { line: self.line, what: what.into() }
    }
}
