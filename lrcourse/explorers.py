"""Pictures that follow their controls: `explore_cosine()`, `explore_schedules()` and `explore_driver()`.

An explorer is thin: its view is a pure function of the controls' values, tested without any widget. One HTML widget
holds the picture and stays; a move of a control replaces the text inside it. A notebook that has not been run, and a
page without a kernel, show the starting picture as an image with its description.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from itertools import count

import ipywidgets as widgets
import numpy as np
import traitlets

from lrcourse import schedules
from lrcourse.figures import Figure, words
from lrcourse.figures.base import outline
from lrcourse.figures.quick import Curve, Dot, chart
from lrcourse.quadratic import NoisyQuadratic

__all__ = ["Explorer", "Panel", "View", "explore_cosine", "explore_driver", "explore_schedules"]

_COLUMNS = 100  # points are few, since they travel at every move
_NUMBERS = count(1)
_SIDE_BY_SIDE = "display:flex;flex-wrap:wrap;gap:8px"
_PANEL = "flex:1 1 280px;max-width:460px;min-width:0"


@dataclass(frozen=True)
class Panel:
    """One chart with its description."""

    svg: str
    alt: str


@dataclass(frozen=True)
class View:
    """What an explorer shows for one setting of its controls: charts, and lines of words below them."""

    panels: tuple[Panel, ...]
    lines: tuple[str, ...]


class Explorer:
    """Controls above a picture that follows them: `controls` by name, `view(**values)` what to show.

    `shown(**values)`, if given, names the controls that matter now; the others are put away.
    """

    def __init__(self, title: str, controls: dict[str, widgets.Widget], view: Callable[..., View], shown=None):
        self.title, self.controls, self._view, self._shown = title, controls, view, shown
        self._name = f"lrcourse-explorer-{next(_NUMBERS)}"
        self.picture = widgets.HTML()
        self.box = widgets.VBox([*controls.values(), self.picture])
        for control in controls.values():
            control.observe(self._follow, "value")
        self._follow()

    @property
    def values(self) -> dict:
        return {name: control.value for name, control in self.controls.items()}

    @property
    def view(self) -> View:
        return self._view(**self.values)

    def _follow(self, change=None):
        self.picture.value = _live(self.view, self.title, self._name)
        if self._shown:
            shown = self._shown(**self.values)
            for name, control in self.controls.items():
                control.layout.display = None if name in shown else "none"

    def __repr__(self):
        view = self.view
        return "\n".join([self.title, *(panel.alt for panel in view.panels), *view.lines])

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = self.box._repr_mimebundle_() or {}
        return {**bundle, "text/html": _still(self.view), "text/plain": repr(self)}


def _live(view: View, title: str, name: str) -> str:
    """The view as inline SVG. Each chart is named by a title and a description that follow the controls."""
    charts = []
    for place, panel in enumerate(view.panels):
        this = f"{name}-{place}"
        head, body = panel.svg.removeprefix("<svg").split(">", 1)
        charts.append(
            f"<div style='{_PANEL}'>"
            f"<svg role='img' aria-labelledby='{this}-title {this}-desc' style='width:100%;height:auto'{head}>"
            f"<title id='{this}-title'>{escape(title)}</title><desc id='{this}-desc'>{escape(panel.alt)}</desc>"
            f"{body}</div>"
        )
    return f"<div style='{_SIDE_BY_SIDE}'>{''.join(charts)}</div>{_written(view)}"


def _still(view: View) -> str:
    """The view as images with alt text, for where no kernel runs."""
    images = "".join(f"<div style='{_PANEL}'>{Figure(panel.svg, panel.alt).html}</div>" for panel in view.panels)
    return f"<div style='{_SIDE_BY_SIDE}'>{images}</div>{_written(view)}"


def _written(view: View) -> str:
    lines = "<br>".join(map(escape, view.lines))
    return f"<div style='line-height:1.5;padding:4px 8px;overflow-wrap:anywhere'>{lines}</div>"


# Controls


class Control(widgets.HBox):
    """One number or choice, twice: as a field with its name, and as a slider for the mouse or the arrow keys.

    A slider of ipywidgets has no name that a screen reader could say, but its field has. In JupyterLab the arrow keys
    move between cells unless a control takes them: number fields and sliders do, a list only once Space has opened it.
    """

    value = traitlets.Any()

    def __init__(self, field, slider, clean=lambda value: value):
        self.field, self.slider = field, slider
        super().__init__([field, slider], layout=widgets.Layout(max_width="600px", flex_flow="row wrap"))
        self.value = field.value
        for part in (field, slider):
            traitlets.link((part, "value"), (self, "value"), transform=(clean, clean))


def _number(label, low, high, step, value, digits=0) -> Control:
    kinds = (widgets.IntSlider, widgets.BoundedIntText), (widgets.FloatSlider, widgets.BoundedFloatText)
    make_slider, make_field = kinds[digits > 0]
    span = {"min": low, "max": high, "step": step, "value": value}
    # A slider's 0.0011 may arrive as 0.0011000000000000001.
    clean = (lambda number: round(number, digits)) if digits else int
    return Control(make_field(**span, **_named(label, "18em")), make_slider(**span, **_UNNAMED), clean)


def _choice(label, options, value) -> Control:
    given = {"options": options, "value": value}
    return Control(widgets.Dropdown(**given, **_named(label, "26em")), widgets.SelectionSlider(**given, **_UNNAMED))


def _named(label, width) -> dict:
    layout = widgets.Layout(flex=f"0 1 {width}", min_width="0", width=width)
    return {"description": label, "style": {"description_width": "10.5em"}, "layout": layout}


_UNNAMED = {"readout": False, "layout": widgets.Layout(flex="1 1 120px", min_width="120px", width="120px")}


def _check_box(label, value):
    return widgets.Checkbox(value, description=label, indent=False, layout=widgets.Layout(width="auto"))


def _symbols(*names) -> dict[str, Control]:
    return {name: _number(*_SYMBOLS[name]) for name in names}


#: The text's symbols: label, lowest, highest, step, start, decimals.
_SYMBOLS = {
    "eta_max": ("peak η_max", 0.0001, 0.002, 0.0001, 0.001, 4),
    "eta_min": ("floor η_min", 0.0, 0.001, 0.00005, 0.0, 5),
    "T_max": ("steps T_max", 1_000, 12_000, 500, 10_000),
    "T_warmup": ("warmup T_warmup", 0, 4_000, 100, 1_000),
    "T_1": ("rise T_1", 500, 8_000, 500, 3_000),
    "T_decay": ("cooldown T_decay", 500, 8_000, 500, 2_000),
    "T_0": ("cycle T_0", 500, 6_000, 500, 2_500),
    "step_size": ("step size s", 500, 6_000, 500, 2_000),
    "gamma": ("factor γ", 0.1, 0.9, 0.1, 0.5, 1),
    "gamma_step": ("rate kept γ", 0.999, 0.9999, 0.0001, 0.9995, 4),
    "t": ("step t", 0, 12_000, 100, 2_500),
}
_STEPS = np.arange(12_001)


# 8.4 and 8.5: the rate over the steps


def rate_view(schedule, t, rival=None, names=("", "")) -> View:
    """The rate over steps 0 to 12000 with a dot at step t; a rival, dashed, to compare with."""
    curves, told, lines = [], [], []
    for look, (name, one) in enumerate(zip(names, (schedule, rival), strict=True)):
        if one is None:
            continue
        rates = one(_STEPS)
        curves.append(Curve(*outline(_STEPS, rates, _COLUMNS), name, look))
        told.append(f"{name}{', dashed,' if look else ''} {words.shape(_STEPS, rates)}.")
        lines.append(f"{name}: η({t}) ≈ {words.number(one(t))}")
    dot = Dot(t, schedule(t), f"{words.number(schedule(t), 3)} at step {t:,}")
    alt = f"Learning rate over steps 0 to 12000. {' '.join(map(words.sentence, told))} A dot marks step {t}."
    return View((Panel(_rate_chart(curves, [dot]), alt),), tuple(lines))


def refused_view(error: ValueError) -> View:
    """An empty chart, and why there is no such schedule."""
    alt = "An empty chart of the learning rate over steps 0 to 12000: there is no such schedule."
    return View((Panel(_rate_chart([], []), alt),), (f"No such schedule: {error}",))


def _rate_chart(curves, dots):
    return chart(curves, (0, 12_000), (0, 0.002), x_label="step", y_label="learning rate", height=280, dots=dots)


def cosine_view(eta_max, eta_min, T_max, t, line) -> View:
    """Cosine annealing and the rate at step t, beside a straight line with the same ends if `line`."""
    try:
        cosine = schedules.CosineAnnealing(eta_max, T_max, eta_min)
    except ValueError as error:
        return refused_view(error)
    straight = schedules.Linear(eta_max, T_max, eta_min) if line else None
    view = rate_view(cosine, t, straight, ("cosine annealing", "straight line"))
    return View(view.panels, (str(cosine.explain(t)).split("\n")[0], *view.lines))


def explore_cosine(**start) -> Explorer:
    """The cosine of section 8.4 with its peak, floor and length in your hands: `explore_cosine(T_max=5_000)`."""
    controls = {
        **_symbols("eta_max", "eta_min", "T_max", "t"),
        "line": _check_box("compare with a straight line", True),
    }
    return _started(Explorer("Cosine annealing", controls, cosine_view), start)


#: Each schedule of section 8.5: what it is called, the numbers it is made of, and how.
_FAMILY = {
    "fixed rate": (("eta_max",), lambda eta_max: schedules.Fixed(eta_max)),
    "straight line": (("eta_max", "T_max", "eta_min"), schedules.Linear),
    "cosine annealing": (("eta_max", "T_max", "eta_min"), schedules.CosineAnnealing),
    "step decay": (("eta_max", "step_size", "gamma"), schedules.StepDecay),
    "exponential decay": (("eta_max", "gamma_step"), schedules.ExponentialDecay),
    "inverse square root": (("eta_max", "T_warmup"), schedules.InverseSqrt),
    "warmup + cosine": (("eta_max", "T_max", "T_warmup", "eta_min"), schedules.WarmupCosine),
    "one cycle": (
        ("eta_max", "T_max", "T_1", "eta_min"),
        lambda eta_max, T_max, T_1, eta_min: schedules.OneCycle(eta_max, T_1, T_max - T_1, eta_min),
    ),
    "warmup, stable, decay": (("eta_max", "T_max", "T_decay", "T_warmup", "eta_min"), schedules.WSD),
    "triangles": (
        ("eta_max", "T_0", "eta_min"),
        lambda eta_max, T_0, eta_min: schedules.Cyclic(eta_min, eta_max, T_0 / 2),
    ),
    "cosine with restarts": (
        ("eta_max", "T_0", "eta_min"),
        lambda eta_max, T_0, eta_min: schedules.CosineRestarts(eta_max, T_0, eta_min=eta_min),
    ),
}


def _build(name, numbers):
    needed, make = _FAMILY[name]
    return make(*(numbers[one] for one in needed))


def schedules_view(schedule, rival, t, **numbers) -> View:
    """One schedule of the family with the numbers given, a rival of the same numbers, and the rate at step t."""
    try:
        chosen = _build(schedule, numbers)
        other = None if rival == "nothing" else _build(rival, numbers)
    except ValueError as error:
        return refused_view(error)
    view = rate_view(chosen, t, other, (schedule, rival))
    return View(view.panels, (*view.lines, *_findings(chosen, numbers["T_max"])))


def _findings(schedule, updates) -> list[str]:
    """What the schedule's audit finds, without its headline."""
    return str(schedule.audit(updates=updates)).split("\n")[1:]


