"""`lrcourse audit` and `lrcourse show`: files of every kind, every library side by side, no framework needed."""

import json
from pathlib import Path

import numpy as np
import pytest

from lrcourse.cli import main
from lrcourse.figures.appendix import compared
from lrcourse.interop import compare, equivalents, read_file
from lrcourse.interop.command import CODES
from lrcourse.interop.files import parsed
from lrcourse.interop.readers import NotASchedule
from lrcourse.schedules import (
    CosineAnnealing,
    CosineRestarts,
    Fixed,
    Linear,
    MultiStep,
    OneCycle,
    PiecewiseConstant,
    StepDecay,
    Warmup,
    WarmupCosine,
)

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "reference_vectors.json").read_text())["vectors"]


def rates(schedule, library, steps, updates=None):
    told = compare(schedule, updates or int(schedule.horizon))
    return [told.rates[library][told.steps.index(t)] for t in steps]


# ---- side by side ------------------------------------------------------------------------------------------------


def test_the_seams_of_a_warmed_cosine_by_hand():
    told = compare(WarmupCosine(0.1, 100, 10, 0.01), 100)
    assert told.steps == (0, 9, 10, 11, 99, 100, 101)
    assert told.rates["yours"][:3] == pytest.approx((0.0, 0.09, 0.1))
    assert told.rates["nanoGPT"][:3] == pytest.approx((0.1 / 11, 0.1 * 10 / 11, 0.1))
    for same in ("Optax", "Keras", "timm"):
        assert told.rates[same] == pytest.approx(told.rates["yours"], rel=1e-15)
    assert told.rates["PyTorch"][0] == pytest.approx(1e-9)  # LinearLR can't start at 0
    rising = 0.01 + 0.09 * (1 + np.cos(np.pi * 91 / 90)) / 2
    assert told.rates["PyTorch"][-1] == pytest.approx(rising) == told.rates["Hugging Face"][-1]
    assert [told.differs("nanoGPT", i) for i in range(7)] == [True, True, False, False, False, False, False]
    assert [told.differs("Hugging Face", i) for i in range(7)] == [False] * 6 + [True]


def test_what_libraries_do_with_milestones():
    schedule = MultiStep(0.1, [30, 60])
    assert rates(schedule, "timm", [29, 30], 90) == pytest.approx([0.01, 0.01])  # one update early
    assert rates(schedule, "Keras", [30, 31], 90) == pytest.approx([0.1, 0.01])  # one update late
    assert rates(schedule, "PyTorch", [29, 30], 90) == pytest.approx([0.1, 0.01])
    text = str(compare(schedule, 90))
    assert "Hugging Face has no function for the shape 'multistep'" in text
    assert "differs at 2% of the updates, most at t = 30: 0.1 where yours is 0.01" in text


def test_one_cycle_ends_an_update_earlier_in_torch():
    told = compare(OneCycle.pytorch(0.1, 100), 100)
    assert told.rates["PyTorch"][-1] is None and "none ≠" in told.table()
    assert "its last update is t = 98" in told.told["PyTorch"]


TIMM = ("timm_cosine_warmup_prefix", "timm_multistep")  # the settings that the audit recommends


@pytest.mark.parametrize("vector", [v for v in VECTORS if v["name"] in TIMM], ids=lambda v: v["name"])
def test_timm_as_it_really_is(vector):
    kwargs, lr = vector["params"]["kwargs"], vector["params"]["lr"]
    if vector["params"]["cls"] == "MultiStepLRScheduler":
        schedule = MultiStep(lr, kwargs["decay_t"], kwargs["decay_rate"])
    else:
        w = kwargs["warmup_t"]
        schedule = WarmupCosine(lr, kwargs["t_initial"] + w, w, kwargs["lr_min"], eta_start=kwargs["warmup_lr_init"])
    theirs = next(each for each in equivalents(schedule) if each.library == "timm").schedule
    values = np.array([float(value) for value in vector["values"]])
    np.testing.assert_allclose(theirs(np.array(vector["steps"])), values, rtol=0, atol=1e-12 * lr)


def test_ten_thousand_restarts_are_audited():
    assert "has no endless restarts" in str(compare(CosineRestarts(0.1, 10, cycles=10_000), 100_000))


def test_a_shape_of_its_own_stands_alone():
    told = compare(Fixed(0.1).until(10) >> Warmup(0.2, 5) >> CosineAnnealing(0.1, 20), 35)
    assert list(told.rates) == ["yours"] and "PyTorch has no function for a shape of its own" in str(told)


