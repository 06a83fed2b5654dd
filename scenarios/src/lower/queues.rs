//! Queues of requests: `capacity` of components, calls along edges, demand of users, calls made at once.

use ninefold_models::lifetime::Law;
use ninefold_models::queueing::QueueError;
use ninefold_models::queueing::usl::{self, ScalabilityLaw};
use ninefold_models::scaling::circuit_breaker::BreakerSpec;
use ninefold_models::system::{
    Backoff, COURSE_STEPS_MAX, CallSpec, Course, ForkSpec, Level, OnFailure, PopulationSpec, Promise, QueueSpec,
    RetryBudget, RetrySpec, ScalingSpec, ServiceOrder, SineSpec, SizeSpec, SystemSpec,
};
use ninefold_models::units::Hours;

use super::calendar::Calendar;
use super::read::At;
use super::{Lowering, request_level};
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;

/// Keys of `capacity` that speak of single requests.
const OF_REQUESTS: [&str; 5] = ["concurrency", "threads", "queue", "patience", "on_failure"];

/// Retries that a budget saves up where only its ratio is given.
const BUDGET_CAP: f64 = 100.0;

/// Steps in which the simulation takes a period of a sine.
const STEPS_OF_A_PERIOD: u32 = 96;

impl Lowering<'_> {
    /// The capacity of one unit as a flow: as written, or, of a component with a queue, what it completes. The queue itself
    /// and the promise it is sized for are added to `spec`.
    pub(super) fn capacity(
        &mut self,
        component: &At<'_>,
        name: &str,
        (calendar, spec): (&Calendar, &mut SystemSpec),
    ) -> Option<Level> {
        if let Some(promise) = component.get("size_for").and_then(|at| self.promise(&at)) {
            spec.queueing.sizes.push(SizeSpec { component: name.to_owned(), promise });
        }
        let capacity = component.get("capacity").filter(At::is_map)?;
        let queued = ["service_time", "service_times"].iter().any(|key| capacity.get(key).is_some());
        let queue = if queued { self.queue((component, &capacity), name, spec) } else { None };
        let of_requests = OF_REQUESTS.iter().find_map(|key| capacity.get(key));
        if let Some(other) = of_requests.as_ref().filter(|_| !queued) {
            let message = format!("`{}` has no `service_time`", capacity.path());
            let problem = Diagnostic::new(Code::Missing, message, other.key_span());
            self.sink
                .push(problem.why("a queue is of requests, each of which takes a time").hint("add `service_time: …`"));
        }
        let scaling = capacity.get("usl").and_then(|usl| self.scalability(&usl, (&capacity, name)));
        let is_flow = ["per_replica", "profile"].iter().any(|key| capacity.get(key).is_some());
        let given = if capacity.get("usl").is_some() {
            scaling.as_ref().map(|scaling| scaling.law.rate.into())
        } else if is_flow || !queued && of_requests.is_none() {
            super::components::capacity(self, &capacity, calendar)
        } else {
            queue.as_ref().and_then(|queue| self.flow_of(queue, &capacity)).map(Level::from)
        };
        spec.queueing.queues.extend(queue);
        spec.queueing.scalings.extend(scaling);
        given
    }

    fn scalability(&mut self, usl: &At<'_>, (capacity, name): (&At<'_>, &str)) -> Option<ScalingSpec> {
        if let Some(other) =
            ["per_replica", "profile", "service_time", "service_times"].iter().find_map(|key| capacity.get(key))
        {
            let problem = Diagnostic::new(Code::Variant, "a capacity is given twice", other.key_span());
            self.sink.push(problem.why("`usl` says what the units complete together").hint("keep one of the two"));
            return None;
        }
        let refused = |cx: &mut Self, error: QueueError| {
            let problem = Diagnostic::new(Code::Range, error.to_string(), usl.span());
            cx.sink.push(problem.hint("see `docs/concepts/queues.md` for the ranges"));
        };
        let component = name.to_owned();
        let Some(measured) = usl.get("measured") else {
            let rate = self.required(usl, "rate").and_then(|at| self.rate(&at));
            let contention = self.required(usl, "contention").and_then(|at| self.number(&at));
            let coherency = self.required(usl, "coherency").and_then(|at| self.number(&at));
            return match ScalabilityLaw::new(rate?, contention?, coherency?) {
                Ok(law) => Some(ScalingSpec { component, law, fit: None }),
                Err(error) => {
                    refused(self, error);
                    None
                }
            };
        };
        if let Some(other) = ["rate", "contention", "coherency"].iter().find_map(|key| usl.get(key)) {
            let problem = Diagnostic::new(Code::Variant, "the law is given and measured", other.key_span());
            self.sink.push(problem.hint("keep `measured`, or the three parameters"));
            return None;
        }
        let mut points = Vec::new();
        for item in measured.items() {
            let units = self.required(&item, "units").and_then(|at| self.number(&at));
            let throughput = self.required(&item, "throughput").and_then(|at| self.rate(&at));
            points.push((units?, throughput?));
        }
        match usl::fit(&points) {
            Ok(fit) => Some(ScalingSpec { component, law: fit.law, fit: Some(fit) }),
            Err(error) => {
                refused(self, error);
                None
            }
        }
    }

    /// What a unit with this queue completes a second while it is busy.
    fn flow_of(&mut self, queue: &QueueSpec, capacity: &At<'_>) -> Option<f64> {
        let rate = f64::from(queue.concurrency) / (queue.service.as_ref()?.mean().get() * 3600.0);
        if !(rate > 0.0 && rate.is_finite()) {
            return None;
        }
        let reason = "in the simulation a queue is a flow: a unit completes its concurrency ÷ the mean service time";
        self.remark(format!("{}.per_replica", capacity.path()), format!("{rate}/s"), reason);
        Some(rate)
    }

    fn queue(&mut self, (component, capacity): (&At<'_>, &At<'_>), name: &str, spec: &SystemSpec) -> Option<QueueSpec> {
        let law = |cx: &mut Self, key: &str| capacity.get(key).map(|at| cx.service(&at)).unwrap_or(Ok(None));
        let service = law(self, "service_time");
        let patience = law(self, "patience");
        let mut service_of = Vec::new();
        for (journey, at) in capacity.get("service_times").iter().flat_map(At::entries) {
            service_of.push((journey.to_owned(), self.law(&at)?));
        }
        let (concurrency, threads) = (capacity.get("concurrency"), capacity.get("threads"));
        if let (Some(first), Some(second)) = (&concurrency, &threads) {
            let problem = Diagnostic::new(Code::Variant, "the servers of a unit are given twice", second.key_span());
            self.sink.push(
                problem
                    .secondary(first.key_span(), "given here")
                    .hint("keep `threads` if a request keeps its own while it calls others, else `concurrency`"),
            );
        }
        let holds = threads.is_some();
        let concurrency = threads.or(concurrency).map_or(Some(1), |at| self.units(&at))?;
        let written = capacity.get("queue");
        let bare = written.as_ref().filter(|at| at.text().is_some()).map(|at| self.count(at));
        let queue = written.filter(At::is_map);
        let get = |key: &str| queue.as_ref().and_then(|queue| queue.get(key));
        let on_failure = match capacity.get("on_failure").as_ref().and_then(At::text) {
            Some("lose") => OnFailure::Lost,
            Some("resume") => OnFailure::Resumed,
            Some("finish") => OnFailure::Finished,
            _ => OnFailure::Requeued,
        };
        let on_timeout = component.get("on_timeout");
        let drops = on_timeout.filter(|at| at.text() == Some("drop_at_dequeue"));
        if let Some(at) = drops.as_ref().filter(|_| spec.queueing.request_level.is_none()) {
            request_level::refuse_in_flow(self, (at, "drop_at_dequeue"));
        }
        let starts_with = get("starts_with").map_or(Some(0), |at| self.count(&at))?;
        let places = bare.or_else(|| get("places").map(|at| self.count(&at)));
        if let (Some(starts), Some(Some(places))) = (get("starts_with"), places)
            && starts_with > places.saturating_add(u64::from(concurrency))
        {
            let problem =
                Diagnostic::new(Code::Range, "more requests at the start than there is room for", starts.span());
            self.sink.push(problem.label(format!("the queue has {places} places")).hint("raise `places`"));
        }
        Some(QueueSpec {
            component: name.to_owned(),
            concurrency,
            holds,
            places: places.flatten(),
            per_replica: get("per").is_some_and(|per| per.text() == Some("replica")),
            order: get("order").map_or(Some(ServiceOrder::FirstCome), |order| self.service_order(&order))?,
            service: service.ok()?,
            service_of,
            patience: patience.ok()?,
            sheds: get("sheds").and_then(|at| self.shedding(&at, spec)),
            on_failure,
            drops_expired: drops.is_some(),
            starts_with,
            wait_limit: get("wait_limit").and_then(|at| self.duration(&at)),
            jobs_limit: get("jobs_limit").and_then(|at| self.count(&at)),
        })
    }

    /// A law; an error where it is there and cannot be read, or is of no time at all.
    fn service(&mut self, at: &At<'_>) -> Result<Option<Law>, ()> {
        let law = self.law(at).ok_or(())?;
        if law.mean().get() > 0.0 {
            return Ok(Some(law));
        }
        let problem = Diagnostic::new(Code::Range, "it takes no time at all", at.span());
        self.sink.push(problem.why("a queue of requests that take no time is none").hint("leave the key out"));
        Err(())
    }

    fn service_order(&mut self, at: &At<'_>) -> Option<ServiceOrder> {
        if let Some(word) = at.text() {
            return match word {
                "fifo" => Some(ServiceOrder::FirstCome),
                "lifo" => Some(ServiceOrder::LastCome),
                "sharing" => Some(ServiceOrder::Sharing),
                _ => None,
            };
        }
        let priority = at.get("priority")?;
        let list = self.required(&priority, "classes")?;
        let classes = list.items().iter().filter_map(|item| item.text().map(str::to_owned)).collect();
        let interrupts = priority.get("interrupt").is_some_and(|word| word.text() == Some("resume"));
        Some(ServiceOrder::Priority { classes, interrupts })
    }

    fn promise(&mut self, at: &At<'_>) -> Option<Promise> {
        let variants = at.variants();
        let [(kind, inner)] = variants.as_slice() else { return None };
        match *kind {
            "blocking" => self.inside(inner).map(Promise::Blocking),
            "wait" => {
                let within = self.required(inner, "within").and_then(|at| self.duration(&at));
                let share = self.required(inner, "share").and_then(|at| self.inside(&at));
                Some(Promise::Wait { within: within?, share: share? })
            }
            "up" => {
                let need = self.required(inner, "need").and_then(|at| self.units(&at));
                let probability = self.required(inner, "probability").and_then(|at| self.inside(&at));
                Some(Promise::Up { need: need?, probability: probability? })
            }
            _ => None,
        }
    }

    /// A ratio that is neither 0 nor 1.
    fn inside(&mut self, at: &At<'_>) -> Option<f64> {
        let ratio = self.ratio(at)?;
        if ratio > 0.0 && ratio < 1.0 {
            return Some(ratio);
        }
        let problem = Diagnostic::new(Code::Range, "a promise of all or nothing has no size", at.span());
        self.sink.push(problem.hint("write a ratio strictly between 0 and 1"));
        None
    }

    /// The demand of a journey that is more than a rate: what the simulation takes of it.
    pub(super) fn users(&mut self, demand: &At<'_>, journey: &str, spec: &mut SystemSpec) -> Option<Level> {
        if let Some(closed) = demand.get("closed") {
            let users = self.required(&closed, "users").and_then(|at| self.units(&at));
            let think = self.required(&closed, "think").and_then(|at| self.law(&at));
            let (users, think) = (users?, think?);
            let reason = "a fixed number of users calls as fast as it is answered: the simulation weighs time alone";
            self.remark(format!("{}.level", demand.path()), "none", reason);
            spec.queueing.populations.push(PopulationSpec { journey: journey.to_owned(), users, think });
            return None;
        }
        let sine = demand.get("sine")?;
        let rate = |cx: &mut Self, key: &str| cx.required(&sine, key).and_then(|at| cx.rate(&at));
        let (mean_per_s, amplitude_per_s) = (rate(self, "mean"), rate(self, "amplitude"));
        let period = self.required(&sine, "period").and_then(|at| self.duration(&at));
        let (mean_per_s, amplitude_per_s, period) = (mean_per_s?, amplitude_per_s?, period?);
        let wrong = |message: &str, key: &str, hint: &str| {
            let place = sine.get(key).map_or(sine.span(), |at| at.span());
            Diagnostic::new(Code::Range, message.to_owned(), place).hint(hint)
        };
        if !(amplitude_per_s <= mean_per_s && mean_per_s > 0.0) {
            self.sink.push(wrong("a demand would fall below 0", "amplitude", "write at most the `mean`, above 0"));
            return None;
        }
        let steps = spec.time.horizon.get() / period.get() * f64::from(STEPS_OF_A_PERIOD);
        if !(steps <= COURSE_STEPS_MAX as f64) {
            let message = format!("the horizon holds {steps:.0} steps of the sine; at most {COURSE_STEPS_MAX}");
            self.sink.push(wrong(&message, "period", "shorten `calendar.horizon` or lengthen the period"));
            return None;
        }
        let reason = format!("in the simulation a period of a sine is {STEPS_OF_A_PERIOD} steps");
        self.remark(format!("{}.sine", demand.path()), STEPS_OF_A_PERIOD.to_string(), reason);
        spec.queueing.sines.push(SineSpec { journey: journey.to_owned(), mean_per_s, amplitude_per_s, period });
        let course =
            Course { steps: sine_steps(amplitude_per_s / mean_per_s, period, steps.ceil() as u64), variation: None };
        Some(Level { rate: mean_per_s, course: Some(course) })
    }
}

