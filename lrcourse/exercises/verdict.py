"""What comes back from a check."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from textwrap import fill

#: Verdicts that say something about an answer; the others ("to do", "no key", "unknown") do not count as a try.
TRIES = ("right", "near", "misconception", "wrong", "type", "shape", "not finite", "unit", "call")


@dataclass(frozen=True)
class Verdict:
    """A judgement in words. In a notebook the last line of a cell shows it; as a condition it is `correct`.

    `kind` is one of "to do", "right", "near" (right but for rounding), "misconception" (a known wrong road,
    whose position in the declaration is `misconception`), "wrong", "type", "shape", "not finite", "unit",
    "call" (the function raised, did not end, or changed its input), "no key", "unknown".
    """

    exercise: str
    kind: str
    text: str
    misconception: int | None = None

    @property
    def correct(self) -> bool:
        return self.kind == "right"

    def __bool__(self) -> bool:
        return self.correct

    def __str__(self) -> str:
        """The text in lines that fit a notebook's width, so that no word is broken there."""
        return "\n".join(fill(line, 88, break_long_words=False) for line in self.text.splitlines())

    def __repr__(self) -> str:
        return str(self)


class Solution(Verdict):
    """What a written-out solution gives: in a notebook it stays folded, so that Run All gives nothing away."""

    def _repr_html_(self) -> str:
        return (
            "<details><summary>What the solution gives: click to open</summary>"
            f"<pre>{escape(str(self))}</pre></details>"
        )
