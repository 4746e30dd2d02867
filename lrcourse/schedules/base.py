"""What every schedule is and can do."""

from __future__ import annotations

import json
import math
from dataclasses import MISSING, FrozenInstanceError, dataclass, fields

import numpy as np

from . import checks
from .namespaces import NUMPY, SLACK, compiled

CHUNK = 16384  # steps evaluated at a time: the temporaries of a formula then stay in cache
REGISTRY: dict[str, type] = {}  # class name → class, for from_dict

# A dataclass without generated methods: Schedule has them for all, and importing two dozen classes stays quick.
record = dataclass(init=False, eq=False, repr=False)


class _Signature:
    """Lets help() and Shift-Tab show a class's parameters, and a schedule's one argument t; made when asked for."""

    def __get__(self, instance, cls):
        import inspect
        if instance is not None:
            return inspect.Signature([inspect.Parameter("t", inspect.Parameter.POSITIONAL_OR_KEYWORD)])
        kinds = {True: inspect.Parameter.KEYWORD_ONLY, False: inspect.Parameter.POSITIONAL_OR_KEYWORD}
        return inspect.Signature([
            inspect.Parameter(f.name, kinds[f.kw_only], annotation=f.type,
                              default=inspect.Parameter.empty if f.default is MISSING else f.default)
            for f in fields(cls)])


