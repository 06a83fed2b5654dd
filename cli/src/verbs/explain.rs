//! `ninefold explain CODE`.

use ninefold_scenarios::Code;

use crate::args::ExplainArgs;
use crate::exit::Exit;
use crate::output;

/// Prints the page of a code.
pub(crate) fn explain(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let asked = args.code.trim();
    let Some(page) = ninefold_scenarios::explain(asked) else {
        let (first, last) = (Code::ALL.first(), Code::ALL.last());
        let name = |code: Option<&Code>| code.map_or("", |code| code.as_str());
        anyhow::bail!("there is no code `{asked}`; codes run from {} to {}", name(first), name(last));
    };
    if args.json {
        output::print_json(&serde_json::json!({"schema": 1, "code": asked.to_uppercase(), "page": page}))?;
    } else {
        output::print(page)?;
    }
    Ok(Exit::Done)
}
