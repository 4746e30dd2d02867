"""What `lrcourse audit` says: a run looked over, and the same plan in every library side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lrcourse.schedules import Schedule, checks
from lrcourse.schedules.base import number
from lrcourse.schedules.report import Finding, first_knots

from .equivalents import Equivalent, equivalents
from .plans import Plan, plan

DIFFERS = 1e-6  # of the peak: what is told as a difference
GRID = 20_000  # updates that are compared; of longer runs a spread of them, and all that lie around a seam


@dataclass(frozen=True)
class Comparison:
    """An audited run. `rates` holds a column for each library that has the shape, the first one is `yours`."""

    schedule: Schedule
    updates: int
    findings: tuple[Finding, ...]
    steps: tuple[int, ...]
    rates: dict[str, tuple]
    libraries: tuple[Equivalent, ...]
    told: dict[str, str]
    steps_per_epoch: int | None = None

    @property
    def codes(self) -> list[str]:
        return [finding.code for finding in self.findings]

    def differs(self, library: str, i: int) -> bool:
        """Whether a library's rate at `steps[i]` is another than yours, in the six digits that are shown."""
        return _shown(self.rates["yours"][i]) != _shown(self.rates[library][i])

    def table(self) -> str:
        """Rates at the seams, a column for each library; ≠ marks what differs from yours."""
        columns = [["t", *(f"{t:,}" for t in self.steps)]]
        for library, rates in self.rates.items():
            columns.append([f"{library}  ", *(f"{_shown(rate)} {'≠' if self.differs(library, i) else ' '}"
                                              for i, rate in enumerate(rates))])
        widths = [max(map(len, column)) for column in columns]
        return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths)).rstrip()
                         for row in zip(*columns))

    def __str__(self):
        lines = [repr(self.schedule), "", self.schedule.formula, "",
                 f"{type(self.schedule).__name__} over {self.updates:,} updates",
                 *(f"• {finding.text}" for finding in self.findings), ""]
        if len(self.rates) > 1:
            written = [f"• {each.library}: {each.code}" for each in self.libraries if each.code]
            lines += ["The same plan given to each library (≠ marks what differs from yours, none what it refuses):",
                      self.table(), "", *(f"• {library}: {told}" for library, told in self.told.items()), "",
                      "What to write there:", *written]
        lacking = [f"• {each.library} {each.note}." for each in self.libraries if each.note]
        if lacking:
            lines += ["", "No function of their own for this (lrcourse.interop brings yours to any of them):", *lacking]
        return "\n".join(lines)

    def to_dict(self) -> dict:
        """All of it as plain JSON values."""
        return {"schedule": self.schedule.to_dict(), "updates": self.updates, "steps_per_epoch": self.steps_per_epoch,
                "findings": [{"code": f.code, "text": f.text} for f in self.findings],
                "steps": list(self.steps), "rates": {name: list(column) for name, column in self.rates.items()},
                "differs": {name: [self.differs(name, i) for i in range(len(self.steps))] for name in self.rates},
                "libraries": [{"library": each.library, "code": each.code or None, "note": each.note or None,
                               "told": self.told.get(each.library)} for each in self.libraries]}


def compare(schedule: Schedule, updates: int, steps_per_epoch: int | None = None) -> Comparison:
    """Audit a run of `updates` updates, and put the same plan beside it as each library would run it.

    `steps_per_epoch` also asks what becomes of the run if the scheduler is stepped once an epoch.
    """
    updates = checks.whole("updates", updates)
    if steps_per_epoch is not None:
        steps_per_epoch = checks.whole("steps_per_epoch", steps_per_epoch)
    planned = plan(schedule)
    libraries = tuple(equivalents(schedule))
    steps = _seams(schedule, planned, updates)
    rates = {"yours": tuple(_rate(schedule, t) for t in steps)}
    rates |= {each.library: tuple(_rate(each.schedule, t, each.last) for t in steps)
              for each in libraries if each.schedule is not None}
    findings = [*schedule.audit(updates), *_float32(planned, updates), *_epochs(schedule, updates, steps_per_epoch)]
    told = {each.library: _told(schedule, each, updates, steps) for each in libraries if each.schedule is not None}
    return Comparison(schedule, updates, tuple(findings), steps, rates, libraries, told, steps_per_epoch)


