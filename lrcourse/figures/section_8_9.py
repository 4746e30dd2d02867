"""The cheat sheet of section 8.9: every schedule on one page, its formula as a line of Python that is tested."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

import numpy as np

from lrcourse import schedules as s
from lrcourse.figures.base import outline
from lrcourse.figures.svg import data_uri

_NAMES = {name: getattr(np, name) for name in ("cos", "floor", "maximum", "minimum", "pi", "sqrt", "where")}


@dataclass(frozen=True)
class Entry:
    """One schedule: its formula, an example that the formula is checked against, its use and its trap."""

    name: str
    expression: str
    example: s.Schedule
    use: str
    watch: str
    values: Mapping[str, object] = field(default_factory=dict)
    steps: int = 1000

    def rates(self, t):
        """The expression at steps `t`, with the example's values under the expression's short names."""
        given = dict(self.example._items()) | dict(self.values)
        return np.broadcast_to(eval(self.expression, {"__builtins__": {}}, _NAMES | given | {"t": t}), t.shape)

    def holds(self) -> bool:
        """Whether the expression gives the example's rates at every step."""
        t = np.arange(self.steps + 1.0)
        peak = self.example(t).max()
        return bool(np.allclose(self.rates(t), self.example(t), rtol=0, atol=1e-12 * peak))


_COSINE = "(1 + cos(pi * t / T)) / 2"
ENTRIES = (
    Entry("Fixed", "eta_0", s.Fixed(0.1), "a baseline, if tuned; full-batch descent below 2/λ",
          "keeps a noise floor that grows with the rate"),
    Entry("CosineAnnealing", f"eta_min + (eta_max - eta_min) * {_COSINE}", s.CosineAnnealing(0.1, 1000, 0.01),
          "known length; the common default", "after T the bare formula rises again; T itself is never run",
          {"T": 1000}),
    Entry("Linear", "eta_min + (eta_max - eta_min) * (1 - t / T)", s.Linear(0.1, 1000, 0.0),
          "known length; the plainest, and as good as any", "end it at 0, or near", {"T": 1000}),
    Entry("Polynomial", "eta_min + (eta_max - eta_min) * (1 - t / T) ** power", s.Polynomial(0.1, 1000, 2, 0.0),
          "bends the line; power 1 is Linear", "libraries differ in power and floor", {"T": 1000}),
    Entry("StepDecay", "eta_0 * gamma ** floor(t / s)", s.StepDecay(0.1, 250, 0.5),
          "simple, few numbers", "the drop is at t = s; timm and Keras differ for milestones", {"s": 250}),
    Entry("ExponentialDecay", "eta_0 * gamma ** t", s.ExponentialDecay(0.1, 0.997),
          "a fixed half-life, ln ½ / ln γ", "γ fits one length of run; ask whether it is per epoch or per step"),
    Entry("Warmup", "eta_max * minimum(t / W, 1)", s.Warmup(0.1, 200),
          "in front of others: Adam, transformers, large batches", "t/W: update 0 has rate 0", {"W": 200}),
    Entry("WarmupCosine", "where(t < W, eta_max * t / W, eta_min + (eta_max - eta_min)"
          " * (1 + cos(pi * (t - W) / (T - W))) / 2)", s.WarmupCosine(0.1, 1000, 100, 0.01),
          "language models of known length", "does T include W? here yes; in Keras no", {"T": 1000, "W": 100}),
    Entry("OneCycle", "where(t <= T_1, eta_min + (eta_max - eta_min) * t / T_1,"
          " eta_max - (eta_max - eta_min) * (t - T_1) / T_2)", s.OneCycle(0.1, 300, 700, 0.01),
          "short runs with a high peak", "three different schedules share the name"),
    Entry("WSD", "eta_max * minimum(minimum(t / W, 1), (T - t) / D)", s.WSD(0.1, 1000, T_decay=200, T_warmup=100),
          "unknown length; one plateau, many endings", "until the cooldown its loss looks worse",
          {"T": 1000, "W": 100, "D": 200}),
    Entry("InverseSqrt", "eta_max * minimum(t / W, sqrt(W / maximum(t, 1)))", s.InverseSqrt(0.1, 100),
          "no end in sight", "never small: the last step is as noisy as its rate", {"W": 100}),
    Entry("InverseTime", "eta_0 / (1 + k * t)", s.InverseTime(0.1, 0.01),
          "theory of noisy convex problems", "too fast a fall stops short of the goal"),
    Entry("Cyclic", "eta_min + (eta_max - eta_min) * (1 - abs(t % (2 * u) / u - 1))", s.Cyclic(0.01, 0.1, 125),
          "several models from one run", "read the model at the bottom of a cycle", {"u": 125, "abs": np.abs}),
    Entry("CosineRestarts", "eta_min + (eta_max - eta_min) * (1 + cos(pi * (t % T_0) / T_0)) / 2",
          s.CosineRestarts(0.1, 250, 1, 0.0), "several models from one run", "worst right after a restart"),
)


@dataclass(frozen=True, repr=False)
class CheatSheet:
    """The page: one row for each schedule, as HTML in a notebook and as text elsewhere."""

    entries: tuple[Entry, ...]

    def __repr__(self):
        return "\n".join(f"{entry.name}: {entry.expression}  ({_drawn(entry)[1]})" for entry in self.entries)

    def _repr_html_(self):
        rows = "".join(_row(entry) for entry in self.entries)
        return f'<table style="width:100%;max-width:760px;table-layout:fixed">{rows}</table>'


def _row(entry: Entry) -> str:
    top = 'style="text-align:left;vertical-align:top;overflow-wrap:anywhere;white-space:normal"'
    left = top.replace('style="', 'style="width:30%;')
    code = f'<code style="white-space:normal">{escape(entry.expression)}</code>'
    told = f"<b>For:</b> {escape(entry.use)}.<br><b>Watch:</b> {escape(entry.watch)}."
    name = re.sub("(?<=[a-z])(?=[A-Z])", "<wbr>", entry.name)  # on a phone a name breaks between its words
    return f"<tr><th {left}>{name}<br>{_curve(entry)}</th><td {top}>{code}<br>{told}</td></tr>"


def _drawn(entry: Entry) -> tuple[str, str]:
    """A small picture of the example, and what it shows."""
    t = np.arange(0, entry.steps + 1, 10)
    rates = entry.example(t)
    across, up = outline(t, rates / rates.max())
    points = " ".join(f"{2 + 116 * x / entry.steps:.1f},{46 - 42 * y:.1f}" for x, y in zip(across, up, strict=True))
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 48" width="120" height="48">'
        '<rect width="120" height="48" fill="#fff"/><path d="M2 2V46H118" fill="none" stroke="#999"/>'
        f'<polyline points="{points}" fill="none" stroke="#0072B2" stroke-width="2"/></svg>'
    )
    first, last = rates[0] / rates.max(), rates[-1] / rates.max()
    return svg, f"Small curve of {entry.name}: from {first:.0%} to {last:.0%} of its peak."


def _curve(entry: Entry) -> str:
    svg, alt = _drawn(entry)
    return f'<img alt="{escape(alt)}" src="{data_uri(svg)}" style="max-width:100%">'


def cheat_sheet() -> CheatSheet:
    """Every schedule of the course on one page."""
    return CheatSheet(ENTRIES)
