//! The queue M/M/c on the special path: no event at all. Independent queues run side by side in lanes, customer by
//! customer, so that every step is the same few instructions on all lanes.
//!
//! One server is Lindley's recursion. Several are Kiefer and Wolfowitz's: the times at which servers fall free, sorted;
//! a customer takes the first of them and is put back in order by a chain of minima and maxima.
//!
//! # Source
//! Lindley, *Proc. Cambridge Phil. Soc.* 48 (1952); Kiefer and Wolfowitz, *Trans. Amer. Math. Soc.* 78 (1955).

use ninefold_models::lifetime::Law;
use ninefold_sim_core::stream::{Replication, StreamId, uniform_blocks};

use crate::mmc::{MEAN_SERVICE, Queue};

/// Queues side by side.
pub const LANES: usize = 16;

/// Customers a lane whose times are drawn at once.
const TILE: usize = 32;

type Lanes = [f64; LANES];

/// Mean wait of each lane over `customers` customers a lane (a multiple of 32), each lane starting empty, in units of
/// the mean service time.
///
/// # Panics
/// If the queue has another number of servers than 1 or 10.
pub fn mean_waits(queue: Queue, replication: Replication, customers: u32) -> Lanes {
    match queue.servers {
        1 => run::<1>(queue, replication, customers),
        10 => run::<10>(queue, replication, customers),
        other => panic!("bug: no lanes for {other} servers"),
    }
}

/// The times of a tile: between arrivals and of services, customer by customer, lane by lane.
struct Tile {
    ids: [StreamId; TILE * LANES],
    blocks: [u32; TILE * LANES],
    between: [f64; TILE * LANES],
    service: [f64; TILE * LANES],
    laws: (Law, Law),
}

impl Tile {
    fn new(queue: Queue) -> Self {
        let lanes: Vec<StreamId> = (0..LANES).map(|lane| StreamId::of(0, "customers", &lane.to_string())).collect();
        Self {
            ids: std::array::from_fn(|i| lanes[i % LANES]),
            blocks: std::array::from_fn(|i| (i / LANES) as u32),
            between: [0.0; TILE * LANES],
            service: [0.0; TILE * LANES],
            laws: queue.laws(),
        }
    }

    /// One block a customer: its first draw is the time since the arrival before, its second the service.
    fn draw(&mut self, replication: Replication) {
        uniform_blocks(replication, &self.ids, &self.blocks, &mut self.between, &mut self.service);
        self.laws.0.quantiles(&mut self.between);
        self.laws.1.quantiles(&mut self.service);
        self.blocks.iter_mut().for_each(|block| *block += TILE as u32);
    }
}

fn run<const C: usize>(queue: Queue, replication: Replication, customers: u32) -> Lanes {
    let mut tile = Tile::new(queue);
    let mut state = State { free: [[0.0; LANES]; C], waited: [0.0; LANES] };
    for _ in 0..customers / TILE as u32 {
        tile.draw(replication);
        state.serve(&tile.between, &tile.service);
    }
    state.waited.map(|waited| waited / (f64::from(customers) * MEAN_SERVICE.get()))
}

/// Work ahead of the next customer: how long from the last arrival each server stays busy, ascending.
struct State<const C: usize> {
    free: [Lanes; C],
    waited: Lanes,
}

impl<const C: usize> State<C> {
    #[inline(always)]
    fn serve(&mut self, between: &[f64], service: &[f64]) {
        let (between, _) = between.as_chunks::<LANES>();
        let (service, _) = service.as_chunks::<LANES>();
        for (between, service) in between.iter().zip(service) {
            for lane in 0..LANES {
                let wait = larger(self.free[0][lane] - between[lane], 0.0);
                self.waited[lane] += wait;
                // The customer's end sinks to its place among the others; all have come nearer by the time between.
                let mut end = wait + service[lane];
                for server in 1..C {
                    let other = self.free[server][lane] - between[lane];
                    self.free[server - 1][lane] = smaller(end, other);
                    end = larger(end, other);
                }
                self.free[C - 1][lane] = end;
            }
        }
    }
}

/// One instruction, unlike `f64::max`, which minds NaN.
#[inline(always)]
fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[inline(always)]
fn smaller(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::closed_form::erlang_c_mean_wait;

    #[test]
    fn the_mean_wait_is_erlangs() {
        for (servers, most_error) in [(1, 0.15), (10, 0.02)] {
            let waits = mean_waits(Queue { servers, load: 0.8 }, Replication::new(1, 0), 40_000);
            let n = LANES as f64;
            let mean = waits.iter().sum::<f64>() / n;
            let error = (waits.iter().map(|w| (w - mean) * (w - mean)).sum::<f64>() / (n * (n - 1.0))).sqrt();
            let exact = erlang_c_mean_wait(servers, 0.8);
            assert!((mean - exact).abs() < 4.0 * error && error < most_error, "{mean} ± {error}, exact {exact}");
        }
    }
}
