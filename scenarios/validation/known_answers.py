#!/usr/bin/env python3
"""Writes the cases of this folder that are families with parameters: `rNN_*.json`.

Every value is computed here, by closed form, enumeration, quadrature or the linear equations of a Markov chain, and by
nothing of Ninefold. Needs Python 3 with scipy: `python3 scenarios/validation/known_answers.py`.
"""

import itertools
import heapq
import json
import math
import os
import random

import numpy as np
from scipy.integrate import quad
from scipy.linalg import expm
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import splu
from scipy.stats import binom, gamma, poisson

HERE = os.path.dirname(os.path.abspath(__file__))
CLOSED = "closed form / exact linear algebra, ~1e-10 relative"
INTEGRAL = "numerical integration, ~1e-8 relative"


def write(case_id, title, description, params, expected, source):
    expected = [dict(measure=m, value=v, unit=u, accuracy=a) for m, v, u, a in expected]
    case = dict(id=case_id, title=title, description=description, params=params, expected=expected, source=source)
    with open(os.path.join(HERE, case_id + ".json"), "w") as file:
        json.dump(case, file, indent=1)
        file.write("\n")


class Chain:
    """A Markov chain, explored from its first state; `rates(state)` yields (rate, next state)."""

    def __init__(self, start, rates):
        self.states, self.number, waiting = [start], {start: 0}, [start]
        entries = []
        while waiting:
            state = waiting.pop()
            for rate, after in rates(state):
                if after not in self.number:
                    self.number[after] = len(self.states)
                    self.states.append(after)
                    waiting.append(after)
                if rate > 0 and after != state:
                    entries.append((self.number[state], self.number[after], rate))
        n = len(self.states)
        rows, columns, values = zip(*entries)
        off = csc_matrix((values, (rows, columns)), shape=(n, n))
        self.q = (off - csc_matrix((np.asarray(off.sum(axis=1)).ravel(), (range(n), range(n))), shape=(n, n))).tocsc()

    def up(self, is_up):
        return np.array([is_up(state) for state in self.states])

    def steady(self):
        n = len(self.states)
        a = self.q.T.tolil()
        a[n - 1, :] = 1.0
        b = np.zeros(n)
        b[n - 1] = 1.0
        return splu(a.tocsc()).solve(b)

    def long_run(self, is_up):
        """Unavailability, failures an hour, mean down time."""
        pi, up = self.steady(), self.up(is_up)
        unavailability = pi[~up].sum()
        frequency = pi[up] @ (self.q[up][:, ~up] @ np.ones((~up).sum()))
        return unavailability, frequency, unavailability / frequency

    def mttf(self, is_up):
        up = self.up(is_up)
        inner = self.q[up][:, up].tocsc()
        return -splu(inner).solve(np.ones(inner.shape[0]))[0]

    def survival(self, is_up, t):
        up = self.up(is_up)
        return (expm(self.q[up][:, up].toarray() * t) @ np.ones(up.sum()))[0]

    def point(self, is_up, t):
        return expm(self.q.toarray() * t)[0][self.up(is_up)].sum()


def birth_death(n, k, lam, mu, crews):
    """Failed units of `n` hot ones under `crews`."""
    return Chain(0, lambda i: [((n - i) * lam, i + 1)] * (i < n) + [(min(i, crews) * mu, i - 1)] * (i > 0)), lambda i: n - i >= k


def r01(case_id, mttf, mttr, points, intervals, reliabilities, counts):
    lam, mu = 1 / mttf, 1 / mttr
    s, u = lam + mu, lam / (lam + mu)
    point = lambda t: 1 - u + u * math.exp(-s * t)
    mean_up = lambda t: (1 - u) * t + u * -math.expm1(-s * t) / s
    expected = [("steady_unavailability", u, "1", CLOSED)]
    expected += [(f"point_availability_t{t}", point(t), "1", CLOSED) for t in points]
    expected += [(f"interval_availability_{a}_{b}", (mean_up(b) - mean_up(a)) / (b - a), "1", CLOSED) for a, b in intervals]
    expected += [(f"reliability_t{t}", math.exp(-lam * t), "1", CLOSED) for t in reliabilities]
    expected += [(f"expected_failures_{a}_{b}", lam * (mean_up(b) - mean_up(a)), "count", CLOSED) for a, b in counts]
    expected += [("mttf", mttf, "h", CLOSED), ("mean_down_duration", mttr, "h", CLOSED)]
    text = f"Starts up. Alternates up (exp mean {mttf} h) and down (exp mean {mttr} h)."
    write(case_id, "One repairable component", text, dict(mttf_h=mttf, mttr_h=mttr), expected, "two-state Markov chain")


