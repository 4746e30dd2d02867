"""A figure: its bytes, its alt text, and what it draws."""

import itertools
import re
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest

from lrcourse import figures
from lrcourse.figures.base import outline

ALT = "One line that starts at 0, rises evenly and ends at 1."


def cosine(t, eta_max=0.001):
    return eta_max * np.sin(np.pi * (10_000 - np.clip(t, 0, 10_000)) / 20_000) ** 2


def step(t):
    return 0.001 * 0.1 ** (np.asarray(t) // 1_000)


def restarts(t):
    return 0.001 * np.cos(np.pi * (np.asarray(t) % 1_000) / 2_000) ** 2


SCHEDULES = {"cosine": cosine, "step decay": step, "restarts": restarts}
X = np.linspace(0, 1, 50)
MAKERS = {
    "one": lambda: figures.plot_schedules({"cosine": cosine}, 10_000, marks=[0, 2_500, 10_000]),
    "three": lambda: figures.plot_schedules(SCHEDULES, 3_000, title="Three schedules"),
    "log": lambda: figures.plot_schedules({"step decay": step}, 3_000, log=True),
    "bands": lambda: figures.plot_curves(X, {"a": X**2, "b": X}, bands={"a": (X**2 - 0.1, X**2 + 0.1)}),
    "loglog": lambda: figures.plot_curves(X[1:], {"loss": 1 / X[1:]}, logx=True, logy=True),
}


class Image(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tag, self.attributes = tag, dict(attributes)


def drawn_lines(svg, color):
    """The polylines of one colour as lists of points, in the SVG's own units."""
    lines = []
    for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}path"):
        if f"fill:none;stroke:{color}" in element.get("style", ""):
            x = y = 0.0
            points = []
            for command, numbers in re.findall("([mlz])([^mlz]*)", element.get("d")):
                assert command in "ml"
                dx, dy = map(float, re.findall(r"-?[\d.]+", numbers))
                x, y = x + dx, y + dy
                points.append((x, y))
            lines.append(points)
    return lines


# The same bytes


def test_same_bytes_on_a_second_run_and_in_any_order():
    first = {name: make() for name, make in MAKERS.items()}
    second = {name: MAKERS[name]() for name in reversed(MAKERS)}
    assert first == second


def test_same_bytes_whatever_the_readers_own_settings():
    ours = MAKERS["three"]()
    with matplotlib.rc_context({"font.size": 30, "svg.hashsalt": "else", "lines.linewidth": 9, "axes.grid": False}):
        assert MAKERS["three"]() == ours
        assert matplotlib.rcParams["font.size"] == 30


def test_same_bytes_in_a_new_process():
    program = (
        "from tests.figures.test_base import MAKERS; import hashlib;"
        "print([hashlib.sha256(make().html.encode()).hexdigest() for make in MAKERS.values()])"
    )
    runs = [subprocess.run([sys.executable, "-c", program], capture_output=True, text=True) for _ in range(2)]
    assert runs[0].stdout == runs[1].stdout != "", runs[0].stderr


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_noise_in_the_last_bit_changes_nothing(make, monkeypatch):
    ours = make()
    rates = figures.base._rates
    monkeypatch.setattr(figures.base, "_rates", lambda *given: np.nextafter(rates(*given), 1))
    monkeypatch.setitem(globals(), "X", X * (1 - 2.0**-52))
    assert make() == ours


@pytest.mark.parametrize("factor", [1.01, 0.99])
def test_a_change_of_one_percent_changes_the_bytes(factor):
    ours = figures.plot_schedules({"cosine": cosine}, 10_000, alt=ALT)
    other = figures.plot_schedules({"cosine": lambda t: cosine(t) * factor}, 10_000, alt=ALT)
    assert other.svg != ours.svg
    once = figures.plot_schedules({"cosine": lambda t: cosine(t) * np.where(t == 5_000, factor, 1)}, 10_000, alt=ALT)
    assert once.svg != ours.svg
    y = np.sqrt(X)
    bent = np.where(np.arange(50) == 25, y * factor, y)
    curves = [figures.plot_curves(X, {"root": values}, alt=ALT).svg for values in (y, y * factor, bent)]
    assert len(set(curves)) == 3


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_small_and_rounded(make):
    figure = make()
    assert len(figure.html) < 25_000
    without_scales = re.sub(r"scale\([^)]*\)", "", figure.svg)
    assert not re.search(r"\.\d{3}", without_scales)
    assert not re.search(r"[Dd]ate|[Cc]reator|matplotlib|<!--|\n", figure.svg)
    assert ElementTree.fromstring(figure.svg).tag.endswith("svg")


# What Jupyter gets


def test_the_bundle_is_an_image_with_alt_text_and_the_alt_text():
    figure = MAKERS["one"]()
    bundle = figure._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == repr(figure) == figure.alt
    image = Image(bundle["text/html"])
    assert image.tag == "img"
    assert image.attributes["alt"] == figure.alt
    assert image.attributes["style"] == "max-width:100%;height:auto"
    head, _, address = image.attributes["src"].partition(",")
    assert head == "data:image/svg+xml"
    assert unquote(address) == figure.svg


def test_signs_that_html_and_addresses_use_survive():
    alt = """A "quoted" <line> & 'more' start at 0 # and end at 100 %."""
    fig, ax = figures.axes(x="a < b & 50 %")
    ax.plot([0, 1], [0, 1])
    image = Image(figures.show(fig, alt).html)
    assert image.attributes["alt"] == alt
    address = image.attributes["src"].removeprefix("data:image/svg+xml,")
    assert not set(address) & set('#<>"{}|\\^` \n')
    assert re.fullmatch(r"(?:[^%]|%[0-9A-F]{2})*", address)
    ElementTree.fromstring(unquote(address))


def test_saved_as_a_file_with_its_alt_text_as_title(tmp_path):
    figure = figures.show(_line(), "A & B <start> at 0, rise and end at 1.")
    root = ElementTree.parse(figure.save(tmp_path / "line.svg")).getroot()
    assert root.get("role") == "img"
    assert root[0].text == figure.alt
    with pytest.raises(ValueError, match=r"\.svg"):
        figure.save(tmp_path / "line.png")


def _line():
    fig, ax = figures.axes()
    ax.plot([0, 1], [0, 1])
    return fig


@pytest.mark.parametrize("alt", ["", "   ", "A figure.", "Loss over time.", "Starts at one, then falls down to zero"])
def test_alt_text_that_says_nothing_is_refused(alt):
    with pytest.raises(ValueError, match="where each curve starts, its shape, where it ends"):
        figures.show(_line(), alt)


def test_alt_text_that_is_no_text_is_refused():
    with pytest.raises(TypeError, match="alt must be text, got NoneType"):
        figures.show(_line(), None)


def test_alt_text_is_composed_from_the_curves_and_can_be_replaced():
    figure = MAKERS["three"]()
    assert figure.alt.startswith(
        "Learning rate over steps 0 to 3000. cosine: starts at 0.001 and falls to 0.0007939 at step 3000"
    )
    assert "steps down at steps 1000, 2000 and 3000 (to 0.0001, 1e-5 and 1e-6)" in figure.alt
    assert figures.plot_schedules(SCHEDULES, 3_000, alt=ALT).alt == ALT


# What is drawn


def test_a_staircase_is_drawn_upright():
    (line,) = drawn_lines(figures.plot_schedules({"step": step}, 2_500).svg, "#0072b2")
    for (x0, y0), (x1, y1) in itertools.pairwise(line):
        assert x0 == pytest.approx(x1) or y0 == pytest.approx(y1)
    drops = [y1 - y0 for (_, y0), (_, y1) in itertools.pairwise(line) if y1 != pytest.approx(y0)]
    assert len(drops) == 2
    assert drops[0] == pytest.approx(10 * drops[1], rel=0.01), "the second drop is a tenth of the first"


def test_a_short_staircase_leaps_at_its_step():
    t = np.arange(11)
    x, y = outline(t, 0.8 * 0.5 ** (t // 4))
    assert list(zip(x, y, strict=True))[4:6] == [(4, 0.8), (4, 0.4)]


def test_a_smooth_curve_has_no_corners():
    t = np.arange(21)
    x, y = outline(t, np.cos(np.pi * t / 40) ** 2)
    assert np.array_equal(x, t)
    assert len(y) == 21


def test_thinning_keeps_the_ends_the_peak_and_every_leap():
    t = np.arange(200_001)
    values = np.where(t < 77_777, t / 77_777, 0.5)
    values[123_456] = 2
    x, y = outline(t, values)
    assert len(x) < 4_000
    assert x[0] == 0 and x[-1] == 200_000
    assert y.max() == 2
    leap = np.flatnonzero(x == 77_777)
    assert y[leap] == pytest.approx([77_776 / 77_777, 0.5])


def test_the_last_step_is_drawn():
    (line,) = drawn_lines(figures.plot_schedules({"line": lambda t: 1 - t / 7}, 7).svg, "#0072b2")
    grid = [float(x) for x in re.findall(r"<use href='#i0' x='([\d.]+)'", MAKERS["one"]().svg)]
    assert line[-1][0] > max(grid) * 0.9 and line[-1][1] > line[0][1]


@pytest.mark.parametrize("eta, ticks", [(0.001, "0.0005"), (5e-5, "2e-5"), (1.0, "0.5"), (2e-3, "0.001")])
def test_tick_labels_are_plain_numbers(eta, ticks):
    fig, ax = figures.axes()
    figures.draw_schedules(ax, {"fixed": lambda t: np.full(np.shape(t), eta)}, 100)
    fig.draw_without_rendering()
    assert ticks in [tick.get_text() for tick in ax.get_yticklabels()]
    assert ax.yaxis.get_offset_text().get_text() == ""


def test_a_short_logarithmic_axis_still_has_ticks():
    fig, ax = figures.axes()
    figures.draw_curves(ax, np.linspace(0.3, 2, 20), {"loss": np.linspace(1, 1e-6, 20)}, logx=True, logy=True)
    fig.draw_without_rendering()
    low, high = ax.get_xlim()
    shown = [tick.get_text() for tick in ax.get_xticklabels() if low <= tick.get_position()[0] <= high]
    assert shown == ["0.5", "1", "2"]
    assert {"0.01", "1e-5"} & {tick.get_text() for tick in ax.get_yticklabels()}


def test_names_stand_beside_curves_or_in_a_legend():
    fig, ax = figures.axes()
    figures.draw_curves(ax, X, {"up": X, "down": 1 - X})
    figures.name(ax)
    assert [text.get_text() for text in ax.texts] == ["up", "down"]
    assert not fig.legends

    fig, ax = figures.axes()
    figures.draw_curves(ax, X, {"one": X, "the same": X})
    figures.name(ax)
    assert not ax.texts
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["one", "the same"]


def test_names_cover_no_curve():
    fig, ax = figures.axes()
    curves = {"up": X, "down": 1 - X, "wave": 0.5 + 0.2 * np.sin(12 * X)}
    figures.draw_curves(ax, X, curves)
    figures.name(ax)
    fig.draw_without_rendering()
    assert len(ax.texts) == 3
    boxes = [text.get_window_extent() for text in ax.texts]
    for curve in curves.values():
        points = ax.transData.transform(
            np.column_stack([np.linspace(0, 1, 2_000), np.interp(np.linspace(0, 1, 2_000), X, curve)])
        )
        for box in boxes:
            assert not any(box.contains(*point) for point in points)
    assert not any(one.overlaps(other) for one in boxes for other in boxes if one is not other)


# What is refused


@pytest.mark.parametrize("steps", [0, -1, 2.5, True])
def test_steps_must_be_a_whole_number(steps):
    with pytest.raises(ValueError, match="steps must be a whole number of at least 1"):
        figures.plot_schedules({"cosine": cosine}, steps)


def test_rates_must_be_finite_and_curves_as_long_as_x():
    with pytest.raises(ValueError, match="bad must give one finite rate for each step"):
        figures.plot_schedules({"bad": lambda t: t / 0.0 if False else np.full(t.shape, np.nan)}, 10)
    with pytest.raises(ValueError, match="one value for each x"):
        figures.plot_curves(X, {"short": X[:-1]})
    with pytest.raises(ValueError, match="at least one schedule"):
        figures.plot_schedules([], 10)


def test_a_list_is_named_by_what_its_schedules_are():
    alt = figures.plot_schedules([cosine, step], 3_000).alt
    assert "cosine: starts" in alt and "step: starts at 0.001, steps down" in alt
    with pytest.raises(ValueError, match="same name"):
        figures.plot_schedules([cosine, cosine], 3_000)


# What is left alone


def test_importing_says_nothing_and_leaves_pyplot_and_the_backend_alone():
    program = (
        "import sys, matplotlib; matplotlib.use('pdf'); from lrcourse import figures;"
        "figures.plot_curves([0, 1], {'line': [0, 1]});"
        "assert 'matplotlib.pyplot' not in sys.modules; assert matplotlib.get_backend() == 'pdf'"
    )
    run = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_a_pyplot_figure_is_closed():
    from matplotlib import pyplot

    matplotlib.use("agg")
    fig, ax = pyplot.subplots()
    ax.plot([0, 1], [0, 1])
    figures.show(fig, ALT)
    assert not pyplot.get_fignums()
