//! M/G/1 with classes of different rank: means for each class.

use super::error::{self, QueueError};
use super::pollaczek_khinchine::Service;

/// A class of requests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Class {
    /// Requests a unit of time, > 0.
    pub arrival_rate: f64,
    /// Its service time.
    pub service: Service,
}

/// The means of a class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassMeans {
    /// Mean time not being served.
    pub wait_mean: f64,
    /// Mean time from arrival to completion.
    pub sojourn_mean: f64,
}

/// Means of each class, the first goes first; service once begun is finished.
///
/// # Errors
/// [`QueueError::Unstable`] if all classes together reach the capacity; [`QueueError::OutOfRange`] for what is no rate.
///
/// # Source
/// Cobham, *Operations Research* 2 (1954), p. 70.
pub fn non_preemptive(classes: &[Class]) -> Result<Vec<ClassMeans>, QueueError> {
    let loads = loads(classes)?;
    let residual: f64 = classes.iter().map(residual).sum();
    let each = classes.iter().zip(loads.windows(2)).map(|(class, load)| {
        let wait_mean = residual / ((1.0 - load[0]) * (1.0 - load[1]));
        ClassMeans { wait_mean, sojourn_mean: wait_mean + class.service.mean }
    });
    Ok(each.collect())
}

/// Means of each class, the first goes first and interrupts what is below it, which later goes on where it stopped.
///
/// # Errors
/// As [`non_preemptive`].
///
/// # Source
/// White and Christie, *Operations Research* 6 (1958), p. 79; Jaiswal, *Priority Queues* (1968), chapter 4.
pub fn preemptive_resume(classes: &[Class]) -> Result<Vec<ClassMeans>, QueueError> {
    let loads = loads(classes)?;
    let mut residual_so_far = 0.0;
    let each = classes.iter().zip(loads.windows(2)).map(|(class, load)| {
        residual_so_far += residual(class);
        let queued = residual_so_far / ((1.0 - load[0]) * (1.0 - load[1]));
        let sojourn_mean = class.service.mean / (1.0 - load[0]) + queued;
        ClassMeans { wait_mean: sojourn_mean - class.service.mean, sojourn_mean }
    });
    Ok(each.collect())
}

/// Work that an arrival finds under way of this class: `λ E[S²]/2`.
fn residual(class: &Class) -> f64 {
    let Service { mean, squared_variation } = class.service;
    class.arrival_rate * mean * mean * (1.0 + squared_variation) / 2.0
}

/// Load of no class, the first, the first two, …
fn loads(classes: &[Class]) -> Result<Vec<f64>, QueueError> {
    let mut loads = vec![0.0];
    for class in classes {
        error::positive("arrival rate", class.arrival_rate)?;
        error::positive("mean service time", class.service.mean)?;
        loads.push(loads[loads.len() - 1] + class.arrival_rate * class.service.mean);
    }
    let offered = loads[loads.len() - 1];
    if offered < 1.0 { Ok(loads) } else { Err(QueueError::Unstable { offered, servers: 1.0 }) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::pollaczek_khinchine;
    use super::*;

    fn class(arrival_rate: f64, mean: f64, squared_variation: f64) -> Class {
        Class { arrival_rate, service: Service { mean, squared_variation } }
    }

    #[test]
    fn two_classes_of_a_textbook() {
        let classes = [class(0.2, 1.0, 1.0), class(0.3, 1.0, 1.0)];
        let waits: Vec<f64> = non_preemptive(&classes).unwrap().iter().map(|c| c.wait_mean).collect();
        let sojourns: Vec<f64> = preemptive_resume(&classes).unwrap().iter().map(|c| c.sojourn_mean).collect();
        assert!((waits[0] - 0.625).abs() < 1e-15 && (waits[1] - 1.25).abs() < 1e-15);
        assert!((sojourns[0] - 1.25).abs() < 1e-15 && (sojourns[1] - 2.5).abs() < 1e-15);
    }

    #[test]
    fn work_is_conserved_whatever_the_order() {
        // Kleinrock's conservation law: Σ ρ W is that of first come first served.
        let classes = [class(0.1, 2.0, 0.3), class(0.2, 0.5, 4.0), class(0.3, 1.0, 0.0)];
        let load = |c: &Class| c.arrival_rate * c.service.mean;
        let residual: f64 = classes.iter().map(super::residual).sum();
        let rho: f64 = classes.iter().map(load).sum();
        let waits = non_preemptive(&classes).unwrap();
        let sum: f64 = classes.iter().zip(&waits).map(|(c, w)| load(c) * w.wait_mean).sum();
        assert!((sum - rho * residual / (1.0 - rho)).abs() < 1e-14);
        // The highest class does not notice the others if it interrupts them.
        let alone = pollaczek_khinchine::wait_mean(0.1, classes[0].service).unwrap();
        assert!((preemptive_resume(&classes).unwrap()[0].wait_mean - alone).abs() < 1e-14);
        assert!(non_preemptive(&[class(0.6, 1.0, 1.0), class(0.4, 1.0, 1.0)]).is_err());
    }
}
