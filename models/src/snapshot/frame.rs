//! The frame around what is kept: what it is, how long, and a checksum, so that a torn or altered file is never read.
//!
//! `NINEFOLD`, kind (4 bytes), format version (u32), length of the content (u64), content, BLAKE3 of all before it; numbers
//! are little-endian. The frame is read from untrusted files: nothing in it is believed before the checksum.

use super::SnapshotError;

const MAGIC: &[u8; 8] = b"NINEFOLD";

/// Version of what is inside the frames.
pub const FORMAT_VERSION: u32 = 1;

/// Most bytes of content.
pub const CONTENT_BYTES_MAX: u64 = 1 << 32;

/// Bytes before the content.
const HEAD: usize = MAGIC.len() + 4 + 4 + 8;

/// Bytes of the checksum.
const TAIL: usize = blake3::OUT_LEN;

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The tallies of a run that is not done, or of a shard.
    Tallies,
    /// What a run consists of: plan, assumptions, provenance.
    Origin,
}

impl Kind {
    const fn mark(self) -> &'static [u8; 4] {
        match self {
            Self::Tallies => b"tall",
            Self::Origin => b"orig",
        }
    }
}

/// Puts content into a frame.
pub fn seal(kind: Kind, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEAD + content.len() + TAIL);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(kind.mark());
    bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
    bytes.extend_from_slice(&(content.len() as u64).to_le_bytes());
    bytes.extend_from_slice(content);
    let checksum = blake3::hash(&bytes);
    bytes.extend_from_slice(checksum.as_bytes());
    bytes
}

/// The content of a frame.
///
/// # Errors
/// [`SnapshotError`] if the bytes are not a whole, unaltered frame of this kind and version.
pub fn open(kind: Kind, bytes: &[u8]) -> Result<&[u8], SnapshotError> {
    let start = &bytes[..bytes.len().min(MAGIC.len())];
    if start != &MAGIC[..start.len()] {
        return Err(SnapshotError::NotOurs);
    }
    let found = bytes.len() as u64;
    let length = bytes.get(HEAD - 8..HEAD).and_then(|length| length.try_into().ok()).map(u64::from_le_bytes);
    let expected = length.unwrap_or(0).saturating_add((HEAD + TAIL) as u64);
    if length.is_none() || found < expected {
        return Err(SnapshotError::Truncated { expected, found });
    }
    let (framed, checksum) = bytes.split_at(bytes.len() - TAIL);
    if found > expected || blake3::hash(framed) != *<&[u8; TAIL]>::try_from(checksum).expect("bug: split there") {
        return Err(SnapshotError::Damaged);
    }
    let version = framed[HEAD - 12..HEAD - 8].try_into().map_or(0, u32::from_le_bytes);
    if version != FORMAT_VERSION {
        return Err(SnapshotError::FormatVersion { found: version });
    }
    if &framed[MAGIC.len()..MAGIC.len() + 4] != kind.mark() {
        return Err(SnapshotError::OtherKind);
    }
    Ok(&framed[HEAD..])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_sealed_opens() {
        let sealed = seal(Kind::Origin, b"content");
        assert_eq!(open(Kind::Origin, &sealed), Ok(&b"content"[..]));
        assert_eq!(open(Kind::Tallies, &sealed), Err(SnapshotError::OtherKind));
        assert_eq!(open(Kind::Origin, b"scenario: shop"), Err(SnapshotError::NotOurs));
        assert_eq!(open(Kind::Origin, b""), Err(SnapshotError::Truncated { expected: 56, found: 0 }));
    }

    #[test]
    fn another_format_is_said_to_be_one() {
        let mut other = seal(Kind::Origin, b"content");
        other.truncate(other.len() - TAIL);
        other[12] += 1;
        let checksum = blake3::hash(&other);
        other.extend_from_slice(checksum.as_bytes());
        assert_eq!(open(Kind::Origin, &other), Err(SnapshotError::FormatVersion { found: FORMAT_VERSION + 1 }));
    }

    proptest! {
        #[test]
        fn a_shorter_one_is_truncated_and_a_longer_one_damaged(
            content in prop::collection::vec(any::<u8>(), 0..200), cut in any::<prop::sample::Index>(), more in 1usize..50,
        ) {
            let sealed = seal(Kind::Tallies, &content);
            let short = open(Kind::Tallies, &sealed[..cut.index(sealed.len())]);
            prop_assert!(matches!(short, Err(SnapshotError::Truncated { .. })), "{:?}", short);
            let mut long = sealed;
            long.extend(std::iter::repeat_n(0, more));
            prop_assert_eq!(open(Kind::Tallies, &long), Err(SnapshotError::Damaged));
        }

        #[test]
        fn any_flipped_bit_is_refused(
            content in prop::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>(), bit in 0u32..8,
        ) {
            let mut sealed = seal(Kind::Tallies, &content);
            let at = at.index(sealed.len());
            sealed[at] ^= 1 << bit;
            prop_assert!(open(Kind::Tallies, &sealed).is_err());
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(open(Kind::Tallies, &bytes).is_err());
        }
    }
}