def schedules_shown(schedule, rival, **_) -> set[str]:
    """The controls that the chosen schedules are made of, and those that are always there."""
    needed = {name for one in (schedule, rival) if one in _FAMILY for name in _FAMILY[one][0]}
    return {"schedule", "rival", "T_max", "t", *needed}


def explore_schedules(**start) -> Explorer:
    """Every schedule of section 8.5 and its numbers: `explore_schedules(schedule="one cycle")`."""
    controls = {
        "schedule": _choice("schedule", list(_FAMILY), "warmup + cosine"),
        "rival": _choice("compare with", ["nothing", *_FAMILY], "cosine annealing"),
        **_symbols(*_SYMBOLS),
    }
    return _started(Explorer("Schedules", controls, schedules_view, schedules_shown), start)


# 8.2 and 8.3: the driver who comes to a stop, or does not

_UPDATES, _START = 30, 2.5
_COURSES = {
    "stays fixed": lambda eta: schedules.Fixed(eta),
    "falls along a cosine to 0": lambda eta: schedules.CosineAnnealing(eta, _UPDATES),
    "falls in a straight line to 0": lambda eta: schedules.Linear(eta, _UPDATES),
    "halves every 10 updates": lambda eta: schedules.StepDecay(eta, 10, 0.5),
}
_REGIMES = {
    "monotone": "comes nearer to the minimum at every update, always on the same side",
    "one step": "lands on the minimum with one update",
    "oscillating": "leaps over the minimum at every update, and comes nearer",
    "perpetual": "leaps to and fro for ever, and comes no nearer",
    "diverging": "leaps over the minimum, and lands farther away every time",
}


