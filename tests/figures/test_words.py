"""Numbers and curves in words."""

import numpy as np
import pytest

from lrcourse.figures import words

T = np.arange(101)


@pytest.mark.parametrize(
    "value, said",
    [
        (0, "0"),
        (0.001, "0.001"),
        (5e-5, "5e-5"),
        (0.0008535533905932738, "0.0008536"),
        (2.4674011e-11, "2.467e-11"),
        (10_000, "10000"),
        (1e6, "1000000"),
        (-0.5, "-0.5"),
        (12_345, "12345"),
        (12_345.678, "12346"),
        (1e8, "1e8"),
        (0.99999, "1"),
        (9.9999e-5, "0.0001"),
    ],
)
def test_number(value, said):
    assert words.number(value) == said


@pytest.mark.parametrize("value", [0.001125, 1.0005e-3, 0.10005, 2.5e-7])
def test_a_tie_rounds_up_whatever_the_last_bit(value):
    digits = 4 if value != 0.001125 else 3
    around = [np.nextafter(value, 0), value, np.nextafter(value, 1)]
    assert len({words.number(v, digits) for v in around}) == 1


def test_listed():
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.listed(list("abcdef")) == "a, b, c, … up to f"


@pytest.mark.parametrize(
    "values, said",
    [
        (np.full(101, 0.001), "stays at 0.001 throughout"),
        (np.linspace(1, 0, 101), "starts at 1 and falls to 0 at step 100 (0.5 at step 50)"),
        (
            np.minimum(T / 20, 1 - (T - 20) / 80),
            "starts at 0, rises to 1 at step 20 and falls to 0 at step 100 (0.5 at step 60)",
        ),
        (
            np.clip(1 - (T - 40) / 40, 0, 1),
            "starts at 1, stays there until step 40, falls to 0 at step 80 (0.5 at step 60) "
            "and stays there until step 100",
        ),
        (
            np.where(T < 50, T / 50, 0.5),
            "starts at 0, rises to 0.98 at step 49 (0.48 at step 24), drops to 0.5 at step 50 "
            "and stays there until step 100",
        ),
        (
            np.abs(T - 60) / 60,
            "starts at 1, falls to 0 at step 60 (0.5 at step 30) and rises to 0.6667 at step 100",
        ),
        (0.5 ** (T // 80), "stays at 1, then steps down to 0.5 at step 80, where it stays"),
        (
            0.1 ** (T // 40),
            "starts at 1, steps down at steps 40 and 80 (to 0.1 and 0.01) as a staircase and ends at 0.01 at step 100",
        ),
        (
            1 - (T % 25) / 25,
            "starts at 1, goes up and down, with 3 peaks of 1, the first at step 25, "
            "between 0.04 and 1, and ends at 1 at step 100",
        ),
    ],
)
def test_shape(values, said):
    assert words.shape(T, values) == said


def test_noise_is_not_a_list_of_peaks():
    values = np.linspace(3, 2, 101) + 0.05 * np.random.default_rng(1).standard_normal(101)
    assert "zigzags" in words.shape(T, values)
    assert len(words.shape(T, values)) < 150


def test_a_cosine_that_ends_in_rounding_noise_ends_at_zero():
    assert "falls to 0 at step 100" in words.shape(T, 0.5 * (1 + np.cos(np.pi * T / 100)) + 6e-17)


def test_jumps_are_leaps_not_slopes():
    assert list(words.jumps(0.1 ** (T // 40))) == [39, 79]
    assert list(words.jumps(1 - (T % 25) / 25)) == [24, 49, 74, 99]
    assert not len(words.jumps(np.cos(np.pi * T / 100)))
    assert not len(words.jumps(np.minimum(T / 20, 1)))
    assert not len(words.jumps(np.array([1.0, 0.0])))