@pytest.mark.parametrize("schedule, updates, epoch, code", [
    (WarmupCosine(0.1, 100, 10), 100, None, "first-update-zero"),
    (CosineAnnealing(0.1, 100), 100, None, "end-not-reached"),
    (CosineAnnealing(0.1, 200), 100, None, "cut-short"),
    (Linear(0.1, 50), 100, None, "held"),
    (CosineAnnealing(0.1, 50, after="raise"), 100, None, "refused"),
    (CosineAnnealing(0.1, 50, after="periodic"), 80, None, "rises-after-end"),
    (StepDecay(0.1, 30), 100, None, "jump"),
    (Linear(0.1, 50), 100, None, "zero"),
    (StepDecay(0.1, 1), 60, None, "float32-zero"),
    (CosineAnnealing(1e-3, 1_000_000), 1_000_000, None, "float32-cosine-zero"),
    (WarmupCosine(0.1, 1000, 100), 1000, 50, "stepped-per-epoch"),
    (CosineAnnealing(0.1, 90), 9000, 100, "counted-in-epochs"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_every_finding_is_found(schedule, updates, epoch, code):
    assert code in compare(schedule, updates, epoch).codes
    assert code not in compare(Fixed(0.1), 10).codes


def test_all_findings_are_tried_above():
    tried = {mark.args[1][i][3] for mark in test_every_finding_is_found.pytestmark for i in range(len(mark.args[1]))}
    assert tried == set(CODES)


def test_zeros_of_single_precision_by_hand_and_by_numpy():
    told = next(f for f in compare(CosineAnnealing(1e-3, 1_000_000), 1_000_000).findings
                if f.code == "float32-cosine-zero")
    # cos(π - d) rounds to -1 while d²/2 is below a quarter of float32's spacing at 1: d < 2^-12
    by_hand = int(2 ** -12 / np.pi * 1_000_000)
    assert f" {by_hand} of these updates" in told.text
    t = np.arange(990_000, 1_000_000, dtype=np.float32)
    here = int((np.float32(1) + np.cos(np.float32(np.pi) * t / np.float32(1e6)) == 0).sum())
    assert abs(here - by_hand) <= 3


def test_once_an_epoch_by_hand():
    told = compare(WarmupCosine(0.1, 1000, 100), 1000, 50)
    text = told.findings[-1].text
    assert "only the first 20 of 1,000 rates" in text and "would be 0.019 instead of" in text
    assert compare(WarmupCosine(0.1, 1000, 100), 1000, 1).codes == compare(WarmupCosine(0.1, 1000, 100), 1000).codes


# ---- files -------------------------------------------------------------------------------------------------------

WARM = WarmupCosine(1e-3, 1000, 100, start="(t+1)/(w+1)")
KERAS = {"class_name": "CosineDecay", "config": {"initial_learning_rate": 0.1, "decay_steps": 80, "alpha": 0.1}}
FILES = {
    "ours": (WARM.to_json(), WARM, None),
    "nanogpt json": ('{"learning_rate": 1e-3, "warmup_iters": 100, "lr_decay_iters": 1000, "max_iters": 900}',
                     WARM, 900),
    "nanogpt settings": ("# rates\nlearning_rate = 2 * 5e-4\nwarmup_iters = 100\nlr_decay_iters = 10 * 100\n"
                         "min_lr = 0.0\nbatch = make()\nimport os\nmax_iters = 1_000\n", WARM, 1000),
    "dict": ("dict(learning_rate=1e-3, warmup_iters=100, lr_decay_iters=1000)", WARM, None),
    "literal": ("{'learning_rate': 1e-3, 'warmup_iters': 100, 'lr_decay_iters': 1000,}", WARM, None),
    "megatron": ('{"lr": 0.1, "lr-decay-style": "linear", "lr-decay-iters": 50, "train-iters": 50}',
                 Linear(0.1, 50), 50),
    "keras": (json.dumps(KERAS), CosineAnnealing(0.1, 80, 0.1 * 0.1), None),
    "keras model": (json.dumps({"compile_config": {"optimizer": {"class_name": "Adam", "config": {
        "learning_rate": KERAS}}}}), CosineAnnealing(0.1, 80, 0.1 * 0.1), None),
    "keras plain": (json.dumps({"class_name": "Adam", "config": {"learning_rate": 0.01}}), Fixed(0.01), None),
    "hf": ('{"learning_rate": 0.1, "lr_scheduler_type": "SchedulerType.LINEAR", "max_steps": 50}', Linear(0.1, 50), 50),
    "from Windows": ("\ufeff" + WARM.to_json(), WARM, None),
    "hf state": ('{"global_step": 20, "log_history": [{"step": 1, "learning_rate": 0.1}, {"step": 10, '
                 '"learning_rate": 0.05}]}', PiecewiseConstant([0.1, 0.05], [10]), 20),
}


@pytest.mark.parametrize("name", FILES)
def test_files_of_every_kind(name, tmp_path):
    text, schedule, updates = FILES[name]
    (tmp_path / "run").write_text(text, encoding="utf-8")
    assert read_file(tmp_path / "run") == (schedule, updates)
    assert read_file(tmp_path / "run", 77)[1] == 77


@pytest.mark.parametrize("text, why", [
    ("", "the keys"), ("[1, 2]", "a list"), ("{'a': open('x')}", "is not a plain value"),
    ("{", "neither JSON nor Python"),
    ('{"lr": 0.1, "lr_decay_style": "cosine"}', "lack 'lr_decay_iters'"), ('{"colour": "blue"}', "has the keys colour"),
    ('{"lr_scheduler_type": "cosine"}', "updates must be given"), ("{'a': 'x' * 10**9}", "is not a plain value"),
    ('{"lr_scheduler_type": "reduce_lr_on_plateau", "max_steps": 9}', "follows a metric"),
    ('{"schedule": "Cosine"}', "must be one of"), ('{"learning_rate": "fast", "lr_decay_iters": 9}', "eta_max must be"),
    ("learning_rate = " + "9" * 400 + " / 3\nlr_decay_iters = 5", "too large for a float"),
    ('{"log_history": [3]}', "log_history must be a list of dictionaries"),
    ('{"lr_scheduler_type": "cosine", "max_steps": "10"}', "max_steps must be a finite number, got '10'"),
    ('{"class_name": "CosineDecay", "config": {"initial_learning_rate": "a", "decay_steps": 3}}', "must hold plain"),
    ('{"schedule": "Join", "schedules": 3}', "schedules must be a list of schedules, got 3"),
    ("(" * 300, "neither JSON nor Python"), ("x = 1 / 0", "the keys"), ("[" * 100_000, "nested too deeply"),
], ids=range(19))
def test_what_can_not_be_read_is_one_clear_line(text, why, tmp_path, capsys):
    (tmp_path / "run").write_text(text)
    assert main(["audit", str(tmp_path / "run")]) == 2
    out, err = capsys.readouterr()
    assert out == "" and why in err and err.count("\n") == 1


def test_a_file_is_never_run(tmp_path, monkeypatch):
    (tmp_path / "train.py").write_text("open('made', 'w')\nlearning_rate = 1e-3\nlr_decay_iters = 9\n")
    monkeypatch.chdir(tmp_path)
    assert read_file("train.py")[0] == WarmupCosine(1e-3, 9, 0, start="(t+1)/(w+1)")
    assert [path.name for path in tmp_path.iterdir()] == ["train.py"]
    with pytest.raises(NotASchedule, match="is not a plain value"):
        parsed("{'a': __import__('os').getcwd()}")


# ---- the command -------------------------------------------------------------------------------------------------


def test_audit_prints_what_compare_says(capsys):
    assert main(["audit", "WarmupCosine(1e-3, 1000, 100)", "--updates", "1000", "--steps-per-epoch", "50"]) == 0
    assert capsys.readouterr().out == f"{compare(WarmupCosine(1e-3, 1000, 100), 1000, 50)}\n"
    assert main(["show", "WarmupCosine(1e-3, 1000, 100)"]) == 0
    assert capsys.readouterr().out == f"{compare(WarmupCosine(1e-3, 1000, 100), 1000)}\n"


def test_json_and_figure(tmp_path, capsys):
    assert main(["audit", "CosineAnnealing(0.1, 40)", "--json", "--figure", str(tmp_path / "out.svg")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads(json.dumps(compare(CosineAnnealing(0.1, 40), 40).to_dict()))
    assert told["steps"] == [0, 39, 40, 41] and told["differs"]["PyTorch"] == [False, False, False, True]
    assert (tmp_path / "out.svg").read_text().startswith("<svg")
    for bad in (["--figure", "out.png"], ["--figure", str(tmp_path / "no" / "out.svg")], ["--fail-on", "everything"],
                ["--updates", "0"], ["--steps-per-epoch", "-1"]):
        assert main(["audit", "CosineAnnealing(0.1, 40)", *bad]) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_exit_codes(capsys):
    warm = "WarmupCosine(1e-3, 100, 10)"
    assert main(["audit", warm, "--fail-on", "first-update-zero,jump"]) == 1
    assert main(["audit", warm, "--fail-on", "jump"]) == 0
    assert main(["audit", "Fixed(0.1)", "--updates", "9", "--fail-on", "any"]) == 0
    assert main(["audit", "no/such/file.json"]) == 2 and "there is no file" in capsys.readouterr().err
    assert main(["audit", "Fixed(0.1)", "--json"]) == 2 and "--updates must be given" in capsys.readouterr().err


# ---- the figure --------------------------------------------------------------------------------------------------


def test_the_figure_groups_libraries_that_agree():
    alt = compared(compare(WarmupCosine(1e-3, 1000, 100, 1e-5), 1000, 50)).alt
    assert "PyTorch, Hugging Face: " in alt and "nanoGPT: " in alt and "once an epoch: " in alt and "Optax" not in alt
    assert "give the same rates" in compared(compare(CosineRestarts(0.1, 20, cycles=3), 30)).alt
    refused = compared(compare(CosineAnnealing(0.1, 40, after="raise"), 50))
    assert refused.svg == compared(compare(CosineAnnealing(0.1, 40, after="raise"), 50)).svg
