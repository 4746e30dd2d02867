"""The palette, measured: contrast on white, and distances as colour-blind readers and grey printers see them."""

from itertools import combinations

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from lrcourse.figures.base import STYLE
from lrcourse.figures.labels import ink, luminance

CYCLE = list(matplotlib.rc_params_from_file(STYLE, use_default_template=False)["axes.prop_cycle"])
COLORS = [entry["color"] for entry in CYCLE]
DASHES = [entry["linestyle"] for entry in CYCLE]

# Severe colour blindness as matrices on linear RGB: Machado, Oliveira and Fernandes, 2009.
VISION = {
    "full": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(color):
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """CIE L*a*b* of a linear RGB colour, for the white of a screen (D65)."""
    ratio = XYZ @ np.clip(rgb, 0, 1) / XYZ.sum(axis=1)
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one, other, vision):
    """CIE76: about 2 is just noticeable, 20 is plain."""
    return np.linalg.norm(lab(vision @ linear(one)) - lab(vision @ linear(other)))


def contrast(color):
    return 1.05 / (luminance(color) + 0.05)


def test_lab_knows_white_grey_and_red():
    assert lab(linear("white")) == pytest.approx([100, 0, 0], abs=0.02)
    assert lab(linear("#777777")) == pytest.approx([50.03, 0, 0], abs=0.02)
    assert lab(linear("#ff0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.02)


@pytest.mark.parametrize("vision", VISION)
def test_the_simulated_eye_keeps_greys_grey(vision):
    assert VISION[vision] @ np.ones(3) == pytest.approx(np.ones(3), abs=1e-5)


def test_red_and_green_are_hard_for_a_deutan_eye():
    assert distance("#d62728", "#2ca02c", VISION["full"]) > 3 * distance("#d62728", "#2ca02c", VISION["deutan"])


@pytest.mark.parametrize("vision", VISION)
def test_every_two_colours_differ_plainly(vision):
    first_three = min(distance(a, b, VISION[vision]) for a, b in combinations(COLORS[:3], 2))
    all_of_them = min(distance(a, b, VISION[vision]) for a, b in combinations(COLORS, 2))
    assert first_three > 57
    assert all_of_them > 33


@pytest.mark.parametrize("color", COLORS)
def test_contrast_on_white(color):
    assert contrast(color) >= 3, "lines need 3 to 1"
    assert contrast(ink(color)) >= 4.5, "words need 4.5 to 1"


def test_in_grey_dashes_tell_lines_apart():
    """Six greys cannot all differ plainly, so no two lines share a dash, and the first three differ in both."""
    assert len(set(map(str, DASHES))) == len(COLORS)
    blue, orange, black = (lab(linear(color))[0] for color in COLORS[:3])
    assert min(abs(blue - orange), abs(blue - black), abs(orange - black)) > 8
