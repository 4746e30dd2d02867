"""Numbers and curves in words: tick labels, marks, and the alt text composed from a curve's values."""

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


def _turns(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The indices of the peaks and of the valleys inside the curve; a flat top counts at its start."""
    moves = np.diff(values)
    moves[np.abs(moves) <= 1e-9 * np.ptp(values)] = 0
    moving = np.flatnonzero(moves)
    signs = np.sign(moves[moving])
    turning = np.flatnonzero(np.diff(signs))
    peaks = moving[turning[signs[turning] > 0]] + 1
    valleys = moving[turning[signs[turning] < 0]] + 1
    return peaks, valleys


def _staircase(t, values, at, where) -> str:
    leaps = np.diff(values)[at]
    kind = "steps down" if np.all(leaps < 0) else "steps up" if np.all(leaps > 0) else "steps up and down"
    first, *stages = (number(value) for value in [values[0], *values[at + 1]])
    steps = [number(step) for step in t[at + 1]]
    if len(at) == 1:
        return f"stays at {first}, then {kind} to {stages[0]} at {where} {steps[0]}, where it stays"
    end = f"and ends at {stages[-1]} at {where} {number(t[-1])}"
    return f"a staircase that starts at {first} and {kind} at {where}s {listed(steps)} (to {listed(stages)}), " + end


def shape(t: np.ndarray, values: np.ndarray, where: str = "step") -> str:
    """How one curve starts, runs and ends, in words.

    >>> shape(np.arange(101), np.linspace(1, 0, 101))
    'starts at 1, falls all the way (0.5 at step 50) and ends at 0 at step 100'
    """
    t, values = np.asarray(t), np.asarray(values, dtype=float)
    values = np.where(np.abs(values) < 1e-12 * np.max(np.abs(values)), 0.0, values)
    first, last = number(values[0]), f"ends at {number(values[-1])} at {where} {number(t[-1])}"
    if np.ptp(values) <= 1e-9 * np.max(np.abs(values)):
        return f"stays at {first} throughout"
    at = jumps(values)
    moves = np.flatnonzero(np.abs(np.diff(values)) > 1e-9 * np.ptp(values))
    if len(at) and np.array_equal(at, moves):
        return _staircase(t, values, at, where)
    peaks, valleys = _turns(values)
    leaping = f" in {len(at)} leaps and slopes" if len(at) > 1 else ""
    middle = f"({number(values[len(values) // 2])} at {where} {number(t[len(t) // 2])})"
    if not len(peaks) and not len(valleys):
        verb = "falls" if values[-1] < values[0] else "rises"
        return f"starts at {first}, {verb} all the way{leaping} {middle} and {last}"
    if len(peaks) == 1 and not len(valleys):
        top = f"{number(values[peaks[0]])} at {where} {number(t[peaks[0]])}"
        return f"starts at {first}, rises to its peak of {top}, then falls{leaping} and {last}"
    if len(valleys) == 1 and not len(peaks):
        low = f"{number(values[valleys[0]])} at {where} {number(t[valleys[0]])}"
        return f"starts at {first}, falls to its lowest, {low}, then rises{leaping} and {last}"
    between = f"between {number(values.min())} and {number(values.max())}"
    return f"starts at {first}, {_waves(t, values, peaks, where)} {between} and {last}"


def _waves(t, values, peaks, where) -> str:
    heights = [number(values[i]) for i in peaks]
    if len(peaks) > 1 and len(set(heights)) == 1:
        first = f"the first at {where} {number(t[peaks[0]])}"
        return f"goes up and down, with {len(peaks)} peaks of {heights[0]}, {first},"
    if len(peaks) > 8:
        return f"zigzags, with {len(peaks)} small peaks,"
    tops = listed([f"{height} at {where} {number(t[i])}" for height, i in zip(heights, peaks, strict=True)])
    return f"goes up and down, with {'a peak' if len(peaks) == 1 else 'peaks'} of {tops},"


def sentence(text: str) -> str:
    """With a capital at the start and a full stop at the end."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
