//! A public key as it travels: its packets, each with what it belongs to, and what one copy holds
//! that another lacks. Pure; checks no signature and judges none.

use std::collections::BTreeSet;

use crate::text::clean_line;

use super::armor;
use super::packet::{ATTRIBUTE, Input, PUBLIC_KEY, SIGNATURE, SUBKEY, USER_ID};

/// Largest copy that is looked at.
const LIMIT: usize = 8 << 20;
/// Most packets in it.
const PACKETS: usize = 100_000;

const SECRET: [u8; 2] = [5, 7];

/// One public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The primary key first, then names and subkeys in the order they come.
    components: Vec<Component>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Component {
    tag: u8,
    body: Vec<u8>,
    signatures: BTreeSet<Vec<u8>>,
}

/// Something in a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What it is or belongs to.
    pub of: Kind,
    /// Whether it is a signature on that, and not the thing itself.
    pub signature: bool,
}

/// What a key is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The primary key.
    Primary,
    /// A name, control characters made visible.
    Name(String),
    /// A picture.
    Picture,
    /// A subkey, by its place among the subkeys of the copy that holds it.
    Subkey(usize),
    /// Anything else.
    Other,
}

/// What sets two copies of a key apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// What the other lacks.
    pub missing: Vec<Piece>,
    /// What only the other has.
    pub extra: Vec<Piece>,
}

impl Transfer {
    /// The one key in a block of armour.
    ///
    /// # Errors
    /// A fragment: that there is none, more than one, or a secret one.
    pub fn read(armoured: &[u8]) -> Result<Self, String> {
        let mut keys = keys(armoured)?;
        match keys.len() {
            1 => Ok(keys.remove(0)),
            more => Err(format!("it holds {more} keys instead of one")),
        }
    }

    /// This key among those in a block of armour; none where only others are there.
    ///
    /// # Errors
    /// A fragment that says why the block cannot be read.
    pub fn same_in(&self, armoured: &[u8]) -> Result<Option<Self>, String> {
        let same = |other: &Self| {
            let (own, other) = (self.components.first(), other.components.first());
            own.zip(other).is_some_and(|(a, b)| (a.tag, &a.body) == (b.tag, &b.body))
        };
        Ok(keys(armoured)?.into_iter().find(same))
    }

    /// Everything in it but signatures, in the order it comes.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.named().map(|(kind, _)| kind)
    }

    /// What another copy has less and more.
    #[must_use]
    pub fn against(&self, other: &Self) -> Difference {
        Difference { missing: self.without(other), extra: other.without(self) }
    }

    /// What this copy has and the other has not.
    fn without(&self, other: &Self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for (of, component) in self.named() {
            let same =
                |there: &&Component| there.tag == component.tag && there.body == component.body;
            let there: Vec<&Component> = other.components.iter().filter(same).collect();
            if there.is_empty() {
                pieces.push(Piece { of, signature: false });
                continue;
            }
            let held = |signature: &&Vec<u8>| {
                there.iter().any(|there| there.signatures.contains(*signature))
            };
            let count = component.signatures.iter().filter(|signature| !held(signature)).count();
            pieces.extend((0..count).map(|_| Piece { of: of.clone(), signature: true }));
        }
        pieces
    }

    fn named(&self) -> impl Iterator<Item = (Kind, &Component)> {
        let mut subkeys = 0;
        self.components.iter().map(move |component| {
            let kind = match component.tag {
                PUBLIC_KEY => Kind::Primary,
                USER_ID => Kind::Name(clean_line(&String::from_utf8_lossy(&component.body))),
                ATTRIBUTE => Kind::Picture,
                SUBKEY => {
                    subkeys += 1;
                    Kind::Subkey(subkeys - 1)
                }
                _ => Kind::Other,
            };
            (kind, component)
        })
    }
}

fn keys(armoured: &[u8]) -> Result<Vec<Transfer>, String> {
    if armoured.len() > LIMIT {
        return Err(format!("it is larger than {} MiB", LIMIT >> 20));
    }
    let stripped = armor::strip_any(armoured).map_err(|_| "it is no key in ASCII armour")?;
    // Armour without a checksum is common by now; what follows the data is none.
    let bytes = &stripped.bytes[..stripped.end.unwrap_or(stripped.bytes.len())];
    let mut input = Input(bytes);
    let mut keys: Vec<Transfer> = Vec::new();
    for _ in 0..PACKETS {
        if input.0.is_empty() {
            return if keys.is_empty() { Err("it holds no key".to_owned()) } else { Ok(keys) };
        }
        let (tag, body) = input.packet().ok_or("it is cut off or damaged")?;
        add(&mut keys, tag, body)?;
    }
    Err("it has too many parts".to_owned())
}

fn add(keys: &mut Vec<Transfer>, tag: u8, body: &[u8]) -> Result<(), String> {
    let component = || Component { tag, body: body.to_vec(), signatures: BTreeSet::new() };
    match (tag, keys.last_mut()) {
        (tag, _) if SECRET.contains(&tag) => Err("it holds a secret key".to_owned()),
        (PUBLIC_KEY, _) => {
            keys.push(Transfer { components: vec![component()] });
            Ok(())
        }
        (_, None) => Err("it does not begin with a key".to_owned()),
        (SIGNATURE, Some(key)) => {
            if let Some(last) = key.components.last_mut() {
                last.signatures.insert(covered(body));
            }
            Ok(())
        }
        (_, Some(key)) => {
            key.components.push(component());
            Ok(())
        }
    }
}

/// A signature less what is not covered by it: servers may write the unhashed area anew.
fn covered(body: &[u8]) -> Vec<u8> {
    part_covered(body).unwrap_or_else(|| body.to_vec())
}

fn part_covered(body: &[u8]) -> Option<Vec<u8>> {
    let width = match body.first()? {
        4 | 5 => 2,
        6 => 4,
        _ => return None,
    };
    let mut input = Input(body);
    input.take(4)?;
    let hashed = input.number(width)?;
    input.take(hashed)?;
    let before = body.len() - input.0.len();
    let unhashed = input.number(width)?;
    input.take(unhashed)?;
    Some([&body[..before], input.0].concat())
}
