//! What a panic looks like to a user: a mistake of ours, said so, with exit code 70.

use std::panic::{PanicHookInfo, UnwindSafe, catch_unwind, set_hook};

use crate::exit::Exit;

/// Runs the program; a panic in it is printed as a bug of ninefold.
pub(crate) fn guarded(program: impl FnOnce() -> Exit + UnwindSafe) -> Exit {
    set_hook(Box::new(|panic| eprint!("{}", text(panic))));
    catch_unwind(program).unwrap_or(Exit::Bug)
}

fn text(panic: &PanicHookInfo<'_>) -> String {
    let payload = panic.payload();
    let formatted = payload.downcast_ref::<String>().map(String::as_str);
    let message = payload.downcast_ref::<&str>().copied().or(formatted).unwrap_or("unknown");
    let message = message.trim_start_matches("bug: ");
    let place = panic.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
    format!(
        "error: bug: {message}{place}\n\
         hint: this is a mistake in ninefold; please report it with the scenario and the command line\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_bug_and_anything_else_is_what_it_says() {
        assert_eq!(guarded(|| Exit::NotMet), Exit::NotMet);
        assert_eq!(guarded(|| panic!("bug: a test's own")), Exit::Bug);
        let number = 7;
        assert_eq!(guarded(|| panic!("formatted {number}")), Exit::Bug);
    }
}
