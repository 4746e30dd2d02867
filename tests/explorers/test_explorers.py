"""The explorers: their views as functions, their widgets as thin wires, and what stands where no kernel runs."""

import re
from html.parser import HTMLParser
from time import perf_counter
from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
import pytest

from lrcourse import explorers
from lrcourse.explorers import cosine_view, driver_view, explore_cosine, explore_driver, explore_schedules
from lrcourse.quadratic import NoisyQuadratic

ALL = {"cosine": explore_cosine, "schedules": explore_schedules, "driver": explore_driver}
VIEW = "application/vnd.jupyter.widget-view+json"


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def named(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(params=ALL.values(), ids=ALL)
def explorer(request):
    return request.param()


# What stands in the notebook


def test_a_page_without_a_kernel_shows_pictures_with_alt_text(explorer):
    bundle = explorer._repr_mimebundle_()
    assert set(bundle) == {VIEW, "text/html", "text/plain"}
    images = Tags(bundle["text/html"]).named("img")
    assert [image["alt"] for image in images] == [panel.alt for panel in explorer.view.panels]
    for image in images:
        ElementTree.fromstring(unquote(image["src"].removeprefix("data:image/svg+xml,")))
    assert len(bundle["text/html"]) < 25_000


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_what_is_stored_is_the_same_every_time(make):
    first, second = make()._repr_mimebundle_(), make()._repr_mimebundle_()
    for kind in ("text/html", "text/plain"):
        assert first[kind] == second[kind]
    assert " at 0x" not in first["text/plain"]
    assert repr(make()) == first["text/plain"]


def test_the_live_picture_is_an_svg_named_by_its_own_title_and_description():
    pictures = [make().picture.value for make in (*ALL.values(), *ALL.values())]
    seen = []
    for picture in pictures:
        tags = Tags(picture)
        for svg in (svg for svg in tags.named("svg") if svg.get("role") == "img"):
            title, description = svg["aria-labelledby"].split()
            assert [tag["id"] for tag in tags.named("title")].count(title) == 1
            assert [tag["id"] for tag in tags.named("desc")].count(description) == 1
            seen.append(title)
    assert len(seen) == len(set(seen)) == 8


# The wires


def test_the_picture_stays_and_its_text_follows_the_controls(explorer):
    picture, before = explorer.picture, explorer.picture.value
    name = "t" if "t" in explorer.controls else "ratio"
    control = explorer.controls[name]
    control.slider.value = control.slider.max
    assert explorer.picture is picture is explorer.box.children[-1]
    assert explorer.picture.value != before
    assert control.field.value == control.value == explorer.values[name] == control.slider.max
    control.field.value = control.slider.min
    assert control.slider.value == explorer.values[name] == control.slider.min


def test_every_control_has_a_name(explorer):
    for control in explorer.controls.values():
        assert getattr(control, "field", control).description


def test_a_sliders_last_bits_are_cut():
    explorer = explore_cosine()
    explorer.controls["eta_max"].slider.value = 0.0011000000000000001
    explorer.controls["T_max"].slider.value = 5_000
    assert explorer.values == {"eta_max": 0.0011, "eta_min": 0.0, "T_max": 5_000, "t": 2_500, "line": True}


def test_only_the_controls_that_matter_are_shown():
    explorer = explore_schedules(schedule="step decay", rival="nothing")

    def shown():
        return {name for name, control in explorer.controls.items() if control.layout.display != "none"}

    assert shown() == {"schedule", "rival", "T_max", "t", "eta_max", "step_size", "gamma"}
    explorer.controls["schedule"].value = "fixed rate"
    assert shown() == {"schedule", "rival", "T_max", "t", "eta_max"}


def test_a_start_can_be_given_and_a_wrong_name_is_refused():
    assert explore_cosine(T_max=5_000).values["T_max"] == 5_000
    with pytest.raises(TypeError, match="T_min is no control of this explorer; it has eta_max"):
        explore_cosine(T_min=5)


def test_a_move_takes_little_time(explorer):
    values = explorer.values
    taken = []
    for _ in range(10):
        start = perf_counter()
        explorer._view(**values)
        taken.append(perf_counter() - start)
    assert min(taken) < 0.02


# What is seen


def dot(view):
    found = re.search(r"<circle cx='([\d.]+)' cy='([\d.]+)' r='5'", view.panels[0].svg)
    return tuple(map(float, found.groups()))


def test_the_dot_sits_where_the_rate_is():
    (x0, y0), (x1, y1), (x2, y2) = (dot(cosine_view(0.001, 0, 12_000, t, False)) for t in (0, 6_000, 12_000))
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.02)
    assert y1 - y0 == pytest.approx(y2 - y1, abs=0.02) and y1 > y0
    higher = dot(cosine_view(0.002, 0, 12_000, 0, False))
    assert higher[1] == pytest.approx(0, abs=0.02), "0.002 is the top of the chart"


