//! Random streams, keyed by seed, replication, entity name and purpose, never by draw order or table position.
//!
//! The key of the generator is the seed; its 128-bit counter is stream id (64 bits), replication (32), block (32); a
//! block holds two draws. A stream's id comes from the *name* of what it belongs to, so adding a component or a replica
//! leaves every other draw as it was.

use std::collections::BTreeMap;
use std::convert::Infallible;

use rand::TryRng;

use crate::philox::philox4x32;
use crate::simd::{Kernel, dispatch};

/// Identity of a stream: the first 8 bytes of BLAKE3 over version, parameter draw, purpose and name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StreamId(u64);

impl StreamId {
    /// The id of `purpose` (`time_to_failure`, `repair`, …) for `name` under parameter draw `draw` (0 if none).
    pub fn of(draw: u32, purpose: &str, name: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"v1\0").update(&draw.to_le_bytes());
        hasher.update(purpose.as_bytes()).update(b"\0").update(name.as_bytes());
        let mut id = [0; 8];
        id.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        Self(u64::from_le_bytes(id))
    }
}

/// Two names hash to one stream id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the random streams of `{first}` and `{second}` collide; rename one of them")]
pub struct StreamCollision {
    /// The name met first.
    pub first: String,
    /// The name met second.
    pub second: String,
}

/// Hands out stream ids and refuses collisions.
#[derive(Debug, Default)]
pub struct StreamRegister {
    draw: u32,
    seen: BTreeMap<StreamId, String>,
}

impl StreamRegister {
    /// A register whose ids belong to parameter draw `draw` (0 if none).
    pub const fn under(draw: u32) -> Self {
        Self { draw, seen: BTreeMap::new() }
    }

    /// The id of `purpose` for `name`, noted as taken.
    ///
    /// # Errors
    /// [`StreamCollision`] if another pair has the same id, or this pair was taken before.
    pub fn take(&mut self, purpose: &str, name: &str) -> Result<StreamId, StreamCollision> {
        let id = StreamId::of(self.draw, purpose, name);
        let full = format!("{purpose} of {name}");
        match self.seen.insert(id, full.clone()) {
            None => Ok(id),
            Some(first) => Err(StreamCollision { first, second: full }),
        }
    }
}

/// A position in one stream of one replication.
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    id: StreamId,
    drawn: u32,
    second: u64,
}

/// The seed and replication every stream of a world draws under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replication {
    seed: u64,
    index: u32,
    /// Every draw is XORed with this: 0, or all ones in a mirrored replication.
    flip: u64,
    /// Whether draws that decide how it begins are [stratified](crate::stratum).
    strata: bool,
}

impl Replication {
    /// Replication `index` under `seed`.
    pub const fn new(seed: u64, index: u32) -> Self {
        Self { seed, index, flip: 0, strata: false }
    }

    /// The antithetic partner: every bit drawn is the other one, so every uniform `u` is exactly `1 - u`. The partner
    /// of the partner is the replication itself.
    #[must_use]
    pub const fn mirrored(self) -> Self {
        Self { flip: !self.flip, ..self }
    }

    /// The same replication with those draws that ask for it spread over the [strata](crate::stratum) of its chunk.
    #[must_use]
    pub const fn stratified(self) -> Self {
        Self { strata: true, ..self }
    }

    /// Whether it is [stratified](Self::stratified).
    pub const fn is_stratified(self) -> bool {
        self.strata
    }

    /// The run's seed.
    pub const fn seed(self) -> u64 {
        self.seed
    }

    /// Index of the replication.
    pub const fn index(self) -> u32 {
        self.index
    }
}

/// The two draws of block `block` of stream `id`: the same bits as draws `2 · block` and `2 · block + 1` of a
/// [`Stream`], without the draws before.
#[inline(always)]
pub const fn block(id: StreamId, replication: Replication, block: u32) -> [u64; 2] {
    let counter = [id.0 as u32, (id.0 >> 32) as u32, replication.index, block];
    let words = philox4x32(counter, [replication.seed as u32, (replication.seed >> 32) as u32]);
    let first = words[0] as u64 | (words[1] as u64) << 32;
    let second = words[2] as u64 | (words[3] as u64) << 32;
    [first ^ replication.flip, second ^ replication.flip]
}