class Schedule:
    """A learning rate as a pure function of the step.

    `t` is the 0-based index of the optimizer update that uses the rate. A schedule is a frozen record: it has no state,
    so asking twice gives the same answer, and resuming a run needs nothing but `t`.

    A subclass is decorated with `@record`, checks its fields in `__post_init__`, and gives
    `_formula(t, xp)` (the rate while the shape lasts, written once for every namespace), `horizon`, `_written(t)` (the
    formula as text) and `_steps(t)` (the worked arithmetic); `_area(stop)` where the integral has a closed form.
    """

    __signature__ = _Signature()
    __array_ufunc__ = None  # so that np.float64(0.5) * schedule reaches __rmul__
    after = "hold"
    ends_itself = False  # True where `_at` and `_area` already say what comes after the horizon

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if not cls.__name__.startswith("_"):
            REGISTRY[cls.__name__] = cls

    def __init__(self, *args, **kwargs):
        given = fields(self)
        names = [f.name for f in given if not f.kw_only]
        kind = type(self).__name__
        if len(args) > len(names):
            raise TypeError(f"{kind} takes at most {len(names)} values by position ({', '.join(names)}), "
                            f"got {len(args)}: name the others")
        values = {f.name: f.default for f in given if f.default is not MISSING}
        for name, value in [*zip(names, args), *kwargs.items()]:
            if name not in {f.name for f in given}:
                raise TypeError(f"{kind} has no parameter {name!r}: it has {', '.join(f.name for f in given)}")
            if name in kwargs and name in names[:len(args)]:
                raise TypeError(f"{kind} got {name!r} twice: by position and by name")
            values[name] = value
        if missing := [f.name for f in given if f.name not in values]:
            raise TypeError(f"{kind} needs the parameter {missing[0]!r}: it has {', '.join(f.name for f in given)}")
        self._set(**values)
        self.__post_init__()

    def __post_init__(self) -> None:
        """Check the fields and put them in their own type."""

    def _set(self, **values) -> None:
        """Store checked values during construction."""
        self.__dict__.update(values)

    def __setattr__(self, name, value):
        raise FrozenInstanceError(f"{type(self).__name__} is frozen, so {name} can't be set: "
                                  f"build another with dataclasses.replace(schedule, {name}=…)")

    def __delattr__(self, name):
        raise FrozenInstanceError(f"{type(self).__name__} is frozen, so {name} can't be deleted")

    # ---- what a subclass says of itself ------------------------------------------------------------------------

    @property
    def horizon(self):
        """Steps after which the shape is complete (a number), or None where it never ends."""
        return None

    @property
    def parts(self) -> tuple[Schedule, ...]:
        """What a composed schedule is made of, in order; a simple one is its own only part."""
        return (self,)

    @property
    def formula(self) -> str:
        """The formula with this schedule's numbers, as Unicode text."""
        return f"η_t = {self._written('t')}"

    def _written(self, t: str) -> str:
        """The formula's right-hand side, with the text `t` for the time."""
        raise NotImplementedError

    def _formula(self, t, xp):
        raise NotImplementedError

    def _steps(self, t) -> list[str]:
        raise NotImplementedError

    def _area(self, stop) -> float | None:
        """The integral over [0, stop] inside the horizon in closed form, None where it has none."""
        return None

    def _knots(self, stop) -> list[float]:
        """Steps in (0, stop) at which the formula changes: jumps and kinks."""
        T = self.horizon
        if T is None or T >= stop:
            return []
        return [k * T for k in range(1, math.ceil(stop / T))] if self.after == "periodic" else [T]

    # ---- the rate ----------------------------------------------------------------------------------------------

    def _at(self, t, xp):
        """The rate over namespace `xp` at any t ≥ 0: the formula, and the choice made for what comes after it."""
        T = self.horizon
        if T is None:
            return self._formula(t, xp)
        if self.after == "periodic":
            back = t % (2 * T)
            return self._formula(xp.where(back > T, 2 * T - back, back), xp)
        return self._formula(xp.minimum(xp.refuse_past(t, T) if self.after == "raise" else t, T), xp)

    def _formula_inside(self, t, xp):
        """The rate at a time known to lie within the horizon: what a join asks of all parts but the last."""
        return self._formula(t, xp)

    def __call__(self, t):
        """The rate at step `t`: a float for a number, a float64 array of the same shape for an array.

        Fractions of a step are allowed (for drawing); negative, NaN and infinite steps are refused.
        """
        if type(t) is not int and (isinstance(t, (list, tuple, range)) or getattr(t, "ndim", 0) > 0):
            steps = checks.step_array(t)
            rates = np.empty(steps.shape)
            flat, out = steps.reshape(-1), rates.reshape(-1)
            for start in range(0, flat.size, CHUNK):
                part = slice(start, start + CHUNK)
                out[part] = self._at(checks.step_range(flat[part]), NUMPY)
            return rates
        if type(t) is not int or not 0 <= t < checks.HUGE:
            t = checks.step_number(t)
        return self.compile()(t)

    def values(self, n, *, out=None) -> np.ndarray:
        """The rates of the updates t = 0 … n-1, shape (n,), float64: the fast road for a whole run.

        `out`, if given, is a float64 array of shape (n,) that is filled and returned.
        """
        n = checks.whole("n", n, at_least=0)
        if out is None:
            out = np.empty(n)
        elif not (isinstance(out, np.ndarray) and out.shape == (n,) and out.dtype == np.float64):
            raise ValueError(f"out must be a float64 array of shape ({n},), got {type(out).__name__} "
                             f"{getattr(out, 'shape', '')}: use numpy.empty({n})")
        self._fill(out, 0)
        return out

    def _fill(self, out: np.ndarray, first) -> None:
        """Write the rates of the steps first, first+1, … into `out`."""
        for start in range(0, len(out), CHUNK):
            part = out[start:start + CHUNK]
            part[:] = self._at(np.arange(len(part), dtype=np.float64) + (first + start), NUMPY)

    def compile(self):
        """One flat Python function `rate(t)` for a training loop: no checks, no dispatch (its text: `rate.source`)."""
        try:
            return self.__dict__["_compiled"]
        except KeyError:
            self._set(_compiled=compiled(self._at))
            return self.__dict__["_compiled"]

    # ---- what can be said of it --------------------------------------------------------------------------------

    def integral(self, stop=None) -> float:
        """Area under the curve from 0 to `stop` (default: the horizon), in rate × steps.

        With a small step this is the distance that unit gradients would carry the parameters. The sum of the rates
        of the first n updates is `values(n).sum()`; the two differ by about half of (first rate - last rate).
        """
        from .calculus import integral
        return integral(self, stop)

    def explain(self, t):
        """The arithmetic that leads to the rate at step `t`, line by line, every number rounded only for display."""
        from .report import Explanation
        step = checks.step_number(t)
        return Explanation(self, step, tuple(self._explained(step)), self(step))

    def _explained(self, t) -> list[str]:
        """`_steps`, and before it what happens to a time past the end."""
        T = self.horizon
        if T is None or t <= T + SLACK:
            return self._steps(t if T is None else min(t, T))
        rate = self(t)  # with after='raise' this raises
        if self.after == "periodic":
            back = t % (2 * T)
            inside = 2 * T - back if back > T else back
            return [f"t = {t:g} is past the end T = {T:g}: the curve runs back and forth, so read it at {inside:g}",
                    *self._steps(inside)]
        return [f"t = {t:g} is past the end T = {T:g}: the last rate is held", f"η({t:g}) = η({T:g}) = {rate:.6g}"]

    def audit(self, updates):
        """What may surprise in a run of `updates` optimizer updates, in words."""
        from .report import audit
        return audit(self, checks.whole("updates", updates))

    def _repr_html_(self) -> str:
        from .report import html
        return html(self)

    # ---- composition -------------------------------------------------------------------------------------------

    def __rshift__(self, other):
        """`a >> b`: first a, then b, which sees t - a.horizon."""
        from .compose import Join
        return Join((self, other)) if isinstance(other, Schedule) else NotImplemented

    def __mul__(self, other):
        """`0.5 * a` scales every rate; `a * b` multiplies two schedules step by step."""
        from .compose import Product, Scaled
        if isinstance(other, Schedule):
            return Product((self, other))
        return Scaled(self, other)

    __rmul__ = __mul__

    def until(self, T):
        """The first T steps of this schedule, as a part that can be joined: `Fixed(0.1).until(500) >> …`."""
        from .compose import Until
        return Until(self, T)

    def ahead(self, steps):
        """This schedule seen `steps` updates ahead: `a.ahead(100)(t) == a(t + 100)`; how a resumed run sees it."""
        from .compose import Ahead
        return Ahead(self, steps)

    # ---- a record ----------------------------------------------------------------------------------------------

    def _items(self) -> tuple:
        return tuple((f.name, getattr(self, f.name)) for f in fields(self))

    def __repr__(self):
        shown = [f"{f.name}={getattr(self, f.name)!r}" for f in fields(self)
                 if f.default is MISSING or getattr(self, f.name) != f.default]
        return f"{type(self).__name__}({', '.join(shown)})"

    def __eq__(self, other):
        return self._items() == other._items() if type(other) is type(self) else NotImplemented

    def __hash__(self):
        return hash((type(self).__name__, self._items()))

    def __reduce__(self):
        return from_dict, (self.to_dict(),)

    def to_dict(self) -> dict:
        """A dictionary of plain JSON values that `from_dict` turns back into an equal schedule."""
        return {"schedule": type(self).__name__, **{name: _plain(value) for name, value in self._items()}}

    def to_json(self) -> str:
        """`to_dict` as text; floats keep every bit."""
        return json.dumps(self.to_dict())