/// The mean factor of each step of a sine around 1.
fn sine_steps(amplitude: f64, period: Hours, steps: u64) -> Vec<(Hours, f64)> {
    let width = 1.0 / f64::from(STEPS_OF_A_PERIOD);
    let cosine = |turns: f64| libm::cos(2.0 * std::f64::consts::PI * turns);
    let step = |k: u64| {
        let from = (k % u64::from(STEPS_OF_A_PERIOD)) as f64 * width;
        let mean = (cosine(from) - cosine(from + width)) / (2.0 * std::f64::consts::PI * width);
        (Hours::new(k as f64 * width * period.get()), (1.0 + amplitude * mean).max(0.0))
    };
    (0..steps.max(1)).map(step).collect()
}

/// Calls along edges, and what a journey calls at once; nothing where no component has a queue.
pub(super) fn lower(cx: &mut Lowering<'_>, top: &At<'_>, spec: &mut SystemSpec) {
    let list = top.get("dependencies").and_then(|section| section.get("edges"));
    let mut calls = Vec::new();
    for item in list.iter().flat_map(At::items) {
        calls.extend(call(cx, &item, spec));
    }
    if spec.queueing.request_level.is_some() {
        for item in list.iter().flat_map(At::items).filter(|item| of_all(item)) {
            let of_one = calls_of_all(cx, &item, (spec, &calls));
            calls.extend(of_one);
        }
    }
    for (journey, at) in top.get("journeys").iter().flat_map(At::entries) {
        at.get("path").iter().for_each(|path| forks(path, journey, spec));
    }
    let peaks = top.get("calendar").and_then(|calendar| calendar.get("peaks"));
    if let Some(peaks) = peaks.filter(|_| !(spec.queueing.sines.is_empty() && spec.queueing.populations.is_empty())) {
        let message = "`peaks` beside a sine or a fixed number of users are not supported yet";
        cx.sink.push(Diagnostic::new(Code::NotYet, message, peaks.key_span()).hint("write the demand as a `level`"));
    }
    journeys_named(cx, top, spec);
    if !spec.queueing.queues.is_empty() || spec.queueing.request_level.is_some() {
        spec.queueing.calls = calls;
    }
    threads_in_flow(cx, top, spec);
    super::elastic::beside_queues(cx, top, spec);
}

