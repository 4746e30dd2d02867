"""The figures of 8.5, 8.6 and 8.9: each says in words what its numbers are, and is the same on every run."""

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from lrcourse import figures
from lrcourse.figures.section_8_9 import ENTRIES
from lrcourse.quadratic import NoisyQuadratic
from lrcourse.schedules import (
    WSD,
    CosineAnnealing,
    ExponentialDecay,
    Fixed,
    Linear,
    OneCycle,
    StepDecay,
    Warmup,
    WarmupCosine,
)

STEPS = StepDecay(0.001, step_size=1000)
CYCLE = OneCycle(0.001, T_1=3000, T_2=7000, eta_min=0.0001)
FLAT = {"a": [3.0, 2.5, 2.3], "b": [3.0, 2.4, 2.2]}


def _peaks():
    bowl, peaks = NoisyQuadratic(), np.geomspace(0.004, 1, 25)
    shapes = {"fixed": Fixed, "linear": lambda peak: Linear(peak, 500)}
    return peaks, {
        name: [bowl.mean_losses(shape(peak).values(500), 10.0)[-1] for peak in peaks] for name, shape in shapes.items()
    }


MAKERS = {
    "step": lambda: figures.sketch_step(STEPS),
    "exponential": lambda: figures.sketch_exponential(ExponentialDecay(0.001, 0.9995)),
    "peak": lambda: figures.sketch_peak(WarmupCosine(0.001, 10_000, 3200)),
    "starts": lambda: figures.warmup_starts({s: Warmup(0.001, 5, start=s) for s in ("t/w", "(t+1)/w")}, updates=7),
    "past": lambda: figures.past_the_end(CYCLE, steps=13_000),
    "parts": lambda: figures.parts(WSD(0.001, 1000, T_decay=200, T_warmup=100), names=["up", "level", "down"]),
    "family": lambda: figures.family({"steps": STEPS, "cycle": CYCLE, "flat": Fixed(1.0)}, steps=3000),
    "range": lambda: figures.range_test(np.geomspace(0.01, 4, 9), np.array([9, 8, 6, 3, 2, 3, 9, 90, 9000.0]), 2.0),
    "invented": lambda: figures.invented(FLAT, final={"a": 2.35}),
    "by peak": lambda: figures.by_peak(*_peaks(), marks=(0.005, 0.5)),
    "paired": lambda: figures.paired({"a − b": [0.1, -0.2, 0.3]}, {"a − b": (-0.5, 0.6)}),
}


@pytest.mark.parametrize("name", MAKERS)
def test_a_figure_is_the_same_on_every_run(name):
    first, second = MAKERS[name](), MAKERS[name]()
    assert first.svg == second.svg and first.alt == second.alt
    assert len(first.svg) < 40_000, "a figure of many points costs every reader"


def test_the_sketch_has_equal_drops_and_the_truth_has_not():
    alt = MAKERS["step"]().alt
    assert "0.001, 0.0001 and 1e-5" in alt
    levels = [STEPS(t) for t in (0, 1000, 2000)]
    drops = [a - b for a, b in pairwise(levels)]
    assert drops[0] == pytest.approx(10 * drops[1])


def test_the_peak_is_one_step():
    assert "peak at step 3200 alone" in MAKERS["peak"]().alt
    rates = WarmupCosine(0.001, 10_000, 3200).values(10_001)
    assert np.sum(rates == rates.max()) == 1


def test_warmup_starts_tell_the_first_rate():
    alt = MAKERS["starts"]().alt
    assert "t/w: 0, 0.0002" in alt and "(t+1)/w: 0.0002" in alt


def test_the_bare_formula_crosses_zero_where_it_says():
    alt = MAKERS["past"]().alt
    crossing = int(re.search(r"crosses zero at step (\d+)", alt)[1])
    fall = (CYCLE.eta_max - CYCLE.eta_min) / CYCLE.T_2
    assert CYCLE.eta_max - fall * (crossing - 1 - CYCLE.T_1) > 0 > CYCLE.eta_max - fall * (crossing + 1 - CYCLE.T_1)


def test_parts_are_told_in_order_with_their_ends():
    alt = MAKERS["parts"]().alt
    assert "up from step 0 to 100 (0 to 0.001); level from step 100 to 800" in alt
    assert alt.endswith("down from step 800 to 1000 (0.001 to 0).")


def test_parts_without_names_are_named_by_kind():
    alt = figures.parts(Warmup(0.1, 100) >> CosineAnnealing(0.1, 900)).alt
    assert "warmup from step 0 to 100" in alt and "cosine from step 100 to 1000" in alt


def test_the_family_is_told_one_by_one():
    assert "steps runs from 1 to 0.001 with 3 leaps" in MAKERS["family"]().alt


def test_the_range_test_names_its_lowest_point():
    assert "lowest value at a rate of 0.2," in MAKERS["range"]().alt


def test_invented_losses_are_called_invented():
    figure = MAKERS["invented"]()
    assert "invented" in figure.alt and "a: 3, 2.5, 2.3, and the value called final, 2.35" in figure.alt


def test_a_common_peak_can_turn_the_order_round():
    alt = MAKERS["by peak"]().alt
    assert "At 0.005, marked by a line, the order from best to worst is fixed and linear" in alt
    assert "At 0.5, marked by a line, the order from best to worst is linear and fixed" in alt


@pytest.mark.parametrize(
    "interval, told", [((-1, 1), "covers zero"), ((0.1, 1), "lies above zero"), ((-1, -0.1), "lies below zero")]
)
def test_an_interval_is_read_aloud(interval, told):
    assert told in figures.paired({"a − b": [0.1, 0.2]}, {"a − b": interval}).alt


class Found:
    """As much of a lab result as `gains` needs."""

    baseline, labels = "fixed", ["fixed", "linear", "step"]

    def gain(self, label):
        mean, half = {"linear": (3.0, 0.5), "step": (-1.0, 0.25)}[label]
        return type("Interval", (), {"mean": mean, "half": half})


def test_gains_are_told_with_their_intervals_and_without_the_baseline():
    figure = figures.gains({"SGD": Found(), "Adam": Found()})
    assert "SGD: linear +3.0 ± 0.5, step -1.0 ± 0.2; Adam: linear" in figure.alt
    assert "fixed +" not in figure.alt


def test_a_series_is_told_stretch_by_stretch_against_zero():
    pairs = [(-1.0, 0.5), (0.1, 0.5), (2.0, 0.5), (3.0, 0.5)]
    figure = figures.against_zero([10, 20, 40, 80], {"a": pairs}, xlabel="steps", ylabel="gain", logx=True)
    assert "a below zero at 10, not separated from zero at 20, above zero at 40 to 80" in figure.alt
    assert figure.svg == figures.against_zero(
        [10, 20, 40, 80], {"a": pairs}, xlabel="steps", ylabel="gain", logx=True
    ).svg


# -- the cheat sheet -------------------------------------------------------------------------------
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_the_cheat_sheets_formula_is_the_schedule(entry):
    assert entry.holds()
    assert type(entry.example).__name__ == entry.name


def test_a_wrong_formula_is_seen():
    cosine = next(entry for entry in ENTRIES if entry.name == "CosineAnnealing")
    assert not replace(cosine, expression=cosine.expression.replace("pi", "2 * pi")).holds()


def test_the_cheat_sheet_is_whole_in_both_forms():
    sheet = figures.cheat_sheet()
    html, text = sheet._repr_html_(), repr(sheet)
    for entry in ENTRIES:
        assert f"{entry.name}: {entry.expression}" in text
        assert entry.name in html
    assert html.count('alt="Small curve of') == len(ENTRIES)
