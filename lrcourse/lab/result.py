"""What `compare` found, and how it may be told."""

from __future__ import annotations

import html
import json
import math
from dataclasses import asdict, dataclass, field

import numpy as np

from .stats import Interval, interval, separated_groups

__all__ = ["Result"]


@dataclass
class Result:
    """Schedules on one task, each at its own tuned peak, scored on seeds that took no part in the tuning.

    finals[label] are the final losses, one for each of `seeds`, so that the k-th of any two labels form a pair.
    """

    task: str
    options: dict
    optimizer: str
    steps: int
    seeds: list
    unit: str
    baseline: str
    peaks: dict  # label → the peak scored
    finals: dict  # label → final loss per seed
    evaluated_at: list  # update counts of the curves
    curves: dict  # label → mean loss over seeds at evaluated_at
    half_widths: dict  # label → half-width of the 95 % interval of the curve
    diverged: dict  # label → how many of the scoring runs diverged
    tuning: dict = field(default_factory=dict)  # label → {"peaks": [...], "loss": [...], "at_edge": bool}
    complete: bool = True

    # -- numbers ------------------------------------------------------------------------------------
    @property
    def labels(self) -> list[str]:
        return list(self.finals)

    def loss(self, label: str) -> Interval:
        """Mean final loss with its 95 % interval over seeds."""
        return interval(self.finals[self._known(label)])

    def difference(self, label: str, other: str | None = None) -> Interval:
        """Paired over seeds: the loss of `label` minus that of `other` (the baseline). Negative is better."""
        a, b = self.finals[self._known(label)], self.finals[self._known(other or self.baseline)]
        with np.errstate(invalid="ignore"):
            return interval(np.subtract(a, b))

    def gain(self, label: str, other: str | None = None) -> Interval:
        """How much lower the loss of `label` is, in per cent of the mean loss of `other` (the baseline); paired."""
        difference, mean = self.difference(label, other), self.loss(other or self.baseline).mean
        if not math.isfinite(difference.mean):
            return difference
        return Interval(-100 * difference.mean / mean, 100 * difference.half / mean, difference.n)

    def _known(self, label):
        if label not in self.finals:
            raise KeyError(f"{label!r} is not in this comparison; it has {', '.join(self.finals)}")
        return label

    # -- words --------------------------------------------------------------------------------------
    def verdict(self, label: str, other: str | None = None) -> str:
        """One sentence without a digit of loss in it: it holds on any processor as long as the sign does.

        A difference below a millionth of the losses is rounding, whatever its interval says.
        """
        other = other or self.baseline
        difference = self.difference(label, other)
        if not math.isfinite(difference.mean):
            counts = [(name, self.diverged[name]) for name in (label, other) if self.diverged[name]]
            return "; ".join(f"{name} diverged in {k} of {len(self.seeds)} runs" for name, k in counts)
        small = abs(difference.mean) < 1e-6 * abs(self.loss(other).mean)
        sign = 0 if small else difference.sign
        word = {-1: "lower than", 0: "not separated from", 1: "higher than"}[sign]
        return f"{label}: {word} {other}" + ("" if sign else f" by these {len(self.seeds)} seeds")

    def ranking(self) -> list[list[str]]:
        """Groups of labels, best first. Those within a group are not ranked: these seeds do not separate them all.

        Each pair is judged by its paired interval, made wider for the number of pairs (Bonferroni).
        """
        return separated_groups(self.finals)

    def told(self) -> str:
        """The ranking in words."""
        lines = []
        for place, group in enumerate(self.ranking(), 1):
            note = f"   (not separated by these {len(self.seeds)} seeds)" if len(group) > 1 else ""
            lines.append(f"{place}. " + ", ".join(sorted(group, key=self.labels.index)) + note)
        return "\n".join(lines + self._warnings())

    def _warnings(self):
        edges = [label for label, tuned in self.tuning.items() if tuned.get("at_edge")]
        lines = [] if not edges else [f"The best peak of {', '.join(edges)} lies at the edge of what was tried."]
        if not self.complete:
            lines.append(f"Interrupted: only the {len(self.seeds)} seeds that were finished are counted.")
        return lines

    def table(self) -> str:
        """The whole comparison as text: peak, final loss, and the gain over the baseline in per cent."""
        rows = [("schedule", "peak", self.unit, f"gain over {self.baseline}"), *self._cells()]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        pad = ("<", ">", "<", "<")
        lines = [
            "  ".join(f"{cell:{side}{width}}" for cell, side, width in zip(row, pad, widths, strict=True)).rstrip()
            for row in rows
        ]
        head = f"{self.task}, {self.optimizer}, {self.steps} steps, {len(self.seeds)} seeds; ± is a 95 % t-interval"
        return "\n".join([head, *lines, *self._warnings()])

    def _percent(self, label):
        return " %" if math.isfinite(self.gain(label).mean) else ""

    def __str__(self):
        return self.table()

    def __repr__(self):
        return f"<Result {self.task}: {', '.join(self.labels)}; {len(self.seeds)} seeds>"

    def _repr_html_(self):
        head = html.escape(self.table().split("\n")[0])
        names = ("schedule", "peak", self.unit, f"gain over {self.baseline}")
        heads = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in names)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in self._cells()
        )
        foot = html.escape(self.told()).replace("\n", "<br>")
        return (
            f"<table><caption>{head}</caption><thead><tr>{heads}</tr></thead>"
            f"<tbody>{body}</tbody></table><p>{foot}</p>"
        )

    def _cells(self):
        for label in self.labels:
            gain = "baseline" if label == self.baseline else f"{self.gain(label):+.1f}" + self._percent(label)
            yield label, f"{self.peaks[label]:.3g}", f"{self.loss(label):.4f}", gain

    # -- pictures -----------------------------------------------------------------------------------
    def figure(self, *labels: str):
        """Mean loss over the run, shaded by its 95 % interval (a `lrcourse.figures.Figure` with alt text)."""
        from lrcourse import figures

        chosen = [self._known(label) for label in labels] or self.labels
        curves = {label: np.array(self.curves[label]) for label in chosen}
        bands = {
            label: (curves[label] - self.half_widths[label], curves[label] + self.half_widths[label])
            for label in chosen
        }
        return figures.plot_curves(self.evaluated_at, curves, bands=bands, xlabel="step", ylabel=self.unit)

    def tuning_figure(self, *labels: str):
        """The U-curves: final loss against the peak, on the tuning seeds."""
        from lrcourse.figures import base as figures

        chosen = [self._known(label) for label in labels] or self.labels
        missing = [label for label in chosen if label not in self.tuning]
        if missing:
            raise ValueError(f"{', '.join(missing)} was not tuned here, so there is no curve over peaks")
        # Each label has its own grid, since a grid widens only where it must; so one curve at a time.
        fig, ax = figures.axes(x="peak rate", y=f"final {self.unit}")
        told = [f"Final {self.unit} against the peak rate (logarithmic x axis)."]
        for label in chosen:
            peaks, loss = (np.array(self.tuning[label][key]) for key in ("peaks", "loss"))
            fine = np.isfinite(loss)
            told.append(figures.draw_curves(ax, peaks[fine], {label: loss[fine]}, logx=True))
        if len(chosen) > 1:
            figures.name(ax)
        return figures.show(fig, " ".join(told))

    # -- storage ------------------------------------------------------------------------------------
    def to_dict(self) -> dict:
        return asdict(self)

    @classmethod
    def from_dict(cls, found: dict) -> Result:
        return cls(**found)

    def to_json(self) -> str:
        """Exact: every float comes back bit for bit (a diverged loss as null)."""
        return json.dumps(_plain(self.to_dict()), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Result:
        return cls.from_dict(_restored(json.loads(text)))


def _plain(value):
    """For JSON, which knows no inf."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _restored(value):
    if isinstance(value, dict):
        return {key: _restored(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_restored(item) for item in value]
    return math.inf if value is None else value
