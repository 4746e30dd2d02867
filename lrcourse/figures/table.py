"""A table of computed values: real rows and headings on the page, aligned columns in plain text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from math import inf, isfinite
from numbers import Integral, Real

import numpy as np

from lrcourse.figures import words

_DASH = "–"
_ENDLESS = {inf: "∞", -inf: "−∞"}


@dataclass(frozen=True, repr=False)
class Table:
    """Rows of text under headings. Jupyter shows it as an HTML table, a terminal as aligned columns."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __repr__(self):
        columns = list(zip(self.headings, *self.rows, strict=True))
        widths = [max(map(len, column)) for column in columns]
        lines = (self.headings, *self.rows)
        return "\n".join(
            "  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                      for i, (cell, width) in enumerate(zip(line, widths, strict=True))).rstrip()
            for line in lines
        )  # fmt: skip

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.html, "text/plain": repr(self)}

    @property
    def html(self) -> str:
        head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in self.headings)
        body = "\n".join(
            f'<tr><th scope="row">{escape(first)}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in rest) + "</tr>"
            for first, *rest in self.rows
        )
        return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def table(rows: Iterable[Mapping], digits: int = 3) -> Table:
    """One dict a row, all with the same headings in the same order; the first column names its row.

    Numbers are rounded to `digits` digits, text stays as it is, None is a dash.

    >>> table([{"rate": "high", "floor": 0.1, "updates": 7}, {"rate": "low", "floor": 0.0027027, "updates": None}])
    rate   floor  updates
    high     0.1        7
    low   0.0027        –
    """
    rows = [dict(row) for row in rows]
    if not rows:
        raise ValueError("rows must hold at least one row, got none")
    headings = tuple(rows[0])
    for row in rows:
        if tuple(row) != headings:
            raise ValueError(f"rows must all have the headings {', '.join(headings)}; one has {', '.join(row)}")
    return Table(headings, tuple(tuple(_cell(value, digits) for value in row.values()) for row in rows))


def _cell(value, digits) -> str:
    if value is None:
        return _DASH
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, Integral):
        return f"{int(value):,}".replace("-", "−")
    if isinstance(value, Real):
        return words.number(value, digits).replace("-", "−") if isfinite(value) else _ENDLESS.get(value, "undefined")
    return str(value)