/// Every `all_of` of a path, however deep.
fn forks(at: &At<'_>, journey: &str, spec: &mut SystemSpec) {
    at.items().iter().for_each(|item| forks(item, journey, spec));
    for (key, inner) in at.variants() {
        if key == "all_of" {
            let branches = inner.items().iter().map(names).collect();
            spec.queueing.forks.push(ForkSpec { journey: journey.to_owned(), branches });
        }
        forks(&inner, journey, spec);
    }
}

fn names(branch: &At<'_>) -> Vec<String> {
    branch.items().iter().filter_map(|item| item.text().map(str::to_owned)).collect()
}

/// Whether an edge is from `"*"`.
fn of_all(item: &At<'_>) -> bool {
    item.get("from").as_ref().and_then(At::text) == Some("*")
}

/// The calls that an edge from `"*"` stands for: of every dependency on its target for which no pair is written.
fn calls_of_all(cx: &mut Lowering<'_>, item: &At<'_>, (spec, written): (&SystemSpec, &[CallSpec])) -> Vec<CallSpec> {
    let callers = spec.dependencies.iter().filter(|edge| {
        item.get("to").as_ref().and_then(At::text) == Some(&edge.to)
            && !written.iter().any(|call| call.from == edge.from && call.to == edge.to)
    });
    let callers: Vec<&str> = callers.map(|edge| edge.from.as_str()).collect();
    let Some(each) = callers.first().and_then(|first| call_from(cx, item, (first, spec))) else { return Vec::new() };
    callers.into_iter().map(|from| CallSpec { from: from.to_owned(), ..each.clone() }).collect()
}

