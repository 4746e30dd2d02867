"""Calling a learner's function without being hurt by it: it may raise, never end, or change its input."""

from __future__ import annotations

import contextlib
import ctypes
import inspect
import io
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .reading import Problem, read_number
from .words import show

SECONDS = 2.0


class TooSlow(BaseException):
    """Raised inside the learner's function when its time is over; not an Exception, so `except` lets it by."""


@dataclass(frozen=True)
class Outcome:
    """What one call gave: a float array, or a problem. `cause` is the exception's name, if one was raised."""

    call: tuple
    value: np.ndarray | None = None
    problem: Problem | None = None
    cause: str = ""


def spoken(call: tuple) -> str:
    """The arguments as one would write them."""
    parts = ["array([" + show(a) + "])" if isinstance(a, np.ndarray) else show(a) for a in call]
    return ", ".join(parts)


def check_callable(function: Any, signature: str) -> None:
    """Refuse what is not a function of the right number of arguments."""
    if not callable(function):
        raise Problem(
            "type", f"A function is asked for, `def …({signature})`; this is a value of type {type(function).__name__}."
        )
    if inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function):
        raise Problem("type", "Your function is a generator or a coroutine: use `return` instead of `yield`.")
    plain = inspect.isroutine(function) or inspect.isclass(function)
    try:
        own = inspect.signature(function if plain else function.__call__)
    except (TypeError, ValueError):  # some builtins tell no signature
        return
    try:
        own.bind(*signature.split(","))
    except TypeError:
        raise Problem(
            "call",
            f"Your function must be callable as f({signature}); its own line says otherwise: f{own}.",
        ) from None


def call_all(function: Callable, calls: tuple[tuple, ...], seconds: float | None = None) -> list[Outcome]:
    """Call in order; after one that does not end, the rest is left out."""
    outcomes = []
    for call in calls:
        outcomes.append(_call(function, call, SECONDS if seconds is None else seconds))
        if outcomes[-1].cause == "TooSlow":
            break
    return outcomes


def _call(function: Callable, call: tuple, seconds: float) -> Outcome:
    handed = tuple(a.copy() if isinstance(a, np.ndarray) else list(a) if isinstance(a, list) else a for a in call)
    shown = f"f({spoken(call)})"
    try:
        with _quiet():
            value = _within_time(lambda: function(*handed), seconds)
    except TooSlow:
        return Outcome(
            call,
            problem=Problem(
                "call",
                f"{shown} did not end within {seconds:g} seconds. Is there a loop whose condition never becomes false?",
            ),
            cause="TooSlow",
        )
    except KeyboardInterrupt:
        raise
    except RecursionError:
        return Outcome(
            call, problem=Problem("call", f"{shown} calls itself without end (RecursionError)."), cause="RecursionError"
        )
    except BaseException as error:
        said = _message(error)
        if isinstance(error, TypeError) and "for ^" in str(error):
            said += ". In Python a power is written **; ^ is something else"
        return Outcome(
            call, problem=Problem("call", f"{shown} raised {type(error).__name__}{said}"), cause=type(error).__name__
        )
    if any(isinstance(a, np.ndarray | list) and not np.array_equal(a, b) for a, b in zip(call, handed, strict=True)):
        return Outcome(
            call,
            problem=Problem(
                "call",
                f"{shown} changed its input. Work on a copy, or build a new array: the caller still needs the old one.",
            ),
            cause="mutation",
        )
    try:
        return Outcome(call, value=_read(value, shown))
    except Problem as problem:
        return Outcome(call, problem=problem)
    except Exception:
        said = f"What {shown} returns is of type {type(value).__name__} and could not be read; a number is asked for."
        return Outcome(call, problem=Problem("type", said))


def _message(error: BaseException) -> str:
    try:
        first = str(error).strip().splitlines()[:1]
    except BaseException:
        first = []
    return f": {first[0][:120]}" if first else "."


def _read(value: Any, shown: str) -> np.ndarray:
    """The function's result as floats, in its own shape."""
    if value is ...:
        raise Problem("to do", "")
    if isinstance(value, list | tuple) or (hasattr(value, "__array__") and np.ndim(value)):
        array = np.asarray(value)
        if array.dtype.kind not in "iuf":
            raise Problem("type", f"{shown} returns a list that holds something else than numbers.")
        array = array.astype(float)
        if not np.isfinite(array).all():
            raise Problem("not finite", f"{shown} returns NaN or infinity in some places: look for a division by 0.")
        return array
    return np.asarray(read_number(value, f"What {shown} returns"))


@contextlib.contextmanager
def _quiet():
    """Keep the function's prints and warnings out of the verdict."""
    with warnings.catch_warnings(), np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def _within_time(work: Callable, seconds: float) -> Any:
    on_main = threading.current_thread() is threading.main_thread()
    return (_by_alarm if on_main and hasattr(signal, "setitimer") else _by_thread)(work, seconds)


def _by_alarm(work: Callable, seconds: float) -> Any:
    """The alarm repeats, so that a bare `except:` in a loop does not escape it; it never rings in this frame."""
    here = sys._getframe()

    def ring(_signal, frame):
        if frame is not here:
            raise TooSlow

    before = signal.signal(signal.SIGALRM, ring)
    timer = signal.setitimer(signal.ITIMER_REAL, seconds, 0.05)
    try:
        return work()
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, before)


def _by_thread(work: Callable, seconds: float) -> Any:
    """Where there is no alarm (Windows, or not the main thread): a thread that is asked to stop."""
    result: list = []

    def run():
        try:
            result.append((work(), None))
        except BaseException as error:
            result.append((None, error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    for _ in range(20):
        if not thread.is_alive():
            break
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(TooSlow))
        thread.join(0.05)
    else:
        raise TooSlow
    value, error = result[0]
    if error is not None:
        raise error
    return value
