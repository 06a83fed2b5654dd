//! The sections of a scenario.

use super::{
    Block, Shape, agreements, calendar, components, dependencies, domains, experiments, failovers, journeys, key, later,
};
use super::{NO_FORM, OneOf, monitors, options, records, replay, required, run, teams, word};

static EXTENDS: OneOf = OneOf { name: "extends", plain: Some(Shape::Text), ..NO_FORM };
static VERSION: OneOf = OneOf { name: "version", words: &[word("1", "this version of the language")], ..NO_FORM };

pub(crate) static ROOT: Shape = Shape::Block(&SCENARIO);

static SCENARIO: Block = Block {
    name: "scenario",
    keys: &[
        required("scenario", "the scenario's name, as shown in titles", Shape::Text),
        key("version", "version of the language; 1", Shape::OneOf(&VERSION)),
        key("currency", "the currency of every amount of money, as shown", Shape::Text),
        key(
            "extends",
            "another scenario file, in the same folder or below, that this one overlays",
            Shape::OneOf(&EXTENDS),
        ),
        key("calendar", "when it happens and how long it is observed", Shape::Block(&calendar::CALENDAR)),
        key("domains", "failure domains and what fails in them", Shape::Block(&domains::DOMAINS)),
        required(
            "components",
            "anything with replicas",
            Shape::MapOf { what: "component", value: &components::COMPONENT_SHAPE },
        ),
        key("dependencies", "who needs whom", Shape::Block(&dependencies::DEPENDENCIES)),
        key(
            "paths",
            "parts of paths with a name, to stand in the paths of journeys and in one another",
            Shape::MapOf { what: "path", value: &journeys::PATH_SHAPE },
        ),
        key("journeys", "what a user does", Shape::MapOf { what: "journey", value: &journeys::JOURNEY_SHAPE }),
        key(
            "agreements",
            "targets on an indicator of a journey over windows",
            Shape::MapOf { what: "agreement", value: &agreements::AGREEMENT_SHAPE },
        ),
        key(
            "teams",
            "crews that repair, one thing at a time each",
            Shape::MapOf { what: "team", value: &teams::TEAM_SHAPE },
        ),
        key(
            "failovers",
            "plans that move the place of a standby",
            Shape::MapOf { what: "failover plan", value: &failovers::PLAN_SHAPE },
        ),
        key("monitors", "what looks at components", Shape::Block(&monitors::MONITORS)),
        key("records", "imported evidence", Shape::MapOf { what: "record", value: &records::RECORD_SHAPE }),
        key("run", "seed, replications and when to stop", Shape::Block(&run::RUN)),
        key("replay", "what `ninefold replay` shows to a policy; no run reads it", Shape::Block(&replay::REPLAY)),
        later("incident_policy", "severities, communication, access, merging of incidents"),
        later("changes", "classes, pipeline and streams of changes"),
        later("risk_appetite", "losses and breaches that are accepted"),
        key(
            "experiments",
            "what is done to the system on purpose, inside the model",
            Shape::MapOf { what: "experiment", value: &experiments::EXPERIMENT_SHAPE },
        ),
        key(
            "options",
            "patches with their cost: what-ifs, action items, sweeps; `ninefold compare FILE` weighs them against `baseline`",
            Shape::MapOf { what: "option", value: &options::OPTION_SHAPE },
        ),
        key("flow_unit", "the unit of flows that are not requests (MW)", Shape::FlowUnit),
        later("links", "links that carry surplus between journeys"),
    ],
};