def r02(case_id, mttf, horizon, repair, convolved, limits):
    """Takacs (1957): D <= x exactly if the repairs that begin in T - x of operation last no longer than x."""
    def below(x):
        m = (horizon - x) / mttf
        top = int(m + 12 * math.sqrt(m) + 40)
        return sum(poisson.pmf(n, m) * (1.0 if n == 0 else convolved(n, x)) for n in range(top))
    expected = [(f"P(D<={x})", below(x), "1", CLOSED) for x in limits]
    expected.append(("P(no failure in year)", math.exp(-horizon / mttf), "1", CLOSED))
    text = f"One component, starts up, exponential up times mean {mttf} h, {repair}; total downtime D in [0, {horizon}] h."
    params = dict(mttf_h=mttf, horizon_h=horizon, repair=repair)
    write(case_id, "Distribution of total downtime", text, params, expected, "L. Takacs (1957), summed over the number of failures")


def r03(case_id, n, k, lam, mu, crews, times=()):
    chain, up = birth_death(n, k, lam, mu, crews)
    u, f, d = chain.long_run(up)
    units = sum(p * (n - i) for p, i in zip(chain.steady(), chain.states))
    expected = [
        ("steady_unavailability", u, "1", CLOSED),
        ("system_failure_frequency", f, "1/h", CLOSED),
        ("mttf_from_all_up", chain.mttf(up), "h", CLOSED),
        ("mean_down_duration", d, "h", CLOSED),
        ("expected_units_up", units, "units", CLOSED),
    ]
    expected += [(f"point_availability_t{t}", chain.point(up, t), "1", CLOSED) for t in times]
    expected += [(f"reliability_t{t}", chain.survival(up, t), "1", CLOSED) for t in times]
    text = f"{n} identical hot units, up while >= {k} are up, {crews} crew(s), first come first served."
    params = dict(n=n, k=k, lambda_per_h=lam, mu_per_h=mu, crews=crews)
    write(case_id, f"{k} of {n} with {crews} crews", text, params, expected, "birth-death chain, linear equations")


def r04(case_id, n, tolerated, lam, mu, parallel, lse=0.0):
    def rates(i):
        if i == "lost":
            return
        bad = (n - i) * lam
        if i == tolerated:
            yield bad, "lost"
        elif i == tolerated - 1:
            yield bad * lse, "lost"
            yield bad * (1 - lse), i + 1
        else:
            yield bad, i + 1
        if i > 0:
            yield (i if parallel else 1) * mu, i - 1
    mttdl = Chain(0, rates).mttf(lambda i: i != "lost")
    text = f"{n} disks, tolerates {tolerated} lost at once; exp failure, exp rebuild; an unreadable sector with probability {lse}"
    params = dict(n=n, tolerated=tolerated, lambda_per_h=lam, mu_per_h=mu, parallel_rebuild=parallel, lse_prob=lse)
    write(case_id, "Storage mean time to data loss", text, params, [("mttdl", mttdl, "h", CLOSED)], "absorbing Markov chain")


def r05(case_id, la, ls, mu, p, manual, crews, times):
    """States: `both` good, `one` active and one in repair, `dark` (switch failed), `none`."""
    def rates(state):
        if state == "both":
            yield la * (1 - p), "one"
            yield la * p, "dark"
            yield ls, "one"
        elif state == "one":
            yield la, "none"
            yield mu, "both"
        elif state == "dark":
            yield manual, "one"
            yield ls, "none"
        else:
            yield min(crews, 2) * mu, "one"
    chain, up = Chain("both", rates), lambda state: state in ("both", "one")
    u, _, _ = chain.long_run(up)
    expected = [("steady_unavailability", u, "1", CLOSED), ("mttf", chain.mttf(up), "h", CLOSED)]
    expected += [(f"reliability_t{t}", chain.survival(up, t), "1", CLOSED) for t in times]
    params = dict(lambda_active=la, lambda_standby=ls, mu=mu, p_switch_fail=p, manual_switch_rate=manual, crews=crews)
    text = "Active and dormant unit; the switch fails with probability p, then somebody switches, and only then is the failed unit repaired."
    write(case_id, "Pair with imperfect failover", text, params, expected, "Markov chain of four states, linear equations")


