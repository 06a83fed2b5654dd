//! Every law against code that is not ours: distribution functions of statrs, samplers of rand_distr.

use ninefold_models::lifetime::{LAW_NAMES, Law};
use ninefold_sim_core::stream::{Replication, Stream, StreamId, StreamRng};
use rand_distr::Distribution;
use statrs::distribution as theirs;
use statrs::distribution::ContinuousCDF;

use crate::cases::{bathtub, h};
use crate::identities::{KS_LIMIT, kolmogorov, uniforms};

type Cdf = Box<dyn Fn(f64) -> f64>;

/// A law and the distribution function it must have.
fn oracles() -> Vec<(Law, Cdf)> {
    let exp = |mean: f64| theirs::Exp::new(1.0 / mean).unwrap();
    let plain = theirs::Normal::new(3.0, 2.0).unwrap();
    let beta = theirs::Beta::new(7.0 / 3.0, 11.0 / 3.0).unwrap();
    let weibull = theirs::Weibull::new(0.74, 180.0).unwrap();
    let lognormal = theirs::LogNormal::new(libm::log(5.0), 1.1).unwrap();
    let gamma = theirs::Gamma::new(2.5, 0.25).unwrap();
    let erlang = theirs::Erlang::new(4, 0.4).unwrap();
    let triangular = theirs::Triangular::new(1.0, 9.0, 2.0).unwrap();
    let pareto = theirs::Pareto::new(2.0, 2.5).unwrap();
    let ours = |law: Result<Law, _>| law.unwrap();
    vec![
        (ours(Law::constant(h(4.0))), Box::new(|t| if t < 4.0 { 0.0 } else { 1.0 }) as Cdf),
        (ours(Law::exponential(h(30.0))), Box::new(move |t| exp(30.0).cdf(t))),
        (ours(Law::weibull_scale(0.74, h(180.0))), Box::new(move |t| weibull.cdf(t))),
        (ours(Law::lognormal_median_sigma(h(5.0), 1.1)), Box::new(move |t| lognormal.cdf(t))),
        (ours(Law::gamma(2.5, h(10.0))), Box::new(move |t| gamma.cdf(t))),
        (ours(Law::erlang(4, h(10.0))), Box::new(move |t| erlang.cdf(t))),
        (ours(Law::pert(h(2.0), h(4.0), h(8.0))), Box::new(move |t| beta.cdf((t - 2.0) / 6.0))),
        (ours(Law::triangular(h(1.0), h(2.0), h(9.0))), Box::new(move |t| triangular.cdf(t))),
        (ours(Law::uniform(h(2.0), h(4.0))), Box::new(|t| ((t - 2.0) / 2.0).clamp(0.0, 1.0))),
        (
            ours(Law::normal(h(3.0), h(2.0))),
            Box::new(move |t| (plain.cdf(t) - plain.cdf(0.0)) / (1.0 - plain.cdf(0.0))),
        ),
        (
            ours(Law::hyperexponential(vec![(0.8, h(1.0)), (0.2, h(40.0))])),
            Box::new(move |t| 0.8 * exp(1.0).cdf(t) + 0.2 * exp(40.0).cdf(t)),
        ),
        (
            ours(Law::mixture(vec![(0.3, ours(Law::exponential(h(2.0)))), (0.7, ours(Law::uniform(h(0.0), h(9.0))))])),
            Box::new(move |t| 0.3 * exp(2.0).cdf(t) + 0.7 * (t / 9.0).min(1.0)),
        ),
        (bathtub(), Box::new(bathtub_by_hand)),
        (ours(Law::pareto(2.5, h(2.0))), Box::new(move |t| pareto.cdf(t))),
        (ours(Law::geometric(h(10.0), h(0.5))), Box::new(|t| 1.0 - 0.95_f64.powi((t / 0.5) as i32))),
        (
            ours(Law::empirical([1.0, 2.0, 2.0, 7.0].map(h).to_vec())),
            Box::new(|t| [1.0, 2.0, 2.0, 7.0].iter().filter(|v| **v <= t).count() as f64 / 4.0),
        ),
    ]
}

/// The bathtub of the grid with each piece written out.
fn bathtub_by_hand(t: f64) -> f64 {
    let exp = |mean: f64, t: f64| 1.0 - theirs::Exp::new(1.0 / mean).unwrap().cdf(t.max(0.0));
    let early = exp(100.0, t.min(100.0));
    let middle = exp(1000.0, t.min(2000.0) - 200.0);
    let late = exp(200.0, t - 2000.0);
    1.0 - early * middle * late
}

