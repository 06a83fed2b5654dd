//! The map: load against the size of the trigger.

use super::fluid::recovers;
use super::{Region, Storm, Trigger};
use crate::queueing::QueueError;
use crate::queueing::error;

/// A trigger this many times as long as the longest one, or as a request lives, stands for every trigger.
const FAR: f64 = 8.0;

/// How finely the smallest trigger that tips is looked for: by 2⁻⁸ of the distance between two sizes.
const HALVINGS: u32 = 8;

/// One load under one trigger.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// First attempts a second.
    pub demand: f64,
    /// How long the trigger lasts, in seconds.
    pub trigger_s: f64,
    /// What becomes of it.
    pub region: Region,
}

/// One load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoadLine {
    /// First attempts a second.
    pub demand: f64,
    /// Stable, vulnerable or overloaded, before any trigger.
    pub region: Region,
    /// The shortest trigger up to the largest of the map after which it stays down, in seconds.
    pub tips_after_s: Option<f64>,
}

/// The map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    /// By load, then by size, ascending.
    pub cells: Vec<Cell>,
    /// By load, ascending.
    pub lines: Vec<LoadLine>,
}

/// Loads up to `most` in `loads` steps, against triggers up to the given one in `sizes` steps.
///
/// - `most`: first attempts a second, > 0. `overloaded`: loads known to run away without any trigger.
/// # Errors
/// [`QueueError`] for a storm or trigger out of range, or a trigger of too many timeouts.
pub fn map(
    storm: &Storm,
    (most, loads): (f64, u32),
    (largest, sizes): (Trigger, u32),
    overloaded: impl Fn(f64) -> bool,
) -> Result<Map, QueueError> {
    storm.check()?;
    error::positive("largest load", most)?;
    error::positive("largest trigger", largest.lasts())?;
    if let Trigger::Spike(times, _) = largest {
        error::positive("spike", times)?;
    }
    let mut map = Map::default();
    for demand in (1..=loads).map(|i| most * f64::from(i) / f64::from(loads)) {
        let at_rest = if overloaded(demand) { Region::Overloaded } else { at_rest(storm, demand, largest)? };
        let mut tips = None;
        for trigger_s in (1..=sizes).map(|i| largest.lasts() * f64::from(i) / f64::from(sizes)) {
            let is_back = at_rest != Region::Vulnerable || recovers(storm, demand, Some(largest.lasting(trigger_s)))?;
            if !is_back && tips.is_none() {
                let before = trigger_s - largest.lasts() / f64::from(sizes);
                tips = Some(shortest(storm, demand, (largest, before, trigger_s))?);
            }
            map.cells.push(Cell { demand, trigger_s, region: if is_back { at_rest } else { Region::Metastable } });
        }
        map.lines.push(LoadLine { demand, region: at_rest, tips_after_s: tips });
    }
    Ok(map)
}

/// What a load is before any trigger.
fn at_rest(storm: &Storm, demand: f64, largest: Trigger) -> Result<Region, QueueError> {
    if demand >= storm.capacity || !recovers(storm, demand, None)? {
        return Ok(Region::Overloaded);
    }
    let comes_back = match storm.always_recovers(demand) {
        Some(known) => known,
        None => {
            let life = storm.chain_steps() as f64 * storm.step();
            recovers(storm, demand, Some(largest.lasting(FAR * largest.lasts().max(life))))?
        }
    };
    Ok(if comes_back { Region::Stable } else { Region::Vulnerable })
}

/// The shortest trigger that tips, between one that does not and one that does.
fn shortest(storm: &Storm, demand: f64, (kind, low, high): (Trigger, f64, f64)) -> Result<f64, QueueError> {
    let (mut low, mut high) = (low, high);
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        if recovers(storm, demand, Some(kind.lasting(middle)))? { low = middle } else { high = middle }
    }
    Ok(high)
}
