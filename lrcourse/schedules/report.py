"""What a schedule says of itself: worked arithmetic, an audit of a run, and its picture in a notebook."""

from __future__ import annotations

import html as markup
import math
from dataclasses import dataclass

import numpy as np

from .base import number

GRID = 200_000  # up to so many updates an audit looks at every one, beyond that at a spread of them and all knots


@dataclass(frozen=True)
class Explanation:
    """The arithmetic of one rate: `lines` of text, and the exact `value`. Printing it shows the lines."""

    schedule: object
    t: float
    lines: tuple[str, ...]
    value: float

    def __str__(self):
        return "\n".join(self.lines)

    __repr__ = __str__


@dataclass(frozen=True)
class Finding:
    """One thing an audit has to say: a short `code` for programs, a sentence for people."""

    code: str
    text: str


@dataclass(frozen=True)
class Audit:
    """Findings about a run of `updates` updates; iterate over it, or print it."""

    schedule: object
    updates: int
    findings: tuple[Finding, ...]

    def __iter__(self):
        return iter(self.findings)

    def __len__(self):
        return len(self.findings)

    @property
    def codes(self) -> list[str]:
        return [finding.code for finding in self.findings]

    def __str__(self):
        title = f"{type(self.schedule).__name__} over {self.updates:,} updates"
        return "\n".join([title, *(f"• {finding.text}" for finding in self.findings)])

    __repr__ = __str__


def audit(schedule, updates: int) -> Audit:
    """Look over the rates that a run of `updates` updates (t = 0 … updates-1) would really use."""
    steps = _probes(schedule, updates)
    ends = schedule.horizon is not None and schedule.after == "raise" and schedule.horizon < updates - 1
    if ends:
        steps = steps[steps <= schedule.horizon]
    rates = schedule(steps)
    found = [_range(steps, rates), *_first(rates), *_last(schedule, updates, ends), *_rises(schedule, updates, ends),
             *_jumps(schedule, updates, rates.max()), *_zeros(steps, rates)]
    return Audit(schedule, updates, tuple(Finding(code, text) for code, text in found))


def first_knots(schedule, stop) -> np.ndarray:
    """The knots in (0, stop), or the first GRID of them; of a long run no more are made than that takes."""
    seen = min(stop, GRID)
    while seen < stop and len(schedule._knots(seen)) < GRID:
        seen = min(4 * seen, stop)
    return np.array([k for k in schedule._knots(seen) if 0 < k < stop][:GRID], dtype=float)


def _probes(schedule, updates: int) -> np.ndarray:
    if updates <= GRID:
        return np.arange(updates, dtype=float)
    knots = first_knots(schedule, updates)
    spread = np.unique(np.concatenate([np.linspace(0, updates - 1, GRID).round(), np.floor(knots), np.ceil(knots),
                                       np.ceil(knots) - 1, np.arange(100), updates - 1 - np.arange(100)]))
    return spread[(spread >= 0) & (spread < updates)]


def _range(steps, rates):
    high, low = int(np.argmax(rates)), int(np.argmin(rates))
    if rates[high] == rates[low]:
        return "range", f"The rate is {number(rates[0])} throughout."
    share = np.trapezoid(rates, steps) / (steps[-1] - steps[0]) / rates[high] if len(steps) > 1 and rates[high] else 1.0
    return "range", (f"The rate is highest at t = {steps[high]:,.0f} ({number(rates[high])}) and lowest at "
                     f"t = {steps[low]:,.0f} ({number(rates[low])}); on average it is {share:.0%} of the highest.")


def _first(rates):
    if rates[0] == 0:
        yield "first-update-zero", ("The first update (t = 0) has rate 0 and changes nothing: "
                                    "start=\"(t+1)/w\" or \"(t+1)/(w+1)\" would use it.")


def _last(schedule, updates, refused):
    T = schedule.horizon
    if T is None:
        return
    if refused:
        yield "refused", (f"The end is at T = {number(T)}: update t = {math.floor(T) + 1:,} would be refused "
                          f"(after='raise').")
        return
    last, end = schedule(updates - 1), schedule(T)
    if updates - 1 < T and last != end:
        shown = f"rate {number(last)}"
        if number(last) == number(end):
            shown += f" ({number(abs(last - end))} {'above' if last > end else 'below'} the end value)"
        yield "end-not-reached", (f"The last update is t = {updates - 1:,} with {shown}; the end value {number(end)} "
                                  f"belongs to t = {number(T)} and is never used in {updates:,} updates.")
    if updates < T:
        yield "cut-short", f"The shape needs {number(T)} steps but only {updates:,} are run: its last part is missing."
    if updates > T + 1 and schedule.after == "hold":
        held = updates - math.ceil(T)
        yield "held", f"The shape is complete at t = {number(T)}: the last {held:,} updates all use {number(end)}."


