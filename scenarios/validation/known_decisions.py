#!/usr/bin/env python3
"""Writes the cases of this folder whose answers are decisions: of autoscalers, breakers, budgets and notices.

A second implementation of the documented rules, in whole numbers where the rules are, and nothing of Ninefold. Needs
Python 3: `python3 scenarios/validation/known_decisions.py`.
"""

import json
import math
import os
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
DEFAULT = {
    "scaleUp": {"stabilizationWindowSeconds": 0, "selectPolicy": "Max", "policies": [
        {"type": "Pods", "value": 4, "periodSeconds": 15}, {"type": "Percent", "value": 100, "periodSeconds": 15}]},
    "scaleDown": {"stabilizationWindowSeconds": 300, "selectPolicy": "Max", "policies": [
        {"type": "Percent", "value": 100, "periodSeconds": 15}]},
}


def write(case_id, family, description, given, expected):
    case = dict(id=case_id, family=family, description=description, input=given, expected=expected,
                tolerance={"exact_integer": True}, source="the documented rules, computed by known_decisions.py")
    with open(os.path.join(HERE, case_id + ".json"), "w") as file:
        file.write(json.dumps(case) + "\n")


def runs(values):
    out = []
    for value in values:
        if out and out[-1][0] == value:
            out[-1][1] += 1
        else:
            out.append([value, 1])
    return out


class Controller:
    """Stabilisation, policies and limits, told one raw recommendation after another."""

    def __init__(self, low, high, behavior):
        self.low, self.high, self.raw, self.events = low, high, [], []
        self.rules = {way: {**DEFAULT[way], **behavior.get(way, {})} for way in DEFAULT}

    def step(self, now, current, raw):
        up = min([raw] + [r for t, r in self.raw if now - t < self.rules["scaleUp"]["stabilizationWindowSeconds"]])
        down = max([raw] + [r for t, r in self.raw if now - t < self.rules["scaleDown"]["stabilizationWindowSeconds"]])
        wish = min(max(current, up), down)
        self.raw.append((now, raw))
        if wish > current:
            wish = max(current, min(wish, self.allowed(now, current, "scaleUp"), self.high))
        elif wish < current:
            wish = min(current, max(wish, self.allowed(now, current, "scaleDown"), self.low))
        wish = min(max(wish, self.low), self.high)
        if wish != current:
            self.events.append((now, wish - current))
        return wish

    def allowed(self, now, current, way):
        rules, found = self.rules[way], []
        if rules["selectPolicy"] == "Disabled":
            return current
        for policy in rules["policies"]:
            base = current - sum(d for t, d in self.events if now - t < policy["periodSeconds"])
            sign = 1 if way == "scaleUp" else -1
            if policy["type"] == "Pods":
                found.append(base + sign * policy["value"])
            else:
                left = base * (1 + sign * policy["value"] / 100)
                found.append(math.ceil(left) if way == "scaleUp" else int(left))
        most = max if (rules["selectPolicy"] == "Max") == (way == "scaleUp") else min
        return most(found)


def behavior(case_id, start, low, high, rules, raw, tick=15):
    controller, current, got = Controller(low, high, rules), start, []
    for k, wish in enumerate(raw):
        current = controller.step(k * tick, current, wish)
        got.append(current)
    given = dict(tick_seconds=tick, start_replicas=start, min=low, max=high, behavior=rules, raw_desired_rle=runs(raw))
    write(case_id, "hpa_behavior", "raw advice through a behavior", given, {"replicas_rle": runs(got)})


