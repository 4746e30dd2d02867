"""The figures of 8.4, 8.7 and 8.8: what they draw, reached by a second road, and what their words say of it."""

import math
import re
from xml.etree import ElementTree

import mpmath
import numpy as np
import pytest

from lrcourse import figures
from lrcourse.figures import section_8_4, section_8_7, section_8_8
from lrcourse.schedules import CosineAnnealing, ExponentialDecay, Linear, StepDecay, Warmup, WarmupCosine

COSINE = CosineAnnealing(0.001, 10_000)
FLOORED = CosineAnnealing(0.001, 10_000, 0.0002)
EXERCISE = CosineAnnealing(0.002, 5_000, 0.0001)
BOTH = WarmupCosine(0.001, 10_000, 1_000, 1e-5)
STAIRS = StepDecay(0.001, 1_000, 0.1)

MAKERS = {
    "cosine": lambda: figures.cosine_step(COSINE, 1),
    "shift": lambda: figures.cosine_step(COSINE, 2),
    "stretch": lambda: figures.cosine_step(FLOORED, 3),
    "curve": lambda: figures.cosine_curve(COSINE),
    "lead": lambda: figures.lead_over_linear(COSINE, Linear(0.001, 10_000)),
    "slope": lambda: figures.cosine_slope(COSINE),
    "halves": lambda: figures.cosine_halves(COSINE),
    "afterwards": lambda: figures.cosine_afterwards(COSINE),
    "digits": figures.lost_digits,
    "stairs": lambda: figures.stairs_on_exponential(STAIRS, ExponentialDecay(0.001, 0.1, per=1_000), 3_000),
    "anatomy": lambda: figures.warmup_cosine_anatomy(BOTH),
    "conventions": lambda: figures.two_conventions(BOTH, Warmup(0.001, 1_000) >> CosineAnnealing(0.001, 10_000, 1e-5)),
    "sum": lambda: figures.sum_and_area(CosineAnnealing(0.001, 10), 10),
    "frame": lambda: figures.exercise_frame(EXERCISE, [1_250, 3_750]),
    "solved": lambda: figures.exercise_curve(EXERCISE),
    "wrong": lambda: figures.wrong_roads(EXERCISE, 1_250, 0.001721),
    "backwards": lambda: figures.read_backwards(EXERCISE, 0.0015),
}

# What a reader who does not see the picture must be told.
TOLD = {
    "cosine": ["level at 1,", "0.707 at a quarter", "−1"],
    "shift": ["from 1 down to −1", "from 1 down to 0"],
    "stretch": ["peak 0.001", "0.0006 halfway", "floor 0.0002"],
    "curve": ["0.000854 at step 2500", "0.000146 at step 7500", "sketch"],
    "lead": ["0.105", "−0.105", "cross halfway"],
    "slope": ["−π/2 halfway", "0 at the end"],
    "halves": ["0.0005", "above", "below"],
    "afterwards": ["0.0005 at step 15000", "step 20000", "holds the floor"],
    "digits": ["0.1 for 100 million", "2e-16"],
    "stairs": ["0.0001, 1e-5", "straight line"],
    "anatomy": ["first 1000 steps", "corner", "1e-5 at step 10000"],
    "conventions": ["floor at step 10000", "second at step 11000"],
    "sum": ["10 bars", "0.0055", "0.005."],
    "frame": ["0.00105 at step 2500", "1250 and 3750"],
    "solved": ["0.001722 at step 1250", "0.0001 at step 5000"],
    "wrong": ["0.00172175", "0.0016218", "0.0018071", "0.0015491", "0.001525"],
    "backwards": ["0.0015", "step 1715"],
}


@pytest.fixture
def drawn(monkeypatch):
    """Call a maker and get the axes it drew into, before they are turned into an SVG."""
    kept = []

    def keep(fig, alt):
        kept[:] = fig.axes
        return alt

    for module in (section_8_4, section_8_7, section_8_8):
        monkeypatch.setattr(module, "show", keep)

    def draw(name):
        MAKERS[name]()
        return kept

    return draw


def curve(ax, index=0):
    """The index-th line with many points, as two arrays."""
    long = [line for line in ax.get_lines() if len(line.get_xdata()) > 100]
    return (np.asarray(data, dtype=float) for data in long[index].get_data())


