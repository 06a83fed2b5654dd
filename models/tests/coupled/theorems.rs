//! What holds for every system of a kind.
