//! How the program ends: one enum of exit codes, part of the interface.

use std::process::ExitCode;

/// An exit code. Where several apply, the order is: interrupted, not met, unproven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, and every stated agreement is met.
    Done,
    /// Ran, and a stated agreement is not met.
    NotMet,
    /// The command line or a file is refused, or a result cannot be written.
    Usage,
    /// Replications or time ran out before the asked precision, or a verdict is undecided.
    Unproven,
    /// A mistake of the program.
    Bug,
    /// Interrupted; what was known by then is written.
    Interrupted,
}

impl Exit {
    const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::NotMet => 1,
            Self::Usage => 2,
            Self::Unproven => 3,
            Self::Bug => 70,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn codes_are_as_documented() {
        let all = [Exit::Done, Exit::NotMet, Exit::Usage, Exit::Unproven, Exit::Bug, Exit::Interrupted];
        assert_eq!(all.map(Exit::code), [0, 1, 2, 3, 70, 130]);
    }
}
