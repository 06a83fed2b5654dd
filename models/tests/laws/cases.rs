//! The grid of laws that the tests share.

use ninefold_models::lifetime::Law;
use ninefold_models::units::Hours;

pub(crate) struct Case {
    pub(crate) law: Law,
    /// Ages at which the survival jumps or has a kink, ascending, in hours.
    pub(crate) corners: Vec<f64>,
    /// Whether the distribution jumps anywhere.
    pub(crate) jumps: bool,
}

pub(crate) fn h(hours: f64) -> Hours {
    Hours::new(hours)
}

fn smooth(law: Law) -> Case {
    Case { law, corners: Vec::new(), jumps: false }
}

fn kinked(law: Law, corners: &[f64]) -> Case {
    Case { law, corners: corners.to_vec(), jumps: false }
}

fn jumping(law: Law, corners: Vec<f64>) -> Case {
    Case { law, corners, jumps: true }
}

pub(crate) fn bathtub() -> Law {
    Law::piecewise_hazard(vec![(h(0.0), 0.01), (h(100.0), 0.0), (h(200.0), 1e-3), (h(2000.0), 5e-3)]).unwrap()
}

pub(crate) fn grid() -> Vec<Case> {
    let mut cases = vec![
        jumping(Law::constant(h(3.5)).unwrap(), vec![3.5]),
        smooth(Law::exponential(h(1e-9)).unwrap()),
        smooth(Law::exponential(h(5e7)).unwrap()),
        smooth(Law::lognormal_median_p95(h(0.1), h(1.0)).unwrap()),
        smooth(Law::lognormal_median_sigma(h(2.0), 1e-3).unwrap()),
        smooth(Law::lognormal_mean_sigma(h(8.0), 2.0).unwrap()),
        kinked(Law::triangular(h(1.0), h(2.0), h(7.0)).unwrap(), &[1.0, 2.0, 7.0]),
        kinked(Law::triangular(h(0.0), h(0.0), h(7.0)).unwrap(), &[0.0, 7.0]),
        kinked(Law::triangular(h(2.0), h(7.0), h(7.0)).unwrap(), &[2.0, 7.0]),
        kinked(Law::uniform(h(0.0), h(1.0)).unwrap(), &[0.0, 1.0]),
        kinked(Law::uniform(h(100.0), h(101.0)).unwrap(), &[100.0, 101.0]),
        smooth(Law::normal(h(10.0), h(2.0)).unwrap()),
        smooth(Law::normal(h(1.0), h(5.0)).unwrap()),
        smooth(Law::normal(h(1000.0), h(1.0)).unwrap()),
        smooth(Law::hyperexponential(vec![(0.9, h(1.0)), (0.1, h(100.0))]).unwrap()),
        smooth(Law::hyperexponential(vec![(0.999, h(0.01)), (0.001, h(1e4))]).unwrap()),
        kinked(bathtub(), &[0.0, 100.0, 200.0, 2000.0]),
        kinked(Law::piecewise_hazard(vec![(h(0.0), 0.0), (h(50.0), 2.0)]).unwrap(), &[50.0]),
        kinked(Law::pareto(3.0, h(2.0)).unwrap(), &[2.0]),
        kinked(Law::pareto(1.5, h(0.01)).unwrap(), &[0.01]),
        jumping(Law::geometric(h(5.0), h(1.0)).unwrap(), (1..400).map(f64::from).collect()),
        jumping(Law::geometric(h(0.3), h(0.3)).unwrap(), vec![0.3]),
        jumping(Law::empirical([4.0, 1.0, 1.0, 0.0, 9.5].map(h).to_vec()).unwrap(), vec![0.0, 1.0, 4.0, 9.5]),
        mixture(),
    ];
    for shape in [0.2, 0.74, 1.0, 1.8, 12.0] {
        cases.push(smooth(Law::weibull_mean(shape, h(4320.0)).unwrap()));
        cases.push(smooth(Law::weibull_scale(shape, h(7.0)).unwrap()));
    }
    for shape in [0.1, 0.7, 1.0, 3.3, 40.0, 2000.0] {
        cases.push(smooth(Law::gamma(shape, h(12.0)).unwrap()));
    }
    for stages in [1, 3, 25] {
        cases.push(smooth(Law::erlang(stages, h(10.0)).unwrap()));
    }
    for (min, mode, max) in [(0.0, 1.0, 4.0), (1.0, 1.0, 9.0), (2.0, 7.0, 7.0), (0.5, 0.6, 30.0), (100.0, 101.0, 102.0)]
    {
        cases.push(kinked(Law::pert(h(min), h(mode), h(max)).unwrap(), &[min, max]));
    }
    cases
}

/// Two deep, with a jump at 24 h.
fn mixture() -> Case {
    let inner = vec![(0.5, Law::weibull_mean(0.7, h(50.0)).unwrap()), (0.5, Law::constant(h(24.0)).unwrap())];
    let parts = vec![(0.6, Law::exponential(h(1.0)).unwrap()), (0.4, Law::mixture(inner).unwrap())];
    jumping(Law::mixture(parts).unwrap(), vec![24.0])
}
