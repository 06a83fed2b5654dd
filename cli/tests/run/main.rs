//! The verbs as a user meets them: files in, files and exit codes out.
#![allow(clippy::unwrap_used)]

mod copies;
mod feeds;
mod folder;
mod gates;
mod options;
mod place;
mod refusals;
mod shards;
mod stories;
mod unfinished;