def driver_view(ratio, course, noise) -> View:
    """Gradient descent on the bowl ½λx²: its path, and its place after each update. `ratio` is η·λ at the start."""
    bowl = NoisyQuadratic(curvature=1.0, noise=noise)
    rates = _COURSES[course](ratio).values(_UPDATES)
    path = bowl.simulate(rates, _START, runs=1, seed=4)[0]
    leaps = int(np.count_nonzero(path[1:] * path[:-1] < 0))
    over = f"leaps over the minimum {leaps} times" if leaps else "never leaps over the minimum"
    far, end = (_signed(value, 2) for value in (np.abs(path).max(), path[-1]))
    way = f"starts at {_START}, {over}, is at most {far} away from it and ends at {end} after {_UPDATES} updates"
    sides = np.linspace(-4, 4, 81)
    valley = chart(
        [Curve(sides, bowl.loss(sides), "the bowl, loss ½λx²", 2), Curve(path, bowl.loss(path), "path", dots=True)],
        (-4, 4), (0, 8), x_label="place x", y_label="loss", height=280,
    )  # fmt: skip
    places = chart(
        [Curve(np.arange(_UPDATES + 1), path, dots=True)],
        (0, _UPDATES), (-4, 4), x_label="update", y_label="place x after each update", height=280,
        levels=[(0, "minimum")],
    )  # fmt: skip
    panels = (
        Panel(valley, f"A bowl with its minimum at 0, and in it the path of gradient descent: it {way}."),
        Panel(places, f"Place over updates 0 to {_UPDATES}: it {way}."),
    )
    return View(panels, tuple(_driver_lines(bowl, ratio, course, rates)))


