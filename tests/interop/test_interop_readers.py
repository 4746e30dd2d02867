"""What the readers make of the frameworks' own schedulers, against the rates those really give."""

import warnings

import numpy as np
import pytest

from lrcourse import interop
from lrcourse.interop.readers import NotASchedule
from lrcourse.schedules import CosineAnnealing, Fixed, PiecewiseConstant, Warmup, WarmupCosine

pytestmark = [pytest.mark.interop, pytest.mark.filterwarnings("ignore")]


def torch_rates(build, n, lr=0.1):
    """Rates of a real loop, and the scheduler as it was when it was built."""
    import torch
    opt = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=lr)
    scheduler, rates = build(opt), []
    ours = interop.from_torch(scheduler)
    for _ in range(n):
        rates.append(float(opt.param_groups[0]["lr"]))
        opt.step()
        scheduler.step()
    assert interop.from_torch(scheduler) == ours  # the same schedule, however far the scheduler has gone
    return np.array(rates), ours


def builders():
    from torch.optim import lr_scheduler as S
    return {
        "StepLR": (lambda o: S.StepLR(o, 7, 0.3), 60),
        "MultiStepLR": (lambda o: S.MultiStepLR(o, [5, 20, 20], 0.3), 60),
        "ConstantLR": (lambda o: S.ConstantLR(o, 0.25, 9), 30),
        "LinearLR": (lambda o: S.LinearLR(o, 0.2, 0.9, 13), 30),
        "ExponentialLR": (lambda o: S.ExponentialLR(o, 0.93), 60),
        "PolynomialLR": (lambda o: S.PolynomialLR(o, 31, 1.7), 60),
        "CosineAnnealingLR": (lambda o: S.CosineAnnealingLR(o, 23, 0.01), 90),
        "WarmRestarts": (lambda o: S.CosineAnnealingWarmRestarts(o, 6, 3, 0.002), 90),
        "CyclicLR": (lambda o: S.CyclicLR(o, 0.01, 0.2, 7, 5), 60),
        "CyclicLR exp": (lambda o: S.CyclicLR(o, 0.01, 0.2, 7, mode="exp_range", gamma=0.98), 60),
        "CyclicLR 2": (lambda o: S.CyclicLR(o, 0.01, 0.2, 8, 3, mode="triangular2"), 60),
        "OneCycleLR": (lambda o: S.OneCycleLR(o, 0.3, total_steps=44), 44),
        "OneCycleLR linear": (lambda o: S.OneCycleLR(o, 0.3, total_steps=25, anneal_strategy="linear"), 25),
        "OneCycleLR three": (lambda o: S.OneCycleLR(o, 0.3, total_steps=60, three_phase=True, pct_start=0.35), 60),
        "Sequential": (lambda o: S.SequentialLR(o, [S.LinearLR(o, 0.1, 1, 5), S.StepLR(o, 4, 0.5),
                                                    S.ExponentialLR(o, 0.9)], [5, 17]), 40),
        "Sequential cosine": (lambda o: S.SequentialLR(o, [S.ConstantLR(o, 0.5, 9), S.CosineAnnealingLR(o, 20)], [9]),
                              60),
        "Chained": (lambda o: S.ChainedScheduler([S.ConstantLR(o, 0.1, 4), S.ExponentialLR(o, 0.9)]), 30),
        "Chained cosine": (lambda o: S.ChainedScheduler([S.LinearLR(o, 0.1, 1, 6), S.CosineAnnealingLR(o, 30)]), 28),
        "Nested": (lambda o: S.SequentialLR(o, [
            S.SequentialLR(o, [S.LinearLR(o, 0.1, 0.5, 4), S.LinearLR(o, 0.5, 1, 5)], [4]), S.LinearLR(o, 1, 0.1, 10)],
            [9]), 30),
        "Nested exponential": (lambda o: S.SequentialLR(o, [S.SequentialLR(o, [
            S.ExponentialLR(o, 0.9), S.StepLR(o, 3, 0.5)], [6]), S.PolynomialLR(o, 9, 2.0)], [14]), 30),
        "Nested polynomial": (lambda o: S.SequentialLR(o, [S.SequentialLR(o, [
            S.PolynomialLR(o, 20, 1.5), S.CosineAnnealingLR(o, 7, 0.01)], [6]), S.StepLR(o, 2, 0.5)], [14]), 30),
        "Nested cosine": (lambda o: S.SequentialLR(o, [S.SequentialLR(o, [
            S.CosineAnnealingLR(o, 20, 0.01), S.ExponentialLR(o, 0.9)], [6]), S.StepLR(o, 2, 0.5)], [14]), 30),
        # OneCycleLR puts its own start into initial_lr, and from there the first child sets out.
        "Sequential one cycle": (lambda o: S.SequentialLR(o, [S.ExponentialLR(o, 0.9), S.OneCycleLR(
            o, 0.3, total_steps=20)], [6]), 26),
        "Sequential cosine one cycle": (lambda o: S.SequentialLR(o, [S.CosineAnnealingLR(o, 9, 0.001), S.OneCycleLR(
            o, 0.3, total_steps=20)], [6]), 26),
        "Chained cosine, on": (lambda o: S.ChainedScheduler([S.LinearLR(o, 0.1, 1, 6), S.CosineAnnealingLR(o, 9)]), 60),
        "Chained cosine, to its end": (lambda o: S.ChainedScheduler([S.StepLR(o, 4, 0.5), S.CosineAnnealingLR(o, 9)]),
                                       10),
    }


