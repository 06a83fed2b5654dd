"""The workloads on SimPy: processes and timeouts, its idiomatic way."""

import random

import simpy

from workloads import GROUPS, HORIZON_HOURS, LIFE_HOURS, LOAD, REPAIR_HOURS, REPAIR_SIGMA, SIZE, repair_mu


class _Hold:
    """Processes that wait Exp(1) again and again; what is pending is made once and held on from call to call."""

    def __init__(self, pending):
        self.environment = simpy.Environment()
        self.random = random.Random(pending)
        self.popped = 0
        self.last = 0.0
        for _ in range(pending):
            self.environment.process(self._waits())
        self.pending = pending
        self._turns(2 * pending)

    def _waits(self):
        while True:
            yield self.environment.timeout(self.random.expovariate(1.0))
            now = self.environment.now
            assert now >= self.last, "popped out of order"
            self.last = now
            self.popped += 1

    def _turns(self, times):
        until = self.popped + times
        step = self.environment.step
        while self.popped < until:
            step()

    def __call__(self, times, _seed):
        """Holds, and how far the clock went for each as a share of the expected 1 / pending."""
        began = self.environment.now
        self._turns(times)
        return times, (self.environment.now - began) * self.pending / times


def _queue(servers):
    def run(customers, seed):
        environment = simpy.Environment()
        draw = random.Random(seed).expovariate
        counter = simpy.Resource(environment, capacity=servers)
        waited = 0.0

        def customer():
            nonlocal waited
            arrived = environment.now
            with counter.request() as request:
                yield request
                waited += environment.now - arrived
                yield environment.timeout(draw(1.0))

        def source():
            for _ in range(customers):
                yield environment.timeout(draw(LOAD * servers))
                environment.process(customer())

        environment.process(source())
        environment.run()
        return customers, waited / customers

    return run


def _replication(generator):
    environment = simpy.Environment()
    down = [0] * GROUPS
    broken, since, downtime, transitions = 0, 0.0, 0.0, 0

    def unit(group):
        nonlocal broken, since, downtime, transitions
        while True:
            yield environment.timeout(generator.expovariate(1.0 / LIFE_HOURS))
            transitions += 1
            down[group] += 1
            if down[group] == 2:
                if broken == 0:
                    since = environment.now
                broken += 1
            yield environment.timeout(generator.lognormvariate(repair_mu(), REPAIR_SIGMA))
            transitions += 1
            down[group] -= 1
            if down[group] == 1:
                broken -= 1
                if broken == 0:
                    downtime += environment.now - since

    for number in range(GROUPS * SIZE):
        environment.process(unit(number // SIZE))
    environment.run(until=HORIZON_HOURS)
    return transitions, downtime + (HORIZON_HOURS - since if broken else 0.0)


def k_of_n(replications, seed):
    """Transitions, and the unavailability."""
    generator = random.Random(seed)
    found = [_replication(generator) for _ in range(replications)]
    units = sum(transitions for transitions, _ in found)
    return units, sum(hours for _, hours in found) / (replications * HORIZON_HOURS)


class _HoldLater:
    """Made when it is first asked for."""

    def __init__(self, pending):
        self.pending, self.hold = pending, None

    def prepare(self):
        self.hold = self.hold or _Hold(self.pending)

    def __call__(self, times, seed):
        return self.hold(times, seed)


def rows():
    """The workloads this engine can run, by name."""
    return {
        "hold-1e3": _HoldLater(1_000),
        "hold-1e5": _HoldLater(100_000),
        "mm1": _queue(1),
        "mm10": _queue(10),
        "k-of-n": k_of_n,
    }
