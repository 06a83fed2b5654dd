"""The same work on this engine and on its peers, in turns, within one run; the table it prints is Markdown.

Each engine is a process of its own that waits for work (`src/main.rs`, `python/worker.py`) and measures its own CPU
time. A round asks every engine for every workload once; engines follow one another within a workload, so that what
disturbs the machine disturbs them alike. Every answer is held to the known one, and a wrong one ends the run.
"""

import argparse
import datetime
import math
import os
import pathlib
import platform
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent

#: Engines in the order in which they take turns; those of ours are named by their way.
OURS = ["kernel", "events", "special"]
SETS = ["ring", "ladder", "heap", "std-heap"]
COMPILED = ["desque", "simcore", "nexosim"]
INTERPRETED = ["numpy", "simpy", "repyability"]

#: How each engine is called in the table.
TITLES = {
    "kernel": "ours, small model on the kernel",
    "events": "ours, mechanisms by events",
    "special": "ours, special path",
    "ring": "our ring alone",
    "ladder": "our ladder alone",
    "heap": "our heap alone",
    "std-heap": "std `BinaryHeap`",
    "numpy": "NumPy",
    "simpy": "SimPy",
    "repyability": "RePyability, numba",
}

HOLDERS = ["kernel", *SETS, *COMPILED, "simpy"]
QUEUES = ["kernel", "special", *COMPILED]
#: For each workload: who runs it, and its size (holds, customers or replications). A thousand pending events pass a
#: thousandth of an hour a hold; engines that keep time in floats lose nanoseconds after 2,500 hours, so it is the shorter.
WORKLOADS = {
    "hold-1e3": (HOLDERS, 250_000),
    "hold-1e5": (HOLDERS, 2_000_000),
    "hold-1e6": ([name for name in HOLDERS if name != "simpy"], 2_000_000),
    "mm1": ([*QUEUES, "numpy", "simpy"], 1_000_000),
    "mm10": ([*QUEUES, "simpy"], 1_000_000),
    "k-of-n": (["events", *QUEUES, "numpy", "simpy", "repyability"], 50),
    "crews": (["kernel", "repyability"], 50),
}

#: Engines that would take too long, or have a cost of setting up that only much work hides, run another size.
SHARES = {"simpy": 0.1, "repyability": 12.0}

#: Known answers, and the standard deviation of one unit of size, measured and rounded up: a replication, or a customer
#: as the root of a run's length scales it. Mean waits by Erlang C, unavailabilities as in `benches/src/closed_form.rs`.
KNOWN = {
    "mm1": (4.0, 47.0),
    "mm10": (0.204590, 4.1),
    "k-of-n": (0.009964, 0.00075),
    "crews": (0.052553, 0.0037),
}

#: A workload, our way, the peer, and how many times as fast we mean to be.
TARGETS = [
    ("k-of-n", "kernel", "desque", 2.5),
    ("k-of-n", "events", "kernel", 1 / 1.5),
    ("k-of-n", "special", "desque", 6.0),
    ("k-of-n", "special", "repyability", 25.0),
    ("crews", "kernel", "repyability", 15.0),
    ("hold-1e3", "kernel", "desque", 3.0),
    ("hold-1e5", "kernel", "desque", 6.0),
    ("hold-1e6", "kernel", "desque", 18.0),
    ("mm1", "kernel", "desque", 2.0),
    ("mm1", "special", "desque", 14.0),
    ("mm10", "special", "desque", 14.0),
]


