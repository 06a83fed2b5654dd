//! Patches: a path from the top, and a value to be laid there.

use super::{child, merges, overlay};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::schema::{ROOT, Shape};
use crate::source::Span;
use crate::yaml::{Entry, Kind, Node};

/// Longest chain of `like` that is followed; a longer one is a circle, reported elsewhere.
const LIKE_MAX: usize = 1000;

/// One patch.
#[derive(Clone, Debug)]
pub(crate) struct Patch {
    pub(crate) path: Vec<String>,
    /// Where the path is written.
    pub(crate) span: Span,
    pub(crate) value: Node,
    pub(crate) by: By,
}

/// Who patches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The command line. It may begin something new key by key.
    Set,
    /// An option. A name on its path is there already: one that is not is a slip of the pen.
    Option,
}

/// Applies every patch to `root`. Those that edit a copy of a value inherited through `like` come last, originals
/// before their copies, so that a patch to an original flows on.
pub(crate) fn apply_patches(root: &mut Node, patches: Vec<Patch>, sink: &mut Sink) {
    let mut later = Vec::new();
    for patch in patches {
        match inherited_depth(root, &patch.path) {
            None => apply(root, patch, sink),
            Some(depth) => later.push((depth, patch)),
        }
    }
    later.sort_by_key(|(depth, _)| *depth);
    for (_, patch) in later {
        apply(root, patch, sink);
    }
}

/// How many `like` steps away the value is that this path edits a copy of; `None` if it edits no copy.
fn inherited_depth(root: &Node, path: &[String]) -> Option<usize> {
    let (component, rest) = component_path(path)?;
    let node = root.get("components")?.get(component)?;
    let mut shape = child(child(Some(&ROOT), "components"), component);
    let mut at = Some(node);
    for (depth, key) in rest.iter().enumerate() {
        at = at.and_then(|node| node.entry(key)).map(|entry| &entry.value);
        shape = child(shape, key);
        let inside = depth + 1 < rest.len() && !merges(shape);
        if inside {
            return match at {
                Some(_) => None,
                None => inherited(root, component, &rest[..=depth]).map(|_| like_depth(root, component)),
            };
        }
    }
    None
}

fn component_path(path: &[String]) -> Option<(&str, &[String])> {
    match path {
        [section, component, rest @ ..] if section == "components" => Some((component, rest)),
        _ => None,
    }
}

fn like_depth(root: &Node, component: &str) -> usize {
    let mut name = component;
    for depth in 0..LIKE_MAX {
        match like_of(root, name) {
            Some(next) => name = next,
            None => return depth,
        }
    }
    LIKE_MAX
}

fn like_of<'a>(root: &'a Node, component: &str) -> Option<&'a str> {
    root.get("components")?.get(component)?.get("like")?.text()
}

/// The value at `path` of the nearest component along `like` that has it.
fn inherited(root: &Node, component: &str, path: &[String]) -> Option<Node> {
    let mut name = component;
    for _ in 0..LIKE_MAX {
        name = like_of(root, name)?;
        let mut at = root.get("components")?.get(name);
        for key in path {
            at = at.and_then(|node| node.entry(key)).map(|entry| &entry.value);
        }
        if let Some(found) = at {
            return (!found.is_null()).then(|| found.clone());
        }
    }
    None
}

fn apply(root: &mut Node, patch: Patch, sink: &mut Sink) {
    if let Some(depth) = (patch.by == By::Option).then(|| unknown_name(root, &patch.path)).flatten() {
        sink.push(no_such(&patch, &patch.path[depth], "nothing of that name is declared"));
        return;
    }
    // What has to be copied in is looked up before anything is changed.
    let copy = copied(root, &patch.path);
    let mut node = root;
    let mut shape: Option<&'static Shape> = Some(&ROOT);
    for (depth, key) in patch.path.iter().enumerate() {
        let last = depth + 1 == patch.path.len();
        shape = child(shape, key);
        if node.is_null() {
            node.kind = Kind::Map(Vec::new());
        }
        node = match &mut node.kind {
            Kind::Seq(items) => {
                let Some(item) = key.parse::<usize>().ok().and_then(|index| items.get_mut(index)) else {
                    sink.push(no_such(&patch, key, "the list has no such entry"));
                    return;
                };
                item
            }
            Kind::Map(entries) => {
                let at = entries.iter().position(|entry| entry.key == *key).unwrap_or_else(|| {
                    let value = match &copy {
                        Some((at, value)) if *at == depth => value.clone(),
                        _ => Node::scalar(patch.span, ""),
                    };
                    entries.push(Entry { key: key.clone(), key_span: patch.span, value });
                    entries.len() - 1
                });
                &mut entries[at].value
            }
            Kind::Scalar { .. } | Kind::Refused => {
                sink.push(no_such(&patch, key, "it lies inside a single value"));
                return;
            }
        };
        if last {
            let old = std::mem::replace(node, Node::scalar(patch.span, ""));
            *node = overlay(old, patch.value, shape);
            return;
        }
    }
}

/// The inherited value this path edits a copy of, and at which depth of the path it stands.
fn copied(root: &Node, path: &[String]) -> Option<(usize, Node)> {
    let (component, rest) = component_path(path)?;
    let mut shape = child(child(Some(&ROOT), "components"), component);
    for (depth, key) in rest.iter().enumerate() {
        shape = child(shape, key);
        if depth + 1 < rest.len() && !merges(shape) {
            return inherited(root, component, &rest[..=depth]).map(|value| (depth + 2, value));
        }
    }
    None
}

/// The first place on the path that names something that is not there, also not by `like`, and is walked through. What
/// ends the path may be new.
fn unknown_name(root: &Node, path: &[String]) -> Option<usize> {
    let mut shape: Option<&'static Shape> = Some(&ROOT);
    let mut at = Some(root);
    for (depth, key) in path.iter().enumerate().take(path.len().saturating_sub(1)) {
        at = at.and_then(|node| node.get(key));
        let inherits = || component_path(path).filter(|_| depth >= 2);
        let has = || inherits().and_then(|(name, rest)| inherited(root, name, &rest[..depth - 1])).is_some();
        if matches!(shape, Some(Shape::MapOf { .. })) && at.is_none() && !has() {
            return Some(depth);
        }
        shape = child(shape, key);
    }
    None
}

fn no_such(patch: &Patch, key: &str, why: &str) -> Diagnostic {
    let code = if patch.by == By::Set { Code::BadSet } else { Code::Option };
    let message = format!("`{}` names nothing: `{key}` cannot be reached", patch.path.join("."));
    Diagnostic::new(code, message, patch.span).why(why).hint("write the keys from the top, joined by dots")
}
