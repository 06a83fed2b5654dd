//! One queue in the long run, at a constant demand.

use super::answers::Answers;
use super::flows::Flows;
use super::{component, seconds};
use crate::exact::NotExact;
use crate::exact::markov::Phases;
use crate::lifetime::Law;
use crate::queueing::breakdowns::FailingServers;
use crate::queueing::finite::{Finite, FiniteAnswers};
use crate::queueing::m_g_c::{self, PhaseService};
use crate::queueing::pollaczek_khinchine::{self, Service};
use crate::queueing::priorities::{self, Class};
use crate::queueing::{MultiServer, QueueError};
use crate::system::{Effect, ImperfectRepair, OnFailure, QueueSpec, Redundancy, Repair, ServiceOrder};

/// A queue, its servers, and who comes.
pub(super) struct Station<'a> {
    pub(super) queue: &'a QueueSpec,
    pub(super) servers: u32,
    /// Rate a second and service time by journey.
    pub(super) classes: Vec<(&'a str, f64, &'a Law)>,
}

type Answered = Result<(), String>;

fn said(error: QueueError) -> String {
    error.to_string()
}

/// Answers what a formula gives of a queue.
///
/// # Errors
/// Why none applies.
pub(super) fn answer(flows: &Flows<'_>, queue: &QueueSpec, answers: &mut Answers) -> Answered {
    let station = Station::of(flows, queue)?;
    let entity = &component(&queue.component);
    let (arrivals, service) = (station.arrivals(), station.service());
    let given = [
        ("arrival_rate", "1/s", arrivals),
        ("service_mean", "s", service.mean),
        ("service_scv", "1", service.squared_variation),
    ];
    answers.add(entity, "as given", &given);
    if let Some(domain) = flows.domain_that_fails(&queue.component) {
        return Err(format!("its domain `{domain}` may fail"));
    }
    if !flows.declared(&queue.component).modes.is_empty() {
        return station.with_breakdowns(flows, entity, answers);
    }
    match &queue.order {
        ServiceOrder::FirstCome => station.first_come(entity, answers),
        ServiceOrder::LastCome => station.last_come(entity, answers),
        ServiceOrder::Sharing => station.shared(entity, answers),
        ServiceOrder::Priority { classes, interrupts } => station.by_rank(entity, (classes, *interrupts), answers),
    }
}

impl<'a> Station<'a> {
    pub(super) fn of(flows: &'a Flows<'_>, queue: &'a QueueSpec) -> Result<Self, String> {
        let (servers, queues) = flows.servers(queue);
        let mut classes = Vec::new();
        for (journey, rate) in flows.poisson(&queue.component)? {
            let law = queue.service_of(journey).ok_or_else(|| format!("`{journey}` has no service time there"))?;
            classes.push((journey, rate / f64::from(queues), law));
        }
        Ok(Self { queue, servers, classes })
    }

    pub(super) fn arrivals(&self) -> f64 {
        self.classes.iter().map(|(_, rate, _)| rate).sum()
    }

    /// The service time of all classes together.
    pub(super) fn service(&self) -> Service {
        let all = self.arrivals();
        let mean: f64 = self.classes.iter().map(|(_, rate, law)| rate / all * seconds(law.mean())).sum();
        let moment = |law: &Law| {
            let mean_h = law.mean().get();
            (law.variance_h2() + mean_h * mean_h) * 3600.0 * 3600.0
        };
        match self.one_law() {
            Some(law) => Service { mean: seconds(law.mean()), squared_variation: moment(law) / (mean * mean) - 1.0 },
            None => {
                let second: f64 = self.classes.iter().map(|(_, rate, law)| rate / all * moment(law)).sum();
                Service { mean, squared_variation: second / (mean * mean) - 1.0 }
            }
        }
    }