fn call(cx: &mut Lowering<'_>, item: &At<'_>, spec: &SystemSpec) -> Option<CallSpec> {
    if of_all(item) && spec.queueing.request_level.is_some() {
        return None;
    }
    call_from(cx, item, (item.get("from")?.text()?, spec))
}

fn call_from(cx: &mut Lowering<'_>, item: &At<'_>, (from, spec): (&str, &SystemSpec)) -> Option<CallSpec> {
    let to = item.get("to")?.text()?;
    let known = |name: &str| spec.components.iter().any(|component| component.name == name);
    let share = item.get("share").map_or(Some(1.0), |at| cx.ratio(&at))?;
    let visits = item.get("visits").map_or(Some(1.0), |at| cx.number(&at))?;
    let retries = retries(cx, item, spec);
    let breaker = item.get("breaker").and_then(|at| breaker(cx, item, &at, spec));
    let cache = item.get("cache").and_then(|at| cx.cache((item, &at), spec));
    let missed = 1.0 - cache.map_or(0.0, |cache| cache.hits);
    (known(from) && known(to)).then(|| CallSpec {
        from: from.to_owned(),
        to: to.to_owned(),
        visits: share * visits * missed,
        share,
        retries,
        breaker,
        cache,
    })
}

/// What keeps a caller from calling where calls fail.
fn breaker(cx: &mut Lowering<'_>, item: &At<'_>, at: &At<'_>, spec: &SystemSpec) -> Option<BreakerSpec> {
    if spec.queueing.request_level.is_none() {
        request_level::refuse_in_flow(cx, (at, "breaker"));
    }
    if item.get("need").as_ref().and_then(At::text) == Some("async") {
        let problem =
            Diagnostic::new(Code::Variant, "a call that nobody waits for has no circuit breaker", at.key_span());
        cx.sink.push(problem.why("its caller never learns how it ended").hint("remove it, or write `need: soft`"));
    }
    cx.breaker(at)
}

