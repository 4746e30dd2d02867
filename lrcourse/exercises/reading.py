"""Reading what a learner handed in: a clean value, or a kind word about what it is instead.

Nothing here trusts the object: it may raise from `__float__`, equal everything, or print itself badly.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from .words import listing, number

_NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*")


class Problem(Exception):
    """Why an answer cannot be judged: the verdict's kind and what to say."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


def unanswered(answer: Any) -> bool:
    """Whether the stub still stands: `...`, or a list or mapping of nothing but `...`."""
    if type(answer) in (list, tuple):
        return bool(answer) and all(item is ... for item in answer)
    if type(answer) is dict:
        return bool(answer) and all(item is ... for item in answer.values())
    return answer is ...


def read_number(answer: Any, where: str = "Your answer") -> float:
    """A finite float. Booleans, strings, lists, functions, NaN and the like are named for what they are."""
    if hasattr(answer, "__array__") and not isinstance(answer, np.generic | type) and np.ndim(answer) == 0:
        answer = np.asarray(answer)[()]
    if type(answer) in (int, float) or isinstance(answer, np.integer | np.floating):
        return _finite(answer, where)
    if isinstance(answer, Fraction) or type(answer).__name__ == "Decimal":
        return _finite(answer, where)
    raise Problem("type", f"{where} {_what_it_is(answer)}")


def _finite(answer: Any, where: str) -> float:
    try:
        value = float(answer)
    except OverflowError:
        value = math.inf
    if math.isnan(value):
        raise Problem("not finite", f"{where} is NaN, not a number: somewhere 0/0 or inf - inf was computed.")
    if math.isinf(value):
        raise Problem("not finite", f"{where} is infinite: look for a division by zero.")
    return value


def _what_it_is(answer: Any) -> str:
    """The rest of a sentence that begins with "Your answer"."""
    if answer is None:
        return "is None: there is nothing in it, no value. A function without `return`, or `print(…)`, gives None."
    if answer is ...:
        return "still has `...` in it."
    if isinstance(answer, bool | np.bool_):
        return f"is {bool(answer)}, a yes or no; a number is asked for. Was `==` meant to be `=`?"
    if isinstance(answer, str):
        return _text_is(str(answer))
    if isinstance(answer, complex | np.complexfloating):
        return "is a complex number; a real one is asked for."
    if isinstance(answer, type) or callable(answer):
        return "is a function or an object that is still to be called: hand in its value, f(t)."
    if isinstance(answer, list | tuple | np.ndarray):
        return _list_is(answer)
    if isinstance(answer, Mapping):
        return "is a dictionary; one number is asked for."
    if isinstance(answer, set | frozenset):
        return "is a set, in curly braces; one number is asked for."
    return f"is of type {type(answer).__name__}; a plain number is asked for."


def _text_is(text: str) -> str:
    short = text if len(text) <= 20 else text[:20] + "…"
    if _NUMBER.fullmatch(text):
        return f"is the text {short!r}, a string. Without the quotation marks (quotes) it is a number."
    if _NUMBER.fullmatch(text.replace(",", ".", 1)):
        return f"is the text {short!r}. Write a number: no quotation marks, and a point instead of the comma."
    if text.strip().endswith("%"):
        return f"is the text {short!r}. Write a number: no quotation marks, no percent sign."
    if text.strip()[:1].isdigit():
        return (
            f"is the text {short!r}, a string. Write a plain number or a calculation: no quotation marks (quotes), "
            "no unit, no words."
        )
    return f"is the text {short!r}, a string in quotation marks; a number is asked for."


def _list_is(answer: Any) -> str:
    size = np.size(answer) if isinstance(answer, np.ndarray) else len(answer)
    if size == 1:
        return "is a list with one number in it. Take the number out of the brackets: answer[0]."
    if isinstance(answer, tuple) and size == 2 and all(type(item) is int for item in answer):
        return "is a pair of numbers. Python writes decimals with a point: 0.5, not 0,5."
    return f"holds {size} values; one single number is asked for, not a list."