def _rises(schedule, updates, refused):
    T = schedule.horizon
    if T is not None and not refused and schedule.after == "periodic" and updates - 1 > T:
        yield "rises-after-end", (f"After t = {number(T)} the rate rises again (after='periodic'): the last update "
                                  f"uses {number(schedule(updates - 1))}.")


def _jumps(schedule, updates, peak):
    """Knots at which the rate leaps by more than 0.1 % of its highest value."""
    limit = updates if schedule.horizon is None or schedule.after != "raise" else min(updates, schedule.horizon)
    knots = first_knots(schedule, limit)
    if not len(knots):
        return
    before, at = schedule(np.maximum(np.minimum(knots - 1e-6, np.nextafter(knots, 0)), 0)), schedule(knots)
    leaps = np.flatnonzero(np.abs(at - before) > 1e-3 * peak)
    if len(leaps):
        i = leaps[0]
        last = schedule(math.ceil(knots[i]) - 1)  # the last update before the jump
        more = f", the first of {len(leaps):,} such jumps" if len(leaps) > 1 else ""
        yield "jump", f"At t = {number(knots[i])} the rate jumps from {number(last)} to {number(at[i])}{more}."


def _zeros(steps, rates):
    inside = (rates == 0) & (steps > 0)
    if inside.any():
        yield "zero", (f"From t = {steps[np.argmax(inside)]:,.0f} on there are updates with rate exactly 0: "
                       f"they cost as much as any other and change nothing.")
    vanish = (rates > 0) & (rates.astype(np.float32) == 0)
    if vanish.any():
        yield "float32-zero", (f"From t = {steps[np.argmax(vanish)]:,.0f} on there are rates too small for float32, "
                               f"where they are exactly 0.")


def _picture_span(schedule) -> float:
    """How many steps a small picture should show: the horizon, or until an endless shape has told its story."""
    if schedule.horizon or schedule.after == "raise":
        return schedule.horizon
    for stop in (stop for power in range(2, 7) for stop in (10 ** power, 3 * 10 ** power)):
        rates = schedule(np.linspace(0, 0.7 * stop, 200))
        if rates[-1] < 0.4 * rates.max() or len(schedule._knots(stop)) >= 3:
            return stop
    return 100


def _drawn(schedule, stop, points):
    """Steps to draw and their rates: evenly spread, and at a leap both its sides, so that it is upright."""
    steps = np.linspace(0, stop, points)
    knots = np.append(first_knots(schedule, stop), stop)
    leaps = knots[np.abs(schedule(knots) - schedule(knots * (1 - 1e-9))) > 1e-4 * schedule(steps).max()]
    if len(leaps) < points:  # more of them are closer together than the line is wide
        steps = np.unique(np.concatenate([steps, leaps * (1 - 1e-9), leaps]))
    return steps, schedule(steps)


def html(schedule, points: int = 121) -> str:
    """Name, formula and a small curve, in an <img>: bare SVG is lost in a notebook that is not trusted."""
    stop = _picture_span(schedule)
    steps, rates = _drawn(schedule, stop, points)
    top = rates.max() or 1.0
    dots = " ".join(f"{4 + 232 * t / (stop or 1):.1f},{76 - 68 * r / top:.1f}" for t, r in zip(steps, rates))
    name = markup.escape(repr(schedule))
    alt = (f"Learning rate of {name}: {number(rates[0])} at step 0, highest {number(rates.max())}, "
           f"{number(rates[-1])} at step {number(stop)}.")
    svg = ("<svg xmlns='http://www.w3.org/2000/svg' width='240' height='80' viewBox='0 0 240 80' fill='none'>"
           "<path d='M4 4V76H236' stroke='gray'/>"
           f"<polyline points='{dots}' stroke='rgb(0,114,178)' stroke-width='2'/></svg>")
    picture = f"data:image/svg+xml,{markup.escape(svg, quote=False)}"
    return (f'<div><code>{name}</code><p style="margin:.3em 0">{markup.escape(schedule.formula)}</p>'
            f'<img alt="{alt}" width="240" height="80" src="{picture}"></div>')
