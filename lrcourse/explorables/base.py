"""What every explorable is: a widget whose picture is drawn in the browser, and a still of it for everywhere else."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from html import escape

import anywidget
import traitlets

from lrcourse.figures import Figure
from lrcourse.figures.quick import chart
from lrcourse.schedules import Schedule, from_dict

from . import bundle


@dataclass(frozen=True)
class Still:
    """What an explorable shows at one setting, as a picture with its description and lines of words below it."""

    svg: str
    alt: str
    lines: tuple[str, ...] = ()


class Explorable(anywidget.AnyWidget):
    """A widget drawn by `<script>.js`; a subclass names its `title` and `script`, its traits, and gives `still`.

    The traits are its whole state: they are set from Python and by hand, and each side follows the other. Where no
    kernel runs, the output's text/html has the still picture and the state, from which a page with our script
    (docs/) brings the same module to life.
    """

    title = ""
    script = ""

    def __init_subclass__(cls, **kwargs):
        if "script" in cls.__dict__:  # anywidget subclasses once more, with traits of its own
            cls._esm, cls._css = bundle.module(cls.script), bundle.style()
        super().__init_subclass__(**kwargs)

    @property
    def state(self) -> dict:
        """The traits' values: what the page and Python share."""
        ours = set(self.trait_names(sync=True)) - set(anywidget.AnyWidget.class_trait_names())
        return {name: getattr(self, name) for name in sorted(ours) if not name.startswith("_")}

    def still(self) -> Still:
        raise NotImplementedError

    def _shown(self) -> Still:
        """The still, or why there is none: what is typed in the browser may be no schedule for a while."""
        try:
            return self.still()
        except (TypeError, ValueError) as error:
            told = f"There is no picture of these numbers: {error}"
            return Still(chart([], (0, 1), (0, 1), x_label="", y_label="", height=120), f"{told.rstrip('.')}.")

    def __repr__(self):
        still = self._shown()
        return "\n".join([self.title, still.alt, *still.lines])

    def _repr_mimebundle_(self, **kwargs):
        made = super()._repr_mimebundle_(**kwargs)
        data, metadata = made if isinstance(made, tuple) else (made or {}, {})
        return {**data, "text/html": self._html(), "text/plain": repr(self)}, metadata

    def _html(self) -> str:
        still = self._shown()
        state = escape(json.dumps(self.state, ensure_ascii=False))
        lines = "".join(f"<p>{escape(line)}</p>" for line in still.lines)
        return (f'<div class="lrcourse-explorable" data-explorable="{self.script}" data-state="{state}">'
                f"{Figure(still.svg, still.alt).html}{lines}</div>")


#: The greatest whole number that the browser's numbers hold exactly.
MOST = 2**53 - 1


class Finite(traitlets.Float):
    """A number that travels as JSON, which knows neither nan nor inf."""

    def validate(self, obj, value):
        value = super().validate(obj, value)
        if not math.isfinite(value):
            raise ValueError(f"{self.name} must be a finite number, got {value!r}")
        return value


class ScheduleDict(traitlets.Dict):
    """A schedule as its dictionary; a schedule itself may be given. `kinds`: what it may be, all where none are named.

    What comes from Python must be a schedule. What is typed in the browser is taken as it is: on the way from one
    schedule to another, the numbers may be none for a while, and the page says so.
    """

    def __init__(self, *kinds: str, **kwargs):
        super().__init__(**kwargs)
        self.kinds = kinds

    def validate(self, obj, value):
        value = super().validate(obj, value.to_dict() if isinstance(value, Schedule) else value)
        if getattr(obj, "_property_lock", None):  # ipywidgets, while it takes over what the browser sends
            return value
        schedule = from_dict(value)
        kind = type(schedule).__name__
        if self.kinds and kind not in self.kinds:
            raise ValueError(f"{self.name} must be one of {', '.join(self.kinds)}, got {schedule!r}")
        return schedule.to_dict()
