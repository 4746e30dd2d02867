"""The little statistics the lab needs: t-intervals, paired differences, and groups that data do separate.

Seeds are the sample. All intervals are two-sided Student t-intervals for a mean over seeds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

__all__ = ["Interval", "interval", "separated_groups", "t_quantile"]


def _t_cdf_two_sided(t: float, df: int) -> float:
    """P(|T| ≤ t) for a whole number of degrees of freedom, as a finite sum (Abramowitz and Stegun 26.7.3-4)."""
    theta = math.atan(t / math.sqrt(df))
    cos2 = math.cos(theta) ** 2
    if df % 2:
        term, total = math.cos(theta), 0.0
        for k in range(1, (df - 1) // 2 + 1):
            total += term
            term *= cos2 * 2 * k / (2 * k + 1)
        return 2 / math.pi * (theta + math.sin(theta) * total)
    term, total = 1.0, 0.0
    for k in range(1, df // 2 + 1):
        total += term
        term *= cos2 * (2 * k - 1) / (2 * k)
    return math.sin(theta) * total


def t_quantile(confidence: float, df: int) -> float:
    """The t that |T| stays below with probability `confidence`.

    >>> round(t_quantile(0.95, 9), 3), round(t_quantile(0.95, 1), 3)
    (2.262, 12.706)
    """
    if not (isinstance(df, (int, np.integer)) and df >= 1):
        raise ValueError(f"df must be a whole number of at least 1 (two seeds or more), got {df!r}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    low, high = 0.0, 2.0
    while _t_cdf_two_sided(high, df) < confidence:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if _t_cdf_two_sided(middle, df) < confidence else (low, middle)
    return (low + high) / 2


@dataclass(frozen=True)
class Interval:
    """A mean and the half-width of its interval."""

    mean: float
    half: float
    n: int

    @property
    def low(self) -> float:
        return self.mean - self.half

    @property
    def high(self) -> float:
        return self.mean + self.half

    @property
    def sign(self) -> int:
        """+1 or -1 where the interval excludes 0 on one side, else 0."""
        return int(self.low > 0) - int(self.high < 0)

    def __format__(self, spec: str) -> str:
        if math.isinf(self.mean) or math.isnan(self.mean):
            return "diverged"
        return f"{self.mean:{spec}} ± {self.half:{spec.replace('+', '')}}"


def interval(sample, confidence: float = 0.95) -> Interval:
    """The t-interval for the mean of a sample of two values or more. A value that is not finite makes it useless.

    >>> interval([1.0, 2.0, 3.0])                              # t = 4.303, s = 1, so half = 4.303/√3
    Interval(mean=2.0, half=2.484..., n=3)
    """
    sample = np.asarray(sample, dtype=float)
    n = sample.size
    if n < 2:
        raise ValueError(f"an interval needs two values or more, got {n}")
    if not np.isfinite(sample).all():
        return Interval(math.inf, math.inf, n)
    half = t_quantile(confidence, n - 1) * sample.std(ddof=1) / math.sqrt(n)
    return Interval(float(sample.mean()), float(half), n)


def separated(a, b, confidence: float = 0.95) -> bool:
    """Whether the paired interval of b - a excludes 0. A sample with divergence is told apart from one without."""
    broken = [not np.isfinite(sample).all() for sample in (a, b)]
    if any(broken):
        return not all(broken)
    return interval(np.subtract(b, a), confidence).sign != 0


def separated_groups(samples: dict, confidence: float = 0.95) -> list[list[str]]:
    """Labels in groups, best (lowest) first: whatever stands in different groups is separated, pair by pair.

    All k(k-1)/2 pairs are looked at, so each is asked at confidence 1 - (1 - confidence)/pairs (Bonferroni): the
    chance that any two equal schedules end up in different groups is at most 1 - confidence.
    """
    labels = sorted(samples, key=lambda label: np.mean(samples[label]))
    pairs = max(1, len(labels) * (len(labels) - 1) // 2)
    each = 1 - (1 - confidence) / pairs
    groups = []
    for k, label in enumerate(labels):
        # A border may be drawn before this label only if everything before it is separated from all from here on.
        border = all(separated(samples[a], samples[b], each) for a in labels[:k] for b in labels[k:])
        if border:
            groups.append([])
        groups[-1].append(label)
    return groups
