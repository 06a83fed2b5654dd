//! A HorizontalPodAutoscaler (`autoscaling/v2`) as it is, translated key by key into a component's `autoscale`.
//!
//! What is not known is refused by name. Every value keeps the place where the manifest has it.

use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::schema::{MANIFEST, validate};
use crate::source::Span;
use crate::yaml::{Entry, Kind, Node};

/// The same tree, or the scenario that a manifest stands for.
pub(super) fn to_scenario(tree: Node, sink: &mut Sink) -> Node {
    let is_manifest = tree.get("kind").is_some() && tree.get("apiVersion").is_some();
    if !is_manifest {
        return tree;
    }
    let problems = sink.len();
    validate(&tree, &MANIFEST, sink);
    if sink.len() > problems {
        return Node { span: tree.span, kind: Kind::Refused };
    }
    scenario(&tree, sink).unwrap_or(Node { span: tree.span, kind: Kind::Refused })
}

/// What a manifest says of an autoscaler, in our words; `None` where it is not one that can be read.
pub(crate) fn autoscale_of(tree: &Node, sink: &mut Sink) -> Option<Node> {
    let problems = sink.len();
    validate(tree, &MANIFEST, sink);
    if sink.len() > problems { None } else { autoscale(needed(tree, "spec", sink)?, sink) }
}

fn entry(key: &str, value: Node) -> Entry {
    Entry { key: key.to_owned(), key_span: value.span, value }
}

fn map(span: Span, entries: Vec<Entry>) -> Node {
    Node::map(span, entries)
}

/// A value under a key that must be there.
fn needed<'a>(node: &'a Node, key: &str, sink: &mut Sink) -> Option<&'a Node> {
    let found = node.get(key);
    if found.is_none() {
        let problem = Diagnostic::new(Code::Missing, format!("the manifest lacks `{key}` here"), node.span);
        sink.push(problem.hint(format!("add `{key}: …`")));
    }
    found
}

fn scenario(tree: &Node, sink: &mut Sink) -> Option<Node> {
    let spec = needed(tree, "spec", sink)?;
    let named = spec.get("scaleTargetRef").and_then(|target| target.get("name"));
    let named = named.or_else(|| tree.get("metadata").and_then(|metadata| metadata.get("name")));
    let name = named.and_then(Node::text).unwrap_or("autoscaled").to_owned();
    let id: String = name.chars().map(|c| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '-' }).collect();
    let id = if id.starts_with(|c: char| c.is_ascii_lowercase()) { id } else { format!("x{id}") };
    let id: String = id.chars().take(63).collect();
    let autoscale = autoscale(spec, sink)?;
    let span = tree.span;
    let component = map(span, vec![entry("autoscale", autoscale)]);
    let replay = map(span, vec![entry("component", Node::scalar(span, id.clone()))]);
    Some(map(
        span,
        vec![
            entry("scenario", Node::scalar(span, name)),
            entry("components", map(span, vec![entry(&id, component)])),
            entry("replay", replay),
        ],
    ))
}

fn autoscale(spec: &Node, sink: &mut Sink) -> Option<Node> {
    let mut entries = Vec::new();
    if let Some(min) = spec.get("minReplicas") {
        entries.push(entry("min", min.clone()));
    }
    entries.push(entry("max", needed(spec, "maxReplicas", sink)?.clone()));
    let metrics = match spec.get("metrics") {
        Some(list) => list.items().iter().map(|metric| measured(metric, sink)).collect::<Option<Vec<_>>>()?,
        // What Kubernetes fills in.
        None => vec![of_utilization(&Node::scalar(spec.span, "80"))],
    };
    entries.push(entry("metrics", Node { span: spec.span, kind: Kind::Seq(metrics) }));
    match spec.get("behavior") {
        None => entries.push(entry("behavior", Node::scalar(spec.span, "none"))),
        Some(behavior) => {
            let mut tolerances = Vec::new();
            for (key, ours) in [("scaleUp", "up"), ("scaleDown", "down")] {
                let Some(rules) = behavior.get(key) else { continue };
                entries.push(entry(ours, direction(rules, sink)?));
                if let Some(tolerance) = rules.get("tolerance") {
                    tolerances.push(entry(ours, quantity(tolerance, sink)?));
                }
            }
            if !tolerances.is_empty() {
                entries.push(entry("tolerance", map(behavior.span, tolerances)));
            }
        }
    }
    Some(map(spec.span, entries))
}

