//! Service times of cases: `{distribution: erlang, shape: 4, mean: 1.0}`.

use super::super::super::params::Params;
use super::super::super::refusal::Refusal;
use super::sheet::RATES;
use crate::yaml::Node;

/// The law as the scenario writes it, in seconds.
pub(super) fn of(node: &Node) -> Result<String, Refusal> {
    let known =
        ["distribution", "value", "mean", "shape", "p", "rates", "low", "high", "mu", "sigma", "scale", "alpha", "xm"];
    let params = Params::of(node, &known)?;
    let name = node.get("distribution").and_then(Node::text).unwrap_or_default();
    let number = |key: &str| params.number_in(key, RATES.0, RATES.1);
    Ok(match name {
        "deterministic" => format!("{}s", number("value")?),
        "exponential" => format!("{{exponential: {{mean: {}s}}}}", number("mean")?),
        "erlang" => {
            format!("{{erlang: {{stages: {}, mean: {}s}}}}", params.count("shape", 1, 10_000)?, number("mean")?)
        }
        "gamma" => {
            let shape = number("shape")?;
            format!("{{gamma: {{shape: {shape}, mean: {}s}}}}", shape * number("scale")?)
        }
        "uniform" => {
            format!("{{uniform: {{min: {}s, max: {}s}}}}", params.number_in("low", 0.0, RATES.1)?, number("high")?)
        }
        "lognormal" => {
            let median = libm::exp(params.number_in("mu", -50.0, 50.0)?);
            format!("{{lognormal: {{median: {median}s, sigma: {}}}}}", number("sigma")?)
        }
        "weibull" => format!("{{weibull: {{shape: {}, scale: {}s}}}}", number("shape")?, number("scale")?),
        "pareto" => format!("{{pareto: {{shape: {}, min: {}s}}}}", number("alpha")?, number("xm")?),
        "hyperexponential" => {
            let (shares, rates) = (numbers(node, "p")?, numbers(node, "rates")?);
            let branch = |(share, rate): (&f64, &f64)| format!("{{share: {share}, mean: {}s}}", 1.0 / rate);
            let branches: Vec<String> = shares.iter().zip(&rates).map(branch).collect();
            format!("{{hyperexponential: {{branches: [{}]}}}}", branches.join(", "))
        }
        other => return Err(Refusal::not_supported(format!("the service time `{other}` is not known"))),
    })
}

/// A list of numbers, each finite.
pub(super) fn numbers(node: &Node, key: &str) -> Result<Vec<f64>, Refusal> {
    let unreadable = || Refusal::not_supported(format!("`{key}` is no list of numbers"));
    let list = node.get(key).ok_or_else(unreadable)?;
    let each =
        list.items().iter().map(|item| item.text().and_then(|text| text.parse().ok()).filter(|x: &f64| x.is_finite()));
    let read: Option<Vec<f64>> = each.collect();
    read.filter(|list| !list.is_empty() && list.len() <= 10_000).ok_or_else(unreadable)
}
