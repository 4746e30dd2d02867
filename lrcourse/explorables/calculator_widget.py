"""The step-by-step calculator of sections 8.4 and 8.8: one rate, and every line of the arithmetic behind it."""

from __future__ import annotations

import traitlets

from lrcourse.schedules import CosineAnnealing, Schedule, from_dict

from .base import MOST, Explorable, ScheduleDict
from .still import rates_still, span
from .studio_widget import words_of

#: The kinds whose arithmetic the browser writes out (explain.js); a test holds the two lists together.
EXPLAINED = ("Fixed", "CosineAnnealing", "Linear", "StepDecay", "ExponentialDecay", "Warmup", "WarmupCosine",
             "OneCycle", "WSD")


class Calculator(Explorable):
    """The rate of `schedule`, a dictionary as to_dict() writes it, at step `t`."""

    title, script = "Step-by-step calculator", "calculator"
    schedule = ScheduleDict(*EXPLAINED).tag(sync=True)
    t = traitlets.Int(min=0, max=MOST).tag(sync=True)

    @property
    def value(self) -> float:
        """The rate that is shown."""
        return from_dict(self.schedule)(self.t)

    def still(self):
        schedule = from_dict(self.schedule)
        stop = max(span(schedule), self.t)
        return rates_still({words_of(schedule): schedule}, stop, self.t, str(schedule.explain(self.t)).split("\n"))


def calculator(schedule: Schedule | None = None, t: int = 2_500) -> Calculator:
    """The arithmetic of one rate, line by line: `calculator(WarmupCosine(0.001, 10_000, 1_000), t=3_250)`."""
    schedule = CosineAnnealing(0.001, T_max=10_000) if schedule is None else schedule
    if type(schedule).__name__ not in EXPLAINED:
        raise ValueError(f"the calculator explains {', '.join(EXPLAINED)}, got {schedule!r}: "
                         f"print(schedule.explain(t)) does it for all")
    return Calculator(schedule=schedule, t=t)
