"""The workloads on RePyability, compiled with numba, one thread."""

import surpyval
from repyability import PerfectReliability, RepairableRBD

from workloads import GROUPS, HORIZON_HOURS, LIFE_HOURS, REPAIR_HOURS, REPAIR_SIGMA, SIZE, TRANSITIONS, repair_mu


def _diagram(repair, crews=None):
    """Ten votes of 99 out of 100 in series."""
    unit = {
        "reliability": surpyval.Exponential.from_params([1.0 / LIFE_HOURS]),
        "repairability": repair,
    }
    edges, components, votes, before = [], {}, {}, "in"
    for group in range(GROUPS):
        vote = f"vote-{group}"
        for number in range(SIZE):
            name = f"unit-{group}-{number}"
            components[name] = unit
            edges += [(before, name), (name, vote)]
        components[vote] = PerfectReliability
        votes[vote] = SIZE - 1
        before = vote
    edges.append((before, "out"))
    return RepairableRBD(edges, components, k=votes, repair_crews=crews)


class _Simulated:
    """Replications of a diagram; a curve over time of as few points as it allows is the least work beside them."""

    def __init__(self, diagram):
        self.diagram = diagram
        self.compiled = False

    def _unavailability(self, replications, seed):
        result = self.diagram.availability(
            t_simulation=HORIZON_HOURS,
            mc_samples=replications,
            seed=seed,
            engine="numba",
            n_jobs=1,
            control_variate=False,
            conditional=False,
            curve_points=2,
        )
        return 1.0 - result.system_uptime / (replications * HORIZON_HOURS)

    def prepare(self):
        """Compiles, or loads what was compiled."""
        if not self.compiled:
            self._unavailability(1, 1)
            self.compiled = True

    def setting_up(self, seed):
        """Each call analyses the diagram for some seconds before it simulates: timed to be taken off."""
        self._unavailability(1, seed)

    def __call__(self, replications, seed):
        """Transitions beyond those of `setting_up`, and the unavailability."""
        return TRANSITIONS * replications, self._unavailability(replications + 1, seed)


def rows():
    """The workloads this engine can run, by name."""
    lognormal = surpyval.LogNormal.from_params([repair_mu(), REPAIR_SIGMA])
    exponential = surpyval.Exponential.from_params([1.0 / REPAIR_HOURS])
    return {"k-of-n": _Simulated(_diagram(lognormal)), "crews": _Simulated(_diagram(exponential, crews=1))}
