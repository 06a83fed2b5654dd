//! Levels over time: demand and capacity take their courses.
//!
//! A level is constant between its steps, so what it costs is its changes and not the time between them.

use ninefold_sim_core::stream::{Replication, Stream};
use ninefold_sim_core::tick::Tick;

use crate::board::{Fact, FactSet};
use crate::mechanism::forecast_path::OnPath;
use crate::mechanism::{Kind, Mechanism, Moment, Out};
use crate::system::{CourseOf, NoiseOf, System, VariationOf};

/// e⁻¹: what is left of the noise after a correlation time.
const KEPT: f64 = 0.367_879_441_171_442_33;

/// √(1 − e⁻²): what comes new in that time.
const NEW: f64 = 0.929_873_495_032_193_7;

/// Where one course stands.
#[derive(Debug)]
struct Stand {
    /// The step after the present one.
    next: usize,
    varied: Option<Varied>,
}

/// Where that stands which varies about a course.
#[derive(Debug)]
enum Varied {
    Noise(Noisy),
    Path(OnPath),
}

/// Where the noise of a course stands.
#[derive(Debug)]
struct Noisy {
    of: NoiseOf,
    stream: Stream,
    /// The logarithm in standard deviations; standard normal at any time.
    z: f64,
    changes: Tick,
}

/// Every course that anybody can see.
#[derive(Debug)]
pub(super) struct Courses {
    stands: Vec<Stand>,
}

impl Noisy {
    fn begin(&mut self, replication: Replication) {
        self.stream.rewind();
        self.z = self.normal(replication);
        self.changes = self.of.held;
    }

    fn go_on(&mut self, replication: Replication) {
        self.z = KEPT * self.z + NEW * self.normal(replication);
        self.changes = self.changes.after(self.of.held);
    }

    fn normal(&mut self, replication: Replication) -> f64 {
        ninefold_sim_core::special::normal::quantile(self.stream.open01(replication))
    }

    /// The factor: lognormal with mean 1.
    fn factor(&self) -> f64 {
        libm::exp(self.of.sigma * (self.z - 0.5 * self.of.sigma))
    }
}

impl Varied {
    fn of(variation: &VariationOf) -> Self {
        match variation {
            VariationOf::Noise(of) => {
                Self::Noise(Noisy { of: *of, stream: Stream::new(of.stream), z: 0.0, changes: Tick::NEVER })
            }
            VariationOf::Paths(of) => Self::Path(OnPath::of(of)),
        }
    }

    fn begin(&mut self, replication: Replication) {
        match self {
            Self::Noise(noise) => noise.begin(replication),
            Self::Path(path) => path.begin(replication),
        }
    }

    fn go_on(&mut self, replication: Replication) {
        match self {
            Self::Noise(noise) => noise.go_on(replication),
            Self::Path(path) => path.go_on(replication),
        }
    }

    fn factor(&self) -> f64 {
        match self {
            Self::Noise(noise) => noise.factor(),
            Self::Path(path) => path.factor(),
        }
    }

    const fn changes(&self) -> Tick {
        match self {
            Self::Noise(noise) => noise.changes,
            Self::Path(path) => path.changes,
        }
    }
}

impl Stand {
    /// The factor now, and when it changes next.
    fn level(&self, course: &CourseOf) -> (f64, Tick) {
        let step = course.steps[self.next - 1].1;
        let next = course.steps.get(self.next).map_or(Tick::NEVER, |step| step.0);
        match &self.varied {
            Some(varied) => (step * varied.factor(), next.min(varied.changes())),
            None => (step, next),
        }
    }
}

impl Courses {
    fn tell(&self, index: u32, at: Moment<'_>, out: &mut Out) {
        let course = &at.system.courses[index as usize];
        let (factor, changes) = self.stands[index as usize].level(course);
        out.set_level(course.of, factor);
        if changes <= at.system.end {
            out.schedule(changes, Kind::LevelChanges, index);
        }
    }
}

impl Mechanism for Courses {
    const LISTENS: FactSet = FactSet::NONE;

    fn new(system: &System) -> Self {
        let stand = |course: &CourseOf| Stand { next: 1, varied: course.variation.as_ref().map(Varied::of) };
        Self { stands: system.courses.iter().map(stand).collect() }
    }

    fn start(&mut self, at: Moment<'_>, out: &mut Out) {
        for index in 0..self.stands.len() {
            let stand = &mut self.stands[index];
            stand.next = 1;
            if let Some(varied) = &mut stand.varied {
                varied.begin(at.replication);
            }
            if at.system.is_course_seen(index) {
                self.tell(index as u32, at, out);
            }
        }
    }

    fn event(&mut self, _: Kind, index: u32, at: Moment<'_>, out: &mut Out) {
        let stand = &mut self.stands[index as usize];
        while at.system.courses[index as usize].steps.get(stand.next).is_some_and(|step| step.0 <= at.now) {
            stand.next += 1;
        }
        if let Some(varied) = stand.varied.as_mut().filter(|varied| varied.changes() <= at.now) {
            varied.go_on(at.replication);
        }
        self.tell(index, at, out);
    }

    fn fact(&mut self, _: Fact, _: Moment<'_>, _: &mut Out) {}
}