@pytest.mark.parametrize("name", MAKERS)
def test_same_bytes_twice_and_small(name):
    first, second = MAKERS[name](), MAKERS[name]()
    assert first.html == second.html
    assert len(first.svg) < 40_000


@pytest.mark.parametrize("name", MAKERS)
def test_alt_text_tells_what_is_seen(name):
    alt = MAKERS[name]().alt
    missing = [part for part in TOLD[name] if part not in alt]
    assert not missing, alt
    assert len(alt) < 700


@pytest.mark.parametrize("name", MAKERS)
def test_all_words_lie_inside_the_picture(name, monkeypatch):
    """A name that sticks out would be cut off on a phone: every text box must lie within the figure."""
    outside = []

    def measure(fig, alt):
        fig.draw_without_rendering()
        for ax in fig.axes:
            for text in ax.texts:
                box = text.get_window_extent()
                if text.get_text().strip() and not (
                    box.x0 >= -1 and box.x1 <= fig.bbox.x1 + 1 and box.y0 >= -1 and box.y1 <= fig.bbox.y1 + 1
                ):
                    outside.append(text.get_text())
        return alt

    for module in (section_8_4, section_8_7, section_8_8):
        monkeypatch.setattr(module, "show", measure)
    MAKERS[name]()
    assert not outside


def test_a_picture_is_well_formed_svg():
    for make in MAKERS.values():
        assert ElementTree.fromstring(make().svg).tag.endswith("svg")


# 8.4


def test_there_are_three_moves():
    with pytest.raises(ValueError, match="1, 2 or 3, got 4"):
        figures.cosine_step(COSINE, 4)


def test_shift_draws_cosine_and_scale(drawn):
    (ax,) = drawn("shift")
    t, scale = curve(ax, 0)
    _, cosine = curve(ax, 1)
    assert cosine == pytest.approx(np.cos(np.pi * t / 10_000), abs=1e-12)
    assert scale == pytest.approx(COSINE(t) / 0.001, abs=1e-12)


def test_stretch_puts_the_scale_beside_the_rates():
    _, ax = figures.axes()
    section_8_4._stretch(ax, FLOORED, np.linspace(0, 10_000, 5))
    (scale,) = ax.child_axes
    to_scale, to_rate = scale._functions
    assert [to_scale(0.001), to_scale(0.0006), to_scale(0.0002)] == pytest.approx([1, 0.5, 0])
    assert to_rate(0.5) == pytest.approx(0.0006)


def test_lead_is_largest_before_the_quarter(drawn):
    _, foot = drawn("lead")
    t, lead = curve(foot)
    # Where cosine and line fall equally fast: sin πx = 2/π.
    best = math.asin(2 / math.pi) / math.pi
    assert t[lead.argmax()] == pytest.approx(10_000 * best, abs=15)
    assert lead.max() == pytest.approx((1 + math.cos(math.pi * best)) / 2 - 1 + best, rel=1e-4)
    assert lead + lead[::-1] == pytest.approx(0, abs=1e-12)


def test_slope_is_the_slope_of_the_curve(drawn):
    top, foot = drawn("slope")
    t, rate = curve(top)
    _, slope = curve(foot)
    measured = np.gradient(rate, t) / (0.001 / 10_000)
    assert slope[1:-1] == pytest.approx(measured[1:-1], abs=2e-4)


def test_periodic_rises_and_hold_holds(drawn):
    (ax,) = drawn("afterwards")
    t, rising = curve(ax, 1)
    assert rising == pytest.approx(CosineAnnealing(0.001, 10_000, after="periodic")(t), abs=1e-15)
    flat = next(line for line in ax.get_lines() if list(line.get_xdata()) == [10_000, 20_000])
    assert list(flat.get_ydata()) == [COSINE(10_000), COSINE(20_000)]


