//! Closed forms that the workloads are held to.

/// Mean wait in the queue M/M/c, first come first served, in units of the mean service time.
///
/// - `servers`: c, at least 1.
/// - `load`: share of the time in which a server is busy, in (0, 1).
///
/// # Source
/// Erlang C by the Erlang B recursion; Cooper, *Introduction to Queueing Theory*, 2nd ed. (1981), ch. 3.
pub fn erlang_c_mean_wait(servers: u32, load: f64) -> f64 {
    let offered = load * f64::from(servers);
    let blocked = (1..=servers).fold(1.0, |blocked, n| offered * blocked / (f64::from(n) + offered * blocked));
    let waits = blocked / (1.0 - load * (1.0 - blocked));
    waits / (f64::from(servers) * (1.0 - load))
}

/// Machine repair: `units` alike, each failing after an exponential life, mended by one of `crews` in an exponential
/// time. Element j is the long-run probability that j units are down.
///
/// - `repair_over_life`: mean repair time ÷ mean life, above 0.
///
/// # Source
/// The birth–death chain with failure rates (n − j)/life and repair rates min(j, crews)/repair; Cooper, ch. 3.
pub fn machine_repair(units: u32, crews: u32, repair_over_life: f64) -> Vec<f64> {
    let mut weights = vec![1.0];
    let mut weight = 1.0;
    for down in 0..units {
        weight *= f64::from(units - down) * repair_over_life / f64::from((down + 1).min(crews));
        weights.push(weight);
    }
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

/// Probability that every one of `groups` groups of `size` units has at most one unit down, if the number of units
/// down has the probabilities `down` and, given that number, each set of units is equally likely.
pub fn at_most_one_down_a_group(groups: u32, size: u32, down: &[f64]) -> f64 {
    let (mut sum, mut chance) = (down[0], 1.0);
    for (j, probability) in (0..groups).zip(&down[1..]) {
        // The next unit down has to sit in one of the groups that are still whole.
        chance *= f64::from((groups - j) * size) / f64::from(groups * size - j);
        sum += chance * probability;
    }
    sum
}

/// Long-run availability of `groups` groups in series, each up while at most one of its `size` units is down, the
/// units being independent and down with probability `unavailability`.
pub fn series_of_groups(groups: i32, size: i32, unavailability: f64) -> f64 {
    let up = 1.0 - unavailability;
    let group = up.powi(size) + f64::from(size) * unavailability * up.powi(size - 1);
    group.powi(groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_is_load_over_what_is_left() {
        assert!((erlang_c_mean_wait(1, 0.8) - 4.0).abs() < 1e-12);
        // Erlang C for 8 erlangs on 10 servers is 0.409180; divided by c (1 − load) = 2.
        assert!((erlang_c_mean_wait(10, 0.8) - 0.204_590).abs() < 1e-6);
    }

    #[test]
    fn one_machine_is_up_for_its_share() {
        let down = machine_repair(1, 1, 0.25);
        assert!((down[0] - 0.8).abs() < 1e-15 && (down[1] - 0.2).abs() < 1e-15);
    }

    #[test]
    fn with_a_crew_each_the_units_are_independent() {
        let ratio = 4.0 / 8760.0;
        let crews = at_most_one_down_a_group(10, 100, &machine_repair(1000, 1000, ratio));
        let independent = series_of_groups(10, 100, ratio / (1.0 + ratio));
        assert!((crews - independent).abs() < 1e-12, "{crews} {independent}");
        assert!((independent - 0.990_036).abs() < 5e-7);
    }
}
