"""The sizes of the workloads, as in `src/workload.rs`."""

import math

GROUPS = 10
SIZE = 100
LIFE_HOURS = 8760.0
REPAIR_HOURS = 4.0
REPAIR_SIGMA = 1.0
HORIZON_HOURS = 87_600.0
LOAD = 0.8

#: Transitions of a replication of k-of-n on average: two a cycle of life and repair.
TRANSITIONS = 2 * GROUPS * SIZE * HORIZON_HOURS / (LIFE_HOURS + REPAIR_HOURS)


def repair_mu():
    """The mean of the logarithm of a repair in hours."""
    return math.log(REPAIR_HOURS) - REPAIR_SIGMA**2 / 2
