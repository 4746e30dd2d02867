"""Judging one answer by one declaration: pure, without memory, the same for notebook, form and grader.

The order matters: right, then a declared misconception, then a near miss, then the slips anyone makes anywhere
(sign, decimal point, one off), and only then a plain "not yet".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from . import misread, misses, slips
from .calling import Outcome, call_all, check_callable, spoken
from .compare import Nearness, agree, as_written, digits_right, figures, within
from .declaration import Exercise
from .reading import Problem, read_choice, read_classification, read_number, read_numbers, unanswered
from .verdict import Verdict
from .words import listing, show

PRAISE = ("Well done.", "Exactly.", "That is it.", "Yes.", "Good work.", "Precisely.")


def judge(exercise: Exercise, answer: Any) -> Verdict:
    """The verdict on `answer`. Raises only what the learner's own keyboard interrupt raises."""
    if unanswered(answer):
        return to_do(exercise)
    expected = exercise.answer
    try:
        if callable(expected):
            check_callable(answer, exercise.signature)
            return judge_outcomes(exercise, call_all(answer, exercise.calls))
        if isinstance(expected, str):
            return _judge_choice(exercise, read_choice(answer, exercise.options))
        if isinstance(expected, dict):
            said = read_classification(answer, list(expected), tuple(exercise.categories))
            return _judge_classification(exercise, said)
        if isinstance(expected, list):
            return _judge_numbers(exercise, read_numbers(answer, len(expected)))
        return _judge_number(exercise, read_number(answer))
    except Problem as problem:
        return Verdict(exercise.id, problem.kind, f"{exercise.id} not yet: {problem.message}")


def to_do(exercise: Exercise) -> Verdict:
    what = "write the function" if callable(exercise.answer) else f"put your answer in {exercise.name}"
    text = f'{exercise.id} to do: {what} and run this cell again. Stuck? hint("{exercise.id}")'
    return Verdict(exercise.id, "to do", text)


def _right(exercise: Exercise, given: Any = None) -> Verdict:
    praise = PRAISE[sum(map(ord, exercise.id)) % len(PRAISE)]
    lines = [f"{exercise.id} right. {praise}"]
    if not callable(exercise.answer) and not isinstance(exercise.answer, str | dict):
        unit = f" {exercise.unit}" if exercise.unit else ""
        lines[0] = f"{exercise.id} right: {show(exercise.answer, exercise.rtol)}{unit}. {praise}"
    documented = exercise.documented
    if documented and documented.note:
        lines.append(f"The text has {show(documented.value)} ({documented.place}): {documented.note}")
    if exercise.afterthought:
        lines.append(exercise.afterthought)
    return Verdict(exercise.id, "right", "\n".join(lines))


def _wrong_road(exercise: Exercise, index: int) -> Verdict:
    message = exercise.misconceptions[index].message
    return Verdict(exercise.id, "misconception", f"{exercise.id} not yet: {message}", index)


def _wrong_roads(exercise: Exercise, indices: list[int], value: float) -> Verdict:
    """One wrong road, and a second one if that leads to the same number here."""
    near, wrong = Nearness.of(exercise), exercise.wrong_answers
    first, *others = sorted(
        indices, key=lambda i: (exercise.misconceptions[i].sometimes, near.distance(value, wrong[i]))
    )
    more = [exercise.misconceptions[i].message for i in others[:1]]
    verdict, given = _wrong_road(exercise, first), slips.given_name(exercise, value)
    if not more and given:
        more = [f"that is just {given}, as given."]
    return replace(verdict, text=" Or: ".join([verdict.text, *more]))


def _wrong(exercise: Exercise, message: str, kind: str = "wrong") -> Verdict:
    ask = f' hint("{exercise.id}") helps.' if kind == "wrong" else ""
    return Verdict(exercise.id, kind, f"{exercise.id} not yet: {message}{ask}")


def _judge_choice(exercise: Exercise, said: str) -> Verdict:
    if said == exercise.answer:
        return _right(exercise)
    if said in exercise.wrong_answers:
        return _wrong_road(exercise, exercise.wrong_answers.index(said))
    return _wrong(exercise, "another choice fits better.")


def _judge_classification(exercise: Exercise, said: dict[str, str]) -> Verdict:
    wrong = [item for item, category in exercise.answer.items() if said[item] != category]
    if not wrong:
        return _right(exercise)
    held = [i for i, m in enumerate(exercise.wrong_answers) if all(said[item] == c for item, c in m.items())]
    rest = f" ({len(exercise.answer) - len(wrong)} of {len(exercise.answer)} are right.)"
    if not held:
        return _wrong(exercise, f"look again at {listing(wrong)}.{rest}")
    best = max(held, key=lambda i: (len(exercise.wrong_answers[i]), -i))
    others = [i for i in held if not set(exercise.wrong_answers[i]) & set(exercise.wrong_answers[best])]
    verdict = _wrong_road(exercise, best)
    more = f" And: {exercise.misconceptions[others[0]].message}" if others else ""
    told = set(exercise.wrong_answers[best]) | set(exercise.wrong_answers[others[0]] if others else ())
    left = [item for item in wrong if item not in told]
    again = f" Then look again at {listing(left)}." if left else ""
    return Verdict(verdict.exercise, verdict.kind, verdict.text + more + again + rest, best)