def loop(case_id, formula, demand, start, high, target, rules, ticks=240, tick=15, boot=0, delay=0):
    """An external AverageValue against a demand; pods serve `boot` seconds after they were started."""
    controller, pods, got = Controller(2, high, rules), [-10**9] * start, []
    short, unserved = 0, 0
    micro = lambda t: round(demand(max(t, 0)) * 10**6)
    for k in range(ticks):
        now = k * tick
        # What is seen was measured `delay` ago, at the last tick before.
        seen = Fraction(micro((now - delay) // tick * tick), 10**6)
        ready = sum(at <= now for at in pods)
        left = micro(now) - ready * target * 10**6
        short += left > 0
        unserved += max(left, 0)
        ratio = float(seen) / (target * len(pods))
        wish = len(pods) if 0.9 <= ratio <= 1.1 else math.ceil(float(seen) / target)
        wish = controller.step(now, len(pods), wish)
        pods = pods[:wish] + [now + boot] * (wish - len(pods))
        got.append(wish)
    given = dict(tick_seconds=tick, ticks=ticks, start_replicas=start, min=2, max=high, target_average=target, tolerance=0.1,
                 behavior=rules, demand=dict(formula=formula, rounding="6 decimals"))
    given.update({"pod_start_seconds": boot} if boot else {}, **({"metric_delay_seconds": delay} if delay else {}))
    left = unserved // 10**6 if unserved % 10**6 == 0 else unserved / 10**6
    write(case_id, "hpa_closed_loop", "a demand and what follows it", given, {
        "replicas_rle": runs(got), "max_replicas": max(got), "pod_seconds": sum(got) * tick,
        "ticks_under_capacity": short, "unserved_demand_ticks_sum": left})


def utilization(pods, target, current, tolerance=0.1, request=1000):
    """Whole percent over the ready pods; then what is missing or not ready is filled in."""
    ready = [u for u, *s in pods if not s]
    missing = sum(s == ["missing"] for _, *s in pods)
    unready = sum(s == ["unready"] for _, *s in pods)
    percent = lambda used, n: used * 100 // (n * request)
    within = lambda r: 1 - tolerance <= r <= 1 + tolerance
    ratio = percent(sum(ready), len(ready)) / target
    if not missing and not (unready and ratio > 1):
        return current if within(ratio) else math.ceil(ratio * len(ready))
    used, n = sum(ready), len(ready)
    if missing and ratio != 1:
        used, n = used + (missing * request * max(100, target) // 100 if ratio < 1 else 0), n + missing
    if unready and ratio > 1:
        n += unready
    again = percent(used, n) / target
    if within(again) or (ratio < 1) != (again < 1):
        return current
    wish = math.ceil(again * n)
    return current if (again < 1 and wish > current) or (again > 1 and wish < current) else wish


def single(case_id, pods, target, current):
    given = dict(kind="resource_utilization", pods=pods, target_pct=target, current_replicas=current, tolerance=0.1,
                 request_millicores_per_pod=1000)
    write(case_id, "hpa_single_decision", "one decision", given, {"desired_replicas": utilization(pods, target, current)})


def breaker(case_id, window, minimum, percent, wait, trials, calls):
    state, since, seen, left, permitted, states = "C", 0, [], 0, [], []
    for at, ok in calls:
        if state == "O" and at - since >= wait:
            state, seen, left = "H", [], trials
        passes = state == "C" or state == "H" and left > 0
        permitted.append(int(passes))
        if passes:
            left -= state == "H"
            seen = (seen + [ok])[-(window if state == "C" else trials):]
            enough = len(seen) >= (min(minimum, window) if state == "C" else trials)
            if enough and seen.count(0) * 100 >= percent * len(seen):
                state, since, seen = "O", at, []
            elif enough and state == "H":
                state, seen = "C", []
        states.append(state)
    given = dict(window=window, minimum_calls=minimum, failure_threshold_pct=percent, open_seconds=wait,
                 half_open_calls=trials, calls=calls)
    write(case_id, "circuit_breaker", "calls through a breaker", given,
          {"permitted": permitted, "state_after": states, "rejected": permitted.count(0)})


def wave(length, seed):
    """Numbers that look like noise around a slow wave."""
    out = []
    for k in range(length):
        seed = (seed * 1103515245 + 12345) % 2**31
        out.append(14 + round(9 * math.sin(k / 17)) + seed // 65536 % 7)
    return out


def main():
    single("hpa_one_two_pods", [[1000], [1000]], 20, 2)
    single("hpa_one_missing_down", [[100], [150], [None, "missing"], [90]], 50, 4)
    single("hpa_one_hot_unready", [[900], [800], [700, "unready"], [None, "failed"]], 40, 3)
    single("hpa_one_percent_is_cut", [[559], [559]], 50, 2)
    slow = {"scaleDown": {"stabilizationWindowSeconds": 120, "selectPolicy": "Min", "policies": [
        {"type": "Percent", "value": 25, "periodSeconds": 45}, {"type": "Pods", "value": 3, "periodSeconds": 30}]}}
    gentle = {"scaleUp": {"stabilizationWindowSeconds": 60, "policies": [{"type": "Percent", "value": 30, "periodSeconds": 90}]},
              "scaleDown": {"stabilizationWindowSeconds": 0, "policies": [{"type": "Pods", "value": 2, "periodSeconds": 60}]}}
    behavior("hpa_seq_slow_down", 6, 3, 28, slow, wave(160, 1))
    behavior("hpa_seq_gentle", 11, 1, 40, gentle, wave(160, 7))
    behavior("hpa_seq_default_20s", 9, 2, 22, {}, wave(120, 3), tick=20)
    step = lambda t: 120 if t < 450 else 1300 if t < 1500 else 60
    loop("hpa_loop_step", "120 for t<450, 1300 for t<1500, else 60", step, 4, 40, 40, {})
    loop("hpa_loop_slow_start", "120 for t<450, 1300 for t<1500, else 60", step, 4, 40, 40, slow, boot=75, delay=45)
    loop("hpa_loop_wave", "600 + 450*cos(2 pi t/1800)", lambda t: 600 + 450 * math.cos(2 * math.pi * t / 1800), 20, 25, 50,
         gentle, boot=40)
    for case_id, change, whole in [("aws_change_up", 0.4, 1), ("aws_change_down", -3.9, -3)]:
        write(case_id, "aws_step", "rounding of a percentage", {"raw_change": change}, {"change": whole})
    steps = dict(scale_out=[[0, 15, 0], [15, None, 40]], scale_in=[[-30, 0, 0], [None, -30, -25]], threshold=60)
    for case_id, capacity, metric, want in [("aws_step_out", 7, 75, 9), ("aws_step_in", 7, 30, 6), ("aws_step_none", 7, 31, 7)]:
        write(case_id, "aws_step", "steps around 60", dict(capacity=capacity, metric=metric, **steps), {"new_capacity": want})
    backlog = dict(messages=900, instances=4, seconds_per_message=0.25, acceptable_latency=30)
    write("aws_tracking_backlog", "aws_target_tracking", "backlog an instance", backlog, {
        "target_backlog_per_instance": 120, "backlog_per_instance": 225, "instances_added": math.ceil(4 * 225 / 120) - 4})
    write("aws_forecast", "aws_target_tracking", "raised, never lowered", {"pairs": [[5, 8], [20, 8], [8, 8]]}, {"desired": [8, 20, 8]})
    for case_id, nodes, percent, deleting, not_ready in [("budget_small", 7, 15, 1, 0), ("budget_used_up", 30, 10, 2, 4)]:
        allowed = max(0, -(-nodes * percent // 100) - deleting - not_ready)
        given = dict(nodes=nodes, percent=percent, deleting=deleting, not_ready=not_ready)
        write(case_id, "karpenter_budget", "a disruption budget", given, {"allowed_disruptions": allowed})
    for case_id, kind, value in [("keda_average", "AverageValue", 8 * 9), ("keda_value", "Value", 8 * 9 / 4)]:
        given = dict(target=8, fallback_replicas=9, ready_replicas=4, metric_type=kind)
        write(case_id, "keda_fallback", "a metric that fails", given, {"reported_metric": int(value)})
    for case_id, notice, ready, drain in [("spot_late", 120, 200, 150), ("spot_in_time", 30, 12.5, 30)]:
        given = dict(notice_seconds=notice, replacement_ready_seconds=ready, drain_seconds_needed=drain)
        write(case_id, "spot_notice", "a reclaimed instance", given, {
            "capacity_gap_seconds": max(0, ready - notice), "drain_completed": drain <= notice,
            "work_lost_seconds": max(0, drain - notice)})
    noise = [[k * 0.5, int(value % 7 > 2)] for k, value in enumerate(wave(120, 5))]
    breaker("breaker_short", 6, 4, 60, 4, 2, noise)
    breaker("breaker_long", 20, 30, 45, 7.5, 5, noise)


if __name__ == "__main__":
    main()
