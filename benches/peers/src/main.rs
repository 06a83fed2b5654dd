//! One engine that waits for work: each line of the standard input, `WORKLOAD SIZE SEED`, is simulated and answered by
//! `SECONDS UNITS VALUE`, the seconds being of CPU. `compare.py` asks several of these in turn.
#![allow(clippy::print_stdout)]

mod on_desque;
mod on_nexosim;
mod on_ours;
mod on_simcore;
mod on_std_heap;
mod workload;

use std::collections::HashMap;
use std::io::{BufRead, Write};

use anyhow::{Context, Result, bail};
use ninefold_benches::crews::{K_OF_N, ONE_CREW};
use ninefold_sim_core::calendar::{AutoCalendar, HeapCalendar, LadderCalendar, RingCalendar};
use rustix::time::{ClockId, clock_gettime};
use workload::{Answer, Task, Workload};

/// The engines, and the ways of ours.
const ENGINES: [&str; 10] =
    ["kernel", "events", "special", "ring", "ladder", "heap", "std-heap", "desque", "simcore", "nexosim"];

/// A simulation of the hold model: holds so many times, and gives the digest of all that it popped.
type Holding = Box<dyn FnMut(u64) -> f64>;

/// Replications of k-of-n: how many, with which seed.
type Replicating = Box<dyn FnMut(u64, u64) -> Answer>;

/// What an engine keeps from task to task.
struct Worker {
    engine: String,
    holding: HashMap<u32, Holding>,
    k_of_n: Replicating,
}

impl Worker {
    fn new(engine: String) -> Self {
        let k_of_n: Replicating = match engine.as_str() {
            "events" => Box::new(on_ours::k_of_n_by_events()),
            "special" => Box::new(on_ours::k_of_n_by_timeline()),
            "simcore" => Box::new(on_simcore::k_of_n),
            "nexosim" => Box::new(on_nexosim::k_of_n),
            _ => Box::new(on_desque::k_of_n),
        };
        Self { engine, holding: HashMap::new(), k_of_n }
    }

    fn hold(&mut self, pending: u32, times: u64) -> Answer {
        let value = self.holding.get_mut(&pending).expect("bug: made before the clock runs")(times);
        Answer { units: times as f64, value }
    }

    /// Pending events are put, and the hold model is brought to its steady state, before the clock runs.
    fn prepare(&mut self, task: Task) -> Result<()> {
        let Workload::Hold(pending) = task.workload else { return Ok(()) };
        if !self.holding.contains_key(&pending) {
            let mut holding: Holding = match self.engine.as_str() {
                "kernel" => Box::new(on_ours::hold(pending, AutoCalendar::default())),
                "ring" => Box::new(on_ours::hold(pending, RingCalendar::default())),
                "ladder" => Box::new(on_ours::hold(pending, LadderCalendar::default())),
                "heap" => Box::new(on_ours::hold(pending, HeapCalendar::default())),
                "std-heap" => Box::new(on_std_heap::hold(pending)),
                "desque" => Box::new(on_desque::hold(pending)),
                "simcore" => Box::new(on_simcore::hold(pending)),
                "nexosim" => Box::new(on_nexosim::hold(pending)),
                other => bail!("{other} does not hold"),
            };
            holding(2 * u64::from(pending));
            self.holding.insert(pending, holding);
        }
        Ok(())
    }

    fn run(&mut self, Task { workload, size, seed }: Task) -> Result<Answer> {
        Ok(match (workload, self.engine.as_str()) {
            (Workload::Hold(pending), _) => self.hold(pending, size),
            (Workload::Queue(servers), "kernel") => on_ours::queue(servers, size, seed),
            (Workload::Queue(servers), "special") => on_ours::queue_in_lanes(servers, size, seed),
            (Workload::Queue(servers), "desque") => on_desque::queue(servers, size, seed),
            (Workload::Queue(servers), "simcore") => on_simcore::queue(servers, size, seed),
            (Workload::Queue(servers), "nexosim") => on_nexosim::queue(servers, size, seed),
            (Workload::KOfN, "events" | "special" | "desque" | "simcore" | "nexosim") => (self.k_of_n)(size, seed),
            (Workload::KOfN, "kernel") => on_ours::small_model(K_OF_N, size, seed),
            (Workload::Crews, "kernel") => on_ours::small_model(ONE_CREW, size, seed),
            (_, engine) => bail!("{engine} does not run this workload"),
        })
    }
}

/// CPU time of this process, all its threads, in seconds.
fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

fn parse(line: &str) -> Option<Task> {
    let mut words = line.split_whitespace();
    let workload = Workload::named(words.next()?)?;
    Some(Task { workload, size: words.next()?.parse().ok()?, seed: words.next()?.parse().ok()? })
}

fn main() -> Result<()> {
    let engine = std::env::args().nth(1).unwrap_or_default();
    if !ENGINES.contains(&engine.as_str()) {
        bail!("usage: ninefold-peers {}", ENGINES.join("|"));
    }
    let mut worker = Worker::new(engine);
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let task = parse(&line).with_context(|| format!("`{line}` is not `WORKLOAD SIZE SEED`"))?;
        worker.prepare(task)?;
        let began = cpu_seconds();
        let Answer { units, value } = worker.run(task)?;
        println!("{} {units} {value}", cpu_seconds() - began);
        std::io::stdout().flush()?;
    }
    Ok(())
}
