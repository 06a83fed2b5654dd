//! `ninefold rightsize USAGE --catalogue FILE`: the cheapest instances that carry what was used.

use std::path::Path;

use anyhow::Context;
use ninefold_models::size::rightsizing::{Headroom, advise};
use ninefold_reports::Unfinished;
use ninefold_reports::folder::write_rightsizing;
use ninefold_reports::rightsizing::Rightsized;
use ninefold_scenarios::records::{UsageColumns, catalogue_file, usage_file};

use crate::args::RightsizeArgs;
use crate::exit::Exit;
use crate::host::Clock;
use crate::output;

/// Reads, advises and prints.
pub(crate) fn rightsize(args: &RightsizeArgs) -> anyhow::Result<Exit> {
    let clock = Clock::start();
    let named = |file: &Path| format!("`{}`", file.display());
    let catalogue = catalogue_file(&args.catalogue).with_context(|| named(&args.catalogue))?;
    let columns = UsageColumns {
        at: args.at.clone(),
        component: args.component.clone(),
        cpu: args.cpu.clone(),
        mem: args.mem.clone(),
        current: args.instance.clone().zip(args.count.clone()),
    };
    let used = usage_file(&args.file, &columns, &catalogue).with_context(|| named(&args.file))?;
    let headroom = Headroom { margin: args.margin, carry: args.carry, lose: args.lose, ..Headroom::default() };
    let advice = used.into_iter().map(|by| {
        let advice = advise(&by.records, &catalogue, &headroom, by.current);
        (by.component, advice)
    });
    let advice: Vec<_> = advice.collect();
    let carried = advice.iter().all(|(_, advice)| !advice.fleets.is_empty());
    let (file, has_mem) = (args.file.display().to_string(), args.mem.is_some());
    let shown = Rightsized { file, catalogue, headroom, has_mem, advice };
    let mut wrote = String::new();
    if let Some(dir) = &args.out {
        let unfinished = Unfinished::begin(dir, args.force)?;
        write_rightsizing(&unfinished, &shown, clock.info(1), args.format.into())?;
        unfinished.discard()?;
        wrote = format!("wrote {}/  (rightsizing.json, tables)\n", dir.display().to_string().trim_end_matches('/'));
    }
    if args.json {
        output::print_json(&shown.object())?;
    } else {
        output::print(&(shown.text() + &wrote))?;
    }
    Ok(if carried { Exit::Done } else { Exit::NotMet })
}