def _judge_number(exercise: Exercise, value: float) -> Verdict:
    expected, wrong = exercise.answer, exercise.wrong_answers
    near = Nearness.of(exercise)
    if near.same(value, expected):
        return _right(exercise)
    exact = [i for i, w in enumerate(wrong) if near.same(value, w)]
    rounded = [i for i, w in enumerate(wrong) if near.resembles(value, w)]
    if exact:
        return _wrong_roads(exercise, exact, value)
    if rounded and not near.resembles(value, expected):
        return _wrong_road(exercise, min(rounded, key=lambda i: near.distance(value, wrong[i])))
    digits = digits_right(value, expected)
    if digits >= 2 and not exercise.whole and _only_rounded(exercise, value, digits):
        return _near_miss(exercise, "you are", digits)
    slip = slips.of_number(exercise, value)
    if slip is None and digits == 1 and figures(value) == 1 and not exercise.whole:
        return _near_miss(exercise, "you are", digits)
    if slip is None and digits >= 2:
        return _wrong(
            exercise, "near, but a count is exact. Don't round before the end, then round to a whole.", "near"
        )
    return _wrong(exercise, slip.message, slip.kind) if slip else _wrong(exercise, "that is not it.")


def _only_rounded(exercise: Exercise, value: float, digits: int) -> bool:
    """Whether the answer was rounded or cut, and not got from other numbers."""
    if digits >= figures(value):
        return True
    if misread.told(exercise, np.array([value])):
        return False
    measure = exercise.measure
    return measure is None or digits_right(measure(value), measure(exercise.answer)) >= 2


def _near_miss(exercise: Exercise, who: str, digits: int) -> Verdict:
    right = "1 digit" if digits == 1 else f"{digits} digits"
    said = f"{who} right to {right}; more are needed. Don't round before the end, and keep more decimals."
    return _wrong(exercise, said, "near")


def _judge_numbers(exercise: Exercise, values: np.ndarray) -> Verdict:
    near = Nearness.of(exercise)
    good = np.array([near.same(v, e) for v, e in zip(values, exercise.answer, strict=True)])
    if good.all():
        return _right(exercise)
    rest = "" if not good.any() else f" ({good.sum()} of {good.size} are right.)"
    index = _explained(exercise, values, good, near)
    if index is not None:
        verdict = _wrong_road(exercise, index)
        return Verdict(verdict.exercise, verdict.kind, verdict.text + rest, index)
    places = np.flatnonzero(~good)
    digits = min(digits_right(values[i], exercise.answer[i]) for i in places)
    slip = slips.of_numbers(exercise, values)
    if digits >= 2 and not exercise.whole and not (slip and misread.told(exercise, values)):
        which = f"your number {listing([str(i + 1) for i in places])} {'is' if len(places) == 1 else 'are'}"
        return _near_miss(exercise, which, digits)
    if slip is None:
        for place in places:
            index = _explained_place(exercise, values[place], place)
            if index is not None:
                return _wrong_place(exercise, index, place, places, rest)
        slip = slips.of_some(exercise, values)
    if slip:
        return _wrong(exercise, slip.message + rest, slip.kind)
    return _wrong(exercise, f"look again at number {listing([str(i + 1) for i in places])}.{rest}")


def _wrong_place(exercise: Exercise, index: int, place: int, places: Sequence[int], rest: str) -> Verdict:
    others = [str(i + 1) for i in places if i != place]
    again = f" Then look again at number {listing(others)}." if others else ""
    said = f"number {place + 1}: {exercise.misconceptions[index].message}{again}{rest}"
    return Verdict(exercise.id, "misconception", f"{exercise.id} not yet: {said}", index)


def _explained_place(exercise: Exercise, value: float, place: int) -> int | None:
    """The first misconception that gives this one number, where it is not the right one."""
    right = exercise.answer[place]
    found = (
        i
        for i, wrong in enumerate(exercise.wrong_answers)
        if as_written(value, wrong[place]) and not as_written(wrong[place], right)
    )
    return next(found, None)


def _explained(exercise: Exercise, values, good, near: Nearness) -> int | None:
    """The misconception that explains every place; failing that, one that does but for rounding; failing that,
    one that explains every wrong place."""
    wrong = exercise.wrong_answers
    exact = [np.array([near.same(v, w) for v, w in zip(values, answer, strict=True)]) for answer in wrong]
    loose = [np.array([near.resembles(v, w) for v, w in zip(values, answer, strict=True)]) for answer in wrong]
    solution = np.array([near.resembles(v, e) for v, e in zip(values, exercise.answer, strict=True)])
    ways = [[e.all() for e in exact]]
    if not solution.all():
        ways += [[e.all() for e in loose], [(e | good).all() for e in exact], [(e | good).all() for e in loose]]
    found = ([i for i, explains in enumerate(way) if explains] for way in ways)
    first = next((places for places in found if places), None)
    return min(first, key=lambda i: (exercise.misconceptions[i].sometimes, i)) if first else None


