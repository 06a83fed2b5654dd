//! What units cost: by what is reserved, on demand and spot; for the reserve that is written, and for every other.
//!
//! What is reserved changes nothing that happens, so one run prices every reserve: what is above it is paid on demand.

use ninefold_sim_core::interval;
use ninefold_sim_core::moments::Moments;
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use crate::metric::{Metric, Reading};
use crate::replication::{Running, SpotTurn, Stand, Trace};
use crate::results::{Estimated, Measured, PurchaseRow};
use crate::system::{PriceSpec, System};
use crate::units::HOURS_PER_YEAR;

/// Most reserves of a component that are priced; of a larger component only every so many.
pub const RESERVES_MAX: u32 = 400;

/// Fixed point of mean numbers of units.
const MILLIONTHS: i128 = 1_000_000;

/// A component with a price.
#[derive(Debug, Serialize, Deserialize)]
struct Tally {
    /// By reserve, its cost an hour, in fixed point.
    cost: Vec<Moments>,
    /// By reserve, the mean number of units paid on demand, in millionths.
    above: Vec<Moments>,
    /// Mean number of spot instances, in millionths.
    spot: Moments,
}

/// Every component with a price.
#[derive(Debug, Serialize, Deserialize)]
pub struct Purchases {
    of: Vec<Tally>,
    /// Of all of them together, for the reserves that are written.
    all: Moments,
}

/// The reserves of a component that are priced, ascending; that which is written is among them.
fn reserves(system: &System, price: &PriceSpec) -> Vec<u32> {
    if !price.can_reserve {
        return vec![price.reserved_units];
    }
    let units = component(system, price).units.len() as u32;
    let mut all: Vec<u32> = (0..=units).step_by(units.div_ceil(RESERVES_MAX).max(1) as usize).collect();
    all.push(price.reserved_units);
    all.sort_unstable();
    all.dedup();
    all
}

fn place(system: &System, price: &PriceSpec) -> usize {
    let found = system.spec.components.iter().position(|component| component.name == price.component);
    found.expect("bug: prices are checked when a system is built")
}

fn component<'a>(system: &'a System, price: &PriceSpec) -> &'a crate::system::Component {
    &system.components[place(system, price)]
}

/// The fixed point of money: a power of two by which all that can be paid in an hour fits.
fn scale(system: &System) -> f64 {
    let most = |price: &PriceSpec| {
        let units = component(system, price).units.len() as f64;
        units * (price.on_demand + price.reserved + price.spot)
    };
    let most: f64 = system.spec.prices.components.iter().map(most).sum();
    let (mut scale, limit) = ((1_u64 << 50) as f64, (1_u64 << 60) as f64);
    while most * scale > limit {
        scale *= 0.5;
    }
    scale
}

/// Numbers of units, by how they are bought.
#[derive(Clone, Copy)]
struct Bought {
    on_demand: i64,
    spot: i64,
}

/// How long so many were bought on demand, and spot instances × time.
struct Use {
    by_on_demand: Vec<i64>,
    spot: i128,
}

impl Use {
    /// Of one replication: units that there are, and what runs in the places of spot capacity.
    fn of(units: usize, (stands, turns): (&[Stand], &[&SpotTurn]), fixed: Bought, (from, to): (Tick, Tick)) -> Self {
        let mut all = Self { by_on_demand: vec![0; units + 1], spot: 0 };
        let (mut there, mut moved) = (fixed, Bought { on_demand: 0, spot: 0 });
        let (mut stands, mut turns) = (stands.iter().peekable(), turns.iter().peekable());
        let mut since = Tick::ZERO;
        loop {
            let next = |at: Option<Tick>| at.unwrap_or(Tick::NEVER);
            let now = next(stands.peek().map(|stand| stand.at)).min(next(turns.peek().map(|turn| turn.at)));
            let span = now.min(to).since(since.max(from)).get();
            if span > 0 {
                let bought = (there.on_demand + moved.on_demand).clamp(0, units as i64);
                all.by_on_demand[bought as usize] += span;
                all.spot += i128::from(span) * i128::from((there.spot + moved.spot).max(0));
            }
            if now >= to {
                return all;
            }
            since = now;
            while let Some(stand) = stands.next_if(|stand| stand.at == now) {
                there = Bought { on_demand: i64::from(stand.replicas - stand.spot), spot: i64::from(stand.spot) };
            }
            while let Some(turn) = turns.next_if(|turn| turn.at == now) {
                let change = |what| i64::from(turn.to == what) - i64::from(turn.from == what);
                let on_demand = change(Running::OnDemand);
                moved.on_demand += on_demand;
                moved.spot -= on_demand + change(Running::Nothing);
            }
        }
    }

