//! Failover plans held against closed forms, against a switch, and against what must be true of any plan.
#![allow(clippy::unwrap_used)]

mod bare;
mod called;
mod coordination;
mod detection;
mod drills;
mod events;
mod feed;
mod giving_back;
mod machine;
mod overriding;
mod places;
mod sites;
mod status;
mod system;
