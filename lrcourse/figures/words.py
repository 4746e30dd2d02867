"""Numbers and curves in words: tick labels, marks, and the alt text composed from a curve's values."""

from itertools import pairwise

import numpy as np

DIGITS = 4


def number(value: float, digits: int = DIGITS) -> str:
    """A number as the course writes it: 0.001, 0.00085, 2.467e-11, 10000.

    >>> number(0.0008535533), number(2.4674e-11), number(10_000), number(5e-5)
    ('0.0008536', '2.467e-11', '10000', '5e-5')
    """
    value = float(value) * (1 + 1e-9)  # off the tie: 0.001125 rounds up on every machine
    if value == 0:
        return "0"
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    power = int(exponent)
    if -5 < power < 7:
        text = f"{value:.{max(digits - 1 - power, 0)}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{power}"


def listed(words: list[str], most: int = 4) -> str:
    """'a', 'a and b', 'a, b and c', and beyond `most` 'a, b, c, … up to z'."""
    if len(words) > most:
        return ", ".join(words[: most - 1]) + f", … up to {words[-1]}"
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def jumps(values: np.ndarray) -> np.ndarray:
    """Where values leap: the indices i whose step to i + 1 is far larger than the steps beside it."""
    steps = np.abs(np.diff(values))
    if steps.size < 2:
        return np.zeros(0, dtype=int)
    beside = np.zeros_like(steps)
    beside[1:] = steps[:-1]
    beside[:-1] = np.maximum(beside[:-1], steps[1:])
    noise = 1e-9 * np.ptp(values)
    return np.flatnonzero((steps > 4 * beside) & (steps > noise))


def _runs(values: np.ndarray) -> list[tuple[int, int, int]]:
    """The stretches that rise (1), fall (-1) or stay (0), as (direction, first, last); short stays do not count."""
    moves = np.diff(values)
    signs = np.sign(np.where(np.abs(moves) <= 1e-9 * np.ptp(values), 0, moves)).astype(int)
    ends = np.concatenate([[0], np.flatnonzero(np.diff(signs)) + 1, [signs.size]])
    runs = [(int(signs[first]), int(first), int(last)) for first, last in pairwise(ends)]
    joined: list[tuple[int, int, int]] = []
    for direction, first, last in runs:
        if direction == 0 and last - first < 0.01 * signs.size and len(runs) > 1:
            direction = joined[-1][0] if joined else runs[1][0]  # a turning point that happens to be level
        if joined and joined[-1][0] == direction:
            first = joined.pop()[1]
        joined.append((direction, first, last))
    return joined


def _staircase(t, values, at, where) -> str:
    leaps = np.diff(values)[at]
    kind = "steps down" if np.all(leaps < 0) else "steps up" if np.all(leaps > 0) else "steps up and down"
    first, *stages = (number(value) for value in [values[0], *values[at + 1]])
    steps = [number(step) for step in t[at + 1]]
    if len(at) == 1:
        return f"stays at {first}, then {kind} to {stages[0]} at {where} {steps[0]}, where it stays"
    end = f"ends at {stages[-1]} at {where} {number(t[-1])}"
    down = f"{kind} at {where}s {listed(steps)} (to {listed(stages)}) as a staircase"
    return f"starts at {first}, {down} and {end}"


def shape(t: np.ndarray, values: np.ndarray, where: str = "step") -> str:
    """How one curve starts, runs and ends, in words.

    >>> shape(np.arange(101), np.linspace(1, 0, 101))
    'starts at 1 and falls to 0 at step 100 (0.5 at step 50)'
    """
    t, values = np.asarray(t), np.asarray(values, dtype=float)
    values = np.where(np.abs(values) < 1e-12 * np.max(np.abs(values)), 0.0, values)
    if np.ptp(values) <= 1e-9 * np.max(np.abs(values)):
        return f"stays at {number(values[0])} throughout"
    at = jumps(values)
    moves = np.flatnonzero(np.abs(np.diff(values)) > 1e-9 * np.ptp(values))
    if len(at) and np.array_equal(at, moves):
        return _staircase(t, values, at, where)
    runs = _runs(values)
    rises = sum(direction > 0 for direction, _, _ in runs)
    if len(runs) > (5 if rises > 1 else 9):
        return _waves(t, values, runs, where)
    longest = max((run for run in runs if run[0]), key=lambda run: run[2] - run[1])
    told = [_stretch(t, values, run, where, halfway=run is longest) for run in runs]
    return listed([f"starts at {number(values[0])}", *told], most=10)


def _stretch(t, values, run, where, halfway) -> str:
    direction, first, last = run
    if direction == 0:
        return f"stays there until {where} {number(t[last])}"
    verb = {1: ("rises", "leaps"), -1: ("falls", "drops")}[direction][last - first == 1]
    told = f"{verb} to {number(values[last])} at {where} {number(t[last])}"
    middle = (first + last) // 2
    if halfway and last - first > 3:
        told += f" ({number(values[middle])} at {where} {number(t[middle])})"
    return told


def _waves(t, values, runs, where) -> str:
    peaks = [last for (direction, _, last), after in pairwise(runs) if direction > 0 and after[0] <= 0]
    ends = f"and ends at {number(values[-1])} at {where} {number(t[-1])}"
    between = f"between {number(values.min())} and {number(values.max())}"
    heights = [number(values[peak]) for peak in peaks]
    if len(peaks) > 1 and len(set(heights)) == 1:
        first = f"the first at {where} {number(t[peaks[0]])}"
        way = f"goes up and down, with {len(peaks)} peaks of {heights[0]}, {first}"
    elif len(peaks) > 8:
        way = f"zigzags, with {len(peaks)} small peaks"
    else:
        tops = [f"{height} at {where} {number(t[peak])}" for height, peak in zip(heights, peaks, strict=True)]
        way = f"goes up and down, with {'a peak' if len(peaks) == 1 else 'peaks'} of {listed(tops)}"
    return f"starts at {number(values[0])}, {way}, {between}, {ends}"


def sentence(text: str) -> str:
    """With a capital at the start and a full stop at the end."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