def _driver_lines(bowl, ratio, course, rates):
    yield f"η·λ = {ratio:g}: an update multiplies the distance by 1 − {ratio:g} = {_signed(1 - ratio)}."
    yield f"Without noise, at this fixed rate: {_REGIMES[bowl.regime(ratio)]}. The limit is η·λ = 2, that is η = 2/λ."
    if bowl.noise:
        last = bowl.mean_losses(rates, _START)[-1]
        floor = bowl.noise_floor(ratio)
        settles = f"settles at a mean loss of {words.number(floor, 3)}" if np.isfinite(floor) else "never settles"
        yield f"With noise, a fixed rate {settles}; after these {_UPDATES} updates the mean loss is {_signed(last)}."


def _signed(value, digits=3) -> str:
    return words.number(value, digits).replace("-", "−")


def explore_driver(**start) -> Explorer:
    """The driver of sections 8.1 to 8.3 as gradient descent in a bowl: too fast, too slow, and on a bumpy road."""
    controls = {
        "ratio": _number("rate η·λ", 0.05, 2.5, 0.05, 1.5, 2),
        "course": _choice("the rate", list(_COURSES), "stays fixed"),
        "noise": _number("noise σ", 0.0, 1.0, 0.1, 0.0, 1),
    }
    return _started(Explorer("Gradient descent in a bowl", controls, driver_view), start)


def _started(explorer, start) -> Explorer:
    for name, value in start.items():
        if name not in explorer.controls:
            raise TypeError(f"{name} is no control of this explorer; it has {', '.join(explorer.controls)}")
        explorer.controls[name].value = value
    return explorer
