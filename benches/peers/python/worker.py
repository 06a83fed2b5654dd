"""One engine that waits for work, as `src/main.rs`: each line `WORKLOAD SIZE SEED` is answered by `SECONDS UNITS VALUE`."""

import importlib
import sys
import time


def _seconds(work, *arguments):
    """CPU seconds of some work, and what it gives."""
    began = time.process_time()
    given = work(*arguments)
    return time.process_time() - began, given


def main():
    engine = sys.argv[1]
    rows = importlib.import_module(f"{engine}_rows").rows()
    for line in sys.stdin:
        workload, size, seed = line.split()
        row = rows[workload]
        # What is made once, compiled or brought to its steady state, before the clock runs.
        if hasattr(row, "prepare"):
            row.prepare()
        idle = _seconds(row.setting_up, int(seed))[0] if hasattr(row, "setting_up") else 0.0
        seconds, (units, value) = _seconds(row, int(size), int(seed))
        print(seconds - idle, units, value, flush=True)


if __name__ == "__main__":
    main()
