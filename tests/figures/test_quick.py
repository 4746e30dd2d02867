"""The charts that follow a control: what they write fits into their frame."""

import re

import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from lrcourse.figures.quick import WIDTH, chart

FONT = FontProperties(family="DejaVu Sans")
PLOT = re.compile(r"<g transform='translate\((\d+),\d+\)'>")
TEXT = re.compile(r"<text x='(-?[\d.]+)'[^>]*text-anchor='(\w+)'[^>]*>([^<]+)</text>")


@pytest.mark.parametrize("peak", [0.001, 0.02, 3.0])
@pytest.mark.parametrize("steps", [60, 1_000, 10_000])
def test_the_numbers_at_the_axes_are_not_cut_off(steps, peak):
    svg = chart([], (0, steps), (0, 1.08 * peak), x_label="step t", y_label="learning rate")
    left = int(PLOT.search(svg)[1])
    found = TEXT.findall(svg)
    assert len(found) > 6
    for x, anchor, text in found:
        width = TextPath((0, 0), text, size=14, prop=FONT).get_extents().width
        end = left + float(x) + (width / 2 if anchor == "middle" else 0)
        assert end - width >= 0, f"{text} begins outside"
        assert end <= WIDTH, f"{text} ends outside"