def _plain(value):
    if isinstance(value, Schedule):
        return value.to_dict()
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _built(value):
    if isinstance(value, dict):
        return from_dict(value)
    return tuple(_built(item) for item in value) if isinstance(value, list) else value


def from_dict(data) -> Schedule:
    """The schedule that `to_dict` described; unknown names are refused, and every value is checked again."""
    if not isinstance(data, dict) or "schedule" not in data:
        raise TypeError(f"a schedule's dictionary must have the key 'schedule', got {data!r:.80}: use to_dict()")
    name = data["schedule"]
    cls = REGISTRY.get(name) if isinstance(name, str) else None
    if cls is None:
        raise ValueError(f"'schedule' must be one of {', '.join(sorted(REGISTRY))}, got {name!r}")
    return cls(**{key: _built(value) for key, value in data.items() if key != "schedule"})


def from_json(text: str) -> Schedule:
    """The schedule that `to_json` wrote."""
    try:
        data = json.loads(text)
    except (TypeError, ValueError) as error:
        raise ValueError(f"text must be JSON as to_json() writes it: {error}") from None
    return from_dict(data)


def nearly_whole(x):
    """`x`, as an int where only rounding parts it from one: two fractional stretches may add up to a whole number."""
    return round(x) if math.isclose(x, round(x), rel_tol=1e-12) else x


def number(x) -> str:
    """A number for display: 6 significant digits, no noise."""
    return f"{x:.6g}".replace("e-0", "e-").replace("e+0", "e+").replace("-", "−")


def equals(x) -> str:
    """'= 0.5' where six digits say it all, '≈ 0.707107' where they round."""
    shown = f"{x:.6g}"
    return f"{'=' if math.isclose(float(shown), x, rel_tol=1e-12, abs_tol=1e-300) else '≈'} {number(x)}"
