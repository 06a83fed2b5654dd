//! Queues: from rates, servers and service times to a component with a queue and a journey that calls it. A unit of time of
//! the case is a second of the scenario.

mod closed_mva;
mod fork_join;
mod law;
mod loss;
mod machine_repair;
mod open_jackson;
mod overflow;
mod priority;
mod retry;
mod retry_storm;
mod sheet;
mod single;
mod sizing;
mod transient;
mod usl;

use super::Family;

pub(super) static FAMILIES: [Family; 18] = [
    Family { prefix: "mmc", write: single::m_m_c },
    Family { prefix: "erlang_b", write: loss::erlang_b },
    Family { prefix: "mmck", write: loss::m_m_c_k },
    Family { prefix: "mg1", write: single::m_g_1 },
    Family { prefix: "mgc", write: single::m_g_c },
    Family { prefix: "mmc_abandonment", write: loss::abandonment },
    Family { prefix: "mmc_breakdowns", write: loss::breakdowns },
    Family { prefix: "machine_repair", write: machine_repair::write },
    Family { prefix: "open_jackson", write: open_jackson::write },
    Family { prefix: "r19", write: overflow::write },
    Family { prefix: "closed_mva", write: closed_mva::write },
    Family { prefix: "priority_mm1", write: priority::write },
    Family { prefix: "fork_join", write: fork_join::write },
    Family { prefix: "sizing", write: sizing::write },
    Family { prefix: "transient", write: transient::write },
    Family { prefix: "usl", write: usl::write },
    Family { prefix: "retry_fixed_point", write: retry::write },
    Family { prefix: "retry_storm", write: retry_storm::write },
];
