//! `demand: {forecast: …}`: demand that follows paths of a forecast.

use super::{Block, Shape, key, required};

static SEASON: Shape = Shape::Duration;

/// `forecast` of a demand.
pub(super) static FORECAST: Block = Block {
    name: "demand forecast",
    keys: &[
        required("from", "column of the history, one row a step, whose next step begins the run", Shape::RecordColumn),
        required("every", "length of a step", Shape::Duration),
        required("unit", "what a recorded 1 is: `1/s`, `1000/d`", Shape::Flow),
        key(
            "seasons",
            "the shortest first; default day and week of steps within a day, week of days",
            Shape::List(&SEASON),
        ),
        key("method", "a method of `ninefold forecast --method`; default the choice of a backtest", Shape::Text),
    ],
};