#[test]
fn every_law_has_an_oracle() {
    let names: std::collections::BTreeSet<_> = oracles().iter().map(|(law, _)| law.name()).collect();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), LAW_NAMES);
}

#[test]
fn distribution_functions_agree() {
    for (law, oracle) in oracles() {
        for factor in [0.01, 0.2, 0.5, 0.9, 1.0, 1.3, 2.0, 5.0, 40.0] {
            let age = law.mean().get() * factor;
            let (got, want) = (law.cdf(h(age)), oracle(age));
            assert!((got - want).abs() <= 2e-10, "{law:?} at {age}: {got} against {want}");
            assert!((law.survival(h(age)) - (1.0 - want)).abs() <= 2e-10, "{law:?} at {age}");
        }
    }
}

#[test]
fn quantiles_agree() {
    for (law, oracle) in oracles() {
        for p in [0.001, 0.05, 0.3, 0.5, 0.77, 0.95, 0.9999] {
            let age = law.quantile(p).get();
            let (before, after) = (oracle(age * (1.0 - 1e-9)), oracle(age * (1.0 + 1e-9)));
            assert!(before <= p + 1e-9 && p <= after + 1e-9, "{law:?} at {p}: {age} h, {before}..{after}");
        }
    }
}

#[test]
fn draws_follow_the_oracle() {
    for (index, (law, oracle)) in oracles().into_iter().enumerate() {
        let draws = uniforms(1000 + index as u64).take(20_000).map(|u| law.quantile(u).get()).collect();
        let distance = kolmogorov(draws, oracle);
        assert!(distance < KS_LIMIT, "{law:?}: {distance}");
    }
}

/// 100 000 draws of another library's sampler.
fn sampled(name: &str, sampler: impl Distribution<f64>) -> Vec<f64> {
    let mut rng = rng(name);
    (0..100_000).map(|_| sampler.sample(&mut rng)).collect()
}

#[test]
fn samplers_of_rand_distr_follow_our_distribution() {
    let ln5 = libm::log(5.0);
    let cases: Vec<(Law, Vec<f64>)> = vec![
        (Law::exponential(h(30.0)).unwrap(), sampled("exp", rand_distr::Exp::new(1.0 / 30.0).unwrap())),
        (
            Law::weibull_scale(0.74, h(180.0)).unwrap(),
            sampled("weibull", rand_distr::Weibull::new(180.0, 0.74).unwrap()),
        ),
        (
            Law::lognormal_median_sigma(h(5.0), 1.1).unwrap(),
            sampled("lognormal", rand_distr::LogNormal::new(ln5, 1.1).unwrap()),
        ),
        (Law::gamma(0.6, h(3.0)).unwrap(), sampled("gamma", rand_distr::Gamma::new(0.6, 5.0).unwrap())),
        (
            Law::pert(h(2.0), h(4.0), h(8.0)).unwrap(),
            sampled("pert", rand_distr::Pert::new(2.0, 8.0).with_mode(4.0).unwrap()),
        ),
        (
            Law::triangular(h(1.0), h(2.0), h(9.0)).unwrap(),
            sampled("triangular", rand_distr::Triangular::new(1.0, 9.0, 2.0).unwrap()),
        ),
        (Law::pareto(2.5, h(2.0)).unwrap(), sampled("pareto", rand_distr::Pareto::new(2.0, 2.5).unwrap())),
        (Law::normal(h(3.0), h(2.0)).unwrap(), {
            let all = sampled("normal", rand_distr::Normal::new(3.0, 2.0).unwrap());
            all.into_iter().filter(|draw| *draw > 0.0).collect()
        }),
        (Law::geometric(h(10.0), h(0.5)).unwrap(), {
            let trials = rand_distr::Geometric::new(0.05).unwrap();
            let mut rng = rng("geometric");
            (0..100_000).map(|_| (trials.sample(&mut rng) + 1) as f64 * 0.5).collect()
        }),
    ];
    for (law, draws) in cases {
        let n = draws.len() as f64;
        let mean = draws.iter().sum::<f64>() / n;
        let error = (law.variance_h2() / n).sqrt();
        assert!((mean - law.mean().get()).abs() < 4.5 * error, "{law:?}: mean {mean} ± {error}");
        let distance = kolmogorov(draws, |age| law.cdf(h(age)));
        assert!(distance < KS_LIMIT, "{law:?}: {distance}");
    }
}

fn rng(name: &str) -> StreamRng {
    StreamRng { stream: Stream::new(StreamId::of(0, "oracle", name)), replication: Replication::new(7, 0) }
}
