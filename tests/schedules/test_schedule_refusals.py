"""Bad input is refused at once; the message names the parameter, the value and the rule."""

import math

import numpy as np
import pytest

from lrcourse.schedules import (
    WSD,
    CosineAnnealing,
    CosineRestarts,
    Cyclic,
    ExponentialDecay,
    Fixed,
    InverseSqrt,
    InverseTime,
    Join,
    Linear,
    MultiStep,
    OneCycle,
    PiecewiseConstant,
    Polynomial,
    Ramp,
    StepDecay,
    Warmup,
    WarmupCosine,
    from_dict,
    from_json,
)

good = {
    CosineAnnealing: dict(eta_max=0.1, T_max=100), Linear: dict(eta_max=0.1, T_max=100),
    Polynomial: dict(eta_max=0.1, T_max=100, power=2), StepDecay: dict(eta_0=0.1, step_size=10),
    MultiStep: dict(eta_0=0.1, milestones=[3, 8]), ExponentialDecay: dict(eta_0=0.1, gamma=0.9),
    InverseTime: dict(eta_0=0.1, k=0.5), InverseSqrt: dict(eta_max=0.1, T_warmup=10),
    Warmup: dict(eta_max=0.1, T_warmup=10), WarmupCosine: dict(eta_max=0.1, T_max=100, T_warmup=10),
    OneCycle: dict(eta_max=0.1, T_1=30, T_2=70), Cyclic: dict(eta_min=0.01, eta_max=0.1, T_up=10),
    CosineRestarts: dict(eta_max=0.1, T_0=10), WSD: dict(eta_max=0.1, T_max=100, T_decay=20),
    Ramp: dict(eta_start=0.1, eta_end=0.0, T=10), Fixed: dict(eta_0=0.1),
    PiecewiseConstant: dict(rates=[0.1, 0.01], boundaries=[10]),
}
RATES = {"eta_0", "eta_max", "eta_min", "eta_start", "eta_end"}
WHOLE = {"T_max", "step_size", "T_warmup", "T_decay", "T_up", "T_0"}


