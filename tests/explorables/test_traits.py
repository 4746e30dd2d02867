"""What Python may set an explorable to, and what it is told of everything else."""

import json
import math

import pytest
import traitlets

from lrcourse import explorables
from lrcourse.schedules import WSD, CosineRestarts, Fixed, Linear, Polynomial

NOT_FINITE = (math.nan, math.inf, -math.inf)


@pytest.mark.parametrize("value", NOT_FINITE)
@pytest.mark.parametrize(("name", "trait"), [("driver", "rate"), ("driver", "noise"), ("trainer", "peak")])
def test_what_json_does_not_know_is_refused(name, trait, value):
    explorable = getattr(explorables, name)()
    before = explorable.state
    with pytest.raises((ValueError, traitlets.TraitError), match=trait):
        setattr(explorable, trait, value)
    assert explorable.state == before
    json.dumps(explorable.state, allow_nan=False)


@pytest.mark.parametrize(("name", "trait", "value", "said"), [
    ("calculator", "schedule", {"schedule": "Nope"}, "'schedule' must be one of"),
    ("calculator", "schedule", Polynomial(0.1, 10, 2), "schedule must be one of Fixed, .*, got Polynomial"),
    ("calculator", "t", 2**60, "greater than 9007199254740991"), ("calculator", "t", -1, "less than 0"),
    ("composer", "schedule", Fixed(0.1), "schedule must be one of WSD, got Fixed"),
    ("composer", "schedule", {"schedule": "WSD", "eta_max": 1, "T_max": 10, "T_decay": 20}, "at most T_max"),
    ("driver", "landscape", "hill", "bowl.*ravine"), ("driver", "shown", 61, "greater than 60"),
    ("guess", "guess", {"schedule": "Fixed", "eta_0": -1}, "eta_0 must be"), ("guess", "round", 0, "less than 1"),
    ("studio", "schedules", [], "length 1 <= L <= 3"), ("studio", "schedules", [Fixed(0.1)] * 4, "length 1 <= L <= 3"),
    ("studio", "schedules", [{"schedule": "Fixed", "eta_0": -1}], "eta_0 must be"),
    ("trainer", "shape", {}, "must have the key 'schedule'")])
def test_what_is_no_state_is_refused_in_words_and_nothing_changes(name, trait, value, said):
    explorable = getattr(explorables, name)()
    before = explorable.state
    with pytest.raises((TypeError, ValueError, traitlets.TraitError), match=said):
        setattr(explorable, trait, value)
    assert explorable.state == before


@pytest.mark.parametrize(("call", "said"), [
    (lambda: explorables.studio(Fixed(0.1), 3), "the studio takes schedules .*, got 3"),
    (lambda: explorables.studio(colour=3), "the studio has no 'colour'"),
    (lambda: explorables.studio(*[Fixed(0.1)] * 4), "at most 3 schedules, got 4"),
    (lambda: explorables.driver(speed=3), "the driver has no 'speed'"),
    (lambda: explorables.composer(3), "a WSD schedule, got 3"),
    (lambda: explorables.calculator(3), "the calculator explains .*, got 3")])
def test_a_wrong_start_is_refused(call, said):
    with pytest.raises((TypeError, ValueError), match=said):
        call()


def test_a_schedule_may_be_set_as_such_and_is_kept_whole():
    studio, composer = explorables.studio(), explorables.composer()
    studio.schedules = [Linear(0.1, 10), CosineRestarts(0.1, 10, 2).to_dict()]
    assert studio.built == [Linear(0.1, 10), CosineRestarts(0.1, 10, 2)]
    composer.schedule = {"schedule": "WSD", "eta_max": 1, "T_max": 10, "T_decay": 2}
    assert composer.built == WSD(1, 10, 2) and composer.schedule == WSD(1, 10, 2).to_dict()


@pytest.mark.parametrize(("name", "typed"), [
    ("calculator", {"schedule": {"schedule": "WSD", "eta_max": 1, "T_max": 10, "T_decay": 20}}),
    ("composer", {"schedule": {"schedule": "WSD", "eta_max": 1, "T_max": 10, "T_decay": 20}}),
    ("studio", {"schedules": [{"schedule": "Fixed", "eta_0": -1}]}),
    ("guess", {"guess": {"schedule": "Fixed", "eta_0": -1}})])
def test_what_is_being_typed_may_be_none_for_a_while(name, typed):
    explorable = getattr(explorables, name)()
    explorable.set_state(typed)  # as the browser sends it
    assert {key: explorable.state[key] for key in typed} == typed
    assert "There is no picture of these numbers" in repr(explorable)
    data, _ = explorable._repr_mimebundle_()
    assert "There is no picture of these numbers" in data["text/html"]


def test_a_run_beyond_all_numbers_has_a_still():
    for landscape in ("bowl", "ravine"):
        driver = explorables.driver(rate=1e200, landscape=landscape)
        assert "runs away" in driver.still().alt and "nan" not in driver.still().svg and "inf" not in driver.still().svg


def test_the_still_of_the_game_follows_it():
    first, second = explorables.guess(1).still(), explorables.guess(2).still()
    assert "curve 1" in first.alt and "curve 2" in second.alt and first.svg != second.svg
    game = explorables.guess(1)
    game.guess = game.hidden
    assert game.still().alt != first.alt
