//! Writes the draws of a layout to standard output as 32-bit words, lower byte first, until nobody reads on: the input
//! of a statistical battery.
//!
//! `cargo run --release -p ninefold-goodness --bin words -- LAYOUT [SEED] | dieharder -a -g 200`

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use ninefold_goodness::layout::{Layout, Reader};

/// Pairs of words written at once.
const PAIRS: usize = 8192;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let layout = args.next().as_deref().and_then(Layout::named);
    let seed = args.next().map_or(Some(1), |text| text.parse().ok());
    let (Some(layout), Some(seed)) = (layout, seed) else {
        let names: Vec<&str> = Layout::ALL.iter().map(|(name, _)| *name).collect();
        eprintln!("usage: words LAYOUT [SEED]; layouts: {}", names.join(", "));
        return ExitCode::from(2);
    };
    match write_words(layout, seed) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("words: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// Writes until writing fails.
fn write_words(layout: Layout, seed: u64) -> std::io::Result<()> {
    let mut reader = Reader::new(layout, seed);
    let mut out = std::io::stdout().lock();
    let mut bytes = Vec::with_capacity(PAIRS * 8);
    loop {
        bytes.clear();
        for word in (0..PAIRS).flat_map(|_| reader.next_words()) {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        out.write_all(&bytes)?;
    }
}
