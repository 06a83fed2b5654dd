//! Closed networks: so many users of each class who think, then call; by mean value analysis.

use super::error::{self, QueueError};

/// Most steps (populations × queues × classes) of the exact recursion.
pub const STEPS_MAX: f64 = 5e7;

/// Iterations of Schweitzer's fixed point.
const ITERATIONS_MAX: u32 = 100_000;

/// A class of users.
#[derive(Clone, Debug, PartialEq)]
pub struct UserClass {
    /// How many there are.
    pub users: u32,
    /// Mean time a user thinks between calls, ≥ 0.
    pub think: f64,
    /// Mean service time that one call needs at each queue (all visits together), ≥ 0.
    pub demands: Vec<f64>,
}

/// The long run of a class.
#[derive(Clone, Debug, PartialEq)]
pub struct UserClassAnswers {
    /// Calls completed a unit of time.
    pub throughput: f64,
    /// Mean time of a call over all queues.
    pub response: f64,
    /// Mean time of a call at each queue.
    pub residence: Vec<f64>,
}

/// Exact, for queues of one server each that are shared equally, or first come first served with exponential service
/// that is the same for all classes.
///
/// # Errors
/// [`QueueError::TooLarge`] above [`STEPS_MAX`] steps; [`QueueError::OutOfRange`] for negative times or unlike lists.
///
/// # Source
/// Reiser and Lavenberg, *J. ACM* 27 (1980), p. 313.
pub fn exact(classes: &[UserClass]) -> Result<Vec<UserClassAnswers>, QueueError> {
    let stations = check(classes)?;
    let populations: f64 = classes.iter().map(|class| f64::from(class.users) + 1.0).product();
    let steps = populations * (stations * classes.len()) as f64;
    if steps > STEPS_MAX {
        return Err(QueueError::TooLarge { what: "steps of mean value analysis", count: steps, limit: STEPS_MAX });
    }
    // Populations in mixed radix: one user less of a class is `stride` places before.
    let mut strides = Vec::new();
    let mut count = 1_usize;
    for class in classes {
        strides.push(count);
        count *= class.users as usize + 1;
    }
    let mut queues = vec![0.0; count * stations];
    let mut answers =
        vec![UserClassAnswers { throughput: 0.0, response: 0.0, residence: vec![0.0; stations] }; classes.len()];
    for population in 1..count {
        for (r, class) in classes.iter().enumerate() {
            let users = population / strides[r] % (class.users as usize + 1);
            if users == 0 {
                continue;
            }
            let before = (population - strides[r]) * stations;
            let answer = &mut answers[r];
            for k in 0..stations {
                answer.residence[k] = class.demands[k] * (1.0 + queues[before + k]);
            }
            answer.response = answer.residence.iter().sum();
            answer.throughput = users as f64 / (class.think + answer.response);
            let here = population * stations;
            (0..stations).for_each(|k| queues[here + k] += answer.throughput * answer.residence[k]);
        }
    }
    for (class, answer) in classes.iter().zip(&mut answers).filter(|(class, _)| class.users == 0) {
        answer.residence.clone_from(&class.demands);
    }
    Ok(answers)
}

/// Approximate, for populations too large for [`exact`]: what a user finds is taken as `(N − 1)/N` of the mean. Exact for
/// one queue or one user; elsewhere within a few percent where queues are short or users many, at most about 15 %
/// for few users and many classes.
///
/// # Errors
/// As [`exact`], and [`QueueError::NoConvergence`].
///
/// # Source
/// Schweitzer (1979); Lazowska et al., *Quantitative System Performance* (1984), section 6.4.
pub fn schweitzer(classes: &[UserClass]) -> Result<Vec<UserClassAnswers>, QueueError> {
    let stations = check(classes)?;
    let even = |class: &UserClass| vec![f64::from(class.users) / stations.max(1) as f64; stations];
    let mut queues: Vec<Vec<f64>> = classes.iter().map(even).collect();
    for _ in 0..ITERATIONS_MAX {
        let mut change = 0.0_f64;
        let mut answers = Vec::new();
        let total: Vec<f64> = (0..stations).map(|k| queues.iter().map(|queue| queue[k]).sum()).collect();
        for (class, queue) in classes.iter().zip(&mut queues) {
            let users = f64::from(class.users);
            let found = |k: usize| total[k] - if users > 0.0 { queue[k] / users } else { 0.0 };
            let residence: Vec<f64> = (0..stations).map(|k| class.demands[k] * (1.0 + found(k))).collect();
            let response: f64 = residence.iter().sum();
            let throughput = if users > 0.0 { users / (class.think + response) } else { 0.0 };
            for k in 0..stations {
                let next = throughput * residence[k];
                change = change.max((next - queue[k]).abs() / (1.0 + next));
                queue[k] = next;
            }
            answers.push(UserClassAnswers { throughput, response, residence });
        }
        if change < 1e-13 {
            return Ok(answers);
        }
    }
    Err(QueueError::NoConvergence("Schweitzer's fixed point"))
}

fn check(classes: &[UserClass]) -> Result<usize, QueueError> {
    let stations = classes.first().map_or(0, |class| class.demands.len());
    for class in classes {
        error::not_negative("think time", class.think)?;
        if class.demands.len() != stations {
            let value = class.demands.len() as f64;
            return Err(QueueError::OutOfRange { what: "queues of a class", value, allowed: "as many for each class" });
        }
        for &demand in &class.demands {
            error::not_negative("service demand", demand)?;
        }
        error::positive("time of a whole round", class.think + class.demands.iter().sum::<f64>())?;
    }
    Ok(stations)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn class(users: u32, think: f64, demands: &[f64]) -> UserClass {
        UserClass { users, think, demands: demands.to_vec() }
    }

    #[test]
    fn one_class_of_a_textbook_and_the_same_split_in_two() {
        let one = &exact(&[class(20, 1.0, &[0.05, 0.08, 0.03])]).unwrap()[0];
        assert!((one.throughput - 11.973_117_242_1).abs() < 1e-9);
        let two = exact(&[class(12, 1.0, &[0.05, 0.08, 0.03]), class(8, 1.0, &[0.05, 0.08, 0.03])]).unwrap();
        assert!((two[0].throughput + two[1].throughput - one.throughput).abs() < 1e-9);
        assert!((two[0].response - one.response).abs() < 1e-9);
    }

    #[test]
    fn one_queue_is_machine_repair_and_bounds_hold() {
        for users in [1, 3, 10] {
            let got = &exact(&[class(users, 100.0, &[4.0])]).unwrap()[0];
            let known = super::super::machine_repair::solve(users, 1, 0.01, 0.25).unwrap();
            assert!((got.throughput / known.throughput - 1.0).abs() < 1e-12);
        }
        let many = &exact(&[class(500, 1.0, &[0.05, 0.08, 0.03])]).unwrap()[0];
        assert!(many.throughput <= 1.0 / 0.08 && many.throughput > 0.999 / 0.08);
    }

    #[test]
    fn schweitzer_is_near() {
        let classes = [class(5, 20.0, &[0.5, 0.04, 0.06]), class(10, 30.0, &[0.4, 0.2, 0.3])];
        let near = schweitzer(&classes).unwrap();
        for (near, exact) in near.iter().zip(exact(&classes).unwrap()) {
            assert!((near.throughput / exact.throughput - 1.0).abs() < 0.02);
        }
        assert!(exact(&[class(60_000, 1.0, &[1.0; 900])]).is_err());
    }
}