/// A flow knows no thread that waits: refuses threads of components that call others.
fn threads_in_flow(cx: &mut Lowering<'_>, top: &At<'_>, spec: &SystemSpec) {
    if spec.queueing.request_level.is_some() {
        return;
    }
    for queue in spec.queueing.queues.iter().filter(|queue| spec.queueing.holds_while_calling(queue)) {
        let component = top.get("components").and_then(|components| components.get(&queue.component));
        if let Some(at) = component.and_then(|at| at.get("capacity")).and_then(|at| at.get("threads")) {
            request_level::refuse_in_flow(cx, (&at, "threads"));
        }
    }
}

/// What a caller does when no answer comes, where that is said.
fn retries(cx: &mut Lowering<'_>, item: &At<'_>, spec: &SystemSpec) -> Option<RetrySpec> {
    let by_request = spec.queueing.request_level.is_some();
    let (timeout, retries) = (item.get("timeout"), item.get("retries"));
    for key in ["backoff", "retry_budget"] {
        let Some(at) = item.get(key) else { continue };
        if !by_request {
            request_level::refuse_in_flow(cx, (&at, key));
        } else if retries.is_none() {
            let problem = Diagnostic::new(Code::Missing, format!("`{key}` without `retries`"), at.key_span());
            cx.sink.push(problem.hint("add `retries`, or remove it"));
        }
    }
    let (timeout, again) = match (&timeout, &retries) {
        (Some(timeout), Some(retries)) => {
            let timeout = cx.duration(timeout).filter(|timeout| timeout.get() > 0.0)?;
            let again = u32::try_from(cx.count(retries)?).ok()?;
            if !by_request {
                let reason = "retries load the exact fixed points of the called queue; the simulation knows none";
                cx.remark(format!("{}.retries", item.path()), again.to_string(), reason);
            }
            (timeout, again)
        }
        (None, None) => return None,
        (Some(timeout), None) if by_request => (cx.duration(timeout).filter(|timeout| timeout.get() > 0.0)?, 0),
        _ => {
            let (given, missing) = if timeout.is_some() { ("timeout", "retries") } else { ("retries", "timeout") };
            let place = timeout.or(retries).map_or(item.span(), |at| at.key_span());
            let message = format!("`{given}` without `{missing}` is not supported yet");
            cx.sink.push(
                Diagnostic::new(Code::NotYet, message, place).hint(format!("add `{missing}`, or leave both out")),
            );
            return None;
        }
    };
    let backoff = item.get("backoff").and_then(|at| backoff(cx, &at));
    let budget = item.get("retry_budget").and_then(|at| budget(cx, &at));
    Some(RetrySpec { timeout, attempts: again + 1, backoff, budget })
}

