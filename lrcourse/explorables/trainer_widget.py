"""Train it: a schedule drawn or picked, trained by the kernel against five rivals, and what that shows."""

from __future__ import annotations

import json
import math
import time

import traitlets

from lrcourse.figures import words
from lrcourse.figures.quick import Curve, chart
from lrcourse.lab import trial
from lrcourse.lab.result import Result
from lrcourse.schedules import Schedule, from_dict

from .base import Explorable, Finite, ScheduleDict, Still
from .still import rates_still

BEFOREHAND = "Measured beforehand: nothing is trained here. In the notebook, run the cell, draw, and press Train."
_VERDICTS = ("lower", "higher", "not separated", "diverged")


class Trainer(Explorable):
    """A schedule, `shape` (a dictionary; only its shape counts), and its highest rate, `peak`; 0 has the peak tuned.

    `outcome` is what the last training gave, `measured` what is known of the picks without one.
    """

    title, script = "Train it", "trainer"
    shape = ScheduleDict().tag(sync=True)
    peak = Finite(0.0, min=0).tag(sync=True)
    outcome = traitlets.Dict().tag(sync=True)
    measured = traitlets.Dict().tag(sync=True)
    _seen = traitlets.Bool(False).tag(sync=True)  # somebody has it before their eyes, in a notebook that runs
    _ordered = traitlets.Int(0).tag(sync=True)  # the browser's orders to train, numbered, the last one answered, and
    _answered = traitlets.Int(0).tag(sync=True)
    _refused = traitlets.Unicode("").tag(sync=True)  # why it was not carried out, if it was not

    @property
    def schedule(self) -> Schedule:
        """The schedule as it is trained: its shape times its peak. A peak that is to be tuned must be known by now."""
        peak = self.peak or self._known().get("yours", {}).get("peak")
        if not peak:
            raise ValueError("the peak of this schedule is not known yet: press Train, or set peak to a number above 0")
        schedule = from_dict(self.shape)
        highest = schedule.values(trial.STEPS).max()
        return schedule if highest == peak else float(peak / highest) * schedule

    def train(self) -> Result:
        """Train the schedule now, as the button does; the whole comparison."""
        began = time.perf_counter()
        found = trial.shared().run(from_dict(self.shape), self.peak or None)
        seconds = time.perf_counter() - began
        given = {"shape": self.shape, "asked": self.peak, "seconds": round(seconds, 1)}
        self.outcome = {**given, **retold(found, tuned=not self.peak)}
        return found

    @traitlets.observe("_seen")
    def _get_ready(self, change):
        trial.shared().prepare()

    @traitlets.observe("_ordered")
    def _obey(self, change):
        with self.hold_sync():
            self._refused = ""
            try:
                self.train()
            except KeyboardInterrupt:
                self._refused = "interrupted before it was done; press Train again"
            except (TypeError, ValueError, RuntimeError) as error:
                self._refused = str(error)
            self._answered = change["new"]

    def _known(self) -> dict:
        """The result that belongs to the schedule as it stands: of the last training, or measured beforehand."""
        mine = self.outcome.get("shape"), self.outcome.get("asked")
        if _same(mine, (self.shape, self.peak)):
            return self.outcome
        same = (one for one in self.measured["picks"] if not self.peak and _same(one["shape"], self.shape))
        return next(same, {})

    def still(self):
        known = self._known()
        if not known:
            named = {"the schedule": from_dict(self.shape)}
            return rates_still(named, trial.STEPS, lines=["It has not been trained yet.", BEFOREHAND])
        live = known is self.outcome
        field, at = (known if live else self.measured)["field"], self.measured["updates"]
        shown = {"yours": known["yours"], **{row["name"]: row for row in field[:2]}}
        drawn = [_curve(at, row, name, look) for look, (name, row) in enumerate(shown.items())]
        svg = chart(drawn, (0, at[-1]), (2.3, 2.9), x_label="update", y_label="validation loss (nats)", height=300)
        ends = words.listed([f"{name} at {_loss(row)}" for name, row in shown.items()])
        alt = f"Validation loss over {at[-1]} updates, the mean over seeds. At the end, {ends}."
        return Still(svg, alt, (known["told"], f"Trained in {known['seconds']} s." if live else BEFOREHAND))


