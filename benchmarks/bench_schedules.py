"""How fast schedules are, each beside a peer in the same run: `make bench` or `python benchmarks/bench_schedules.py`.

Times are the best of several interleaved repeats; only the ratios mean anything on another machine.
"""

import math
import os
import subprocess
import sys
import timeit

import numpy as np

from lrcourse.schedules import CosineAnnealing, WarmupCosine

T, W, HIGH, LOW = 10_000_000, 1_000_000, 1e-3, 1e-5
GOALS = {"grid": 0.25, "array": 0.9, "closure": 1.5, "import": 15.0}


def plain(t):
    """The text's formula as anyone would write it."""
    return LOW + (HIGH - LOW) * (1 + np.cos(np.pi * t / T)) / 2


def plain_closure():
    def rate(t):
        return LOW + (HIGH - LOW) * (1 + math.cos(math.pi * t / T)) / 2
    return rate


def plain_warmup_closure():
    def rate(t):
        if t < W:
            return HIGH * t / W
        return LOW + (HIGH - LOW) * (1 + math.cos(math.pi * (t - W) / (T - W))) / 2
    return rate


def best(jobs: dict, repeat: int, number: int = 1) -> dict:
    """Seconds a call of each job: the best of `repeat` rounds in which all take their turn."""
    times = {name: [] for name in jobs}
    for _ in range(repeat):
        for name, job in jobs.items():
            times[name].append(timeit.timeit(job, number=number) / number)
    return {name: min(took) for name, took in times.items()}


def each(rate, steps=range(0, T, T // 5_000)):
    for t in steps:
        rate(t)


def import_times(repeat: int = 7) -> float:
    """Milliseconds that `import lrcourse.schedules` takes once NumPy is there (bytecode cached, as in ordinary use)."""
    code = ("import numpy, time; t = time.perf_counter(); import lrcourse.schedules; "
            "print(1e3 * (time.perf_counter() - t))")
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return min(float(subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True,
                                    check=True).stdout) for _ in range(repeat))


def main():
    schedule, steps, out = CosineAnnealing(HIGH, T, LOW), np.arange(T, dtype=float), np.empty(T)
    took = best({"plain": lambda: plain(steps), "grid": lambda: schedule.values(T),
                 "grid, out=": lambda: schedule.values(T, out=out), "array": lambda: schedule(steps)}, repeat=5)
    by_hand, warmup_by_hand = plain_closure(), plain_warmup_closure()
    cosine, joined = schedule.compile(), WarmupCosine(HIGH, T, W, LOW).compile()
    calls = best({"plain": lambda: each(by_hand), "closure": lambda: each(cosine),
                  "plain warmup": lambda: each(warmup_by_hand), "warmup closure": lambda: each(joined)},
                 repeat=9, number=10)
    rows = [("values(1e7) of cosine / plain NumPy formula", took["grid"] / took["plain"], GOALS["grid"]),
            ("the same with out=", took["grid, out="] / took["plain"], GOALS["grid"]),
            ("any array of 1e7 steps / plain NumPy formula", took["array"] / took["plain"], GOALS["array"]),
            ("compile() of cosine / hand-written closure", calls["closure"] / calls["plain"], GOALS["closure"]),
            ("compile() of WarmupCosine / hand-written", calls["warmup closure"] / calls["plain warmup"],
             GOALS["closure"]),
            ("import over NumPy, ms", import_times(), GOALS["import"])]
    print(f"{'what':48}{'ratio':>8}{'goal':>8}")
    for what, ratio, goal in rows:
        print(f"{what:48}{ratio:8.2f}{goal:8.2f}{'' if ratio <= goal else '   MISSED'}")


if __name__ == "__main__":
    main()