/// `60` as `60 %`.
fn of_utilization(percent: &Node) -> Node {
    let text = format!("{} %", percent.text().unwrap_or_default());
    let metric = entry("metric", Node::scalar(percent.span, "utilization"));
    map(percent.span, vec![metric, entry("target", Node::scalar(percent.span, text))])
}

/// One entry of `metrics`.
fn measured(metric: &Node, sink: &mut Sink) -> Option<Node> {
    let kind = needed(metric, "type", sink)?;
    let key = match kind.text()? {
        "Resource" => "resource",
        "ContainerResource" => "containerResource",
        "Pods" => "pods",
        "Object" => "object",
        _ => "external",
    };
    let block = needed(metric, key, sink)?;
    let target = needed(block, "target", sink)?;
    let name = block.get("name").or_else(|| block.get("metric").and_then(|metric| metric.get("name")));
    let name = name.and_then(Node::text).unwrap_or(key).to_owned();
    let is_of_pods = matches!(key, "resource" | "containerResource" | "pods");
    let (form, value) = match needed(target, "type", sink)?.text()? {
        "Utilization" if matches!(key, "resource" | "containerResource") => {
            return needed(target, "averageUtilization", sink).map(of_utilization);
        }
        "AverageValue" if is_of_pods => ("each_pod", needed(target, "averageValue", sink)?),
        "AverageValue" => ("per_replica", needed(target, "averageValue", sink)?),
        "Value" if !is_of_pods => ("value", needed(target, "value", sink)?),
        other => {
            let problem =
                Diagnostic::new(Code::UnknownWord, format!("a `{key}` has no target of type `{other}`"), target.span);
            sink.push(problem.hint("write `AverageValue`, or `Utilization` for resources, `Value` for the others"));
            return None;
        }
    };
    let metric = map(block.span, vec![entry(form, Node::scalar(block.span, name))]);
    Some(map(metric.span, vec![entry("metric", metric), entry("target", quantity(value, sink)?)]))
}

/// `scaleUp` or `scaleDown`.
fn direction(rules: &Node, sink: &mut Sink) -> Option<Node> {
    let mut entries = Vec::new();
    let seconds = |node: &Node| Node::scalar(node.span, format!("{}s", node.text().unwrap_or_default()));
    if let Some(window) = rules.get("stabilizationWindowSeconds") {
        entries.push(entry("stabilization", seconds(window)));
    }
    if let Some(select) = rules.get("selectPolicy") {
        entries.push(entry("select", Node::scalar(select.span, select.text()?.to_ascii_lowercase())));
    }
    if let Some(policies) = rules.get("policies") {
        let mut all = Vec::new();
        for policy in policies.items() {
            let key = if needed(policy, "type", sink)?.text() == Some("Pods") { "pods" } else { "percent" };
            let value = entry(key, needed(policy, "value", sink)?.clone());
            let per = entry("per", seconds(needed(policy, "periodSeconds", sink)?));
            all.push(map(policy.span, vec![value, per]));
        }
        entries.push(entry("policies", Node { span: policies.span, kind: Kind::Seq(all) }));
    }
    Some(map(rules.span, entries))
}

/// Suffixes of a quantity, and their powers: of ten, or of two.
const SUFFIXES: [(&str, f64); 15] = [
    ("Ki", 1024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
    ("Pi", 1_125_899_906_842_624.0),
    ("Ei", 1_152_921_504_606_846_976.0),
    ("n", 1e-9),
    ("u", 1e-6),
    ("m", 1e-3),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
    ("E", 1e18),
];

/// A quantity of Kubernetes as a plain number: `100m` is 0.1.
fn quantity(node: &Node, sink: &mut Sink) -> Option<Node> {
    let text = node.text().unwrap_or_default();
    let suffix = SUFFIXES.iter().find_map(|(suffix, factor)| Some((text.strip_suffix(suffix)?, *factor)));
    let (digits, factor) = suffix.unwrap_or((text, 1.0));
    match digits.parse::<f64>() {
        // Divided where it is a fraction, so that `100m` is the nearest number to 0.1.
        Ok(value) if value.is_finite() && factor < 1.0 => {
            Some(Node::scalar(node.span, (value / (1.0 / factor).round()).to_string()))
        }
        Ok(value) if value.is_finite() => Some(Node::scalar(node.span, (value * factor).to_string())),
        _ => {
            let problem = Diagnostic::new(Code::NotANumber, format!("`{text}` is not a quantity"), node.span);
            sink.push(problem.hint("write as in `100m`, `50` or `500Mi`"));
            None
        }
    }
}