CASES = ["StepLR", "MultiStepLR", "ConstantLR", "LinearLR", "ExponentialLR", "PolynomialLR", "CosineAnnealingLR",
         "WarmRestarts", "CyclicLR", "CyclicLR exp", "CyclicLR 2", "OneCycleLR", "OneCycleLR linear",
         "OneCycleLR three", "Sequential", "Sequential cosine", "Chained", "Chained cosine", "Nested",
         "Nested exponential", "Nested polynomial", "Nested cosine", "Sequential one cycle",
         "Sequential cosine one cycle", "Chained cosine, on", "Chained cosine, to its end"]


@pytest.mark.parametrize("name", CASES)
def test_from_torch(name):
    build, n = builders()[name]
    theirs, ours = torch_rates(build, n)
    np.testing.assert_allclose(ours.values(n), theirs, rtol=0, atol=1e-11 * theirs.max())  # their recursion drifts


def test_the_list_of_torch_cases_is_whole():
    assert set(CASES) == set(builders())


def test_a_chained_cosine_is_no_product_past_its_end():
    import torch
    from torch.optim import lr_scheduler as S
    opt = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1)
    ours = interop.from_torch(S.ChainedScheduler([S.ExponentialLR(opt, 0.9), S.CosineAnnealingLR(opt, 9)]))
    assert ours.horizon == 9 and ours(9) == 0
    with pytest.raises(ValueError, match="t must be at most 9"):
        ours(10)


def test_from_torch_reads_groups_and_our_own():
    import torch
    opt = torch.optim.SGD([{"params": [torch.nn.Parameter(torch.ones(1))], "lr": rate} for rate in (0.1, 0.02)])
    scheduler = torch.optim.lr_scheduler.StepLR(opt, 7)
    assert interop.from_torch(scheduler, group=1)(0) == 0.02
    with pytest.raises(IndexError, match="group must be one of the optimizer's 2 parameter groups, got 2"):
        interop.from_torch(scheduler, group=2)
    ours = interop.to_torch(CosineAnnealing(0.1, 9), opt, groups="absolute")
    assert interop.from_torch(ours) == CosineAnnealing(0.1, 9)
    with pytest.raises(IndexError, match="group must be one of the optimizer's 2 parameter groups, got 2"):
        interop.from_torch(ours, group=2)


def test_what_is_no_function_of_the_step_is_refused_with_the_reason():
    import torch
    from torch.optim import lr_scheduler as S
    opt = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1)
    for build, why in [(lambda: S.ReduceLROnPlateau(opt), "follows a metric"),
                       (lambda: S.LambdaLR(opt, lambda t: 0.5), "Python function that can't be read back"),
                       (lambda: S.MultiplicativeLR(opt, lambda t: 0.5), "Python function that can't be read back"),
                       (lambda: S.ChainedScheduler([S.StepLR(opt, 3), S.CosineAnnealingLR(opt, 9, 0.01)]),
                        "children must multiply the rate"),
                       (lambda: S.SequentialLR(opt, [S.StepLR(opt, 3), S.SequentialLR(
                           opt, [S.StepLR(opt, 3), S.StepLR(opt, 2)], [2])], [4]),
                        "child 1 of a SequentialLR is a SequentialLR"),
                       (lambda: S.SequentialLR(opt, [S.ChainedScheduler([S.StepLR(opt, 3)]), S.StepLR(opt, 3)], [4]),
                        "child 0 of a SequentialLR is a ChainedScheduler"),
                       (lambda: S.CyclicLR(opt, 0.01, 0.1, 4, scale_fn=lambda c: 0.5, cycle_momentum=False),
                        "scale_fn holds a Python function"),
                       (lambda: S.SequentialLR(opt, [S.CosineAnnealingLR(opt, 5), S.OneCycleLR(
                           opt, 0.3, total_steps=20)], [9]), "must end by T_max=5, got 9 steps"),
                       (lambda: object(), "object is not known here: known are")]:
        with pytest.raises(NotASchedule, match=why):
            interop.from_torch(build())


