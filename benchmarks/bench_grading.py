"""Grading measured: `.venv/bin/python benchmarks/bench_grading.py [--quick]`. A part that cannot run here says so.

Speed: whole commands, start included, on the same notebooks: `lrcourse grade` with two jobs against `nbgrader
autograde` and `otter run` (both in `.venv-grading`, set up by `make test-grading`). Safety: thousands of submissions
with kill -9 in between; what was lost, what is there twice, and how much memory the grader took at its highest.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "grading"), str(ROOT / "benchmarks")]

import grading_rivals  # noqa: E402
from synthetic import hand_in, shared  # noqa: E402

GOALS = {"nbgrader": 25, "cold seconds": 5.0, "memory": 1.2}
CLASSES = (("8.8", False), ("8.8", True), ("schedules_by_hand", False), ("schedules_by_hand", True))


def command(submitted: Path, course: Path, name: str) -> list[str]:
    told = ["grade", submitted, "--assignment", name, "--course", course, "--same-numbers", "--jobs", "2", "--json"]
    return [sys.executable, "-m", "lrcourse", *map(str, told)]


def grade(submitted: Path, course: Path, name: str) -> float:
    """The whole command; how many seconds it took."""
    began = time.perf_counter()
    subprocess.run(command(submitted, course, name), cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def marks(course: Path, name: str) -> dict[str, float]:
    with contextlib.closing(sqlite3.connect(course / "grades.db")) as db:
        return dict(db.execute("SELECT student, points FROM grades WHERE assignment = ?", (name,)))


def verdict(reached: bool) -> str:
    return "" if reached else "   GOAL MISSED"


# ---- speed -----------------------------------------------------------------------------------------------------------


def speed(folder: Path, count: int, some: int, few: int) -> None:
    print(
        f"\nsubmissions a second, whole commands: a class of {count}; of it {some} for nbgrader, {few} for otter-grader"
    )
    rivals = grading_rivals.there()
    if not rivals:
        print("nbgrader and otter-grader are not measured: `make test-grading` sets them up")
    for name, figures in CLASSES:
        assignment, label = shared(name), f"{name}{' with figures' if figures else ''}"
        here = folder / label.replace(" ", "-")
        points = hand_in(here / "submitted", assignment, count, figures=figures)
        seconds = grade(here / "submitted", here / "course", name)
        assert marks(here / "course", name) == points, "a mark is not what it should be"
        told = []
        for rival, measured in (("nbgrader", some), ("otter", few)) if rivals else ():
            work = here / rival
            work.mkdir()
            part = hand_in(work / "class", assignment, measured, figures=figures)  # the same notebooks, fewer of them
            taken, theirs = getattr(grading_rivals, rival)(work, assignment, work / "class")
            told.append((rival, measured / taken, "same marks" if theirs == part else "OTHER MARKS"))
        seconds += grade(here / "submitted", here / "again", name)  # before and after, for the machine may be busy
        ours = 2 * count / seconds
        print(f"{label:32} lrcourse grade {ours:6.2f}/s")
        for rival, theirs, same in told:
            missed = verdict(ours / theirs >= GOALS.get(rival, 0))
            print(
                f"{'':32} {rival:14} {theirs:6.2f}/s; lrcourse is {ours / theirs:.0f} times as fast ({same}){missed}",
                flush=True,
            )


def cold(folder: Path) -> None:
    hand_in(folder / "ten", shared("8.8"), 10, figures=True)
    seconds = grade(folder / "ten", folder / "cold", "8.8")
    told = verdict(seconds <= GOALS["cold seconds"])
    print(f"\n10 notebooks with figures, from the command's start to its end: {seconds:.2f} s{told}")


# ---- thousands, killed in between, and memory ------------------------------------------------------------------------


def highest(pid: int) -> int:
    """The most memory that a process had so far, in MB."""
    with contextlib.suppress(OSError, StopIteration, ValueError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024
    return 0


def written(course: Path) -> int:
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(course / "grades.db")) as db:
        return db.execute("SELECT count(*) FROM grades").fetchone()[0]
    return 0


def watched(submitted: Path, course: Path, until: int | None, chance: random.Random) -> tuple[int, bool]:
    """Run the command, and kill it once so many rows are there; its highest memory, and whether it was killed."""
    process = subprocess.Popen(command(submitted, course, "8.8"), cwd=ROOT, stdout=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        most = max(most, highest(process.pid))
        if until is not None and written(course) >= until:
            time.sleep(chance.uniform(0, 0.1))
            process.send_signal(signal.SIGKILL)
            process.wait()
            return most, True
        time.sleep(0.1)
    return most, False


def thousands(folder: Path, count: int, kills: int) -> None:
    assignment, chance = shared("8.8"), random.Random(8)
    hand_in(folder / "few", assignment, count // 10)
    points = hand_in(folder / "many", assignment, count)
    small, _ = watched(folder / "few", folder / "course-few", None, chance)
    began, killed = time.perf_counter(), 0
    for number in range(kills):
        until = int(count * (number + chance.random()) / (3 * kills))  # in the first third: the last run is the longest
        killed += watched(folder / "many", folder / "course-many", until, chance)[1]
    memory, _ = watched(folder / "many", folder / "course-many", None, chance)
    seconds = time.perf_counter() - began
    with contextlib.closing(sqlite3.connect(folder / "course-many" / "grades.db")) as db:
        rows = db.execute("SELECT student, points FROM grades").fetchall()
    got = dict(rows)
    lost = len(points.keys() - got.keys())
    other = sum(got[student] != points[student] for student in got)
    twice = len(rows) - len(got)
    print(f"\n{count:,} submissions, kill -9 {killed} times: lost {lost}, twice {twice}, other marks {other}")
    print(f"in {seconds:.0f} s with every restart: {count / seconds:.1f}/s{verdict(lost == twice == other == 0)}")
    told = f"{small} MB for {count // 10:,}, {memory} MB at the end of {count:,}"
    print(f"most memory of the grader: {told}{verdict(memory <= GOALS['memory'] * small)}")


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    told.add_argument("--quick", action="store_true", help="a tenth of it")
    told.add_argument("--part", choices=("speed", "cold", "thousands"), help="only this one")
    args = told.parse_args()
    count, some, few, many = (30, 4, 1, 1_000) if args.quick else (150, 24, 6, 10_000)
    folder = Path(tempfile.mkdtemp(prefix="lrcourse-bench-"))
    print(f"{len(os.sched_getaffinity(0))} processors, load {os.getloadavg()[0]:.1f} before we start")
    try:
        if args.part in (None, "cold"):
            cold(folder)
        if args.part in (None, "speed"):
            speed(folder, count, some, few)
        if args.part in (None, "thousands"):
            thousands(folder, many, 4)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