    fn one_law(&self) -> Option<&'a Law> {
        let first = self.classes[0].2;
        self.classes.iter().all(|(_, _, law)| *law == first).then_some(first)
    }

    /// The service rate, if service is exponential and the same for all.
    pub(super) fn exponential(&self) -> Option<f64> {
        self.one_law().and_then(Law::is_exponential).map(|mean| 1.0 / seconds(mean))
    }

    /// Requests that find room, if that ends.
    pub(super) fn room(&self) -> Option<u64> {
        self.queue.places.map(|places| places.saturating_add(u64::from(self.servers)))
    }

    fn first_come(&self, entity: &str, answers: &mut Answers) -> Answered {
        let patience = match &self.queue.patience {
            None => 0.0,
            Some(law) => 1.0 / seconds(law.is_exponential().ok_or("patience is not exponential")?),
        };
        let lost_at_once = self.queue.places == Some(0) && patience == 0.0;
        match self.exponential() {
            Some(rate) if self.queue.places.is_none() && patience == 0.0 => self.endless(entity, rate, answers),
            Some(rate) => self.finite(entity, (rate, patience), answers),
            // A loss system does not notice the law of the service time.
            None if lost_at_once => self.finite(entity, (1.0 / self.service().mean, 0.0), answers),
            None if self.queue.places.is_none() && patience == 0.0 => self.general(entity, answers),
            None => Err("with places or patience there is a formula for exponential service only".to_owned()),
        }
    }

    fn endless(&self, entity: &str, rate: f64, answers: &mut Answers) -> Answered {
        let queue = MultiServer::new(self.servers, self.arrivals(), rate).map_err(said)?;
        let values = [
            ("wait_mean", "s", queue.wait_mean()),
            ("wait_p50", "s", queue.wait_quantile(0.5)),
            ("wait_p95", "s", queue.wait_quantile(0.95)),
            ("wait_p99", "s", queue.wait_quantile(0.99)),
            ("sojourn_mean", "s", queue.sojourn_mean()),
            ("sojourn_p50", "s", queue.sojourn_quantile(0.5)),
            ("sojourn_p95", "s", queue.sojourn_quantile(0.95)),
            ("sojourn_p99", "s", queue.sojourn_quantile(0.99)),
            ("queue_length", "1", queue.queue_length()),
            ("in_system", "1", queue.in_system()),
            ("p_wait", "1", queue.p_wait()),
            ("p_block", "1", 0.0),
            ("p_abandon", "1", 0.0),
            ("throughput", "1/s", self.arrivals()),
            ("utilisation", "1", queue.utilisation()),
        ];
        answers.add(entity, "M/M/c (Erlang C)", &values);
        if let Some(limit) = self.queue.wait_limit {
            answers.add(entity, "M/M/c (Erlang C)", &[("p_wait_above_limit", "1", queue.wait_above(seconds(limit)))]);
        }
        Ok(())
    }

    fn finite(&self, entity: &str, (service_rate, abandonment_rate): (f64, f64), answers: &mut Answers) -> Answered {
        let (servers, room, arrival_rate) = (self.servers, self.room(), self.arrivals());
        let queue = Finite { servers, room, arrival_rate, service_rate, abandonment_rate };
        let a: FiniteAnswers = queue.solve().map_err(said)?;
        let method = match (self.queue.places, abandonment_rate > 0.0) {
            (Some(0), _) => "M/G/c/c (Erlang B)",
            (_, true) => "M/M/c/K+M (Erlang A)",
            (_, false) => "M/M/c/K",
        };
        let values = [
            ("wait_mean", "s", a.wait_mean),
            ("sojourn_mean", "s", a.sojourn_mean),
            ("queue_length", "1", a.queue_length),
            ("in_system", "1", a.in_system),
            ("p_wait", "1", a.p_wait),
            ("p_block", "1", a.p_block),
            ("p_abandon", "1", a.p_abandon),
            ("p_empty", "1", a.p_empty),
            ("throughput", "1/s", a.throughput),
            ("utilisation", "1", a.utilisation),
        ];
        answers.add(entity, method, &values);
        if let Some(limit) = self.queue.jobs_limit {
            let least = usize::try_from(limit).unwrap_or(usize::MAX);
            let p: f64 = a.distribution.iter().skip(least).sum();
            answers.add(entity, method, &[("p_jobs_at_limit", "1", p)]);
        }
        Ok(())
    }

    fn general(&self, entity: &str, answers: &mut Answers) -> Answered {
        let (arrivals, service) = (self.arrivals(), self.service());
        let rest = |wait_mean: f64| {
            [
                ("wait_mean", "s", wait_mean),
                ("sojourn_mean", "s", wait_mean + service.mean),
                ("queue_length", "1", arrivals * wait_mean),
                ("in_system", "1", arrivals * (wait_mean + service.mean)),
                ("p_block", "1", 0.0),
                ("p_abandon", "1", 0.0),
                ("throughput", "1/s", arrivals),
                ("utilisation", "1", arrivals * service.mean / f64::from(self.servers)),
            ]
        };
        if self.servers == 1 {
            let wait_mean = pollaczek_khinchine::wait_mean(arrivals, service).map_err(said)?;
            answers.add(entity, "M/G/1 (Pollaczek–Khinchine)", &rest(wait_mean));
            answers.add(entity, "M/G/1 (Pollaczek–Khinchine)", &[("p_wait", "1", arrivals * service.mean)]);
            return Ok(());
        }
        let near = m_g_c::allen_cunneen(self.servers, arrivals, service).map_err(said)?;
        answers.add(entity, "Allen–Cunneen (approximation)", &[("wait_mean_allen_cunneen", "s", near)]);
        let nearer = m_g_c::sakasegawa(self.servers, arrivals, service).map_err(said)?;
        answers.add(entity, "Sakasegawa (approximation)", &[("wait_mean_sakasegawa", "s", nearer)]);
        let law = self.one_law().ok_or("service times differ by journey, and there are several servers")?;
        let phases =
            Phases::of(law).ok_or("the service time is not made of exponential phases; see the approximations")?;
        let mut begins = vec![0.0; phases.rates.len()];
        phases.begins.iter().for_each(|&(phase, p)| begins[usize::from(phase)] += p);
        let rates = phases.rates.iter().map(|per_hour| per_hour / 3600.0).collect();
        let exact =
            m_g_c::exact(self.servers, arrivals, &PhaseService { begins, rates, ends: phases.ends }).map_err(said)?;
        answers.add(entity, "M/PH/c (chain of phases)", &rest(exact.wait_mean));
        answers.add(entity, "M/PH/c (chain of phases)", &[("p_wait", "1", exact.p_wait)]);
        let error = near / exact.wait_mean - 1.0;
        answers.add(entity, "against the chain of phases", &[("allen_cunneen_error", "1", error)]);
        Ok(())
    }

    fn endless_only(&self, what: &str) -> Answered {
        match self.servers == 1 && self.queue.places.is_none() && self.queue.patience.is_none() {
            true => Ok(()),
            false => Err(format!("{what} has a formula for one server, endless places and endless patience only")),
        }
    }

    /// Who is next does not look at how long it takes, so means are those of first come, first served.
    fn last_come(&self, entity: &str, answers: &mut Answers) -> Answered {
        if self.queue.places.is_some() || self.queue.patience.is_some() {
            return Err("what comes last is served first: with places or patience there is no formula".to_owned());
        }
        let rate = self.exponential().ok_or("what comes last is served first: a formula is of exponential service")?;
        let queue = MultiServer::new(self.servers, self.arrivals(), rate).map_err(said)?;
        let values = [
            ("wait_mean", "s", queue.wait_mean()),
            ("sojourn_mean", "s", queue.sojourn_mean()),
            ("queue_length", "1", queue.queue_length()),
            ("in_system", "1", queue.in_system()),
            ("p_wait", "1", queue.p_wait()),
            ("p_block", "1", 0.0),
            ("p_abandon", "1", 0.0),
            ("throughput", "1/s", self.arrivals()),
            ("utilisation", "1", queue.utilisation()),
        ];
        answers.add(entity, "M/M/c, the last first (means of Erlang C)", &values);
        Ok(())
    }

    fn shared(&self, entity: &str, answers: &mut Answers) -> Answered {
        self.endless_only("sharing")?;
        let (arrivals, service) = (self.arrivals(), self.service());
        let sojourn = pollaczek_khinchine::shared_sojourn_mean(arrivals, service.mean).map_err(said)?;
        let of = |sojourn: f64, rate: f64, mean: f64| {
            [
                ("sojourn_mean", "s", sojourn),
                ("in_system", "1", rate * sojourn),
                ("throughput", "1/s", rate),
                ("utilisation", "1", rate * mean),
            ]
        };
        answers.add(entity, "M/G/1 processor sharing", &of(sojourn, arrivals, service.mean));
        answers.add(entity, "M/G/1 processor sharing", &[("p_block", "1", 0.0), ("p_abandon", "1", 0.0)]);
        for (journey, rate, law) in self.classes.iter().filter(|_| self.classes.len() > 1) {
            let mean = seconds(law.mean());
            let class = format!("{entity}/{journey}");
            answers.add(&class, "M/G/1 processor sharing", &of(sojourn * mean / service.mean, *rate, mean));
        }
        Ok(())
    }

    fn by_rank(&self, entity: &str, (ranks, interrupts): (&[String], bool), answers: &mut Answers) -> Answered {
        self.endless_only("priority")?;
        let mut classes = Vec::new();
        for rank in ranks {
            let found = self.classes.iter().find(|(journey, _, _)| journey == rank);
            let (_, arrival_rate, law) =
                found.ok_or_else(|| format!("the class `{rank}` has no constant demand there"))?;
            let mean = seconds(law.mean());
            let mean_h = law.mean().get();
            let squared_variation = law.variance_h2() / (mean_h * mean_h);
            classes.push(Class { arrival_rate: *arrival_rate, service: Service { mean, squared_variation } });
        }
        if let Some((other, _, _)) = self.classes.iter().find(|(journey, _, _)| !ranks.iter().any(|r| r == journey)) {
            return Err(format!("the journey `{other}` calls it and is none of its classes"));
        }
        let (means, method) = match interrupts {
            true => (priorities::preemptive_resume(&classes), "M/G/1 preemptive resume"),
            false => (priorities::non_preemptive(&classes), "M/G/1 non-preemptive (Cobham)"),
        };
        let means = means.map_err(said)?;
        let mut waiting = 0.0;
        for ((rank, class), mean) in ranks.iter().zip(&classes).zip(&means) {
            waiting += class.arrival_rate * mean.wait_mean;
            let values = [
                ("wait_mean", "s", mean.wait_mean),
                ("sojourn_mean", "s", mean.sojourn_mean),
                ("queue_length", "1", class.arrival_rate * mean.wait_mean),
                ("in_system", "1", class.arrival_rate * mean.sojourn_mean),
                ("throughput", "1/s", class.arrival_rate),
                ("utilisation", "1", class.arrival_rate * class.service.mean),
            ];
            answers.add(&format!("{entity}/{rank}"), method, &values);
        }
        let (arrivals, offered) = (self.arrivals(), self.arrivals() * self.service().mean);
        let values = [
            ("wait_mean", "s", waiting / arrivals),
            ("sojourn_mean", "s", (waiting + offered) / arrivals),
            ("queue_length", "1", waiting),
            ("in_system", "1", waiting + offered),
            ("p_block", "1", 0.0),
            ("p_abandon", "1", 0.0),
            ("throughput", "1/s", arrivals),
            ("utilisation", "1", offered),
        ];
        answers.add(entity, method, &values);
        Ok(())
    }

    /// Servers that fail: one exponential mode that takes a unit down, with repairs by crews of its own.
    fn with_breakdowns(&self, flows: &Flows<'_>, entity: &str, answers: &mut Answers) -> Answered {
        let declared = flows.declared(&self.queue.component);
        let name = &declared.name;
        let [mode] = &declared.modes[..] else {
            return Err(format!("`{name}` fails in several ways; a chain holds one"));
        };
        let plain = mode.effect == Effect::Down
            && mode.propagates.is_empty()
            && !matches!(mode.clock, crate::system::Clock::Service | crate::system::Clock::Struck)
            && declared.redundancy == Redundancy::None
            && flows.system.spec.load_sharings.iter().all(|sharing| sharing.component != *name)
            && declared.per.is_none();
        let own = self.queue.order == ServiceOrder::FirstCome && self.queue.patience.is_none();
        if !(plain && own && self.queue.concurrency == 1 && !self.queue.per_replica) {
            return Err(format!(
                "`{name}` may fail, and a chain holds only units that go down alone and serve one request each from one queue"
            ));
        }
        if self.queue.on_failure == OnFailure::Finished {
            return Err(format!("a unit of `{name}` that fails finishes its requests, which no chain here holds"));
        }
        let per_second = |law: &Law| {
            let mean =
                law.is_exponential().ok_or_else(|| format!("lives or repairs of `{name}` are not exponential"))?;
            Ok::<f64, String>(1.0 / seconds(mean))
        };
        let (repair_rate, crews) = match &mode.repair {
            Repair::Never => return Err(format!("`{name}` is never repaired, so there is no long run")),
            Repair::Tested(_) => return Err(format!("failures of `{name}` are hidden until a test finds them")),
            Repair::Restored(_) => return Err(format!("the data of `{name}` come back from backups")),
            Repair::ByRestart => return Err(format!("a failure mode of `{name}` lasts until a restart")),
            // Lives are exponential here, and do not age.
            Repair::Takes(law) | Repair::Imperfect(ImperfectRepair { takes: law, .. }) => {
                (per_second(law)?, self.servers)
            }
            Repair::ByCrew(crew) => {
                let others = flows.system.spec.components.iter().filter(|other| other.name != *name);
                let mut others = others.flat_map(|other| &other.modes);
                let taken = |repair: &Repair| matches!(repair, Repair::ByCrew(other) if other.team == crew.team);
                if others.any(|mode| taken(&mode.repair)) {
                    return Err(format!("the crews of `{}` also repair others", crew.team));
                }
                if let Some(why) = NotExact::of_crews(flows.system, name) {
                    return Err(why.to_string());
                }
                let team = flows.system.spec.teams.iter().find(|team| team.name == crew.team);
                (per_second(&crew.takes)?, team.map_or(self.servers, |team| team.crews))
            }
        };
        let service_rate =
            self.exponential().ok_or("with servers that fail there is a chain for exponential service only")?;
        let queue = FailingServers {
            servers: self.servers,
            room: self.room(),
            arrival_rate: self.arrivals(),
            service_rate,
            failure_rate: per_second(&mode.time_to_failure)?,
            repair_rate,
            crews,
            loses: self.queue.on_failure == OnFailure::Lost,
        };
        let a = queue.solve(self.queue.jobs_limit.unwrap_or(0)).map_err(said)?;
        let values = [
            ("wait_mean", "s", a.wait_mean),
            ("sojourn_mean", "s", a.sojourn_mean),
            ("queue_length", "1", a.queue_length),
            ("in_system", "1", a.in_system),
            ("p_block", "1", a.p_block),
            ("p_abandon", "1", 0.0),
            ("p_lost", "1", a.p_lost),
            ("throughput", "1/s", a.throughput),
            ("utilisation", "1", a.utilisation),
            ("servers_up", "1", a.servers_up),
        ];
        let method = "M/M/c/K with breakdowns (chain in levels)";
        answers.add(entity, method, &values);
        if self.queue.jobs_limit.is_some() {
            answers.add(entity, method, &[("p_jobs_at_limit", "1", a.p_at_least)]);
        }
        Ok(())
    }
}
