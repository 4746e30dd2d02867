"""Attacks on the grader, each a small function: a cell, a mangled notebook, or a file.

A *cell* is a function's own text, put where an answer belongs; what it returns is handed in. It gets `where`, which
names what there is to attack (see `world.World.told`), and `escaped`, which says what of several attempts worked. An
attack that gets what it wants hands in a text with ESCAPED in it, which no grade may hold.
A *notebook* attack gets a notebook in which every answer is right, and hurts it. A *file* attack writes whatever it
likes where a submission belongs.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

NUMBER, FUNCTION, CHOICE, TABLE = "8.8.2", "8.4.1", "8.6.2", "8.3.2"
EXERCISES = ("8.8.3", NUMBER, FUNCTION, CHOICE, TABLE, "8.8.1")  # the first and the last are never attacked

PRELUDE = '''
def escaped(**attempts):
    """Which of these did not fail."""
    def works(attempt):
        try:
            attempt()
        except Exception:
            return False
        return True
    return ["ESCAPED: " + name for name, attempt in attempts.items() if works(attempt)] or "nothing worked"
'''


@dataclass(frozen=True)
class Attack:
    """`lost` are the exercises that earn nothing; all others earn what they are worth. `verdict` is what is said of
    the one attacked, `note` a pattern that is found in the row. `reason` is that of a row without a grade."""

    name: str
    what: str  # "cell", "notebook" or "file"
    do: Callable
    at: str = NUMBER
    lost: tuple[str, ...] = ()
    verdict: str = ""
    note: str = ""
    reason: str = ""
    core: bool = False

    def cell(self, where: dict) -> str:
        """The text of an attacked answer."""
        told = self.do() if self.do.__name__ == "<lambda>" else textwrap.dedent(inspect.getsource(self.do))
        if self.do.__name__ == "<lambda>":
            return f"where = {where!r}\n{PRELUDE}\n{told}\n"
        told = told[told.index("def ") :]
        return f"where = {where!r}\n{PRELUDE}\n{told}\n\n{name(self.at)} = {self.do.__name__}(where)\n"


ALL: dict[str, Attack] = {}


def name(exercise: str) -> str:
    return "answer_" + exercise.replace(".", "_")


def _add(attack: Attack) -> None:
    assert attack.name not in ALL, f"two attacks are called {attack.name}"
    ALL[attack.name] = attack


def cell(verdict: str = "", at: str = NUMBER, **expected):
    """The decorated function's text is an answer; that answer is lost, and no other."""

    def add(do):
        lost = expected.pop("lost", (at,))
        _add(Attack(do.__name__, "cell", do, at, lost, verdict, **expected))
        return do

    return add


def text(name: str, source: str, verdict: str = "", at: str = NUMBER, **expected) -> None:
    """A cell that is no function: its text as it stands."""
    _add(Attack(name, "cell", lambda: source, at, expected.pop("lost", (at,)), verdict, **expected))


def value(title: str, expression: str, verdict: str = "type", at: str = NUMBER, **expected) -> None:
    """A single expression handed in as the answer."""
    text(title, f"{name(at)} = {expression}", verdict, at, **expected)


def notebook(note: str = "", lost: tuple[str, ...] = (), **expected):
    """The decorated function changes a notebook whose answers are all right."""

    def add(do):
        _add(Attack(do.__name__, "notebook", do, lost=lost, note=note, **expected))
        return do

    return add


def file(reason: str = "", **expected):
    """The decorated function writes a file; it gets the path, and the bytes of a notebook that is all right."""

    def add(do):
        _add(Attack(do.__name__, "file", do, reason=reason, **expected))
        return do

    return add