/// The wait before a retry.
pub(super) fn backoff(cx: &mut Lowering<'_>, at: &At<'_>) -> Option<Backoff> {
    let base = cx.required(at, "base").and_then(|at| cx.duration(&at))?;
    let cap = at.get("cap").map_or(Some(base), |at| cx.duration(&at))?;
    let has_jitter = at.get("jitter").is_some_and(|jitter| jitter.text() == Some("full"));
    let wrong = |key: &str, message: &str| {
        Diagnostic::new(Code::Range, message.to_owned(), at.get(key).map_or(at.span(), |at| at.span()))
    };
    if base.get() <= 0.0 {
        cx.sink.push(wrong("base", "a wait of no time is none").hint("remove `backoff`"));
        return None;
    }
    if cap < base {
        cx.sink.push(wrong("cap", "the longest wait is below the first").hint("write at least `base`"));
        return None;
    }
    Some(Backoff { base, cap, has_jitter })
}

/// What retries are paid with.
pub(super) fn budget(cx: &mut Lowering<'_>, at: &At<'_>) -> Option<RetryBudget> {
    if at.text().is_some() {
        let ratio = cx.ratio(at)?;
        let reason = "a budget that is a ratio alone saves up, and starts with, that many retries";
        cx.remark(format!("{}.cap", at.path()), BUDGET_CAP.to_string(), reason);
        return Some(RetryBudget::FirstAttempts { ratio, cap: BUDGET_CAP });
    }
    let number = |cx: &mut Lowering<'_>, of: &At<'_>, key: &str, silent: f64| {
        of.get(key).map_or(Some(silent), |at| cx.number(&at))
    };
    if let Some(of) = at.get("aws") {
        let (tokens, retry) = (number(cx, &of, "tokens", 500.0), number(cx, &of, "retry", 5.0));
        let timeout = number(cx, &of, "timeout", 10.0);
        return Some(RetryBudget::Aws { tokens: tokens?, retry: retry?, timeout: timeout? });
    }
    if let Some(of) = at.get("grpc") {
        let (tokens, token_ratio) = (number(cx, &of, "tokens", 10.0), number(cx, &of, "token_ratio", 0.1));
        return Some(RetryBudget::Grpc { tokens: tokens?, token_ratio: token_ratio? });
    }
    let ratio = cx.required(at, "ratio").and_then(|at| cx.number(&at));
    let cap = cx.required(at, "cap").and_then(|at| cx.number(&at));
    Some(RetryBudget::FirstAttempts { ratio: ratio?, cap: cap? })
}

/// Refuses names of journeys in queues that are none.
fn journeys_named(cx: &mut Lowering<'_>, top: &At<'_>, spec: &SystemSpec) {
    let known: Vec<&str> = spec.journeys.iter().map(|journey| journey.name.as_str()).collect();
    for (_, component) in top.get("components").iter().flat_map(At::entries) {
        let Some(capacity) = component.get("capacity") else { continue };
        let times = capacity.get("service_times");
        let times = times.iter().flat_map(At::entries).map(|(name, at)| (name, at.key_span()));
        let priority = capacity
            .get("queue")
            .filter(At::is_map)
            .and_then(|queue| queue.get("order"))
            .and_then(|order| order.get("priority"));
        let classes = priority.and_then(|priority| priority.get("classes"));
        let items: Vec<At<'_>> = classes.iter().flat_map(At::items).collect();
        let classes = items.iter().filter_map(|item| item.text().map(|name| (name, item.span())));
        for (name, span) in times.chain(classes).filter(|(name, _)| !known.contains(name)) {
            let problem = Diagnostic::new(Code::NoJourney, format!("there is no journey `{name}`"), span);
            cx.sink.push(problem.hint(suggestion(name, known.iter().copied())));
        }
    }
}
