"""The stills: charts of schedules with their words."""

from __future__ import annotations

import numpy as np

from lrcourse.figures import words
from lrcourse.figures.base import outline
from lrcourse.figures.quick import Curve, Dot, chart

from .base import Still

_COLUMNS = 120
_STEPS = 20_000  # up to so many steps, each is looked at


def rates_still(named: dict, stop: int, t: int | None = None, lines=()) -> Still:
    """The rates of {name: schedule} over steps 0 to `stop`, with a dot on each at step t, and lines of words below."""
    steps = np.unique(np.linspace(0, stop, min(stop, _STEPS) + 1).round().astype(int))
    curves, told, dots, top = [], [], [], 0.0
    for look, (name, schedule) in enumerate(named.items()):
        rates = schedule(steps)
        top = max(top, float(rates.max()))
        curves.append(Curve(*outline(steps, rates, _COLUMNS), name, look))
        told.append(words.sentence(f"{name} {words.shape(steps, rates)}"))
        if t is not None and t <= stop:
            said = f"{words.number(schedule(t), 3)} at step {t:,}" if len(named) == 1 else ""
            dots.append(Dot(t, schedule(t), said))
    axis = {"x_label": "step t", "y_label": "learning rate", "height": 280}
    svg = chart(curves, (0, stop), (0, 1.08 * top or 1), dots=dots, **axis)
    spot = f" A dot marks step {t}." if len(dots) == 1 else f" Dots mark step {t}." if dots else ""
    return Still(svg, f"Learning rate over steps 0 to {stop}. {' '.join(told)}{spot}", tuple(lines))


def span(schedule) -> int:
    """A run long enough to see the whole shape."""
    if schedule.horizon:
        return int(np.ceil(schedule.horizon))
    knots = schedule._knots(1_000_000)[:4]
    if len(knots) > 1:
        return int(np.ceil(knots[-1]))
    for stop in (stop for power in range(2, 6) for stop in (10**power, 3 * 10**power)):
        if schedule(0.7 * stop) < 0.4 * schedule(np.linspace(0, stop, 200)).max():
            return stop
    return int(10 * knots[0]) if knots else 1_000