def r06(case_id, shape, scale, t, structures, lifetimes):
    survival = lambda x: math.exp(-((x / scale) ** shape))
    density = lambda x: shape / scale * (x / scale) ** (shape - 1) * survival(x)
    of = lambda k, n: lambda x: binom.sf(k - 1, n, survival(x))
    def value(name, x):
        if name == "single":
            return survival(x)
        if name.startswith("series"):
            return survival(x) ** int(name[6:])
        if name.startswith("parallel"):
            return of(1, int(name[8:]))(x)
        if "oo" in name:
            k, n = map(int, name.split("oo"))
            return of(k, n)(x)
        units, _, p = name.replace("cold_standby_", "").replace("cold_", "").partition("_switch")
        p = float(p or 1)
        active, dormant = map(int, units.split("+"))
        if dormant == 1 and active == 1:
            second = quad(lambda s: density(s) * survival(x - s), 0, x, epsabs=0, epsrel=1e-11, limit=500)[0]
            return survival(x) + p * second
        assert shape == 1 and p == 1
        return poisson.cdf(dormant, active * x / scale)
    def lifetime(name):
        if "cold" in name:
            active, dormant = map(int, name.split("_")[-1].split("+"))
            assert active == 1 or shape == 1
            return (dormant + 1) * scale * math.gamma(1 + 1 / shape) / active
        return quad(lambda x: value(name, x), 0, 40 * scale, epsabs=0, epsrel=1e-11, limit=1000, points=[scale])[0]
    expected = [(f"R_{name}", value(name, t), "1", INTEGRAL) for name in structures]
    expected += [(f"MTTF_{name}", lifetime(name), "h", INTEGRAL) for name in lifetimes]
    text = f"Weibull(shape {shape}, scale {scale} h) units that are never repaired, at {t} h"
    write(case_id, "Structures that are never repaired", text, dict(shape=shape, scale_h=scale, t_h=t), expected, "binomial law; convolution by quadrature")


def r09(case_id, lam, interval, groups):
    def pfd(k, n, beta):
        """Mean over the interval of P(fewer than k of n work), a share beta of failures taking all."""
        own, common = lam * (1 - beta), lam * beta
        down = lambda t: 1 - math.exp(-common * t) * binom.sf(k - 1, n, math.exp(-own * t))
        return quad(down, 0, interval, epsabs=0, epsrel=1e-11)[0] / interval
    expected = []
    for k, n, beta in groups:
        name = f"PFDavg_{k}oo{n}" + (f"_beta{beta}pct" if beta else "")
        expected.append((name, pfd(k, n, beta / 100), "1", INTEGRAL))
    text = "Dangerous failures found by a perfect test of all channels at once."
    write(case_id, "Probability of failure on demand", text, dict(lambda_du=lam, test_interval_h=interval), expected, "binomial law averaged over the interval")


def r11(case_id, mttf, repair, transform):
    lam = 1 / mttf
    value = mttf * (1 + 1 / (1 - transform(lam)))
    text = "Cold pair, exponential life when active, one crew, perfect switch, from both good."
    source = "Gaver (1963): the spare lasts out each repair with probability G*(l), the transform of the repair law"
    write(case_id, "Cold pair with any repair", text, dict(mttf_active_h=mttf, repair=repair), [("mttf_system", value, "h", CLOSED)], source)