def hf_factor_rates(kind, n, lr, warmup, T, **kwargs):
    import torch
    from transformers import get_scheduler
    opt = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=lr)
    scheduler = get_scheduler(kind, opt, num_warmup_steps=warmup, num_training_steps=T,
                              scheduler_specific_kwargs=kwargs)
    rates = []
    for _ in range(n):
        rates.append(float(opt.param_groups[0]["lr"]))
        opt.step()
        scheduler.step()
    return np.array(rates)


@pytest.mark.parametrize("kind, kwargs", [
    ("constant", {}), ("constant_with_warmup", {}), ("linear", {}), ("cosine", {}), ("cosine", {"num_cycles": 0.4}),
    ("cosine_with_restarts", {"num_cycles": 4}), ("polynomial", {"lr_end": 1e-5, "power": 2.0}), ("inverse_sqrt", {}),
    ("inverse_sqrt", {"timescale": 55}), ("cosine_with_min_lr", {"min_lr": 1e-4}),
    ("cosine_with_min_lr", {"min_lr_rate": 0.2}), ("cosine_warmup_with_min_lr", {"min_lr": 1e-4}),
    ("cosine_warmup_with_min_lr", {"min_lr_rate": 0.1, "warmup_lr_rate": 0.05}),
    ("cosine_with_restarts", {"num_cycles": 33}),
    ("cosine_warmup_with_min_lr", {"min_lr_rate": 0.1, "num_cycles": 1.5}),
    ("warmup_stable_decay", {"num_decay_steps": 40}),
    ("warmup_stable_decay", {"num_decay_steps": 40, "decay_type": "1-sqrt", "min_lr_ratio": 0.1}),
    ("warmup_stable_decay", {"num_decay_steps": 40, "decay_type": "linear"}),
], ids=str)
@pytest.mark.parametrize("warmup", [0, 20])
def test_from_hf(kind, kwargs, warmup):
    if kind == "inverse_sqrt" and not warmup and not kwargs:
        kwargs = {"timescale": 10_000}
    given = dict(learning_rate=0.001, lr_scheduler_type=kind, lr_scheduler_kwargs=kwargs, warmup_steps=warmup)
    ours = interop.from_hf(given, updates=200)
    theirs = hf_factor_rates(kind, 230, 0.001, warmup, 200, **kwargs)
    np.testing.assert_allclose(ours.values(230), theirs, rtol=0, atol=1e-12 * theirs.max())


def test_from_hf_takes_arguments_and_logs(tmp_path):
    import transformers
    args = transformers.TrainingArguments(output_dir=str(tmp_path), learning_rate=0.001, max_steps=200,
                                          lr_scheduler_type="cosine", warmup_steps=20, report_to=[], use_cpu=True)
    assert interop.from_hf(args).values(200) == pytest.approx(WarmupCosine(0.001, 200, 20).values(200), abs=1e-15)
    assert interop.from_hf({"lr_scheduler_type": "linear", "warmup_ratio": 0.1}, updates=50, lr=0.1)(5) == 0.1
    log = [{"step": 1, "learning_rate": 0.1, "loss": 2.0}, {"step": 10, "learning_rate": 0.05},
           {"step": 20, "loss": 1.0}]
    assert interop.from_hf({"log_history": log}) == PiecewiseConstant([0.1, 0.05], [10])
    for given, error, why in [({"learning_rate": 0.1}, ValueError, "updates must be given"),
                              ({"lr_scheduler_type": "reduce_lr_on_plateau", "max_steps": 9}, NotASchedule, "metric"),
                              ({"lr_scheduler_type": "cosin", "max_steps": 9}, NotASchedule, "'cosin' is not known"),
                              ({"lr_scheduler_type": "cosine_with_min_lr", "max_steps": 9}, ValueError, "min_lr"),
                              ({"log_history": [{"loss": 1}]}, NotASchedule, "nothing was recorded")]:
        with pytest.raises(error, match=why):
            interop.from_hf(given)