/// The uniform numbers of many blocks: lane `i` gets the two of block `blocks[i]` of stream `ids[i]`, the same bits as
/// [`Stream::open01`] gives.
///
/// # Panics
/// If the slices differ in length.
pub fn uniform_blocks(
    replication: Replication,
    ids: &[StreamId],
    blocks: &[u32],
    first: &mut [f64],
    second: &mut [f64],
) {
    let n = ids.len();
    assert!(blocks.len() == n && first.len() == n && second.len() == n, "bug: one block and two places a stream");
    dispatch(UniformBlocks { replication, ids, blocks, first, second });
}

struct UniformBlocks<'a> {
    replication: Replication,
    ids: &'a [StreamId],
    blocks: &'a [u32],
    first: &'a mut [f64],
    second: &'a mut [f64],
}

impl Kernel for UniformBlocks<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let places = self.first.iter_mut().zip(self.second);
        for ((id, number), (first, second)) in self.ids.iter().zip(self.blocks).zip(places) {
            let drawn = block(*id, self.replication, *number);
            (*first, *second) = (open01(drawn[0]), open01(drawn[1]));
        }
    }
}

/// The uniform numbers of one stream from its block `from_block` on, in the order of the stream: the same bits as
/// [`Stream::open01`] gives from draw `2 · from_block` on. Block numbers wrap around at 2³².
pub fn uniform_run(replication: Replication, id: StreamId, from_block: u32, draws: &mut [f64]) {
    dispatch(UniformRun { replication, id, from_block, draws });
}

struct UniformRun<'a> {
    replication: Replication,
    id: StreamId,
    from_block: u32,
    draws: &'a mut [f64],
}

impl Kernel for UniformRun<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let (pairs, last) = self.draws.as_chunks_mut::<2>();
        let mut number = self.from_block;
        for pair in pairs {
            *pair = block(self.id, self.replication, number).map(open01);
            number = number.wrapping_add(1);
        }
        if let [draw] = last {
            *draw = open01(block(self.id, self.replication, number)[0]);
        }
    }
}

/// The first draws of many streams: `draws` holds the same number for each, one stream after the other, with the same
/// bits as [`uniform_run`] from block 0.
pub fn uniform_starts(replication: Replication, ids: &[StreamId], draws: &mut [f64]) {
    let each = draws.len() / ids.len().max(1);
    dispatch(UniformStarts { replication, ids, each, draws });
}

struct UniformStarts<'a> {
    replication: Replication,
    ids: &'a [StreamId],
    each: usize,
    draws: &'a mut [f64],
}

impl Kernel for UniformStarts<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (&id, draws) in self.ids.iter().zip(self.draws.chunks_mut(self.each.max(1))) {
            UniformRun { replication: self.replication, id, from_block: 0, draws }.run();
        }
    }
}

impl Stream {
    /// The start of stream `id`.
    pub const fn new(id: StreamId) -> Self {
        Self { id, drawn: 0, second: 0 }
    }

    /// Goes back to the first draw.
    pub const fn rewind(&mut self) {
        self.drawn = 0;
    }

    /// The next 64 bits.
    #[inline]
    pub const fn next_u64(&mut self, replication: Replication) -> u64 {
        let odd = self.drawn & 1 == 1;
        let number = self.drawn >> 1;
        self.drawn += 1;
        if odd {
            return self.second;
        }
        let [first, second] = block(self.id, replication, number);
        self.second = second;
        first
    }

    /// The next uniform number strictly between 0 and 1: the middles of 2⁵² steps, each a float.
    #[inline]
    pub const fn open01(&mut self, replication: Replication) -> f64 {
        open01(self.next_u64(replication))
    }
}

/// The uniform number strictly between 0 and 1 that 64 random bits stand for: of 2⁵² equal steps, the middle of the one
/// that the upper 52 bits number. From 2⁻⁵³ to 1 - 2⁻⁵³.
#[inline(always)]
pub const fn open01(bits: u64) -> f64 {
    middle_of_step(bits >> 12)
}