def r12(case_id, a_zone, a_node, layouts):
    def unavailability(layout):
        n, down = sum(layout), 0.0
        for lost in itertools.product((False, True), repeat=len(layout)):
            chance = math.prod((1 - a_zone) if z else a_zone for z in lost)
            reach = sum(size for size, z in zip(layout, lost) if not z)
            down += chance * binom.cdf(n // 2, reach, a_node)
        return down
    expected = []
    for layout in layouts:
        even = layout == sorted(layout, reverse=True) and max(layout) - min(layout) <= 1
        tail = "" if even and len(layout) > 2 else "_" + "+".join(map(str, layout))
        expected.append((f"UA_{sum(layout)}nodes_{len(layout)}zones{tail}", unavailability(layout), "1", CLOSED))
    text = "A node serves only if its zone is up; the cluster is up while a majority of all nodes serves."
    write(case_id, "Majority over zones", text, dict(A_zone=a_zone, A_node=a_node), expected, "total probability over the states of the zones")


def r13(case_id, reliabilities, paths):
    names = list(reliabilities)
    def down(fixed={}):
        total = 0.0
        for states in itertools.product((True, False), repeat=len(names)):
            up = dict(zip(names, states))
            if any(up[name] != state for name, state in fixed.items()):
                continue
            chance = math.prod(reliabilities[n] if up[n] else 1 - reliabilities[n] for n in names if n not in fixed)
            total += chance * (not any(all(up[n] for n in path) for path in paths))
        return total
    u = down()
    expected = [("system_reliability", 1 - u, "1", CLOSED)]
    for name in names:
        failed, perfect = down({name: False}), down({name: True})
        birnbaum = failed - perfect
        expected += [
            (f"Birnbaum_{name}", birnbaum, "1", CLOSED),
            (f"Criticality_failure_{name}", birnbaum * (1 - reliabilities[name]) / u, "1", CLOSED),
            (f"RAW_{name}", failed / u, "1", CLOSED),
            (f"RRW_{name}", u / perfect, "1", CLOSED),
        ]
    listed = ", ".join("-".join(path) for path in paths)
    write(case_id, "Network", f"minimal paths {listed}; independent components", reliabilities, expected, "enumeration of all states")


def r15(case_id, n, spares, crews, mttf, mttr):
    total, lam, mu = n + spares, 1 / mttf, 1 / mttr
    chain = Chain(0, lambda i: [(min(n, total - i) * lam, i + 1)] * (i < total) + [(min(i, crews) * mu, i - 1)] * (i > 0))
    pi = dict(zip(chain.states, chain.steady()))
    expected = [
        ("P(all n running)", sum(p for i, p in pi.items() if total - i >= n), "1", CLOSED),
        (f"P(at least {n - 1} running)", sum(p for i, p in pi.items() if total - i >= n - 1), "1", CLOSED),
        ("expected_running", sum(p * min(n, total - i) for i, p in pi.items()), "units", CLOSED),
    ]
    params = dict(n=n, spares=spares, crews=crews, mttf_h=mttf, mttr_h=mttr)
    text = f"{n} positions, {spares} cold spares, instant swap, {crews} crews; fewer units go on running."
    write(case_id, "Machine repair with cold spares", text, params, expected, "finite-source birth-death chain, linear equations")


def r18(case_id, n, k, lam, mu, beta):
    own, shock = (1 - beta) * lam, beta * lam
    def rates(i):
        if i < n:
            yield (n - i) * own, i + 1
            yield shock, n
        if i > 0:
            yield i * mu, i - 1
    chain, up = Chain(0, rates), lambda i: n - i >= k
    u, _, _ = chain.long_run(up)
    params = dict(n=n, k=k, lam=lam, mu=mu, beta=beta)
    text = f"{n} units, {k} needed; a shock at beta times the rate fails all; a crew for each unit"
    expected = [("steady_unavailability", u, "1", CLOSED), ("mttf", chain.mttf(up), "h", CLOSED)]
    write(case_id, "Common cause", text, params, expected, "Markov chain on the number of failed units")


def r19(case_id, arrival, mu1, mu2, most):
    """P(i at the first and j at the second queue reach `most` in all before none), by one linear system."""
    states = [(i, j) for i in range(most) for j in range(most - i) if i + j > 0]
    at = {state: place for place, state in enumerate(states)}
    left, right = np.eye(len(states)), np.zeros(len(states))
    for (i, j), row in at.items():
        out = arrival + mu1 * (i > 0) + mu2 * (j > 0)
        steps = [((i + 1, j), arrival)] + [((i - 1, j + 1), mu1)] * (i > 0) + [((i, j - 1), mu2)] * (j > 0)
        for to, rate in steps:
            if sum(to) == most:
                right[row] += rate / out
            elif sum(to) > 0:
                left[row, at[to]] -= rate / out
    reached = np.linalg.solve(left, right)[at[1, 0]]
    text = "start with one customer just arrived at node 1 of an empty system; arrivals Poisson a; exp servers m1, m2"
    params = dict(arrival=arrival, mu1=mu1, mu2=mu2, L=most)
    expected = [("probability", reached, "1", CLOSED)]
    write(case_id, f"Tandem: P(total reaches {most} before emptying)", text, params, expected, "linear algebra")


def r20(case_id, tiers, capacities, least):
    availability = math.prod(binom.sf(k - 1, n, a) for _, n, k, a in tiers)
    served = [(n, a, capacities[name]) for name, n, _, a in tiers if name in capacities]
    rest = math.prod(binom.sf(k - 1, n, a) for name, n, k, a in tiers if name not in capacities)
    mean, enough = 0.0, 0.0
    for ups in itertools.product(*(range(n + 1) for n, _, _ in served)):
        chance = math.prod(binom.pmf(up, n, a) for up, (n, a, _) in zip(ups, served)) * rest
        capacity = min(up * c for up, (_, _, c) in zip(ups, served))
        mean += chance * capacity
        enough += chance * (capacity >= least)
    said = ", ".join(f"{c}*{name}_up" for name, c in capacities.items())
    others = " and ".join(name for name, *_ in tiers if name not in capacities)
    text = f"All independent, in series. Capacity = min({said}) if {others} up else 0."
    expected = [
        ("availability", availability, "1", CLOSED),
        ("expected_capacity", mean, "rps", CLOSED),
        (f"P(capacity>={least})", enough, "1", CLOSED),
    ]
    write(case_id, "Tiers in series", text, dict(tiers=tiers), expected, "enumeration")


def r22(case_id, lp, lc, ld, mu1, mu2, prop, most=6):
    """Failed units by mode in two processor types, two controller sets and six disk clusters, at most `most` in all."""
    sizes, needs = [2, 2, 2, 2] + [4] * 6, [1, 1, 1, 1] + [3] * 6
    lives, mus = [lp, lp, lc, lc] + [ld] * 6, (mu1, mu2)
    lump = lambda s: s[:2] + tuple(sorted(s[2:4])) + tuple(sorted(s[4:]))
    def with_one_more(state, group, mode, by=1):
        state = list(state)
        pair = list(state[group])
        pair[mode] += by
        state[group] = tuple(pair)
        return tuple(state)
    def rates(state):
        failed = sum(sum(pair) for pair in state)
        for group in range(10):
            working = sizes[group] - sum(state[group])
            for mode in range(2):
                if working and failed < most:
                    rate, after = working * lives[group] / 2, with_one_more(state, group, mode)
                    other = 1 - group if group < 2 else None
                    takes = other is not None and sum(state[other]) < 2 and failed + 2 <= most
                    yield rate * (1 - prop * takes), lump(after)
                    if takes:
                        for second in range(2):
                            yield rate * prop / 2, lump(with_one_more(after, other, second))
                if state[group][mode]:
                    yield state[group][mode] * mus[mode] / failed, lump(with_one_more(state, group, mode, -1))
    up = lambda state: all(size - sum(pair) >= need for pair, size, need in zip(state, sizes, needs))
    chain = Chain(((0, 0),) * 10, rates)
    u, f, _ = chain.long_run(up)
    six = f"at most {most} failed units at once: 4 digits"
    expected = [
        ("steady_unavailability", float(f"{u:.5g}"), "1", six),
        ("mttf_from_all_up", float(f"{chain.mttf(up):.5g}"), "h", six),
        ("system_failure_frequency", float(f"{f:.5g}"), "1/h", six),
    ]
    params = dict(lp=lp, lc=lc, ld=ld, mu1=mu1, mu2=mu2, prop=prop)
    source = "Structure after Goyal, Shahabuddin, Heidelberger, Nicola, Glynn (1992); lumped chain, sparse direct solution"
    if case_id:
        write(case_id, "Large computing system", "As in the source, one repairman shared equally over all failed units.", params, expected, source)
    return u, chain.mttf(up), f


def r24(case_id, lives, repair, horizon):
    """Nothing ages while the system, a series, is down: time of operation is shared by all."""
    next_at, now, operated, events = dict(lives), 0, 0, []
    while True:
        name = min(next_at, key=lambda n: (next_at[n], n))
        now += next_at[name] - operated
        operated = next_at[name]
        if now >= horizon:
            break
        until = min(now + repair, horizon)
        events.append((name, now, until))
        now = until
        next_at[name] = operated + lives[name]
    downtime = sum(b - a for _, a, b in events)
    first, *others = lives.items()
    said = f"{first[0]} lasts {first[1]} h, " + ", ".join(f"{n} {t} h" for n, t in others)
    text = f"{said} of operation; each repair {repair} h; components do not age while the system is down; horizon {horizon} h."
    told = ", ".join(f"{name} down {a}-{b}" for name, a, b in events)
    expected = [
        ("system_downtime", downtime, "h", "exact"),
        ("availability", 1 - downtime / horizon, "1", "exact"),
        ("events", told, "text", "exact"),
    ]
    write(case_id, "Deterministic series", text, {}, expected, "the clocks, followed by hand")


def storm_once(seed, rate, attempts, workers, service, timeout, budget, cap, trigger, horizon, since):
    """One run of clients that try again at once; answers that come too late are still worked on."""
    rng = random.Random(seed)
    queue, busy, tokens, made, first, good, counted, serial = [], 0, cap, 0, 0, 0, 0, 0
    events = [(rng.expovariate(rate), 0, "comes", None), (trigger[1], 1, "resumes", None)]
    answered, gone = set(), set()

    def push(at, kind, what):
        nonlocal serial
        serial += 1
        heapq.heappush(events, (at, serial + 1, kind, what))

    def attempt(now, request, left):
        nonlocal made
        made += 1
        number = made
        queue.append((number, request))
        push(now + timeout, "timeout", (number, request, left - 1))

    while events and events[0][0] < horizon:
        now, _, kind, what = heapq.heappop(events)
        if kind == "comes":
            first += 1
            tokens = min(cap, tokens + budget) if budget is not None else tokens
            attempt(now, (first, now), attempts)
            push(now + rng.expovariate(rate), "comes", None)
        elif kind == "served":
            busy -= 1
            number, request = what
            if number not in gone:
                answered.add(number)
                if since <= request[1]:
                    good, counted = good + 1, counted + 1
        elif kind == "timeout" and what[0] not in answered:
            number, request, left = what
            gone.add(number)
            if left > 0 and (budget is None or tokens >= 1):
                tokens -= 0 if budget is None else 1
                attempt(now, request, left)
            elif since <= request[1]:
                counted += 1
        while queue and busy < workers and not trigger[0] <= now < trigger[1]:
            busy += 1
            push(now + rng.expovariate(service), "served", queue.pop(0))
    return good / counted, made / first


def retry_storm(case_id, rate, attempts, workers, service, budget, trigger, horizon, since):
    runs = [storm_once(seed, rate, attempts, workers, service, 1, budget, 10, trigger, horizon, since) for seed in range(6)]
    goodput = [good for good, _ in runs]
    mean = sum(goodput) / 6
    said = {
        "first_attempt_rate": rate, "max_attempts": attempts, "workers": workers, "service_rate_per_worker": service,
        "service": "exponential", "client_timeout_s": 1, "retry_delay_s": 0, "queue": "FIFO, unbounded",
        "abandoned_work": "still served", "retry_budget": budget, "budget_cap": 10,
        "trigger": f"no new service starts in [{trigger[0]},{trigger[1]}) s; service in progress completes",
        "horizon_s": horizon, "measure": f"fraction of first attempts arriving in [{since}, {horizon}) that succeed",
    }
    expected = {
        "goodput_fraction_mean": mean, "goodput_min": min(goodput), "goodput_max": max(goodput),
        "attempts_per_request": sum(made for _, made in runs) / 6, "recovered": mean > 0.9, "collapsed": mean < 0.5,
    }
    case = dict(id=case_id, family="retry_storm", input=said, expected=expected, tolerance={"goodput_abs": 0.03},
                method="own event simulation, 6 seeds", source="known_answers.py")
    with open(os.path.join(HERE, case_id + ".json"), "w") as file:
        file.write(json.dumps(case) + "\n")


def main():
    retry_storm("storm_lasts", 12, 3, 2, 10, None, (10, 18), 60, 45)
    retry_storm("storm_budget", 12, 3, 2, 10, 0.1, (10, 18), 60, 45)
    r01("r01_unit_fast", 250, 8, [3, 24], [(0, 50), (0, 1000), (100, 300)], [100, 500], [(0, 1000), (50, 400)])
    r01("r01_unit_slow", 5000, 72, [24, 200], [(0, 500)], [4000], [(0, 20000)])
    r02("r02_downtime_constant", 2000, 8760, "deterministic repair 6 h", lambda n, x: float(6 * n <= x), [0, 6.5, 20, 32.5, 50.5])
    r02("r02_downtime_erlang", 800, 4380, "Erlang-2 repair mean 5 h", lambda n, x: gamma.cdf(x, 2 * n, scale=2.5), [5, 20, 35])
    r03("r03_1oo3_crew1", 3, 1, 0.02, 0.1, 1, [50])
    r03("r03_4oo6_crew2", 6, 4, 0.002, 0.05, 2)
    r03("r03_2oo4_crew4", 4, 2, 0.01, 0.1, 4, [20, 200])
    r03("r03_5oo5_crew9", 5, 5, 0.001, 0.25, 9, [100])
    r04("r04_mirror", 2, 1, 1e-4, 0.1, True)
    r04("r04_six_two", 6, 2, 1e-3, 0.05, True)
    r04("r04_one_rebuild", 5, 1, 1e-4, 0.02, False)
    r04("r04_unreadable", 6, 1, 1e-5, 0.05, True, 0.03)
    r05("r05_standby_warm_q10", 0.002, 0.0005, 0.1, 0.1, 0.8, 1, [400])
    r05("r05_standby_hot_q02", 0.005, 0.005, 0.2, 0.02, 1.0, 2, [150])
    r06("r06_weibull_early", 1.5, 500, 300, ["single", "series2", "parallel3", "3oo4", "cold_1+1_switch0.9"],
        ["single", "3oo4", "series2"])
    r06("r06_exponential", 1, 400, 600, ["single", "2oo5", "cold_standby_1+2", "cold_2+1"], ["parallel2", "cold_1+3", "cold_standby_2+2"])
    r09("r09_channels_half_year", 5e-6, 4380, [(1, 1, 0), (1, 3, 0), (2, 4, 0), (2, 3, 5), (1, 2, 20)])
    r09("r09_channels_month", 2e-5, 730, [(1, 2, 0), (3, 3, 0), (1, 2, 2)])
    r11("r11_coldpair_constant", 500, "deterministic 30 h", lambda s: math.exp(-30 * s))
    r11("r11_coldpair_gamma", 800, "gamma shape 0.5 mean 40 h", lambda s: (1 + 80 * s) ** -0.5)
    r12("r12_quorum_poor", 0.99, 0.97, [[2, 2], [3, 2, 2], [3, 3, 3], [2, 1], [2, 2, 1]])
    r12("r12_quorum_good", 0.9999, 0.995, [[1, 1, 1], [2, 1, 1, 1], [4, 3], [3, 1, 1]])
    r13("r13_network_ring", dict(A=0.99, B=0.9, C=0.95, D=0.97), [["A", "B"], ["C", "D"]])
    r13("r13_network_six", dict(A=0.8, B=0.9, C=0.75, D=0.6, E=0.85, F=0.95),
        [["A", "D", "F"], ["B", "E", "F"], ["A", "C", "E", "F"], ["B", "C", "D", "F"]])
    r15("r15_spares_n3_s1_c1", 3, 1, 1, 200, 30)
    r15("r15_spares_n5_s2_c7", 5, 2, 7, 400, 50)
    r18("r18_ccf_1oo3_beta10", 3, 1, 1e-3, 0.1, 0.1)
    r18("r18_ccf_2oo4_beta2", 4, 2, 5e-3, 0.1, 0.02)
    r19("r19_tandem_even", 0.3, 0.35, 0.35, 8)
    r19("r19_tandem_first_slow", 0.05, 0.2, 0.9, 12)
    r20("r20_three_tier", [["edge", 3, 2, 0.99], ["api", 5, 3, 0.98], ["store", 2, 1, 0.995]], dict(edge=200, api=80), 320)
    r20("r20_two_tier", [["front", 2, 1, 0.97], ["back", 3, 2, 0.96]], dict(back=50), 100)
    r22("r22_computing_system_mild", 0.002, 0.001, 0.0005, 1, 0.5, 0.05)
    r22("r22_computing_system_apart", 0.001, 0.002, 0.0004, 2, 0.25, 0)
    r24("r24_series_three", dict(A=70, B=100, C=130), 5, 500)
    r24("r24_series_two", dict(Pump=40, Valve=90), 12, 365)


if __name__ == "__main__":
    main()