@pytest.mark.parametrize("given, why", [
    ({"warmup_ratio": 1.5}, r"warmup_ratio must be a number from 0 to 1, got 1\.5"),
    ({"warmup_steps": -3}, r"warmup_steps must be a number of at least 0, got -3"),
    ({"warmup_steps": "many"}, r"warmup_steps must be a number of at least 0, got 'many'"),
    ({"lr_scheduler_kwargs": "num_cycles=2"}, r"lr_scheduler_kwargs must be a dictionary.*got 'num_cycles=2'"),
    ({"lr_scheduler_kwargs": [2]}, r"lr_scheduler_kwargs must be a dictionary.*got \[2\]"),
    ({"lr_scheduler_kwargs": {"num_cycle": 2}}, r"names that 'cosine' has \(num_cycles\), got 'num_cycle'"),
    ({"lr_scheduler_kwargs": {"num_cycles": 0}}, r"num_cycles must be a finite number above 0, got 0"),
    ({"lr_scheduler_type": "cosine_with_restarts", "lr_scheduler_kwargs": {"num_cycles": 1.5}}, "num_cycles must be"),
    ({"lr_scheduler_type": "cosine_with_min_lr", "lr_scheduler_kwargs": {"min_lr_rate": "x"}}, "min_lr_rate must be"),
    ({"lr_scheduler_type": "polynomial", "warmup_steps": 50}, r"warmup_steps must be below the number of up.*50 of"),
], ids=range(10))
def test_from_hf_refuses_what_transformers_would_not_take(given, why):
    with pytest.raises((ValueError, TypeError), match=why):
        interop.from_hf({"learning_rate": 0.1, "lr_scheduler_type": "cosine", "max_steps": 50, **given})


def test_from_hf_reads_what_a_command_line_leaves():
    given = {"learning_rate": 0.1, "lr_scheduler_type": "cosine", "max_steps": 50}
    asked = interop.from_hf({**given, "lr_scheduler_kwargs": {"num_cycles": 2}})
    assert interop.from_hf({**given, "lr_scheduler_kwargs": '{"num_cycles": 2}'}) == asked
    assert interop.from_hf({**given, "lr_scheduler_kwargs": ""}) == interop.from_hf(given)
    assert interop.from_hf({**given, "warmup_steps": 7, "warmup_ratio": 0.5}) == interop.from_hf(
        {**given, "warmup_steps": 7.9})
    assert interop.from_hf({**given, "warmup_steps": 0.1}) == interop.from_hf({**given, "warmup_ratio": 0.1})


def keras_cases():
    from keras.optimizers import schedules as K
    return [K.ExponentialDecay(0.1, 100, 0.9), K.ExponentialDecay(0.1, 30, 0.5, staircase=True),
            K.PiecewiseConstantDecay([10, 50], [0.1, 0.05, 0.01]), K.PolynomialDecay(0.1, 60, 0.01, 2.0),
            K.PolynomialDecay(0.1, 60, 0.01, 0.5, cycle=True), K.InverseTimeDecay(0.1, 10, 0.5),
            K.InverseTimeDecay(0.1, 10, 0.5, staircase=True), K.CosineDecay(0.1, 80, 0.1),
            K.CosineDecay(0.01, 80, 0.1, warmup_target=0.2, warmup_steps=20),
            K.CosineDecayRestarts(0.1, 20, 2.0, 0.9, 0.05), K.CosineDecayRestarts(0.1, 20, 1.0, 0.5),
            K.CosineDecay(0.01, 80, 0.1, warmup_target=0.2, warmup_steps=0),
            K.CosineDecay(0.01, 80, 0.1, warmup_steps=9)]


@pytest.mark.parametrize("i", range(13))
def test_from_keras(i, frameworks):
    import keras
    keras.config.set_floatx("float64")
    try:
        schedule = keras_cases()[i]
        theirs = np.array([float(schedule(t)) for t in range(150)])
    finally:
        keras.config.set_floatx("float32")
    for source in (schedule, keras.saving.serialize_keras_object(schedule)):
        # Keras itself computes parts of these in float32 whatever floatx says.
        np.testing.assert_allclose(interop.from_keras(source).values(150), theirs, rtol=0, atol=3e-7 * theirs.max())