def _shown(rate) -> str:
    return "none" if rate is None else number(rate)


def _rate(schedule: Schedule, t: int, last=None) -> float | None:
    """The rate, or None where it is refused."""
    if last is not None and t > last:
        return None
    try:
        return schedule(t)
    except ValueError:
        return None


def _seams(schedule, planned: Plan | None, updates) -> tuple[int, ...]:
    """0, and the steps around the warmup's end (or else the first knot) and around the end."""
    T = updates if schedule.horizon is None else math.ceil(schedule.horizon)
    knots = first_knots(schedule, T)
    first = planned.warmup if planned and planned.warmup else math.ceil(knots[0]) if len(knots) else 0
    around = {0, T - 1, T, T + 1, updates - 1} | ({first - 1, first, first + 1} if first else set())
    return tuple(sorted(t for t in around if t >= 0))


def _told(schedule, each: Equivalent, updates, seams) -> str:
    """How far a library is from yours in the run, and what it does afterwards."""
    end = updates if schedule.horizon is None or schedule.after != "raise" else min(updates, int(schedule.horizon) + 1)
    end = end if each.last is None else min(end, each.last + 1)
    grid = np.unique(np.linspace(0, end - 1, min(end, GRID)).astype(int))
    steps = np.union1d(grid, [t for t in seams if t < end])
    mine, theirs = schedule(steps), each.schedule(steps)
    away = np.abs(theirs - mine) / (mine.max() or 1.0)
    worst = int(np.argmax(away))
    if away[worst] <= DIFFERS:
        told = "the same rates in the run"
    else:
        many = np.count_nonzero(away > DIFFERS) / len(steps)
        share = "at nearly every update" if many > 0.9 else f"at {many:.0%} of the updates" if many >= 0.01 else \
            "at a few updates"
        told = (f"differs {share}, most at t = {steps[worst]:,}: {number(theirs[worst])} "
                f"where yours is {number(mine[worst])}")
    return f"{told}; {_afterwards(each, updates)}."


def _afterwards(each: Equivalent, updates) -> str:
    if each.last is not None:
        return f"its last update is t = {each.last:,}"
    last = each.schedule(updates - 1)
    later = each.schedule(np.linspace(updates, 2 * updates, 64).round())
    if later.max() > last * (1 + 1e-12):
        return "past the run the rate rises again"
    return "past the run the rate falls on" if later.min() < later[0] * (1 - 1e-9) else "past the run the rate stays"


def _float32(planned: Plan | None, updates):
    """1 + cos in single precision, as frameworks compute it: how many of the run's updates come out as exactly 0.

    The cosine is rounded from double precision, for float32's own differs in the last bit from machine to machine.
    """
    if planned is None or planned.kind != "cosine" or planned.floor:
        return
    n, w = planned.n, planned.warmup
    t = np.arange(max(0, n - max(1000, n // 1000)), min(n, updates - w), dtype=np.float32)
    cosine = np.cos((np.float32(np.pi) * t / np.float32(n)).astype(float)).astype(np.float32)
    zeros = int(np.count_nonzero(1 + cosine == 0))
    if zeros:
        yield Finding("float32-cosine-zero", f"Computed as 1 + cos in float32, as many frameworks do, {zeros:,} of "
                                             f"these updates would have rate exactly 0; as sin² none has.")


def _epochs(schedule, updates, n):
    """What becomes of the run if step() is called once an epoch of `n` updates."""
    if n in (None, 1):
        return
    come = (updates - 1) // n
    there, due = _rate(schedule, come), _rate(schedule, updates - 1)
    T = schedule.horizon
    if T is not None and come + 1 <= T <= -(-updates // n) + 1:
        text = (f"Its length, {number(T)}, is this run's number of epochs: right only if step() is called once an "
                f"epoch. Per update it would be over after {number(T)} of {updates:,}: give it T × {n:,}.")
        yield Finding("counted-in-epochs", text)
        return
    text = (f"Were step() called once an epoch of {n:,} updates instead of after each, the run would see only the "
            f"first {come + 1:,} of {updates:,} rates; the last one would be {_shown(there)} instead of {_shown(due)}.")
    yield Finding("stepped-per-epoch", text)