def test_the_words_follow_the_numbers():
    view = cosine_view(0.002, 0.0001, 5_000, 1_250, True)
    assert view.lines[0] == "η(1250) = 0.0001 + (0.002 − 0.0001) × (1 + cos(π·1250/5000)) / 2"
    assert "cosine annealing: η(1250) ≈ 0.001722" in view.lines
    assert "straight line: η(1250) ≈ 0.001525" in view.lines
    assert "starts at 0.002, falls to 0.0001 at step 5000" in view.panels[0].alt


def test_what_is_no_schedule_is_said_in_the_words_of_the_library():
    view = cosine_view(0.0005, 0.001, 5_000, 0, True)
    assert view.lines[0].startswith("No such schedule: eta_min must not be above eta_max")
    assert "<polyline" not in view.panels[0].svg
    explorer = explore_schedules(T_warmup=4_000, T_max=1_000)
    assert "No such schedule" in repr(explorer)


@pytest.mark.parametrize("name", explorers._FAMILY)
@pytest.mark.parametrize("end", ["low", "high"])
def test_every_schedule_survives_the_ends_of_its_controls(name, end):
    numbers = {key: symbol[1] if end == "low" else symbol[2] for key, symbol in explorers._SYMBOLS.items()}
    view = explorers.schedules_view(name, "nothing", **numbers)
    ElementTree.fromstring(view.panels[0].svg)
    assert view.lines


@pytest.mark.parametrize("name", explorers._FAMILY)
def test_every_schedule_starts_with_a_picture(name):
    view = explore_schedules(schedule=name, rival="nothing").view
    assert "<polyline" in view.panels[0].svg
    assert view.lines[0].startswith(f"{name}: η(2500) ≈ ")


@pytest.mark.parametrize("ratio", [0.05, 1.0, 1.5, 2.0, 2.5])
def test_the_driver_says_what_the_bowl_does(ratio):
    assert NoisyQuadratic().regime(ratio) in explorers._REGIMES
    view = driver_view(ratio, "stays fixed", 0.0)
    assert explorers._REGIMES[NoisyQuadratic().regime(ratio)] in view.lines[1]


def test_the_driver_leaps_or_creeps():
    assert "never leaps over the minimum" in driver_view(0.5, "stays fixed", 0.0).panels[1].alt
    assert "leaps over the minimum 30 times" in driver_view(1.5, "stays fixed", 0.0).panels[1].alt
    assert "ends at 2.5 after" in driver_view(2.0, "stays fixed", 0.0).panels[1].alt


def test_with_noise_a_falling_rate_ends_lower_than_a_fixed_one():
    def mean_loss(course):
        return float(driver_view(1.0, course, 1.0).lines[-1].split()[-1].rstrip("."))

    assert mean_loss("falls along a cosine to 0") < 0.2 * mean_loss("stays fixed")


def test_far_outside_is_cut_off_not_drawn_to_infinity():
    view = driver_view(2.5, "stays fixed", 0.0)
    numbers = np.array(re.findall(r"-?[\d.]+(?=[, '])", re.search(r"points='([^']*)'", view.panels[1].svg)[1]), float)
    assert np.abs(numbers).max() < 10_000