def test_from_keras_refuses_what_it_does_not_know():
    with pytest.raises(NotASchedule, match="Keras schedule 'Mine' is not known here"):
        interop.from_keras({"class_name": "Mine", "config": {}})
    with pytest.raises(TypeError, match="config must be a dictionary"):
        interop.from_keras({"class_name": "CosineDecay", "config": [1]})


def test_training_scripts():
    nano = dict(learning_rate=6e-4, warmup_iters=2000, lr_decay_iters=600_000, min_lr=6e-5, decay_lr=True)

    def get_lr(t):  # the rule as that script states it
        if t < 2000:
            return 6e-4 * (t + 1) / 2001
        if t > 600_000:
            return 6e-5
        return 6e-5 + 0.5 * (1 + np.cos(np.pi * (t - 2000) / 598_000)) * (6e-4 - 6e-5)

    ours = interop.from_config(nano)
    for t in (0, 1, 1999, 2000, 2001, 300_000, 599_999, 600_000, 700_000):
        assert ours(t) == pytest.approx(get_lr(t), rel=1e-12)
    assert interop.from_config({**nano, "decay_lr": False}) == Fixed(6e-4)
    mega = dict(lr=1e-3, min_lr=1e-5, lr_warmup_iters=100, lr_decay_iters=1000, lr_decay_style="cosine")
    assert interop.from_config(mega)(550) == pytest.approx((1e-3 + 1e-5) / 2)
    assert interop.from_config({**mega, "lr_decay_style": "linear"})(550) == pytest.approx((1e-3 + 1e-5) / 2)
    constant = {"lr": 0.1, "lr_decay_style": "constant", "lr_warmup_iters": 10}
    assert interop.from_config(constant) == Warmup(0.1, 10) >> Fixed(0.1)
    roots = {"lr": 0.1, "lr_decay_style": "inverse-square-root", "lr_warmup_iters": 100}
    assert interop.from_config(roots)(400) == 0.05
    ends = interop.from_config({**roots, "train_iters": 900, "min_lr": 0.01})
    assert ends(900) == pytest.approx(0.1 / 3) and ends(901) == 0.01  # there Megatron drops to min_lr
    share = {"lr": 1e-3, "lr_decay_style": "cosine", "lr_warmup_fraction": 0.07, "train_iters": 100}
    assert interop.from_config(share) == Warmup(1e-3, 7) >> CosineAnnealing(1e-3, 93)
    wsd = {**mega, "lr_decay_style": "WSD", "lr_wsd_decay_iters": 200, "lr_wsd_decay_style": "minus_sqrt"}
    assert interop.from_config(wsd)(800) == 1e-3 and interop.from_config(wsd)(1000) == 1e-5
    for bad, why in [({**mega, "lr_warmup_samples": 512}, "counts samples"), ({"eta": 1}, "config must hold"),
                     ({**wsd, "lr_wsd_decay_style": "exponential"}, "'exponential' is not in the family"),
                     ({**mega, "lr_decay_style": "steps"}, "lr_decay_style must be"),
                     ({**share, "lr_warmup_fraction": 0.123}, "must be a whole number of steps, got 12.3"),
                     ({**share, "lr_warmup_iters": 5}, "must not both be given"),
                     ({**mega, "lr_warmup_iters": 1000}, "no step is left for the decay"),
                     ({**mega, "lr_decay_iters": "x"}, "lr_decay_iters must be a whole number"),
                     ({**roots, "min_lr": 0.05, "train_iters": 900}, "a floor below what it reaches")]:
        with pytest.raises((ValueError, TypeError), match=why):
            interop.from_config(bad)


def test_usual_bugs_are_real():
    """What the appendix teaches happens in the installed PyTorch."""
    import torch
    from torch.optim import lr_scheduler as S
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        opt = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1)
        S.LinearLR(opt, 0.01, 1.0, 100)  # built for a look, and thrown away
        assert opt.param_groups[0]["lr"] == pytest.approx(0.001)
        opt = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.5)
        plotted = S.MultiStepLR(opt, [15, 30], 0.5)
        for _ in range(40):
            plotted.step()
        assert opt.param_groups[0]["lr"] == 0.125  # the plot used it up
