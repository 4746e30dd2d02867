"""What an exercise is: one declaration that notebook, checker, forms, assignments and grader all read.

A declaration holds formulas, not numbers: the solution and every misconception are functions of the given
values, so the same exercise can be set with other numbers and is still diagnosed.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any

from .calling import Outcome, call_all
from .compare import FOUR_DIGITS
from .words import literal, plain

KINDS = ("number", "numbers", "choice", "classification", "function", "repair", "predict", "figure")
_ID = re.compile(r"8\.[1-9]\.[1-9]\d?")
_BLANK = re.compile(r"\[\[(\w+)\]\]")


@dataclass(frozen=True)
class Documented:
    """A value the text prints, with its place there.

    `agrees` says whether it lies within the exercise's tolerance of the exact answer; where it does not, or
    where the last digit differs, `note` explains the difference.
    """

    value: Any
    place: str
    note: str = ""
    agrees: bool = True


@dataclass(frozen=True)
class Misconception:
    """A wrong road and what to say to someone who took it.

    `answer` is a formula of the given values (a key for a choice, a part of the mapping for a classification);
    `message` names the mistake and the way out. `sometimes`: with some numbers it gives what the solution or an
    earlier wrong road gives, and is not told apart then; all others are, with any numbers that are set.
    """

    answer: Any
    message: str
    sometimes: bool = False


@dataclass(frozen=True, eq=False)
class Exercise:
    """One exercise. The type of what `solution` returns says what the learner must hand in:

    float → a number, int → a whole number, list → numbers, str → the key of a choice, dict → a classification,
    function → a function, which is called with each tuple of arguments that `probes` returns.

    `question` and `worked` name given values as [[name]]; `worked` is the body of a function whose parameters
    are the given values. `vary` lists nice values for a given name, or is a function of the names drawn before
    it that returns such a list. `between` returns the lowest and highest value a sensible answer can have.
    `measure` maps an answer to what its error is judged by (γ to 1 - γ, where all candidates lie near 1).
    `figure` returns the code that draws what is to be read off.
    """

    id: str
    title: str
    question: str
    kind: str
    given: Mapping[str, Any]
    solution: Callable
    misconceptions: Sequence[Misconception]
    hints: tuple[str, str, str]
    worked: str
    trains: str
    stub: str
    difficulty: int = 1
    minutes: int = 3
    points: int = 1
    documented: Documented | None = None
    rtol: float = FOUR_DIGITS
    atol: float = 0.0
    unit: str = ""
    vary: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    categories: Sequence[str] = ()
    signature: str = ""
    probes: Callable | None = None
    between: Callable | None = None
    measure: Callable[[float], float] | None = None
    afterthought: str = ""
    figure: Callable | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "given", MappingProxyType(dict(self.given)))
        object.__setattr__(self, "misconceptions", tuple(self.misconceptions))
        for rule, kept in self._rules():
            if not kept:
                raise ValueError(f"exercise {self.id!r}: {rule}")

    def _rules(self):
        yield "id must look like 8.4.2", bool(_ID.fullmatch(self.id))
        yield f"kind must be one of {', '.join(KINDS)}, got {self.kind!r}", self.kind in KINDS
        yield "difficulty is 1, 2 or 3", self.difficulty in (1, 2, 3)
        yield "three hints: idea, formula, first line", len(self.hints) == 3 and all(self.hints)
        yield "minutes and points are at least 1", self.minutes >= 1 and self.points >= 1
        yield "what it trains must be said", bool(self.trains)
        yield "vary names only given values", set(self.vary) <= set(self.given)
        yield "the question names only given values", set(_BLANK.findall(self.question)) <= set(self.given)
        yield (
            "a function needs a signature and probes",
            self.kind not in ("function", "repair") or bool(self.signature and self.probes),
        )

    @property
    def section(self) -> str:
        return self.id.rpartition(".")[0]

    @property
    def name(self) -> str:
        """The learner's variable: answer_8_4_2."""
        return "answer_" + self.id.replace(".", "_")

    @cached_property
    def answer(self) -> Any:
        """The exact answer for the given values."""
        return apply(self.solution, self.given)

    @cached_property
    def wrong_answers(self) -> tuple[Any, ...]:
        """What each misconception leads to for the given values, in their order."""
        return tuple(map(self.wrong_answer, range(len(self.misconceptions))))

    def wrong_answer(self, index: int) -> Any:
        """What one misconception leads to, worked out anew: a function with a memory begins afresh."""
        formula = self.misconceptions[index].answer
        return apply(formula, self.given) if callable(formula) else formula

    @cached_property
    def calls(self) -> tuple[tuple, ...]:
        """The argument tuples a learner's function is called with, in this order."""
        return tuple(tuple(call) for call in apply(self.probes, self.given)) if self.probes else ()

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What the solution gives for `calls`."""
        return tuple(call_all(self.answer, self.calls))

    @cached_property
    def wrong_outcomes(self) -> tuple[tuple[Outcome, ...], ...]:
        """What each misconception gives for `calls`."""
        return tuple(tuple(call_all(wrong, self.calls)) for wrong in self.wrong_answers)

    @property
    def whole(self) -> bool:
        """Whether the answer is made of whole numbers."""
        values = self.answer if isinstance(self.answer, list) else [self.answer]
        return all(type(value) is int for value in values)

    @property
    def four_digits(self) -> bool:
        """Whether the question says that four significant digits are enough: not where a whole number does."""
        rounds = self.rtol >= FOUR_DIGITS and self.atol < 0.1 and not self.measure
        return self.kind in ("number", "numbers") and rounds and not self.whole

    def question_text(self) -> str:
        asked = _BLANK.sub(lambda blank: plain(self.given[blank[1]]), self.question.strip())
        return f"{asked} Four significant digits are enough." if self.four_digits else asked

    def worked_text(self) -> str:
        return _BLANK.sub(lambda blank: literal(self.given[blank[1]]), self.worked.strip("\n"))

    def with_numbers(self, given: Mapping[str, Any]) -> Exercise:
        """The same exercise with other numbers; the text's values no longer belong to it."""
        if set(given) != set(self.given):
            raise ValueError(f"exercise {self.id}: given values are {', '.join(self.given)}")
        same = dict(given) == dict(self.given)
        return self if same else replace(self, given=given, documented=None)


@cache
def _parameters(formula: Callable) -> tuple[str, ...] | None:
    parameters = inspect.signature(formula).parameters.values()
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return None
    return tuple(p.name for p in parameters)


def apply(formula: Callable, given: Mapping[str, Any]) -> Any:
    """Call `formula` with those given values that it asks for by name."""
    names = _parameters(formula)
    return formula(**given) if names is None else formula(**{name: given[name] for name in names if name in given})
