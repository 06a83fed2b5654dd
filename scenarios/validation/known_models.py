#!/usr/bin/env python3
"""Writes the cases of this folder whose systems are model files: `fault_trees.json` and `dft.json`.

Each tree is written down here once more, as a function of what has happened, and its probability summed over all states.
Nothing of Ninefold is used: `python3 scenarios/validation/known_models.py`.
"""

import itertools
import json
import math
import os

HERE = os.path.dirname(os.path.abspath(__file__))


def probability(chances, happens):
    names = list(chances)
    total = []
    for states in itertools.product((False, True), repeat=len(names)):
        state = dict(zip(names, states))
        if happens(state):
            total.append(math.prod(chances[n] if state[n] else 1 - chances[n] for n in names))
    return math.fsum(total)


def write(name, content):
    with open(os.path.join(HERE, name), "w") as file:
        json.dump(content, file, indent=1)
        file.write("\n")


def cooling():
    beta, pump = 0.1, 0.02
    chances = dict(V1=0.01, V2=0.05, Grid=-math.expm1(-0.0002 * 24), Diesel=0.08, Battery=0.003, all=beta * pump)
    chances.update({f"P{i}": (1 - beta) * pump for i in (1, 2, 3)})

    def happens(s):
        power = s["Grid"] and s["Diesel"]
        trains = [
            s["P1"] or s["all"] or power or s["V1"],
            s["P2"] or s["all"] or power,
            s["P3"] or s["all"] or (s["V1"] and s["V2"]),
        ]
        return sum(trains) >= 2 or (s["Grid"] and s["Battery"])

    return probability(chances, happens)


LOOP = dict(L=0.001, R=0.0005, RA=0.0001, T1=0.002, T2=0.003)


def loop(s):
    left = right = False
    for _ in range(3):
        left, right = left or s["L"] or right, right or (s["R"] and (s["RA"] or left))
    return left + right + (s["T1"] and s["T2"]) >= 2


def unreliability(rates, happens, hours):
    return probability({name: -math.expm1(-rate * hours) for name, rate in rates.items()}, happens)


def mean_time(rates, happens):
    """The integral of 1 - F: of each state that is up, exp(-at) for what is up, 1 - exp(-bt) for what is not, multiplied out."""
    names, terms = list(rates), []
    for states in itertools.product((False, True), repeat=len(names)):
        state = dict(zip(names, states))
        if happens(state):
            continue
        gone = [rates[n] for n in names if state[n]]
        there = sum(rates[n] for n in names if not state[n])
        for taken in itertools.product((0, 1), repeat=len(gone)):
            terms.append((-1) ** sum(taken) / (there + sum(r for r, t in zip(gone, taken) if t)))
    return math.fsum(terms)


def main():
    write("fault_trees.json", dict(
        meaning="probability of the top event; basic events are independent",
        models=[dict(model="cooling", file="cooling.xml", expected_top_probability=cooling())],
    ))
    by = {str(hours): unreliability(LOOP, loop, hours) for hours in (10, 200, 2000)}
    write("dft.json", dict(
        computed_with="enumeration of all states, ~1e-10 relative",
        models=[dict(model="loop", file="loop.dft", MTTF=mean_time(LOOP, loop), unreliability=by)],
    ))


if __name__ == "__main__":
    main()
