"""The appendix's scripts are run for real, and the record of its bugs is what the installed PyTorch does."""

import importlib.metadata

import pytest

from lrcourse import interop
from lrcourse.interop import snippets

pytestmark = [pytest.mark.interop, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch, frameworks):
    """Transformers makes a folder where it is run."""
    monkeypatch.chdir(tmp_path)


def last_rate(name, found):
    """The rate that the framework would use next, and the number of updates it has made."""
    if name in ("with_pytorch", "with_lambda"):
        return found["scheduler"].get_last_lr()[0], found["scheduler"].last_epoch
    if name == "with_optax":
        count = int(found["state"][-1].count)
        return float(interop.to_optax(found["schedule"])(count)), count
    if name == "with_keras":
        return float(found["model"].optimizer.learning_rate), int(found["model"].optimizer.iterations)
    return found["trainer"].lr_scheduler.get_last_lr()[0], found["trainer"].state.global_step


@pytest.mark.parametrize("name", [name for name in snippets.NAMES if name.startswith("with_")])
def test_the_nine_lines_run_to_the_end(name):
    found = snippets.run(name)
    schedule = found["schedule"]
    rate, updates = last_rate(name, found)
    assert updates == schedule.horizon
    assert rate == pytest.approx(schedule(updates), abs=1e-9)


def test_every_rate_on_the_way(monkeypatch):
    """The scripts keep no record of rates, so PyTorch's optimizer is watched."""
    import torch
    used, step = [], torch.optim.AdamW.step

    def watched(self, *args, **kwargs):
        used.append(self.param_groups[0]["lr"])
        return step(self, *args, **kwargs)

    monkeypatch.setattr(torch.optim.AdamW, "step", watched)
    for name in ("with_pytorch", "with_lambda", "with_huggingface"):
        used.clear()
        schedule = snippets.run(name)["schedule"]
        assert used == pytest.approx(schedule.values(int(schedule.horizon)), rel=1e-12), name


def test_the_record_is_what_happens_here():
    now = snippets.record()
    assert now["with"] == snippets.recorded_with() == f"PyTorch {importlib.metadata.version('torch').partition('+')[0]}"
    for name in snippets.RECORDED:
        assert now["rates"][name] == pytest.approx(snippets.recorded(name), rel=1e-12), name
