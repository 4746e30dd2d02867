"""Running one submission: as many children as it takes, so that what breaks one costs the question that broke it."""

from __future__ import annotations

import time

import numpy as np

from lrcourse.exercises import Exercise

from .pool import Fault, Pool, Ran, Step
from .repair import Work
from .sandbox.wire import encode

WHOLE_SECONDS = 120.0
OWN_FAILURES = 3  # cells of the student's own that may hang before the others of them are left out
SETUP = "\0setup"


class Results:
    """What came of each question: its answer, and what its cell raised."""

    def __init__(self) -> None:
        self.answers: dict[str, Ran] = {}
        self.errors: dict[str, list] = {}
        self.notes: list[str] = []


def run(pool: Pool, steps: list[Step]) -> Results:
    """Run the cells in their order, each question on its own clock.

    Where one hangs, or ends its child, a fresh child runs the rest without it; answers already given stay. Where one
    ends its child that shared it with others, it is tried alone, for one of them may have laid a fuse.
    """
    results = Results()
    wanted = {step.question for step in steps if step.do == "answer"}
    own_failures = 0
    stop = time.monotonic() + WHOLE_SECONDS
    while wanted - results.answers.keys():
        if time.monotonic() >= stop:
            results.answers |= dict.fromkeys(wanted - results.answers.keys(), Ran(ended="late"))
            break
        live = [s for s in steps if s.do == "run" or s.question not in results.answers]
        while live[-1].do == "run":  # nothing is asked after it
            live.pop()
        ran = pool.run(live, stop)
        _take(live, ran, results)
        if len(ran) == len(live) and not ran[-1].ended:
            break  # all were reached
        culprit, how = live[len(ran) - 1], ran[-1]
        if culprit.essential:
            raise Fault(f"the release's own first cell did not run ({how.ended or 'error'})")
        if culprit.question.startswith("\0"):
            own_failures += 1
            results.notes.append(f"a cell of their own was left out: {how.ended or 'it left threads behind'}")
        if culprit.question in wanted - results.answers.keys():
            results.answers[culprit.question] = _alone(pool, steps, culprit.question, how, results)
        steps = [s for s in steps if s.question != culprit.question]
        if own_failures == OWN_FAILURES:
            steps = [s for s in steps if s.essential or not s.question.startswith("\0")]
    return results


def _alone(pool: Pool, steps: list[Step], question: str, how: Ran, results: Results) -> Ran:
    """The answer without the other questions' cells, in the time that this question has left; else how it ended."""
    shared = any(step.question not in (question, SETUP) for step in steps[: _last(steps, question)])
    left = pool.seconds - how.seconds
    if shared and left > 0 and how.ended in ("crashed", "garbled", "memory"):
        mine = [step for step in steps if step.essential or step.question == question]
        ran = pool.run(mine[: _last(mine, question) + 1], time.monotonic() + left)
        if len(ran) == len(mine) and not any(each.ended or "error" in each.told for each in ran):
            results.notes.append(f"{question} was run alone: after other cells it ended the Python that ran it")
            return ran[-1]
    return how if how.ended else Ran(ended="threads")


def _last(steps: list[Step], question: str) -> int:
    return max(i for i, step in enumerate(steps) if step.question == question)


def _take(live: list[Step], ran: list[Ran], results: Results) -> None:
    for step, each in zip(live, ran):
        if each.ended:
            continue
        if step.essential and "error" in each.told:
            raise Fault(f"the release's own first cell raised {each.told['error']}"[:300])
        if step.do == "answer":
            results.answers.setdefault(step.question, each)
        elif "error" in each.told and step.question not in results.answers:
            results.errors.setdefault(step.question, each.told["error"])


def steps_of(setup: str, work: Work, exercises: dict[str, Exercise], seconds: float) -> list[Step]:
    """What a child is to do for a submission: all that leaves the grader, and nothing of what is expected."""
    steps = [Step("run", SETUP, {"source": setup}, essential=True)]
    for number, part in enumerate(work.parts):
        question = part.exercise or f"\0own {number}"
        steps.append(Step("run", question, {"source": part.source}))
        if part.last:
            steps.append(Step("answer", question, _asked(exercises[part.exercise], seconds)))
    return steps


def _asked(exercise: Exercise, seconds: float) -> dict:
    """What to hand back: a name's value, or a function's outcomes for these inputs. Nothing of what is expected."""
    if not callable(exercise.answer):
        return {"name": exercise.name}
    calls = [[encode(_plain(argument)) for argument in call] for call in exercise.calls]
    return {"name": exercise.name, "signature": exercise.signature, "calls": calls, "seconds": min(2.0, seconds / 2)}


def _plain(argument):
    return argument.item() if isinstance(argument, np.generic) else argument
