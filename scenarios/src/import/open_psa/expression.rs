//! Probabilities of basic events: numbers, parameters, sums, and exponential laws at a time.

use roxmltree::Node;

use super::document::{Reading, parts};

/// Expressions within expressions, parameters included: a circle of them is deeper.
const DEPTH_MAX: usize = 64;

impl Reading<'_, '_> {
    /// A probability, 0..=1.
    pub(super) fn probability(&mut self, node: Node<'_, '_>) -> Option<f64> {
        let value = self.value(node)?;
        if (0.0..=1.0).contains(&value) {
            return Some(value);
        }
        self.refuse(node, format!("a probability of {value}"), "a probability is from 0 to 1");
        None
    }

    /// A value.
    pub(super) fn value(&mut self, node: Node<'_, '_>) -> Option<f64> {
        self.expression(node, 0)
    }

    fn expression(&mut self, node: Node<'_, '_>, depth: usize) -> Option<f64> {
        if depth > DEPTH_MAX {
            self.refuse(node, "the expression has no end, or is nested too deep", "look for a circle of parameters");
            return None;
        }
        match node.tag_name().name() {
            "float" | "int" => self.number(node),
            "parameter" => {
                let name = self.name(node)?;
                match self.parameters.get(&name).copied() {
                    Some(value) => self.expression(value, depth + 1),
                    None => {
                        self.refuse(node, format!("there is no parameter `{name}`"), "define it: `define-parameter`");
                        None
                    }
                }
            }
            "neg" | "add" | "sub" | "mul" | "div" | "exponential" => self.operation(node, depth),
            tag => {
                let what = format!("the expression `{tag}`");
                self.not_yet(node, &what);
                None
            }
        }
    }

    fn number(&mut self, node: Node<'_, '_>) -> Option<f64> {
        let text = node.attribute("value").unwrap_or_default().trim();
        let value = text.parse().ok().filter(|value: &f64| value.is_finite());
        if value.is_none() {
            self.refuse(node, format!("`{text}` is not a number"), "write `value=\"0.01\"`");
        }
        value
    }

    fn operation(&mut self, node: Node<'_, '_>, depth: usize) -> Option<f64> {
        let tag = node.tag_name().name();
        let values = parts(node).into_iter().map(|part| self.expression(part, depth + 1));
        let values: Vec<f64> = values.collect::<Option<_>>()?;
        let result = match (tag, values.as_slice()) {
            ("neg", [x]) => -x,
            ("add", [first, rest @ ..]) => rest.iter().fold(*first, |sum, x| sum + x),
            ("sub", [first, rest @ ..]) => rest.iter().fold(*first, |left, x| left - x),
            ("mul", [first, rest @ ..]) => rest.iter().fold(*first, |product, x| product * x),
            ("div", [first, rest @ ..]) => rest.iter().fold(*first, |left, x| left / x),
            ("exponential", [rate, time]) if *rate >= 0.0 && *time >= 0.0 => -libm::expm1(-rate * time),
            _ => f64::NAN,
        };
        if !result.is_finite() {
            self.refuse(node, format!("`{tag}` of {values:?} has no value"), "look at its parts");
        }
        result.is_finite().then_some(result)
    }
}
