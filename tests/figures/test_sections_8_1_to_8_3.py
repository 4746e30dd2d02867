"""Figures of 8.1 to 8.3: what is drawn and what is said of it, each against numbers worked out here."""

import numpy as np
import pytest

from lrcourse import figures
from lrcourse.figures import section_8_1, section_8_2, section_8_3
from lrcourse.quadratic import NoisyQuadratic, descend
from lrcourse.schedules import Fixed, PiecewiseConstant


@pytest.fixture
def drawn(monkeypatch):
    """Hand the matplotlib figure out before `show` turns it into SVG, so that its curves can be read."""
    kept = {}

    def catch(fig, alt):
        kept["axes"] = fig.axes
        kept["lines"] = [[line.get_xydata().copy() for line in ax.get_lines()] for ax in fig.axes]
        kept["titles"] = [ax.get_title(loc="left") for ax in fig.axes]
        kept["ylim"] = [ax.get_ylim() for ax in fig.axes]
        return figures.show(fig, alt)

    for section in (section_8_1, section_8_2, section_8_3):
        monkeypatch.setattr(section, "show", catch)
    return kept


STAIRS = PiecewiseConstant([60, 40, 20, 10], [10, 20, 30])


def drive(plan, distance=20.3):
    return descend(np.sign, distance, plan.values(40) / 60)


def test_speeds_are_in_miles_an_hour_by_the_minute():
    told = figures.speeds({"fixed": Fixed(60), "stairs": STAIRS}, 40).alt
    assert told.startswith("Speed in miles an hour over minutes 0 to 40.")
    assert "at minutes 10, 20 and 30 (to 40, 20 and 10)" in told
    assert " step " not in told


def test_journeys_draw_the_whole_way_and_the_last_mile(drawn):
    miles = {"fixed": drive(Fixed(60)), "stairs": drive(STAIRS)}
    told = figures.journeys(miles).alt
    for panel in drawn["lines"]:
        np.testing.assert_allclose(panel[0][:, 1], miles["fixed"])
        np.testing.assert_allclose(panel[1][:, 1], miles["stairs"])
    assert drawn["ylim"][1] == (-1, 1)
    # At a mile a minute from 20.3: 0.3 left after 20 minutes, then past the sign by 0.7, and back.
    assert "fixed: within a mile from minute 20, and in the last minutes between -0.7 and 0.3." in told
    # Ten minutes at 60, 40 and 20 mph make 20 miles; 0.3 are left for steps of a sixth.
    assert "stairs: within a mile from minute 28, and in the last minutes between -0.033 and 0.13." in told


def test_journeys_say_who_never_arrives():
    told = figures.journeys({"stairs": drive(STAIRS, distance=25.4)}).alt
    assert "stairs: never comes within a mile, and ends 3.73 miles short." in told  # of 21 2/3 it can cover


def test_paths_draw_every_run_in_its_panel(drawn):
    bowl = NoisyQuadratic(curvature=1500, noise=10)
    runs = {
        "high": bowl.simulate(np.full(18, 1e-3), 0.1, runs=5, seed=1),
        "low": bowl.simulate(np.full(18, 1e-4), 0.1, runs=5, seed=1),
    }
    told = figures.paths(runs).alt
    for panel, (label, positions) in zip(drawn["lines"], runs.items(), strict=True):
        np.testing.assert_allclose([line[:, 1] for line in panel[:4]], positions[1:])
        np.testing.assert_allclose(panel[4][:, 1], positions[0])
        assert label in drawn["titles"]
    assert drawn["ylim"][0] == drawn["ylim"][1], "the panels must be comparable"
    assert "high: starts at 0.1, again and again crosses the minimum" in told
    assert "low: starts at 0.1, seldom crosses the minimum" in told


def test_paths_mark_the_changes_in_the_last_panel_only(drawn):
    runs = {label: np.ones((2, 19)) for label in ("before", "after")}
    figures.paths(runs, changes=(6, 12))
    upright = [[line[0, 0] for line in panel if np.ptp(line[:, 0]) == 0] for panel in drawn["lines"]]
    assert upright == [[], [6, 12]]


def test_five_regimes_are_gradient_descent(drawn):
    told = figures.five_regimes().alt
    for panel, product in zip(drawn["lines"], (0.5, 1.0, 1.5, 2.0, 2.5), strict=False):
        np.testing.assert_allclose(panel[0][:, 1], (1 - product) ** np.arange(9), atol=1e-15)
    words = ["0.5: monotone", "1: one step", "1.5: oscillating", "2: perpetual", "2.5: diverging"]
    assert drawn["titles"][:5] == words
    v = drawn["lines"][5][0]
    np.testing.assert_allclose(v[:, 1], np.abs(1 - v[:, 0]))
    assert "2, perpetual: 1, -1, 1, -1" in told


def test_noise_floors_stand_beside_what_was_measured(drawn):
    bowl = NoisyQuadratic()
    told = figures.noise_floors(bowl, [0.1, 1.8], [0.026, 4.5]).alt
    exact, rule, dots = drawn["lines"][0]
    np.testing.assert_allclose(exact[:, 1], exact[:, 0] / (2 * (2 - exact[:, 0])))
    np.testing.assert_allclose(rule[:, 1], rule[:, 0] / 4)
    np.testing.assert_allclose(dots, [[0.1, 0.026], [1.8, 4.5]])
    assert "0.026 at 0.1 and 4.5 at 1.8" in told


def test_two_curvatures_shrink_each_way_by_its_own_factor(drawn):
    told = figures.two_curvatures((1.0, 20.0), {"low": 0.005, "high": 0.0985}, updates=40).alt
    for panel, eta in zip(drawn["lines"], (0.005, 0.0985), strict=True):
        np.testing.assert_allclose(panel[0][-1], [(1 - eta) ** 40, (1 - 20 * eta) ** 40])
    # 0.995^40 = 0.818, 0.9^40 = 0.0148; 0.97^40 = 0.296
    assert "low: η = 0.005: 0.82 to go the flat way and 0.015 the steep way, without crossing" in told
    assert "0.3 the steep way, zigzagging across the valley 40 times" in told


@pytest.mark.parametrize(
    "make",
    [
        lambda: figures.speeds({"fixed": Fixed(60), "stairs": STAIRS}, 40),
        lambda: figures.journeys({"fixed": drive(Fixed(60)), "stairs": drive(STAIRS)}),
        lambda: figures.paths({"a run": NoisyQuadratic().simulate(np.full(9, 0.1), 1.0, runs=3)}),
        figures.five_regimes,
        lambda: figures.noise_floors(NoisyQuadratic(), [0.1, 1.0], [0.03, 0.5]),
        lambda: figures.two_curvatures((1.0, 20.0), {"low": 0.005}, updates=9),
    ],
    ids=["speeds", "journeys", "paths", "five_regimes", "noise_floors", "two_curvatures"],
)
def test_the_same_bytes_every_time(make):
    assert make() == make()
