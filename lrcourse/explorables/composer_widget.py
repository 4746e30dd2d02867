"""Warmup, a stable stretch and a cooldown, composed by dragging."""

from __future__ import annotations

from lrcourse.schedules import WSD, from_dict

from .base import Explorable, ScheduleDict
from .still import rates_still


class Composer(Explorable):
    """A WSD schedule with four handles; `schedule` is its dictionary, `built` the schedule itself."""

    title, script = "Compose warmup and cooldown", "composer"
    schedule = ScheduleDict("WSD").tag(sync=True)

    @property
    def built(self) -> WSD:
        return from_dict(self.schedule)

    def still(self):
        return rates_still({"warmup, stable, decay": self.built}, self.built.T_max, lines=[repr(self.built)])


def composer(schedule: WSD | None = None) -> Composer:
    """The composer, starting from the given WSD schedule; read what you made from `composer.built`."""
    schedule = WSD(0.001, T_max=10_000, T_decay=2_000, T_warmup=1_000) if schedule is None else schedule
    if not isinstance(schedule, WSD):
        raise TypeError(f"the composer takes a WSD schedule, got {schedule!r}")
    return Composer(schedule=schedule)