def judge_outcomes(exercise: Exercise, outcomes: Sequence[Outcome]) -> Verdict:
    """The verdict on what a function did with `exercise.calls`; the grader gets the outcomes from its sandbox."""
    if any(o.problem and o.problem.kind == "to do" for o in outcomes):
        return to_do(exercise)
    reference = exercise.outcomes
    good = [_same(a, b, exercise) for a, b in zip(outcomes, reference, strict=False)]
    if all(good) and len(good) == len(reference):
        return _right(exercise)
    index = _explained_outcomes(exercise, outcomes, good)
    if index is not None:
        return _wrong_road(exercise, index)
    remembers = _remembers(outcomes)
    if remembers:
        return _wrong(exercise, remembers)
    bug = misses.pattern(exercise, outcomes)
    if bug:
        return _wrong(exercise, bug)
    index = _mostly_explained(exercise, outcomes, good)
    if index is not None:
        return _wrong_road(exercise, index)
    if False not in good:
        return _wrong(exercise, f"only {len(outcomes)} of {len(reference)} calls gave an answer.", "call")
    at = good.index(False)
    if outcomes[at].problem:
        return _wrong(exercise, outcomes[at].problem.message, outcomes[at].problem.kind)
    return _describe_miss(exercise, outcomes[at], reference[at].value)


def _remembers(outcomes: Sequence[Outcome]) -> str:
    """What to say of a function that answers the same call in two ways; nothing, if it does not."""
    for i, late in enumerate(outcomes):
        for early in outcomes[:i]:
            if spoken(early.call) == spoken(late.call) and early.value is not None and late.value is not None:
                first, second = show(early.value), show(late.value)
                if first != second:
                    call = f"f({spoken(late.call)})"
                    return (
                        f"calling it changes it: {call} gave {first} and later {second}. "
                        "Work the rate out from t alone, with nothing remembered between calls."
                    )
    return ""


def _explained_outcomes(exercise: Exercise, outcomes: Sequence[Outcome], good: list[bool]) -> int | None:
    partial = None
    for i, theirs in enumerate(exercise.wrong_outcomes):
        if len(theirs) != len(outcomes):
            continue
        explains = [_same(a, b, exercise) for a, b in zip(outcomes, theirs, strict=True)]
        if all(explains):
            return i
        if partial is None and all(e or g for e, g in zip(explains, good, strict=True)):
            partial = i
    return partial


def _mostly_explained(exercise: Exercise, outcomes: Sequence[Outcome], good: list[bool]) -> int | None:
    """The misconception that gives most of the wrong outputs; whole ones such as 0 and 1 prove nothing."""
    best, most = None, 0.5
    for i, theirs in enumerate(exercise.wrong_outcomes):
        wrong = [(a, b) for a, b, fine in zip(outcomes, theirs, good, strict=False) if not fine]
        alike = [a for a, b in wrong if _same(a, b, exercise)]
        telling = [a for a in alike if a.value is not None and np.any(a.value % 1)]
        if telling and len(alike) / len(wrong) > most:
            best, most = i, len(alike) / len(wrong)
    return best


def _same(a: Outcome, b: Outcome, exercise: Exercise) -> bool:
    if a.value is None or b.value is None:
        return a.problem is not None and b.problem is not None and _trouble(a) == _trouble(b)
    return agree(a.value, b.value, exercise.rtol, exercise.atol)


def _trouble(outcome: Outcome) -> str:
    """What went wrong in a call. Dividing by zero gives an error in Python and NaN in NumPy: it is the same mistake."""
    if outcome.problem.kind == "not finite":
        return "ZeroDivisionError"
    return outcome.cause or outcome.problem.kind


def _describe_miss(exercise: Exercise, outcome: Outcome, wanted: np.ndarray) -> Verdict:
    call, value = f"f({spoken(outcome.call)})", outcome.value
    if value.shape != wanted.shape:
        return _wrong(exercise, f"{call} returns {_shape(value)}; {_shape(wanted)} is asked for.", "shape")
    place = np.flatnonzero(~np.atleast_1d(within(value, wanted, exercise.rtol, exercise.atol)))[0]
    got, want = np.atleast_1d(value).ravel()[place], np.atleast_1d(wanted).ravel()[place]
    where = f"{call}" if not value.shape else f"place {place} of {call}"
    digits = digits_right(got, want)
    if digits >= 2:
        return _wrong(exercise, f"{where} is right to {digits} digits only. Don't round inside the function.", "near")
    return _wrong(exercise, f"{where} gives {show(got)}, and should give {show(want)}.")


def _shape(value: np.ndarray) -> str:
    return f"an array of shape {value.shape}" if value.shape else "a single number"
