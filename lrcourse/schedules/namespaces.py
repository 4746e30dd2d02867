"""What a schedule's formula is evaluated over.

Each schedule writes its formula once, as a function of `(t, xp)`. Over `NUMPY` it gives arrays; over `Trace` the same
lines, run once with a symbol for `t`, write the source of a flat Python function: the closure of `Schedule.compile`.
The interop modules bring namespaces for JAX, PyTorch and Keras. A namespace offers the operations below; arithmetic
and comparisons come from the values themselves.
"""

from __future__ import annotations

import bisect
import math

import numpy as np

SLACK = 1e-6  # of a step past an end that is put down to rounding: the end of a join is a sum


def past_the_end(t, T):
    """Raise: `t` lies past the end of a schedule with after='raise'."""
    raise ValueError(f"t must be at most {T:g}, the end of this schedule (after='raise'), got {t:g}: "
                     f"train for no more than {T:g} steps, or choose after='hold'")


class NumpyNamespace:
    """Arrays of float64. Every branch of a `where` is evaluated, so times are kept inside each part's own range."""

    sqrt = staticmethod(np.sqrt)
    minimum = staticmethod(np.minimum)
    maximum = staticmethod(np.maximum)
    where = staticmethod(np.where)

    @staticmethod
    def half_wave(t, T):
        """(1 + cos(πt/T))/2 for t in [0, T], as sin²(π(T - t)/(2T)): all digits are kept where it is small."""
        sine = T - t
        sine *= math.pi / 2 / T
        sine = np.sin(sine)
        sine *= sine
        return sine

    @staticmethod
    def blend(w, high, low):
        """low + (high - low)·w, and where rounding would miss `high` at w = 1, the equal high·w + low·(1 - w)."""
        if low + (high - low) != high:
            return high * w + low * (1.0 - w)
        rate = w * (high - low)
        if low:
            rate += low
        return rate

    @staticmethod
    def within(t, length):
        """Keep `t` in [0, length] (length None: from 0 on) in branches that a `where` will discard."""
        return np.maximum(t, 0.0) if length is None else np.clip(t, 0.0, length)

    @staticmethod
    def count(boundaries: tuple, t):
        """How many of the sorted `boundaries` are at or before `t`."""
        return np.searchsorted(np.asarray(boundaries, dtype=np.float64), t, side="right")

    @staticmethod
    def take(values: tuple, index):
        """values[index], element by element."""
        return np.asarray(values, dtype=np.float64)[index]

    @staticmethod
    def refuse_past(t, T):
        """`t`, unless one of its elements lies past `T`."""
        worst = np.max(t, initial=0.0)
        return past_the_end(worst, T) if worst > T + SLACK else t


NUMPY = NumpyNamespace()


class Symbol:
    """A piece of Python source that behaves like a number while a formula runs over it."""

    __slots__ = ("source",)

    def __init__(self, source: str):
        self.source = source

    def __repr__(self):
        return self.source


def _text(value) -> str:
    """Exact source of a symbol or a number."""
    if isinstance(value, Symbol):
        return value.source
    value = value.item() if isinstance(value, np.generic) else value
    return repr(value) if value >= 0 else f"({value!r})"


def _operator(sign: str, *, swapped: bool = False):
    def apply(self, other):
        left, right = (_text(other), self.source) if swapped else (self.source, _text(other))
        return Symbol(f"({left} {sign} {right})")
    return apply


for _name, _sign in {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%",
                     "pow": "**"}.items():
    setattr(Symbol, f"__{_name}__", _operator(_sign))
    setattr(Symbol, f"__r{_name}__", _operator(_sign, swapped=True))
for _name, _sign in {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}.items():
    setattr(Symbol, f"__{_name}__", _operator(_sign))


class Trace:
    """Writes a formula down as Python source. Branches become conditional expressions, so only one is ever run."""

    def __init__(self):
        self.globals = {"sin": math.sin, "cos": math.cos, "sqrt": math.sqrt,
                        "bisect": bisect.bisect_right, "past_the_end": past_the_end}
        self._names = 0

    def _new(self, stem: str) -> str:
        self._names += 1
        return f"{stem}{self._names}"

    def sqrt(self, x):
        return Symbol(f"sqrt({_text(x)})")

    def half_wave(self, t, T):
        """The text's own form in the first half, so that the middle is 1/2 exactly; the sine's square in the second."""
        u, s, T = self._new("u"), self._new("s"), _text(T)
        return Symbol(f"(0.5 * (1.0 + cos({u} / {T} * {math.pi!r})) if 2 * ({u} := {_text(t)}) <= {T} "
                      f"else ({s} := sin(({T} - {u}) / {T} * {math.pi / 2!r})) * {s})")

    def where(self, condition, yes, no):
        return Symbol(f"({_text(yes)} if {_text(condition)} else {_text(no)})")

    def _extreme(self, x, sign: str, limit):
        if _text(x).isidentifier():
            return Symbol(f"({x} if {x} {sign} {_text(limit)} else {_text(limit)})")
        name = self._new("x")
        return Symbol(f"({name} if ({name} := {_text(x)}) {sign} {_text(limit)} else {_text(limit)})")

    def minimum(self, x, limit):
        return self._extreme(x, "<", limit)

    def maximum(self, x, limit):
        return self._extreme(x, ">", limit)

    def blend(self, w, high, low):
        if low + (high - low) == high:
            return low + (high - low) * w if low else high * w
        name = self._new("w")
        return Symbol(f"({high!r} * ({name} := {_text(w)}) + {low!r} * (1.0 - {name}))")

    def within(self, t, length):
        return t

    def _bound(self, stem: str, values: tuple) -> str:
        name = self._new(stem)
        self.globals[name] = values
        return name

    def count(self, boundaries: tuple, t):
        return Symbol(f"bisect({self._bound('steps', boundaries)}, {_text(t)})")

    def take(self, values: tuple, index):
        return Symbol(f"{self._bound('values', values)}[{_text(index)}]")

    def refuse_past(self, t, T):
        return Symbol(f"({_text(t)} if {_text(t)} <= {T + SLACK!r} else past_the_end({_text(t)}, {T!r}))")


def compiled(formula):
    """The flat function `rate(t)` that `formula(t, xp)` describes; its source is kept as `rate.source`."""
    trace = Trace()
    body = _text(formula(Symbol("t"), trace))
    source = f"def rate(t):\n    return {body}\n"
    exec(compile(source, "<schedule>", "exec"), trace.globals)  # our own text: numbers and operations only
    function = trace.globals["rate"]
    function.source = source
    return function