@pytest.mark.parametrize("T", [1, 2, 7, 10_000, 10**8])
@mpmath.workdps(60)
def test_exact_scale_against_mpmath(T):
    for t in {0, T // 3, T // 2, T - 1, T}:
        true = (1 + mpmath.cos(mpmath.pi * t / T)) / 2
        assert abs(mpmath.mpf(str(figures.exact_scale(t, T))) - true) < mpmath.mpf(10) ** -42


@pytest.mark.parametrize("t", [-1, 11])
def test_exact_scale_refuses_steps_outside(t):
    with pytest.raises(ValueError, match="from 0 to T = 10"):
        figures.exact_scale(t, 10)


def test_two_digits_lost_one_digit_lost_none_lost():
    plain, halved, sine = np.array([list(figures.scale_errors(10**k).values()) for k in range(4, 9)]).T
    assert np.all(sine < 5e-16)
    assert np.all(halved < plain)
    growth = np.log10([plain[-1] / plain[0], halved[-1] / halved[0]]) / 4
    assert growth == pytest.approx([2, 1], abs=0.35)
    assert plain[2] == pytest.approx(5.7e-6, rel=0.01)
    assert plain[4] == pytest.approx(0.1, rel=0.02)


def test_the_package_computes_the_form_that_loses_nothing():
    T = 10**8
    exact = figures.exact_scale(T - 1, T)
    assert CosineAnnealing(1.0, T)(T - 1) == pytest.approx(float(exact), rel=1e-15)


# 8.7


def test_exponential_touches_the_stairs():
    exponential = ExponentialDecay(0.001, 0.1, per=1_000)
    at = np.arange(0, 3_000, 1_000)
    between = np.setdiff1d(np.arange(3_000), at)
    assert STAIRS(at) == pytest.approx(exponential(at), rel=1e-12)
    assert np.all(STAIRS(between) > exponential(between))


def test_slope_leaps_where_warmup_ends(drawn):
    _, foot = drawn("anatomy")
    t, slope = curve(foot)
    unit = 0.001 / 1_000
    assert slope[0] == 0 and abs(slope[-1]) < 1e-12
    h = 0.5
    measured = (BOTH(t[1:-1] + h) - BOTH(t[1:-1] - h)) / (2 * h) / unit
    assert slope[1:-1] == pytest.approx(measured, abs=1e-5)
    assert (BOTH(500 + h) - BOTH(500 - h)) / (2 * h) == pytest.approx(unit)


def test_bars_are_the_updates(drawn):
    (ax,) = drawn("sum")
    bars = [(bar.get_x(), bar.get_width(), bar.get_height()) for bar in ax.patches]
    schedule = CosineAnnealing(0.001, 10)
    assert bars == [(t, 1, pytest.approx(schedule(t))) for t in range(10)]
    assert sum(height for *_, height in bars) - schedule.integral() == pytest.approx(0.0005)


# 8.8


def test_wrong_rates_are_the_common_slips():
    wrong = figures.wrong_rates(EXERCISE, 1_250)
    assert list(wrong.values()) == pytest.approx([0.0016218, 0.0018071, 0.0015491, 0.001525], abs=5e-8)
    exact = EXERCISE(1_250)
    assert abs(0.001721 - exact) < 1e-6
    assert min(abs(rate - exact) for rate in wrong.values()) > 8e-5


def test_slips_do_no_harm_where_they_cannot():
    """At the end the floor is all there is, so scaling the whole peak is no mistake there."""
    wrong = figures.wrong_rates(EXERCISE, 5_000)
    assert wrong["floor not subtracted"] == pytest.approx(EXERCISE(5_000))
    assert wrong["straight line"] == pytest.approx(EXERCISE(5_000))


def test_frame_without_questions_shows_three_points():
    alt = figures.exercise_frame(EXERCISE).alt
    assert "question" not in alt
    assert re.findall(r"at step (\d+)", alt) == ["0", "2500", "5000"]


@pytest.mark.parametrize("rate", [0.0001, 0.0005, 0.001, 0.0015, 0.002])
def test_reading_backwards_and_forwards_again(rate):
    t = int(re.search(r"step (\d+)\.$", figures.read_backwards(EXERCISE, rate).alt)[1])
    assert EXERCISE(max(t - 1, 0)) >= rate >= EXERCISE(t + 1)


@pytest.mark.parametrize("rate", [0.00009, 0.0021])
def test_rates_the_curve_never_takes(rate):
    with pytest.raises(ValueError, match=r"from 0\.0001 to 0\.002"):
        figures.read_backwards(EXERCISE, rate)