    /// Units above a reserve × time.
    fn above(&self, reserve: u32) -> i128 {
        let above = self.by_on_demand.iter().enumerate().skip(reserve as usize + 1);
        above.map(|(n, &span)| (n as i128 - i128::from(reserve)) * i128::from(span)).sum()
    }
}

impl Metric for Purchases {
    fn new(system: &System) -> Self {
        let of = |price: &PriceSpec| {
            let reserves = reserves(system, price).len();
            Tally {
                cost: vec![Moments::default(); reserves],
                above: vec![Moments::default(); reserves],
                spot: Moments::default(),
            }
        };
        Self { of: system.spec.prices.components.iter().map(of).collect(), all: Moments::default() }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        if self.of.is_empty() {
            return;
        }
        let (scale, mut all) = (scale(system), 0);
        for (price, tally) in system.spec.prices.components.iter().zip(&mut self.of) {
            let used = use_of(system, price, trace);
            let measured = trace.end.since(system.warmup).get().max(1);
            for (row, reserve) in reserves(system, price).into_iter().enumerate() {
                let above = used.above(reserve);
                let cost = (hourly((price, reserve), (above, used.spot), measured) * scale).round_ties_even() as i64;
                tally.cost[row].push_within(trace.block, cost);
                tally.above[row].push_within(trace.block, (above * MILLIONTHS / i128::from(measured)) as i64);
                all += if reserve == price.reserved_units { cost } else { 0 };
            }
            tally.spot.push_within(trace.block, (used.spot * MILLIONTHS / i128::from(measured)) as i64);
        }
        self.all.push_within(trace.block, all);
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.of.iter_mut().zip(&later.of) {
            mine.cost.iter_mut().zip(&other.cost).for_each(|(mine, other)| mine.merge(other));
            mine.above.iter_mut().zip(&other.above).for_each(|(mine, other)| mine.merge(other));
            mine.spot.merge(&other.spot);
        }
        self.all.merge(&later.all);
    }

    fn fits(&self, system: &System) -> bool {
        let prices = &system.spec.prices.components;
        let fits = |(tally, price): (&Tally, &PriceSpec)| {
            let rows = reserves(system, price).len();
            tally.cost.len() == rows && tally.above.len() == rows
        };
        self.of.len() == prices.len() && self.of.iter().zip(prices).all(fits)
    }
}

/// What so many reserved units cost an hour, with units × time on demand and on spot beside them in so many ticks.
fn hourly((price, reserve): (&PriceSpec, u32), (above, spot): (i128, i128), measured: i64) -> f64 {
    let mean = |unit_ticks: i128| unit_ticks as f64 / measured as f64;
    price.reserved * f64::from(reserve) + price.on_demand * mean(above) + price.spot * mean(spot)
}

/// What a component cost an hour in a replication, with the reserve that is written.
pub(crate) fn an_hour(system: &System, price: &PriceSpec, trace: &Trace) -> f64 {
    let used = use_of(system, price, trace);
    let measured = trace.end.since(system.warmup).get().max(1);
    hourly((price, price.reserved_units), (used.above(price.reserved_units), used.spot), measured)
}

/// What money is counted in.
pub(crate) fn currency(system: &System) -> &str {
    match system.spec.prices.currency.as_str() {
        "" => "1",
        currency => currency,
    }
}

