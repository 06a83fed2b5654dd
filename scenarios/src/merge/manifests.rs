//! `autoscale: {manifest: FILE}`: a HorizontalPodAutoscaler as it is, laid under what else the scenario says of the autoscaler.

use std::path::Path;

use super::{Folder, overlay, read_bounded};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::replay::autoscale_of_manifest;
use crate::source::{Sources, Span};
use crate::yaml::{self, Kind, Node};

/// Takes every manifest that an autoscaler names into the tree, key by key; what stands beside it overrides it.
pub(crate) fn apply_manifests(root: &mut Node, folder: Option<&Folder>, (sources, sink): (&mut Sources, &mut Sink)) {
    let Kind::Map(sections) = &mut root.kind else { return };
    let components =
        sections.iter_mut().filter(|section| section.key == "components").map(|section| &mut section.value);
    let components = components.filter_map(|section| match &mut section.kind {
        Kind::Map(components) => Some(components),
        _ => None,
    });
    for component in components.flatten() {
        let Kind::Map(blocks) = &mut component.value.kind else { continue };
        for block in blocks.iter_mut().filter(|block| block.key == "autoscale") {
            let Some((file, span)) = named(&block.value) else { continue };
            match read(&file, span, folder) {
                Ok((shown, text)) => {
                    let problems = sink.len();
                    let number = sources.add(shown, text);
                    let manifest = yaml::parse(sources, number, sink);
                    let base = manifest.and_then(|manifest| autoscale_of_manifest(&manifest, sink));
                    block.value = match base.filter(|_| sink.len() == problems) {
                        Some(base) => overlay(base, without_name(&block.value), None),
                        None => Node { span, kind: Kind::Refused },
                    };
                }
                Err(problem) => {
                    sink.push(*problem);
                    block.value = Node { span, kind: Kind::Refused };
                }
            }
        }
    }
}

fn named(autoscale: &Node) -> Option<(String, Span)> {
    let manifest = autoscale.get("manifest")?;
    Some((manifest.text()?.to_owned(), manifest.span))
}

fn without_name(autoscale: &Node) -> Node {
    let entries = autoscale.entries().iter().filter(|entry| entry.key != "manifest").cloned();
    Node::map(autoscale.span, entries.collect())
}

fn read(file: &str, span: Span, folder: Option<&Folder>) -> Result<(String, String), Box<Diagnostic>> {
    let Some(folder) = folder else {
        let problem = Diagnostic::new(Code::OutsideFolder, "`manifest` needs a scenario that lies in a folder", span);
        let why = "text from standard input has no folder to look in";
        return Err(problem.why(why).hint("save the scenario to a file").into());
    };
    let real = folder.resolve(file, span)?;
    let refused = |(code, message): (Code, String)| Diagnostic::new(code, format!("`{file}`: {message}"), span);
    let text = read_bounded(Path::new(&real)).map_err(refused)?;
    Ok((folder.shown.join(file).display().to_string(), text))
}
