"""Tables of computed values."""

from html.parser import HTMLParser

import numpy as np
import pytest

from lrcourse.figures import table

ROWS = [
    {"rate": "high", "floor": 0.1, "updates": 7, "settles": True},
    {"rate": "low", "floor": np.float64(0.0027027), "updates": None, "settles": False},
]


class Cells(HTMLParser):
    """(tag, scope, text) of every cell, a list a row."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.open = [], None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.open = (tag, dict(attrs).get("scope"))

    def handle_data(self, data):
        if self.open:
            self.rows[-1].append((*self.open, data))

    def handle_endtag(self, tag):
        if self.open and tag == self.open[0]:
            self.open = None


def test_plain_text_stands_in_columns():
    assert repr(table(ROWS)).split("\n") == [
        "rate   floor  updates  settles",
        "high     0.1        7      yes",
        "low   0.0027        –       no",
    ]


def test_html_names_its_rows_and_columns_for_a_screen_reader():
    head, first, second = Cells(table(ROWS)._repr_mimebundle_()["text/html"]).rows
    assert head[:2] == [("th", "col", "rate"), ("th", "col", "floor")]
    assert first[:3] == [
        ("th", "row", "high"), ("td", None, "0.1"), ("td", None, "7"),
    ]  # fmt: skip
    assert ("td", None, "–") in second


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (12345, "12,345"),
        (np.int64(-3), "−3"),
        (-0.5, "−0.5"),
        (4.14e-23, "4.14e−23"),
        (1 / 3, "0.333"),
        (np.inf, "∞"),
        (-np.inf, "−∞"),
        (np.nan, "undefined"),
        ("a < b", "a < b"),
        (np.bool_(True), "yes"),
    ],
)
def test_how_a_value_is_shown(value, shown):
    assert table([{"name": "x", "value": value}]).rows == (("x", shown),)


def test_digits_are_a_choice():
    assert table([{"value": 0.00516026}], digits=5).rows == (("0.0051603",),)


def test_text_is_escaped_on_the_page():
    assert "a &lt; b" in table([{"x": "a < b"}]).html


def test_no_rows_and_uneven_rows_are_refused():
    with pytest.raises(ValueError, match="rows must hold at least one row, got none"):
        table([])
    with pytest.raises(ValueError, match="rows must all have the headings a, b; one has b, a"):
        table([{"a": 1, "b": 2}, {"b": 2, "a": 1}])
