//! What a panic looks like to a user: a mistake of ours, said so, with exit code 70.

/// Prints every panic as a bug of ninefold. The panic goes on unwinding to `main`.
pub(crate) fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic
            .payload()
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.payload().downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "unknown".to_owned());
        let message = message.trim_start_matches("bug: ");
        let place = panic.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
        eprintln!("error: bug: {message}{place}");
        eprintln!("hint: this is a mistake in ninefold; please report it with the scenario and the command line");
    }));
}
