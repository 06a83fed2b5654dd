"""The workloads on NumPy alone: whole arrays at once, one thread."""

import numpy as np

from workloads import GROUPS, HORIZON_HOURS, LIFE_HOURS, LOAD, REPAIR_HOURS, REPAIR_SIGMA, SIZE

#: Cycles of life and repair drawn at once: ten are expected, and few units have more.
CYCLES = 14


#: Customers at once: their times stay in the cache.
TILE = 1 << 15

#: Hours between the clocks of two groups: more than a replication and its longest repair, so that they do not meet.
APART_HOURS = 1e6


def mm1(customers, seed):
    """Lindley's recursion as a walk above its running minimum: units, and the mean wait over the mean service."""
    rng = np.random.default_rng(seed)
    service, between, lowest = np.empty(TILE + 1), np.empty(TILE), np.empty(TILE + 1)
    waited, wait = 0.0, 0.0
    for begun in range(0, customers, TILE):
        count = min(TILE, customers - begun)
        walk = service[: count + 1]
        rng.standard_exponential(out=walk[1:])
        rng.standard_exponential(out=between[:count])
        between[:count] *= 1.0 / LOAD
        walk[1:] -= between[:count]
        walk[0] = wait
        np.cumsum(walk, out=walk)
        np.minimum.accumulate(walk, out=lowest[: count + 1])
        np.minimum(lowest, 0.0, out=lowest)
        walk -= lowest[: count + 1]
        waited += walk[:-1].sum()
        wait = walk[-1]
    return customers, waited / customers


def _spells(rng):
    """Starts, ends and groups of all spells in which a unit is down, from one replication."""
    units = np.arange(GROUPS * SIZE)
    began = np.zeros(units.size)
    spells = []
    while units.size:
        times = np.empty((units.size, 2 * CYCLES))
        times[:, 0::2] = rng.standard_exponential((units.size, CYCLES)) * LIFE_HOURS
        mu = np.log(REPAIR_HOURS) - REPAIR_SIGMA**2 / 2
        times[:, 1::2] = np.exp(rng.standard_normal((units.size, CYCLES)) * REPAIR_SIGMA + mu)
        np.cumsum(times, axis=1, out=times)
        times += began[:, None]
        inside = times[:, 0::2] < HORIZON_HOURS
        groups = np.broadcast_to((units // SIZE)[:, None], inside.shape)
        spells.append((times[:, 0::2][inside], times[:, 1::2][inside], groups[inside]))
        on = times[:, -1] < HORIZON_HOURS
        units, began = units[on], times[on, -1]
    return (np.concatenate(parts) for parts in zip(*spells))


def _replication(rng):
    """Transitions, and hours in which a group has two or more units down."""
    starts, ends, groups = _spells(rng)
    transitions = starts.size + np.count_nonzero(ends < HORIZON_HOURS)
    # All groups on one clock, one after the other.
    apart = groups * APART_HOURS
    order = np.argsort(starts + apart)
    starts, ends, apart = (starts + apart)[order], (ends + apart)[order], apart[order]
    # A group is down from each start before which a spell of its own has not ended, until the first of the two ends.
    so_far = np.maximum.accumulate(ends)
    two = np.flatnonzero(starts[1:] < so_far[:-1]) + 1
    begins = starts[two] - apart[two]
    finishes = np.minimum(np.minimum(ends[two], so_far[two - 1]) - apart[two], HORIZON_HOURS)
    # The union of these over all groups.
    order = np.argsort(begins)
    begins, finishes = begins[order], finishes[order]
    covered = np.concatenate(([0.0], np.maximum.accumulate(finishes)[:-1]))
    return transitions, np.maximum(finishes - np.maximum(begins, covered), 0.0).sum()


def k_of_n(replications, seed):
    """Transitions, and the unavailability."""
    rng = np.random.default_rng(seed)
    found = [_replication(rng) for _ in range(replications)]
    units = sum(transitions for transitions, _ in found)
    return units, sum(down for _, down in found) / (replications * HORIZON_HOURS)


def rows():
    """The workloads this engine can run, by name."""
    return {"mm1": mm1, "k-of-n": k_of_n}