/// The middle of step `step` of 2⁵² equal ones.
#[inline(always)]
const fn middle_of_step(step: u64) -> f64 {
    // The step as the fraction of a float from 1 to 2; both numbers and their difference are multiples of 2⁻⁵³ below 2.
    f64::from_bits(1.0_f64.to_bits() | step) - (1.0 - 0.5 * f64::EPSILON)
}

/// A stream as a generator of the `rand` family, so that every law of `rand_distr` can draw from it.
#[derive(Clone, Copy, Debug)]
pub struct StreamRng {
    /// The stream.
    pub stream: Stream,
    /// Seed and replication.
    pub replication: Replication,
}

impl TryRng for StreamRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.stream.next_u64(self.replication) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.stream.next_u64(self.replication))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.stream.next_u64(self.replication).to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::simd::Level;

    /// Changing one of these is a major version: every published number would change with it.
    #[test]
    fn pinned_draws() {
        let names = ["web/1:crash", "db/eu/2:disk", "eu-1:zone-loss", "cart-db", "x"];
        let mut drawn = Vec::new();
        for name in names {
            for (purpose, index, draw) in
                [("time_to_failure", 0, 0), ("repair", 7, 1), ("switch", 123_456, 9), ("repair", 1, 64)]
            {
                let mut stream = Stream::new(StreamId::of(0, purpose, name));
                let replication = Replication::new(20_270_101, index);
                (0..draw).for_each(|_| {
                    stream.next_u64(replication);
                });
                drawn.push(stream.next_u64(replication));
            }
        }
        assert_eq!(drawn.len(), 20);
        assert_eq!(drawn, PINNED);
    }

    const PINNED: [u64; 20] = [
        337849003120814946,
        12881116194103249799,
        7681354735355395810,
        13698636234661700630,
        3110616835179447449,
        975964209060929072,
        8542433990800496682,
        8693297927388524501,
        16949517618139464760,
        9711764836123583465,
        16858054446861209428,
        13032716801561719418,
        11542624779237600349,
        7381117311358180459,
        17007697616636623368,
        10067659133677161272,
        7067539060582745764,
        7036668124804708992,
        507559547356820907,
        6621502733633517121,
    ];

    #[test]
    fn the_starts_of_streams_are_their_first_draws() {
        let ids: Vec<StreamId> = (0..5).map(|i| StreamId::of(0, "p", &format!("n{i}"))).collect();
        let replication = Replication::new(3, 9);
        for each in [1, 2, 5, 8] {
            let mut draws = vec![0.0; each * ids.len()];
            uniform_starts(replication, &ids, &mut draws);
            for (id, drawn) in ids.iter().zip(draws.chunks(each)) {
                let mut expected = vec![0.0; each];
                uniform_run(replication, *id, 0, &mut expected);
                assert_eq!(drawn, expected);
            }
        }
    }

    #[test]
    fn the_last_step_is_below_one() {
        assert!(middle_of_step((1 << 52) - 1) < 1.0);
        assert!(middle_of_step(0) > 0.0);
    }

    #[test]
    fn middles_are_half_a_step_above_their_step() {
        let size = 0.5_f64.powi(52);
        for step in [0, 1, 2, 12_345, 1 << 40, (1 << 51) - 1, 1 << 51, (1 << 52) - 1] {
            assert_eq!(middle_of_step(step), (step as f64 + 0.5) * size);
        }
    }

    #[test]
    fn rewinding_repeats_and_replications_differ() {
        let mut stream = Stream::new(StreamId::of(0, "p", "n"));
        let (a, b) = (Replication::new(1, 0), Replication::new(1, 1));
        let first: Vec<u64> = (0..5).map(|_| stream.next_u64(a)).collect();
        stream.rewind();
        assert_eq!(first, (0..5).map(|_| stream.next_u64(a)).collect::<Vec<_>>());
        stream.rewind();
        assert_ne!(first, (0..5).map(|_| stream.next_u64(b)).collect::<Vec<_>>());
    }

    #[test]
    fn a_block_is_two_draws_of_its_stream() {
        let id = StreamId::of(0, "p", "n");
        for replication in [Replication::new(5, 9), Replication::new(5, 9).mirrored()] {
            let mut stream = Stream::new(id);
            let drawn: Vec<u64> = (0..10).map(|_| stream.next_u64(replication)).collect();
            let blocks: Vec<u64> = (0..5).flat_map(|number| block(id, replication, number)).collect();
            assert_eq!(drawn, blocks);
        }
    }

    #[test]
    fn batches_are_the_draws_of_their_streams() {
        let ids: Vec<StreamId> = (0..37).map(|i| StreamId::of(0, "p", &i.to_string())).collect();
        let numbers: Vec<u32> = (0..37).map(|i| i * i).collect();
        let replication = Replication::new(1 << 40, 3).mirrored();
        let (mut first, mut second) = (vec![0.0; 37], vec![0.0; 37]);
        uniform_blocks(replication, &ids, &numbers, &mut first, &mut second);
        for i in 0..37 {
            let drawn = block(ids[i], replication, numbers[i]);
            assert_eq!(drawn.map(open01), [first[i], second[i]]);
        }
    }

    #[test]
    fn a_run_is_the_stream_from_its_block_on() {
        let (id, replication) = (StreamId::of(0, "p", "n"), Replication::new(5, 9).mirrored());
        for (from_block, n) in [(0, 1), (0, 64), (7, 33), (u32::MAX - 3, 8)] {
            let mut draws = vec![0.0; n];
            uniform_run(replication, id, from_block, &mut draws);
            let blocks = (0..n.div_ceil(2)).map(|i| block(id, replication, from_block.wrapping_add(i as u32)));
            let want: Vec<f64> = blocks.flatten().map(open01).take(n).collect();
            assert_eq!(draws, want);
        }
    }

    #[test]
    fn every_level_draws_the_same_bits() {
        let ids: Vec<StreamId> = (0..1003).map(|i| StreamId::of(0, "p", &i.to_string())).collect();
        let numbers: Vec<u32> = (0..1003).map(|i| i * 4_000_037).collect();
        let replication = Replication::new(u64::MAX - 5, 77);
        let drawn = |level: Level| {
            level.set().unwrap();
            let (mut first, mut second, mut run) = (vec![0.0; 1003], vec![0.0; 1003], vec![0.0; 1003]);
            uniform_blocks(replication, &ids, &numbers, &mut first, &mut second);
            uniform_run(replication, ids[0], 3, &mut run);
            [first, second, run].concat()
        };
        let mut levels = Level::ALL.into_iter().filter(|level| level.available()).map(drawn);
        let baseline = levels.next().unwrap();
        assert!(levels.all(|other| other == baseline));
    }

    #[test]
    fn mirrored_draws_are_one_minus() {
        let (id, plain) = (StreamId::of(0, "p", "n"), Replication::new(5, 9));
        assert_eq!(plain.mirrored().mirrored(), plain);
        let (mut a, mut b) = (Stream::new(id), Stream::new(id));
        for _ in 0..1000 {
            assert_eq!(a.open01(plain), 1.0 - b.open01(plain.mirrored()));
        }
    }

    #[test]
    fn uniforms_stay_inside_and_centre_on_a_half() {
        let mut stream = Stream::new(StreamId::of(0, "u", "mean"));
        let replication = Replication::new(3, 0);
        let draws: Vec<f64> = (0..100_000).map(|_| stream.open01(replication)).collect();
        assert!(draws.iter().all(|&u| u > 0.0 && u < 1.0));
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        assert!((mean - 0.5).abs() < 4.0 * (1.0f64 / 12.0 / draws.len() as f64).sqrt());
    }

    #[test]
    fn parameter_draws_have_streams_of_their_own() {
        let (mut plain, mut first) = (StreamRegister::default(), StreamRegister::under(1));
        assert_eq!(plain.take("repair", "web/1").unwrap(), StreamId::of(0, "repair", "web/1"));
        assert_eq!(first.take("repair", "web/1").unwrap(), StreamId::of(1, "repair", "web/1"));
    }

    #[test]
    fn a_taken_stream_is_refused_by_name() {
        let mut register = StreamRegister::default();
        register.take("repair", "web/1").unwrap();
        let error = register.take("repair", "web/1").unwrap_err();
        assert_eq!(error.first, "repair of web/1");
    }
}