def read_numbers(answer: Any, length: int) -> np.ndarray:
    """`length` finite numbers in a row, from a list, a tuple, an array or anything that turns into one."""
    items = _items(answer, length)
    if len(items) == 1 and isinstance(items[0], list | tuple | np.ndarray):
        inner = "Your answer is nested, a list in a list: take away the inner brackets, so that its shape is one row."
        raise Problem("shape", f"{inner} {length} numbers are asked for.")
    if len(items) != length:
        more = "too few" if len(items) < length else "too many"
        said = f"Your answer holds {len(items)} number{'s' * (len(items) != 1)}, {more}"
        raise Problem("shape", f"{said}: its length must be {_in_words(length)}, in order.")
    return np.array([read_number(item, f"Number {i} of your list") for i, item in enumerate(items, 1)])


def _in_words(length: int) -> str:
    words = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return f"{length} ({words[length]})" if length < len(words) else str(length)


def _items(answer: Any, length: int) -> list:
    if isinstance(answer, list | tuple | range):
        return list(answer)
    if isinstance(answer, Mapping):
        raise Problem(
            "type",
            f"Your answer is a dictionary, in braces {{ }}; {length} numbers are asked for, in a list with square "
            "brackets: [ … ], in order.",
        )
    if isinstance(answer, set | frozenset):
        raise Problem("type", "Your answer is a set, and a set has no order. Use square brackets: [ … ].")
    if hasattr(answer, "__next__"):
        raise Problem("type", "Your answer is a generator, which makes its values later. Put list( … ) around it.")
    if isinstance(answer, str | bytes) or not hasattr(answer, "__array__"):
        try:
            read_number(answer)
        except Problem as problem:
            if answer is not None and not isinstance(answer, str | bool | np.bool_) and not callable(answer):
                raise
            raise Problem("type", f"{problem.message} ({length} numbers are asked for, in a list.)") from None
        raise Problem("shape", f"Your answer is one number; {_in_words(length)} are asked for, in a list: [ … ].")
    array = np.asarray(answer)
    if array.ndim != 1:
        if array.ndim == 0:
            raise Problem("shape", f"Your answer is one number; {_in_words(length)} are asked for, in a list: [ … ].")
        shape = " × ".join(map(str, array.shape))
        raise Problem("shape", f"Your answer is a table of {shape} numbers; {length} are asked for, in one row.")
    return list(array)


def read_choice(answer: Any, options: Mapping[str, str]) -> str:
    """The key of an option, from "b", "B", "b)" or the option's own words."""
    keys = listing([f'"{key}"' for key in options], "or")
    if not isinstance(answer, str):
        raise Problem(
            "type", f"Answer with one letter, the letter of your choice, as a text in quotation marks: {keys}."
        )
    said = _bare(answer)
    for key, text in options.items():
        if said in (_bare(key), _bare(text)):
            return key
    short = answer if len(answer) <= 20 else answer[:20] + "…"
    raise Problem("type", f"{short!r} is not one of the choices: {keys}.")


def _bare(text: str) -> str:
    return text.strip().strip("().:").strip().casefold()


def read_classification(answer: Any, items: list[str], categories: tuple[str, ...]) -> dict[str, str]:
    """A category for every item, from a mapping; spelling is forgiven where it is clear."""
    if not isinstance(answer, Mapping):
        what = "is a list" if isinstance(answer, list | tuple) else f"is of type {type(answer).__name__}"
        raise Problem(
            "type",
            f"Your answer {what}. Keep the dictionary of the stub, in braces {{ }}, and put a category beside each "
            "item, so that it is clear which word belongs to which.",
        )
    given = {_key(name): said for name, said in answer.items()}
    missing = [item for item in items if given.get(_key(item), ...) is ...]
    if missing:
        raise Problem("shape", f"Still open, missing or left out: {listing(missing)}.")
    return {item: _category(item, given[_key(item)], categories) for item in items}


def _key(name: Any) -> str:
    if isinstance(name, int | float):
        return number(name)
    return str(name).strip().casefold()


def _category(item: str, said: Any, categories: tuple[str, ...]) -> str:
    word = str(said).strip().casefold() if isinstance(said, str | bool | int) else ""
    for category in categories:
        if word == category.casefold():
            return category
    like = [c for c in categories if len(word) >= 4 and c.casefold().startswith(word[:4])]
    if len(like) == 1:
        return like[0]
    raise Problem(
        "type",
        f"What you say of {item!r} is not one of the categories: {listing(list(categories))}. Write one of these "
        "words, in quotation marks.",
    )