@pytest.mark.parametrize("cls", good, ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("bad", [-0.1, math.nan, math.inf, -math.inf, True, "0.001", None, 1j, [0.1], np.array([0.1])],
                         ids=repr)
def test_no_number_parameter_takes_what_is_no_rate_or_length(cls, bad):
    for name, value in good[cls].items():
        if isinstance(value, list):
            continue
        with pytest.raises((ValueError, TypeError)) as caught:
            cls(**{**good[cls], name: bad})
        told = str(caught.value)
        assert told.startswith(name) and "must be" in told and "got" in told
        assert (repr(bad) in told or "of type" in told), told


@pytest.mark.parametrize("cls", good, ids=lambda cls: cls.__name__)
def test_steps_are_whole(cls):
    for name in good[cls].keys() & WHOLE:
        for bad in (10.5, 0 if name != "T_warmup" else -1, -5):
            with pytest.raises(ValueError, match=f"{name} must be"):
                cls(**{**good[cls], name: bad})
        assert getattr(cls(**{**good[cls], name: 90.0 if name == "T_max" else 12.0}), name) in (90, 12)


@pytest.mark.parametrize("make, told", [
    (lambda: CosineAnnealing(0.001, 100, 0.002), r"eta_min must not be above eta_max, got eta_min=0.002.*swap"),
    (lambda: CosineAnnealing(0.0, 100), r"eta_max must be .*above 0, got 0.0"),
    (lambda: CosineAnnealing(0.1, 100, after="rise"), r"after must be one of 'hold', 'raise', 'periodic', got 'rise'"),
    (lambda: CosineAnnealing(0.1, 100, exponent=0), r"exponent must be a finite number above 0, got 0"),
    (lambda: WarmupCosine(0.1, 100, 100), r"T_warmup must be below T_max, which includes it, got T_warmup=100"),
    (lambda: WarmupCosine(0.1, 100, 10, eta_start=0.2), r"eta_start must not be above eta_max"),
    (lambda: WSD(0.1, 100, 60, 50), r"T_warmup \+ T_decay must be at most T_max"),
    (lambda: WSD(0.1, 100, 20, cooldown="sqrt"), r"cooldown must be one of 'linear', 'cosine', '1-sqrt', got 'sqrt'"),
    (lambda: StepDecay(0.1, 10, gamma=-1), r"gamma must be a number above 0 to 1, got -1"),
    (lambda: ExponentialDecay(0.1, 1.5), r"gamma must be a number above 0 to 1, got 1.5"),
    (lambda: ExponentialDecay(0.1, 0.9, eta_min=1), r"eta_min must not be above eta_0"),
    (lambda: MultiStep(0.1, [80, 30]), r"milestones must not fall.*got \[80, 30\]: write \[30, 80\]"),
    (lambda: MultiStep(0.1, 30), r"milestones must be a list of whole steps, got 30"),
    (lambda: PiecewiseConstant([0.1], [5]), r"rates must hold one more than boundaries has steps, got 1 rates and 1"),
    (lambda: PiecewiseConstant([0.1, 0.2, 0.3], [5, 5]), r"boundaries must rise .*got \[5, 5\]: write \[5\]"),
    (lambda: PiecewiseConstant([0.1, -0.2], [5]), r"rates\[1\] must be .*got -0.2"),
    (lambda: OneCycle(0.1, 2.5, 7), r"T_1 \+ T_2 \+ T_3 must be a whole number of steps, got 9.5"),
    (lambda: OneCycle.pytorch(0.1, 3), r"pct_start must leave each phase .*T_max=3"),
    (lambda: OneCycle.smith(0.1, 100, share_final=1), r"share_final must be a number above 0 and below 1, got 1"),
    (lambda: Cyclic(0.1, 0.01, 10), r"eta_min must not be above eta_max"),
    (lambda: Cyclic(0.01, 0.1, 10, gamma=0.9), r"gamma must be 1 unless mode='exp_range'"),
    (lambda: CosineRestarts(0.1, 10, 0.5), r"T_mult must be a number of at least 1, got 0.5"),
    (lambda: CosineRestarts(0.1, 10.5), r"T_0 must be a whole number of at least 1, got 10.5"),
    (lambda: InverseSqrt(0.1, 0), r"timescale must be given when T_warmup is 0"),
    (lambda: Polynomial(0.1, 10, 1, cycle=1), r"cycle must be True or False, got 1"),
    (lambda: Polynomial(0.1, 10, 1, cycle=True, after="raise"), r"after must be left at 'hold' when cycle=True"),
    (lambda: Fixed(0.1) >> Fixed(0.2), r"part 1 of a join must have an end, got Fixed\(eta_0=0.1\): .*until"),
    (lambda: Join((Fixed(0.1).until(3),)), r"schedules must hold at least two parts"),
    (lambda: Join((Fixed(0.1).until(3), 0.5)), r"schedules\[1\] must be a schedule, got 0.5"),
    (lambda: -1 * Fixed(0.1), r"factor must be a finite number above 0, got -1"),
    (lambda: Fixed(0.1).until(0), r"T must be a whole number of at least 1, got 0"),
    (lambda: Fixed(0.1).ahead(-1), r"steps must be a whole number of at least 0, got -1"),
    (lambda: CosineAnnealing(0.1), r"CosineAnnealing needs the parameter 'T_max'"),
    (lambda: CosineAnnealing(0.1, 10, tmax=3), r"CosineAnnealing has no parameter 'tmax': it has eta_max, T_max"),
    (lambda: CosineAnnealing(0.1, 10, T_max=3), r"got 'T_max' twice"),
    (lambda: CosineAnnealing(0.1, 10, 0, 1), r"takes at most 3 values by position"),
    (lambda: from_dict({"schedule": "Fixd", "eta_0": 1}), r"'schedule' must be one of .*Fixed.*got 'Fixd'"),
    (lambda: from_dict({"eta_0": 1}), r"must have the key 'schedule'"),
    (lambda: from_dict({"schedule": "Fixed", "eta": 1}), r"Fixed has no parameter 'eta'"),
    (lambda: from_dict({"schedule": "Fixed", "eta_0": -1}), r"eta_0 must be .*got -1"),
    (lambda: from_json("{"), r"text must be JSON"),
])
def test_rules_between_parameters(make, told):
    with pytest.raises((ValueError, TypeError), match=told):
        make()


@pytest.mark.parametrize("t", [-1, -0.5, math.nan, math.inf, True, "3", None, [-1], [0, math.nan], [True], ["a"],
                               np.array([1 + 2j])], ids=repr)
def test_what_is_no_step_is_refused(t):
    with pytest.raises((ValueError, TypeError), match=r"t must"):
        CosineAnnealing(0.1, 100)(t)


def test_after_raise_refuses_past_the_end_on_every_road():
    schedule = CosineAnnealing(0.1, 100, after="raise")
    assert schedule(100) == 0
    for ask in (lambda: schedule(101), lambda: schedule([5, 101]), lambda: schedule.values(102),
                lambda: schedule.compile()(101), lambda: schedule.integral(101), lambda: schedule.explain(101),
                lambda: (Warmup(0.1, 10) >> schedule)(111)):
        with pytest.raises(ValueError, match=r"t must be at most 100.*after='raise'"):
            ask()
    assert (Warmup(0.1, 10) >> schedule)(110) == 0


@pytest.mark.parametrize("bad", [-1, 2.5, True, "10"])
def test_values_and_audit_count_updates(bad):
    with pytest.raises((ValueError, TypeError), match="n must be a whole number of at least 0"):
        Fixed(0.1).values(bad)
    with pytest.raises((ValueError, TypeError), match="updates must be a whole number of at least 1"):
        Fixed(0.1).audit(bad)
    with pytest.raises(ValueError, match="out must be a float64 array of shape"):
        Fixed(0.1).values(3, out=np.zeros(4))
