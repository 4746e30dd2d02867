"""Numbers as words: how values are shown to a reader, always the same way."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np


def number(value: float, rtol: float = 1e-4) -> str:
    """A number with as many digits as its tolerance can tell apart, at least six.

    >>> number(0.0017217514421272198), number(10000.0), number(5e-05)
    ('0.00172175', '10000', '5e-05')
    """
    if isinstance(value, int | np.integer):
        return str(int(value))
    digits = min(12, max(6, 2 - math.floor(math.log10(rtol)))) if rtol > 0 else 12
    return f"{float(value):.{digits}g}"


def show(value: Any, rtol: float = 1e-4) -> str:
    """Any answer in a line of text; a function is only named."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return number(value[()], rtol)
    if isinstance(value, list | tuple | np.ndarray):
        return ", ".join(show(item, rtol) for item in value)
    if callable(value):
        return "a function"
    return value if isinstance(value, str) else number(value, rtol)


def plain(value: Any) -> str:
    """A given value as the text writes it: 0.0001, not 1e-04; lists with commas.

    >>> plain(0.0001), plain(10_000), plain([1, 0.5]), plain(1e-7)
    ('0.0001', '10000', '1, 0.5', '1e-07')
    """
    if isinstance(value, list | tuple):
        return ", ".join(plain(item) for item in value)
    if isinstance(value, float):
        if value and abs(value) < 1e-6:
            return f"{value:g}"
        return f"{value:.10f}".rstrip("0").rstrip(".")
    return str(value)


def literal(value: Any) -> str:
    """A given value as Python code; lists as tuples, which no function can change."""
    if isinstance(value, list | tuple):
        return "(" + ", ".join(literal(item) for item in value) + ")"
    return repr(value) if isinstance(value, str) else plain(value)


def listing(words: list[str], last: str = "and") -> str:
    """
    >>> listing(["a", "b", "c"])
    'a, b and c'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