fn use_of(system: &System, price: &PriceSpec, trace: &Trace) -> Use {
    let place = place(system, price) as u32;
    let units = system.components[place as usize].units.len();
    let spot = system.spots.iter().position(|spot| spot.component == place);
    let places = spot.map_or(0, |spot| system.spots[spot].units.len());
    let turns: Vec<&SpotTurn> = trace.spot_turns.iter().filter(|turn| Some(turn.of as usize) == spot).collect();
    let scalers = system.autoscalers.iter().zip(&trace.stands);
    let stands: Vec<&[Stand]> =
        scalers.filter(|(scaler, _)| scaler.component == place).map(|(_, stands)| &stands[..]).collect();
    let fixed = Bought { on_demand: (units - places) as i64, spot: places as i64 };
    let span = (system.warmup, trace.end);
    match stands[..] {
        [] => Use::of(units, (&[], &turns), fixed, span),
        [one] => Use::of(units, (one, &turns), fixed, span),
        _ => Use::of(units, (&together(&stands), &turns), fixed, span),
    }
}

/// What several autoscalers of a component stand at together, at every change of one of them.
fn together(all: &[&[Stand]]) -> Vec<Stand> {
    let mut instants: Vec<_> = all.iter().copied().flatten().map(|stand| stand.at).collect();
    instants.sort_unstable();
    instants.dedup();
    let mut next = vec![0; all.len()];
    let at = |at| {
        let mut sum = Stand { at, demand: 0, serving: 0, replicas: 0, spot: 0 };
        for (stands, next) in all.iter().zip(&mut next) {
            *next += stands[*next..].iter().take_while(|stand| stand.at <= at).count();
            if let Some(stand) = next.checked_sub(1).map(|last| stands[last]) {
                sum.demand += stand.demand;
                sum.serving += stand.serving;
                sum.replicas += stand.replicas;
                sum.spot += stand.spot;
            }
        }
        sum
    };
    instants.into_iter().map(at).collect()
}

impl Purchases {
    /// The cost of each component with a price, and of all together.
    pub fn measures(&self, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let prices = &reading.system.spec.prices;
        if prices.components.is_empty() {
            return;
        }
        let mut add = |entity: &str, moments: &Moments| {
            let cost = self.yearly(moments, reading);
            let row = reading.measured(entity, ("cost", ""), cost);
            let unit = format!("{}/year", currency(reading.system));
            let seen = u64::from(moments.sum() > 0);
            into.push(Measured { unit: unit.into(), seen, ..row });
        };
        for (price, tally) in prices.components.iter().zip(&self.of) {
            let written = reserves(reading.system, price).binary_search(&price.reserved_units);
            let written = written.expect("bug: the reserve that is written is priced");
            add(&format!("components.{}", price.component), &tally.cost[written]);
        }
        add("system", &self.all);
    }

    fn yearly(&self, moments: &Moments, reading: Reading<'_>) -> interval::Estimate {
        let scale = scale(reading.system) / HOURS_PER_YEAR;
        interval::mean(moments, reading.sample(), (scale, f64::INFINITY), reading.confidence)
    }

    /// One row a component and reserve; `risk` is the agreement that is missed most often, and how often.
    pub(crate) fn rows(&self, reading: Reading<'_>, risk: Option<(String, Estimated)>) -> Vec<PurchaseRow> {
        let units = |moments: &Moments| -> Estimated {
            let scale = (MILLIONTHS as f64, f64::INFINITY);
            interval::mean(moments, reading.sample(), scale, reading.confidence).into()
        };
        let of = |(price, tally): (&PriceSpec, &Tally)| -> Vec<PurchaseRow> {
            let least = tally.cost.iter().map(Moments::sum).min();
            let cheapest = tally.cost.iter().position(|cost| Some(cost.sum()) == least);
            let row = |(row, reserved): (usize, u32)| PurchaseRow {
                entity: format!("components.{}", price.component),
                reserved: u64::from(reserved),
                written: reserved == price.reserved_units,
                cheapest: Some(row) == cheapest,
                on_demand: units(&tally.above[row]),
                spot: units(&tally.spot),
                cost: self.yearly(&tally.cost[row], reading).into(),
                agreement: risk.as_ref().map(|(agreement, _)| agreement.clone()),
                breach_probability: risk.as_ref().map(|(_, breach)| *breach),
            };
            reserves(reading.system, price).into_iter().enumerate().map(row).collect()
        };
        reading.system.spec.prices.components.iter().zip(&self.of).flat_map(of).collect()
    }
}
