"""The schedule studio: any schedules of the course, up to three at once, with their numbers in your hands."""

from __future__ import annotations

import traitlets

from lrcourse.figures import words
from lrcourse.schedules import CosineAnnealing, Schedule, WarmupCosine, from_dict

from .base import MOST, Explorable, ScheduleDict
from .still import rates_still, span


class Studio(Explorable):
    """Schedules on one chart. `schedules` are dictionaries, as to_dict() writes them; `steps` 0 shows all of them."""

    title, script = "Schedule studio", "studio"
    schedules = traitlets.List(ScheduleDict(), minlen=1, maxlen=3).tag(sync=True)
    t = traitlets.Int(min=0, max=MOST).tag(sync=True)
    steps = traitlets.Int(0, min=0, max=MOST).tag(sync=True)
    logarithmic = traitlets.Bool(False).tag(sync=True)
    linked = traitlets.Bool(True).tag(sync=True)  # a change of one schedule's peak, say, changes the others' too

    @property
    def built(self) -> list[Schedule]:
        """The schedules as they stand now."""
        return [from_dict(one) for one in self.schedules]

    def still(self):
        built = self.built
        names = [words_of(one) for one in built]
        named = {name if names.count(name) == 1 else f"{name} {i}": one
                 for i, (name, one) in enumerate(zip(names, built), start=1)}
        lines = [f"{name}: η({self.t}) ≈ {words.number(one(self.t))}" for name, one in named.items()]
        return rates_still(named, self.steps or max(map(span, built)), self.t, lines)


def studio(*schedules: Schedule, t: int = 2_500, steps: int = 0, **start) -> Studio:
    """The studio with the given schedules in it, at most three; without any, two of the text's.

    `steps` is how many are shown (0: the whole shapes); further `logarithmic=True`, `linked=False`.
    """
    for one in schedules:
        if not isinstance(one, Schedule):
            raise TypeError(f"the studio takes schedules of lrcourse.schedules, got {one!r}: write Fixed(0.001), say")
    if unknown := set(start) - {"logarithmic", "linked"}:
        raise TypeError(f"the studio has no {unknown.pop()!r}: beside schedules it takes t, steps, logarithmic, linked")
    if len(schedules) > 3:
        raise ValueError(f"the studio draws at most 3 schedules, got {len(schedules)}: leave some out")
    chosen = schedules or (WarmupCosine(0.001, 10_000, 1_000), CosineAnnealing(0.001, 10_000))
    return Studio(schedules=list(chosen), t=t, steps=steps, **start)


NAMES = {
    "Fixed": "fixed rate", "CosineAnnealing": "cosine annealing", "Linear": "straight line", "StepDecay": "step decay",
    "ExponentialDecay": "exponential decay", "Warmup": "warmup", "WarmupCosine": "warmup + cosine",
    "OneCycle": "one cycle", "WSD": "warmup, stable, decay", "InverseSqrt": "inverse square root",
    "Polynomial": "polynomial", "Cyclic": "triangles", "CosineRestarts": "cosine with restarts",
    "Join": "joined parts", "Product": "a product", "Scaled": "a scaled schedule", "Until": "a part",
    "Ahead": "seen ahead",
}


def words_of(schedule: Schedule) -> str:
    """What a schedule is called on the charts."""
    kind = type(schedule).__name__
    return NAMES.get(kind, kind)
