"""Inside the locked child: run the cells one after another and send each answer as typed JSON.

Nothing here is trusted. A student's code shares this process and can change all of it; what that buys is the right
to send other values, which the grader compares outside with answers that were never here.
"""

from __future__ import annotations

import builtins
import json
import os
import sys
import types

import numpy as np

from lrcourse.exercises.calling import call_all, check_callable
from lrcourse.exercises.reading import Problem, unanswered

from .wire import DEPTH, decode, encode

_TEXT = 400


def serve(job_fd: int, result_fd: int) -> None:
    """Read the job, then answer it step by step, one line each."""
    with os.fdopen(job_fd, "rb") as pipe:
        job = json.loads(pipe.read())
    nonce = job["nonce"]
    space = _namespace()
    for number, step in enumerate(job["steps"]):
        told = _run(step, space) if step["do"] == "run" else _answer(step, space)
        told |= {"nonce": nonce, "step": number, "threads": len(sys._current_frames()) - 1}
        line = json.dumps(told).encode() + b"\n"
        while line:
            line = line[os.write(result_fd, line) :]


def _namespace() -> dict:
    """A fresh __main__, with what a notebook has beside Python itself."""
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    builtins.display = lambda *_, **__: None
    builtins.get_ipython = _Shell
    if not os.access(".", os.W_OK):
        _draw_into_nowhere()
    return vars(main)


class _Shell:
    """What `get_ipython()` gives: whatever it is asked to do, such as `run_line_magic`, it does nothing."""

    def __getattr__(self, name: str):
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *_, **__: None


def _draw_into_nowhere() -> None:
    """Where nothing can be written, a figure that is saved on the way costs no answer."""
    figure = sys.modules.get("matplotlib.figure")
    if figure:
        honest = figure.Figure.savefig

        def savefig(self, fname, *told, **named):
            return None if isinstance(fname, str | os.PathLike) else honest(self, fname, *told, **named)

        figure.Figure.savefig = savefig


def _run(step: dict, space: dict) -> dict:
    try:
        exec(compile(step["source"], "your cell", "exec", dont_inherit=True), space)
    except MemoryError:
        os._exit(71)  # what filled the memory goes with this process; the other questions get a fresh one
    except BaseException as error:
        return {"error": _error(error)}
    return {"done": True}


def _error(error: BaseException) -> list:
    """Type, message and line of what a cell raised, whatever the exception itself is made of."""
    try:
        message = str(error)[:_TEXT]
    except BaseException:
        message = ""
    line = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "your cell":
            line = trace.tb_lineno
        trace = trace.tb_next
    return [type(error).__name__[:80], message, line if isinstance(line, int) else 0]


def _answer(step: dict, space: dict) -> dict:
    try:
        value = space.get(step["name"], ...)
        if step.get("calls") is None:
            return {"value": encode(value)}
        return _outcomes(value, step)
    except MemoryError:
        os._exit(71)
    except BaseException as error:
        return {"error": _error(error)}


def _outcomes(value, step: dict) -> dict:
    """What the function gives for each input; its own troubles are told by the same words as in a notebook."""
    if unanswered(value):
        return {"value": ["e"]}
    try:
        check_callable(value, step["signature"])
    except Problem as problem:
        return {"problem": [problem.kind, problem.message[:_TEXT], ""]}
    calls = tuple(tuple(decode(argument) for argument in call) for call in step["calls"])
    told = []
    for outcome in call_all(value, calls, step["seconds"]):
        if outcome.problem is not None:
            told.append(["p", outcome.problem.kind, outcome.problem.message[:_TEXT], outcome.cause[:80]])
        else:
            told.append(["v", encode(np.asarray(outcome.value), DEPTH)])
    return {"outcomes": told}