def trainer(schedule: Schedule | None = None, peak: float | None = None) -> Trainer:
    """Train it, starting from `schedule` (default: a drawing) with its highest rate at `peak` (default: tuned).

    The run has 400 updates, so a schedule of the course fits with T_max=400. Read what you made from
    `trainer.schedule`, and train it from Python with `trainer.train()`.
    """
    if schedule is None:
        schedule = trial.picks()["drawn"]
    if not isinstance(schedule, Schedule):
        raise TypeError(f"schedule must be one of lrcourse.schedules, got {schedule!r}: write Linear(1.0, 400), say")
    trial.relative(schedule)
    if peak is not None and not (isinstance(peak, (int, float)) and 0 < peak < math.inf):
        raise ValueError(f"peak must be a finite number above 0, got {peak!r}; leave it out to have it tuned")
    return Trainer(shape=schedule, peak=peak or 0.0, measured=beforehand())


# ---- results for the page ----------------------------------------------------------------------------------------


def beforehand() -> dict:
    """What was measured when the results were stored: the field, and each pick against it."""
    picks, field = [], []
    for name, schedule in trial.picks().items():
        found = trial.measured(name)
        told = retold(found, tuned=True)
        field = told.pop("field")
        picks.append({"name": name, "shape": schedule.to_dict(), **told})
    return {"updates": found.evaluated_at, "seeds": len(found.seeds), "field": field, "picks": picks}


def retold(found: Result, tuned: bool) -> dict:
    """A comparison as the page shows it: numbers of seven digits, a verdict for each rival, and words."""
    rivals = list(trial.rivals())
    differences = []
    for rival in rivals:
        difference, verdict = found.difference(trial.MINE, rival), _verdict(found, rival)
        differences.append({"mean": _short(difference.mean), "half": _short(difference.half), "verdict": verdict})
    return {
        "yours": _row(found, trial.MINE), "field": [_row(found, rival) for rival in rivals],
        "differences": differences, "told": told(found, tuned),
    }


def _verdict(found, rival):
    """The one word of the comparison with a rival."""
    said = found.verdict(trial.MINE, rival)
    return next(word for word in _VERDICTS if word in said)


def _row(found, name):
    loss = found.loss(name)
    return {
        "name": name, "peak": found.peaks[name], "mean": _short(loss.mean), "half": _short(loss.half),
        "diverged": found.diverged[name], "curve": [_short(value) for value in found.curves[name]],
        "halves": [_short(value) for value in found.half_widths[name]],
    }


def told(found: Result, tuned: bool) -> str:
    """What the comparison shows, in sentences, and what it does not."""
    mine, seeds, peak = found.loss(trial.MINE), len(found.seeds), f"{found.peaks[trial.MINE]:.3g}"
    how = f"at its best peak of {len(found.tuning[trial.MINE]['peaks'])} tried, {peak}" if tuned else f"at peak {peak}"
    if found.diverged[trial.MINE]:
        lines = [f"Yours, {how}, diverged in {found.diverged[trial.MINE]} of {seeds} runs: it has no final loss, and "
                 f"stands last."]
    else:
        lines = [f"Yours, {how}, ends at {mine:.3f} nats, over {seeds} seeds.", _against(found), _ranked(found)]
        if mine.mean > found.curves[trial.MINE][0]:
            lines.insert(1, "That is more than before the training.")
    if not tuned:
        lines.append("Its peak is yours, theirs are tuned: this compares peaks as well as shapes.")
    elif found.tuning[trial.MINE]["at_edge"]:
        lines.append("Its best peak lies at the edge of those tried.")
    return " ".join(lines)


def _against(found):
    by_verdict = {}
    for rival in trial.rivals():
        by_verdict.setdefault(_verdict(found, rival), []).append(rival)
    joined = {"lower": "lower than", "not separated": "not separated from", "higher": "higher than"}
    parts = [f"{joined[word]} {words.listed(by_verdict[word], 5)}" for word in joined if word in by_verdict]
    return words.sentence(f"by the paired 95 % intervals that is {'; '.join(parts)}")


def _ranked(found):
    groups = found.ranking()
    if len(groups) == 1:
        return "All six ranked at once, which asks more of each pair: no border can be drawn between them."
    places = "; ".join(f"{i}. {words.listed(group, 6)}" for i, group in enumerate(groups, 1))
    return f"All six ranked at once, which asks more of each pair: {places}. Those who share a place are not ranked."


def _loss(row):
    return "no number, since it diverged" if row["mean"] is None else f"{row['mean']:.3f} ± {row['half']:.3f}"


def _short(value):
    return float(f"{value:.7g}") if math.isfinite(value) else None


def _curve(at, row, name, look):
    """From the second look on, as far as it goes."""
    points = [(x, y) for x, y in zip(at[1:], row["curve"][1:]) if y is not None]
    return Curve([x for x, _ in points], [y for _, y in points], name, look)


def _same(a, b) -> bool:
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)