class Engine:
    """A process that waits for work."""

    def __init__(self, name, command):
        self.name = name
        # One thread each, whatever a library would like.
        single = dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"], "1")
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **single}
        )

    def run(self, workload, size, seed):
        """CPU seconds, units done, and the answer."""
        self.process.stdin.write(f"{workload} {size} {seed}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if len(answer) != 3:
            raise SystemExit(f"{self.name} failed at {workload}; see above")
        return tuple(map(float, answer))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def engines(arguments):
    """All engines, started."""
    compiled = [*OURS, *SETS, *COMPILED]
    started = {name: Engine(name, [arguments.binary, name]) for name in compiled}
    if arguments.python:
        worker = str(HERE / "python" / "worker.py")
        started |= {name: Engine(name, [arguments.python, worker, name]) for name in INTERPRETED}
    return started


def check(workload, engine, size, value, digest):
    """Whether an answer is the known one: the same popped times, or within 5 standard errors. A peer that pops other times
    (float clocks, two events of one instant at once) is left out of that workload, and said so; anything else ends the run.
    """
    if workload.startswith("hold"):
        # SimPy draws for itself: its clock has to go on as fast as so many pending events make it.
        right = abs(value - 1.0) < 0.05 if engine == "simpy" else value == digest
        known = 1.0 if engine == "simpy" else digest
    else:
        known, deviation = KNOWN[workload]
        right = abs(value - known) < 5.0 * deviation / math.sqrt(size)
    if not right and workload.startswith("hold") and engine in COMPILED:
        print(f"{engine} pops other times at {workload}: left out", file=sys.stderr, flush=True)
        return False
    if not right:
        raise SystemExit(f"{engine} answers {value} at {workload}, but {known} is right")
    return True


def measure(arguments):
    """Nanoseconds per unit of every (workload, engine), round by round; the first round warms up and is not kept."""
    started = engines(arguments)
    found, left_out = {}, set()
    for turn in range(arguments.rounds + 1):
        for workload, (names, size) in WORKLOADS.items():
            digest = None
            for name in names:
                if name not in started:
                    continue
                own = max(1, int(size * SHARES.get(name, 1.0) * arguments.share))
                seconds, units, value = started[name].run(workload, own, turn + 1)
                # The first that holds is ours; the standard heap, which decides, is among those it must agree with.
                digest = value if digest is None else digest
                if not check(workload, name, own, value, digest):
                    left_out.add((workload, name))
                if turn > 0:
                    found.setdefault((workload, name), []).append(seconds / units * 1e9)
        print(f"round {turn} of {arguments.rounds} is done", file=sys.stderr, flush=True)
    for engine in started.values():
        engine.close()
    return {cell: times for cell, times in found.items() if cell not in left_out}


def significant(value):
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def tables(found):
    """All figures, then the targets."""
    names = list(dict.fromkeys(name for _, name in found))
    names.sort(key=[*OURS, *SETS, *COMPILED, *INTERPRETED].index)
    yield "CPU time in ns per unit (hold, customer, transition): minimum (median) of the rounds.\n"
    yield "| engine | " + " | ".join(WORKLOADS) + " |"
    yield "|---" * (len(WORKLOADS) + 1) + "|"
    for name in names:
        cells = []
        for workload in WORKLOADS:
            times = found.get((workload, name))
            cells.append(f"{significant(min(times))} ({significant(statistics.median(times))})" if times else "–")
        yield f"| {TITLES.get(name, name)} | " + " | ".join(cells) + " |"
    yield "\nRatios of the minima of this run (of the medians in brackets), held to the targets.\n"
    yield "| workload | ours | peer | times as fast | target | |"
    yield "|---|---|---|---|---|---|"
    for workload, way, peer, target in TARGETS:
        ours, theirs = found.get((workload, way)), found.get((workload, peer))
        if not ours or not theirs:
            continue
        ratio = min(theirs) / min(ours)
        middle = statistics.median(theirs) / statistics.median(ours)
        verdict = "met" if ratio >= target else "**missed**"
        yield f"| {workload} | {way} | {peer} | {ratio:.1f} ({middle:.1f}) | {target:.2g} | {verdict} |"


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]


def machine(arguments):
    """What this was measured on and with."""
    info = pathlib.Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())
    flags = next((line for line in lines if line.startswith("flags")), "")
    widest = next((name for flag, name in [("avx512f", "AVX-512"), ("avx2", "AVX2")] if flag in flags), "baseline")
    yield f"- Machine: {model}, {widest}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    yield f"- Load at the end: {os.getloadavg()[0]:.1f} (1 is this run alone)"
    yield f"- Date: {datetime.date.today()}; {arguments.rounds} rounds after one to warm up"
    yield f"- Built by: {first_line('rustc', '--version')}, release, `lto = \"fat\"`, one codegen unit, no `target-cpu`"
    lock = (HERE / "Cargo.lock").read_text().split("[[package]]")
    wanted = {f'name = "{name}"': name for name in COMPILED}
    versions = [
        f"{name} {part.split('version = ')[1].splitlines()[0].strip(chr(34))}"
        for part in lock
        for line, name in wanted.items()
        if line in part.splitlines()
    ]
    if arguments.python:
        ask = "import importlib.metadata as m, platform as p; print('Python', p.python_version(), *[', '+n+' '+m.version(n)"
        ask += " for n in ('numpy', 'simpy', 'repyability', 'numba')], sep='')"
        versions.append(first_line(arguments.python, "-c", ask).replace("Python", "Python "))
    yield f"- Versions: {', '.join(versions)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, help="the compiled engines")
    parser.add_argument("--python", help="a Python that has NumPy, SimPy and RePyability; without it they are left out")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="two rounds of a tenth of the work: to see that it runs")
    arguments = parser.parse_args()
    arguments.share = 0.1 if arguments.quick else 1.0
    arguments.rounds = 2 if arguments.quick else arguments.rounds
    found = measure(arguments)
    for line in [*machine(arguments), "", *tables(found)]:
        print(line)


if __name__ == "__main__":
    main()
