"""The text's takeaways (8.9), each graded by the measured cells it rests on.

A cell is a sign: +1 where the data show the claim, -1 where they show its opposite, 0 where these seeds do not tell.
All +1 is "always" (in what was measured), no +1 is "false", anything else "sometimes".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .fields import field
from .results import load

__all__ = ["Takeaway", "grade", "takeaways"]


@dataclass(frozen=True)
class Takeaway:
    """A sentence of the text, the cells it rests on, and the grade that follows."""

    claim: str
    cells: dict  # what was looked at → +1, 0 or -1

    @property
    def grade(self) -> str:
        return grade(self.cells.values())

    def __str__(self):
        told = {1: "yes", 0: "not told apart", -1: "no"}
        cells = "; ".join(f"{name}: {told[sign]}" for name, sign in self.cells.items())
        return f"{self.claim}: {self.grade} ({cells})"


def grade(signs) -> str:
    """"always", "sometimes" or "false".

    >>> grade([1, 1]), grade([1, 0]), grade([0, -1])
    ('always', 'sometimes', 'false')
    """
    signs = list(signs)
    if all(sign > 0 for sign in signs):
        return "always"
    return "sometimes" if any(sign > 0 for sign in signs) else "false"


def _sign(pair) -> int:
    """Of a stored [mean, half-width]."""
    mean, half = pair
    return int(mean - half > 0) - int(mean + half < 0)


def _lower(name, label, other=None) -> int:
    """+1 where the stored comparison shows that `label` ends lower."""
    return -load(name).difference(label, other).sign


def _yes(fact) -> int:
    return 1 if fact else -1


def takeaways() -> list[Takeaway]:
    """Each takeaway of the text with its grade, computed from the stored results."""
    rates = {label: schedule.values(1000) for label, schedule in field(1000).items()}
    cosine, horizon, batch = rates["cosine"], load("horizon"), load("batch_size")
    published = load("published_124m")["loss"]
    stable, faster, averaging = load("stability")["share of rises, %"], load("faster"), load("averaging")
    steadier = {
        look: _apart(shares["const"], shares["cosine"]) for look, shares in stable.items()
    }  # fmt: skip
    final = {
        "cosine, text, SGD": _lower("field_text_sgd", "cosine"),
        "cosine, text, Adam": _lower("field_text_adam", "cosine"),
        "cosine, digits": _lower("field_digits_sgd", "cosine"),
        "exponential to 1 %, text": _lower("field_text_sgd", "exponential to 1 %"),
        f"linear, Adam, {horizon['horizons'][0]} steps": _sign(horizon["adam"][0]),
        f"linear, batch {batch['batches'][-1]}": _sign(batch["sgd"][-1]),
    }
    quarter, half = (len(faster["steps"]) // k for k in (4, 2))
    early = faster["minus best const so far"]["cosine"]
    return [
        Takeaway("Scheduling adjusts the learning rate during training", {"by its definition": 1}),
        Takeaway(
            "Starts high, ends low",
            {
                "cosine": _yes(cosine[0] == cosine.max() and cosine[-1] < 0.01),
                "warmup + cosine": _yes(rates["warmup + cosine"][0] == rates["warmup + cosine"].max()),
            },
        ),
        Takeaway("Improves convergence and final performance", final),
        Takeaway("Smooth cosine-based decay", {"largest step": _yes(np.abs(np.diff(cosine)).max() < 2 / 1000)}),
        Takeaway("Gradual reduction from max to min", {"never rises": _yes((np.diff(cosine) < 0).all())}),
        Takeaway(
            "Works well for transformers",
            {
                "ours, against const": _lower("transformer_adam", "cosine"),
                "124M parameters, peak 0.001": _yes(published["cosine to 0"]["0.001"] < published["const"]["0.001"]),
                "124M parameters, peak 0.0001": _yes(
                    published["cosine to 0"]["0.0001"] < published["const"]["0.0001"]
                ),
            },
        ),
        Takeaway(
            "Faster convergence",
            {
                "reaches const's end sooner": _yes(faster["sooner"]["cosine"] < faster["steps"][-1]),
                "ahead of the best const at a quarter": -_sign(early[quarter]),
                "ahead of the best const at half": -_sign(early[half]),
            },
        ),
        Takeaway("More stable training", {f"{look} loss rises less often": s for look, s in steadier.items()}),
        Takeaway("Better final performance", final),
        Takeaway(
            "Essential for optimal training",
            {
                "a fixed rate with averaging is worse than linear": _sign(averaging["diff"]["averaged - linear"]),
                "const is worse than cosine on digits": _lower("field_digits_sgd", "cosine"),
            },
        ),
    ]


def _apart(a, b) -> int:
    """+1 where interval a lies wholly above b, -1 where below."""
    gap = a[0] - b[0]
    return int(np.sign(gap)) if abs(gap) > a[1] + b[1] else 0
