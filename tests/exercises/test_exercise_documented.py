"""Every value the text prints, derived anew with forty digits; where it differs, the note must explain it."""

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from exercises.documented import TEXT
from lrcourse.exercises import all_exercises, check, get


@pytest.fixture(autouse=True)
def forty_digits():
    # mpmath's precision is one for the whole process, and other tests set their own.
    with mpmath.workdps(40):
        yield


def cosine(eta_max, eta_min, T_max, t):
    """In exact decimals, and by the half-angle: another road than the declarations'."""
    eta_max, eta_min = mpf(eta_max), mpf(eta_min)
    return eta_min + (eta_max - eta_min) * mpmath.sin(mpmath.pi * (T_max - t) / (2 * mpf(T_max))) ** 2


def in_8_8(t):
    return cosine("0.002", "0.0001", 5000, t)


with mpmath.workdps(40):
    DERIVED = {
        "8.4.1": [cosine("0.001", "0", 10_000, t) for t in (0, 2500, 5000, 7500, 10_000)],
        "8.5.1": [mpf("0.001") * mpf("0.1") ** (t // 1000) for t in (999, 1000, 1999, 2000)],
        "8.6.1": 100 * (mpf("2.15") - mpf("2.05")) / mpf("2.15"),
        "8.8.1": in_8_8(0),
        "8.8.2": in_8_8(1250),
        "8.8.3": in_8_8(2500),
        "8.8.4": in_8_8(3750),
        "8.8.5": in_8_8(5000),
    }
DECIMALS = {"8.4.1": 6, "8.5.1": 5, "8.6.1": 0, "8.8.1": 3, "8.8.2": 6, "8.8.3": 5, "8.8.4": 6, "8.8.5": 4}


def rounds(exact, value, decimals):
    return mpmath.nint(mpf(exact) * 10**decimals) == mpmath.nint(mpf(str(value)) * 10**decimals)


def test_every_documented_answer_is_derived_here():
    assert {e.id for e in all_exercises() if e.documented} == set(DERIVED)


@pytest.mark.parametrize("id", DERIVED)
def test_the_declared_solution_is_what_is_derived(id):
    exercise = get(id)
    answer = exercise.outcomes[-1].value if callable(exercise.answer) else exercise.answer
    assert np.allclose(answer, np.array(DERIVED[id], dtype=float), rtol=1e-13, atol=1e-18)


@pytest.mark.parametrize("id", DERIVED)
def test_the_texts_value_is_the_rounded_one_or_is_explained(id):
    documented = get(id).documented
    exact, printed = np.ravel(DERIVED[id]), np.ravel(documented.value)
    rounded = all(rounds(e, p, DECIMALS[id]) for e, p in zip(exact, printed, strict=True))
    assert rounded or documented.note
    assert rounded != (id == "8.8.2")


def test_0_001721_was_cut():
    exact = in_8_8(1250)
    assert mpmath.nstr(exact, 12) == "0.00172175144213"
    assert mpmath.floor(exact * 10**6) / 10**6 == mpf("0.001721")
    assert mpmath.nint(exact * 10**6) / 10**6 == mpf("0.001722")
    assert "cut" in get("8.8.2").documented.note
    for accepted in (0.001721, 0.001722):
        verdict = check("8.8.2", accepted)
        assert verdict.correct
        assert "0.001721" in verdict.text and "0.001722" in verdict.text


def test_5_percent_is_4_65():
    assert mpmath.nstr(DERIVED["8.6.1"], 5) == "4.6512"
    documented = get("8.6.1").documented
    assert not documented.agrees
    assert "4.65" in documented.note
    verdict = check("8.6.1", documented.value)
    assert verdict.kind == "misconception"
    assert "two decimals" in verdict.text


@pytest.mark.parametrize("exercise", [e for e in all_exercises() if e.documented], ids=lambda e: e.id)
def test_a_documented_answer_is_accepted_unless_it_is_wrong(exercise):
    if not callable(exercise.answer):
        assert check(exercise.id, exercise.documented.value).correct == exercise.documented.agrees


def again(place):
    """The value at this place of the text, derived by itself."""
    if "8.2" in place:
        return (mpf("0.001") + mpf("0.0001")) / 2
    if "8.3" in place:
        return mpf("0.001")
    angle = 3 if "3 pi/4" in place or "step 4" in place or "3750" in place else 1
    bare = mpmath.sqrt(2) / 2 * (-1 if angle == 3 else 1)
    if "cos(" in place:
        return bare
    if "cosine at" in place:
        return {"0": mpf(1), "2500": mpf(0), "5000": mpf(-1)}[place.rpartition(" ")[2]]
    if "8.5" in place:
        return mpf("0.001") / 10 ** (int(place.rpartition("step ")[2]) // 1000)
    scale = mpf("0.5") if "2500" in place else (1 + bare) / 2
    return mpf("0.0019") * scale if "0.0019" in place else scale


@pytest.mark.parametrize("printed", TEXT, ids=lambda p: p.documented.place)
def test_the_other_values_of_the_text(printed):
    exact = again(printed.documented.place)
    assert abs(exact - mpf(printed.exact)) < mpf("1e-16")
    assert rounds(exact, printed.documented.value, printed.decimals) == printed.documented.agrees
    assert printed.documented.agrees or printed.documented.note


def test_what_was_lost_on_the_way_to_0_001721():
    """From 0.707, and cut: exactly how the text came to it."""
    scale = (1 + mpf("0.707")) / 2
    assert mpmath.almosteq(scale, mpf("0.8535"))
    product = mpf("0.0019") * scale
    assert mpmath.nstr(product, 8) == "0.00162165"
    assert mpmath.floor(product * 10**6) / 10**6 + mpf("0.0001") == mpf("0.001721")
