"""Results that took longer than a lesson allows: each a recipe, the hash of all it depends on, and what came out.

    load("cosine_vs_constant")        what is stored, as a `Result` or a dict of numbers and Results
    python -m lrcourse.lab.results    make anew whatever is out of date (`--all` for everything, or names)

A stored result is current as long as its recipe's parameters, the recipe's own code, the code of the lab that computes
numbers, the data and the rates of the schedules are what they were. `digest` is a hash of all of these. Comments,
docstrings and formatting do not count: the code is read as a syntax tree.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
from functools import cache
from importlib.resources import files

import numpy as np

from ..result import Result, _plain, _restored

__all__ = ["about", "digest", "load", "names", "save", "stored"]

#: The code that a number depends on.
CODE = (
    "datasets", "models", "transformer", "optimizers", "tasks", "engine", "compare", "stats", "quadratic", "theory",
    "fields",
)  # fmt: skip
DATA = ("asyoulik.txt.xz", "digits.u8.xz")
#: Of the engine and of compare, what only says how work is cut, watched or worded: no number depends on it.
_NO_NUMBERS = {"default_processes", "_runs_per_chunk", "_blocks", "cost", "_judging", "_checked", "labelled"}


def names() -> list[str]:
    """The results there are recipes for."""
    from .recipes import RECIPES

    return list(RECIPES)


def load(name: str):
    """A stored result: a `Result`, or a dict of numbers and Results (`about(name)` says which and why)."""
    return _decoded(stored(name)["result"])


def about(name: str) -> str:
    """What a result shows and how it was made, in a sentence or two."""
    from .recipes import RECIPES

    return inspect.getdoc(RECIPES[_known(name)].make)


def stored(name: str) -> dict:
    """The whole record: recipe, section, parameters, digest and result."""
    path = files(__package__) / f"{_known(name)}.json"
    if not path.is_file():
        raise FileNotFoundError(f"{name} is not stored yet; make it with `python -m lrcourse.lab.results {name}`")
    return json.loads(path.read_text(encoding="utf-8"))


def _known(name):
    if name not in names():
        raise ValueError(f"there is no result {name!r}; there are {', '.join(names())}")
    return name


def save(name: str) -> dict:
    """Carry out a recipe and store what came out."""
    from .recipes import RECIPES

    recipe = RECIPES[_known(name)]
    record = {
        "recipe": name,
        "section": recipe.section,
        "parameters": _plain(recipe.parameters),
        "digest": digest(name),
        "result": _plain(_encoded(recipe.make(**recipe.parameters))),
    }
    text = json.dumps(record, ensure_ascii=False, indent=1)
    with open(str(files(__package__) / f"{name}.json"), "w", encoding="utf-8", newline="\n") as file:
        file.write(text + "\n")
    return record


# -- Results inside JSON ---------------------------------------------------------------------------
def _encoded(value):
    if isinstance(value, Result):
        return {"Result": _encoded(value.to_dict())}
    if isinstance(value, dict):
        return {str(key): _encoded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_encoded(item) for item in value]
    if isinstance(value, (float, np.floating)):
        return float(f"{value:.7g}")  # more digits than any processor reproduces
    return value


def _decoded(value):
    if isinstance(value, dict):
        if set(value) == {"Result"}:
            return Result.from_dict(_restored(value["Result"]))
        return {key: _decoded(item) for key, item in value.items()}
    return [_decoded(item) for item in value] if isinstance(value, list) else value


# -- the digest ------------------------------------------------------------------------------------
def digest(name: str) -> str:
    """A hash of everything that the result depends on."""
    from .recipes import RECIPES

    recipe = RECIPES[_known(name)]
    own = _tree(ast.parse(inspect.getsource(recipe.make)))
    parameters = json.dumps(_plain(recipe.parameters), sort_keys=True)
    return hashlib.sha256("\n".join([own, parameters, _shared()]).encode()).hexdigest()[:16]


@cache
def _shared() -> str:
    from ..fields import field

    parts = [_tree(ast.parse((files("lrcourse.lab") / f"{module}.py").read_text("utf-8"))) for module in CODE]
    parts += [hashlib.sha256((files("lrcourse.lab") / "data" / name).read_bytes()).hexdigest() for name in DATA]
    # The schedules count by their rates, to nine digits, not by their code, which may be written anew.
    for label, schedule in field(1000).items():
        rates = " ".join(f"{rate:.9e}" for rate in np.round(schedule.values(1000)[::7], 12))
        parts.append(f"{label} {rates}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _tree(node) -> str:
    """A syntax tree as text, the same on every Python: no docstrings, no positions, no empty fields."""
    if isinstance(node, ast.AST):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in _NO_NUMBERS:
            return ""
        if isinstance(node, ast.JoinedStr):  # Python versions cut the text of an f-string differently
            text = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
            return f"f{text!r}{_tree([part for part in node.values if not isinstance(part, ast.Constant)])}"
        told = []
        for key, value in ast.iter_fields(node):
            if key == "body" and isinstance(value, list) and value and _is_docstring(value[0]):
                value = value[1:]
            if value not in (None, [], "") and key not in ("ctx", "kind", "type_comment", "decorator_list"):
                told.append(f"{key}={_tree(value)}")
        return f"{type(node).__name__}({','.join(told)})"
    return "[" + ",".join(map(_tree, node)) + "]" if isinstance(node, list) else repr(node)


def _is_docstring(statement):
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )
