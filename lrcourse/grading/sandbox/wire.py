"""Typed JSON: how an answer leaves the child.

A value is a list that begins with its exact type, and a float travels as its hexadecimal text, so that it arrives
to the last bit. What is not a plain value (an object that equals everything, a subclass of ndarray) arrives as its
type's name and nothing else: no code of the child is ever run by the grader, and nothing is unpickled.

>>> decode(encode([0.1, 3, "warm"]))
[0.1, 3, 'warm']
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, OrderedDict, defaultdict
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

import numpy as np

DEPTH, ITEMS, TEXT, DIGITS, LINE = 8, 10_000, 2_000, 300, 400_000
_DTYPES = (
    "bool",
    *(f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)),
    "float16",
    "float32",
    "float64",
)
_DEEPEST = 4 * DEPTH + 8  # JSON's own levels in a line, for a level of a value takes two of them, or three
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\uffff]")


class WireError(ValueError):
    """What came over the wire is not in its form."""


class Opaque:
    """Stands for an object of the child that is no plain value; only its type's name is known."""


def clean(text: str, limit: int = TEXT) -> str:
    """Text of the child without what could hide or reorder it, cut to a length."""
    return _UNSEEN.sub("�", str(text))[:limit]


def read_line(line: bytes):
    """A line of the child as plain JSON; WireError where it is none, too deep to be copied, or holds a number that is
    not whole: floats travel as text, and NaN is no JSON."""
    try:
        told = json.loads(line, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise WireError("not a line of JSON") from None
    level = [told]
    for _ in range(_DEEPEST):
        nested = [item for item in level if type(item) in (list, dict)]
        level = [each for item in nested for each in (item.values() if type(item) is dict else item)]
        if not level:
            return told
    raise WireError("nested too deeply")


def _refuse(text: str):
    raise WireError(f"{clean(text, 20)} is no whole number")


def encode(value, depth: int = DEPTH):
    """A value as typed JSON. Exact types only: a subclass may have its own mind about what it equals."""
    try:
        return _typed(value, depth, [2 * ITEMS])
    except _TooMuch:
        return ["o", "a structure of too many values", False]


class _TooMuch(Exception):
    """More values than are sent."""


def _typed(value, depth: int, left: list[int]):
    left[0] -= 1
    if left[0] < 0:
        raise _TooMuch
    if depth < 0:
        return ["o", "a structure nested too deeply", False]
    value = _plain(value)
    kind = type(value)
    if value is None or value is ...:
        return ["n"] if value is None else ["e"]
    if kind is bool:
        return ["b", value]
    if kind is int:
        return ["i", str(value)] if value.bit_length() < 900 else ["o", "an integer of very many digits", False]
    if kind is float:
        return ["f", value.hex()]
    if kind is str:
        kept = value if len(value) <= TEXT else value[: TEXT - 1] + "…"  # else its beginning might be right
        return ["s", kept.encode("utf-8", "replace").decode()]
    if kind in (list, tuple) and len(value) <= ITEMS:
        return ["l" if kind is list else "t", [_typed(item, depth - 1, left) for item in value]]
    if kind is dict and len(value) <= ITEMS:
        pairs = [[_typed(key, depth - 1, left), _typed(item, depth - 1, left)] for key, item in value.items()]
        return ["d", pairs]
    if isinstance(value, np.generic) and kind in map(np.sctypeDict.get, _DTYPES):
        return ["g", value.dtype.name, _bare(value.item())]
    if kind is np.ndarray and value.dtype.name in _DTYPES and value.size <= ITEMS and value.ndim <= DEPTH:
        return ["a", value.dtype.name, list(value.shape), [_bare(item) for item in value.ravel().tolist()]]
    return ["o", clean(getattr(kind, "__name__", "?"), 40), bool(callable(value))]


def _plain(value):
    """What `check` takes for a number, a row or a text as well, in its plainest form: a Fraction, a range and so on."""
    kind = type(value)
    if kind in (Fraction, Decimal, np.longdouble):
        return float(value)
    if kind is range and len(value) <= ITEMS:
        return list(value)
    if kind in (OrderedDict, defaultdict, Counter, MappingProxyType):
        return dict(value)
    if kind is np.str_:
        return str(value)
    if kind is np.ndarray and value.dtype in (np.dtype(object), np.dtype(np.longdouble)) and value.size <= ITEMS:
        return value.tolist() if value.dtype == object else value.astype(float)
    return value


def _bare(item):
    return item.hex() if type(item) is float else item


def decode(told):
    """The value again; WireError where anything is not exactly in the form that `encode` writes."""
    with np.errstate(all="ignore"):  # a number too large for its type is infinite, and that is said in the verdict
        return _decode(told, DEPTH + 1, [2 * ITEMS])


def _decode(told, depth: int, left: list[int]):
    left[0] -= 1
    if depth < 0 or left[0] < 0 or type(told) is not list or not told or type(told[0]) is not str:
        raise WireError("not a typed value")
    match told:
        case ["n"]:
            return None
        case ["e"]:
            return ...
        case ["b", bool(value)]:
            return value
        case ["i", str(text)] if re.fullmatch(r"-?\d{1,300}", text):
            return int(text)
        case ["f", str(text)]:
            return _float(text)
        case ["s", str(text)] if len(text) <= TEXT:
            return text
        case ["l" | "t" as kind, list(items)]:
            values = [_decode(item, depth - 1, left) for item in items]
            return values if kind == "l" else tuple(values)
        case ["d", list(pairs)]:
            return _mapping(pairs, depth, left)
        case ["g", str(dtype), item] if dtype in _DTYPES:
            return np.dtype(dtype).type(_item(item, dtype))
        case ["a", str(dtype), list(shape), list(items)] if dtype in _DTYPES and len(items) <= ITEMS:
            return _array(dtype, shape, items)
        case ["o", str(name), bool(called)]:
            return opaque(name, called)
    raise WireError(f"not a typed value: {clean(str(told)[:60])}")


def opaque(name: str, called: bool = False) -> Opaque:
    """An object whose type bears this name."""
    body = {"__call__": lambda self, *_: None} if called else {}
    return type(clean(name, 40) or "?", (Opaque,), body)()


def _mapping(pairs, depth, left):
    values = {}
    for pair in pairs:
        if type(pair) is not list or len(pair) != 2:
            raise WireError("a mapping holds pairs")
        key = _decode(pair[0], depth - 1, left)
        if type(key) not in (str, int, float, bool):
            raise WireError("a key is a plain value")
        values[key] = _decode(pair[1], depth - 1, left)
    return values


def _float(text: str) -> float:
    if len(text) > 40:
        raise WireError("a float is short")
    try:
        return float.fromhex(text)
    except (ValueError, OverflowError):
        raise WireError("not a float") from None


def _item(item, dtype: str):
    if type(item) is str and dtype.startswith("float"):
        return _float(item)
    if type(item) is bool and dtype == "bool":
        return item
    if type(item) is int and "int" in dtype and np.iinfo(dtype).min <= item <= np.iinfo(dtype).max:
        return item
    raise WireError(f"not an item of {dtype}")


def _array(dtype, shape, items):
    if len(shape) > DEPTH or any(type(n) is not int or not 0 <= n <= ITEMS for n in shape):
        raise WireError("not a shape")
    if math.prod(shape) != len(items):
        raise WireError("shape and items do not agree")
    return np.array([_item(item, dtype) for item in items], dtype=dtype).reshape(shape)
