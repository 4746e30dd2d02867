"""`lrcourse show` reads schedules and runs nothing else; the other commands pass on what the package says."""

import pytest

from lrcourse import CosineAnnealing, Fixed, InverseSqrt, MultiStep, OneCycle, Warmup, __version__
from lrcourse.cli import main, read_schedule

READ = {
    "Fixed(0.1)": Fixed(0.1),
    " CosineAnnealing(eta_max=1e-3, T_max=10_000, after='raise') ": CosineAnnealing(1e-3, 10_000, after="raise"),
    "Warmup(1e-3, 500) >> CosineAnnealing(1e-3, 9_500)": Warmup(1e-3, 500) >> CosineAnnealing(1e-3, 9_500),
    "0.5 * Fixed(0.1)": 0.5 * Fixed(0.1),
    "Fixed(0.1) * CosineAnnealing(1, 10)": Fixed(0.1) * CosineAnnealing(1, 10),
    "Fixed(0.1).until(10) >> Fixed(0.01)": Fixed(0.1).until(10) >> Fixed(0.01),
    "(0.5 * Fixed(0.1)).ahead(3)": (0.5 * Fixed(0.1)).ahead(3),
    "MultiStep(0.1, [10, 20])": MultiStep(0.1, [10, 20]),
    "MultiStep(0.1, (10, 20))": MultiStep(0.1, (10, 20)),
    "OneCycle.pytorch(0.1, 100, three_phase=True)": OneCycle.pytorch(0.1, 100, three_phase=True),
    "InverseSqrt.noam(512, 4000)": InverseSqrt.noam(512, 4000),
}


@pytest.mark.parametrize("text", READ)
def test_what_is_written_is_what_is_read(text):
    assert read_schedule(text) == READ[text]


@pytest.mark.parametrize("text", READ)
def test_a_schedules_own_repr_reads_back(text):
    assert read_schedule(repr(READ[text])) == READ[text]


REFUSED = [
    "__import__('os').system('true')", "open('x')", "Fixed.__init__(1)", "Fixed.from_dict({})", "from_json('{}')",
    "Fixed(1).compile()", "Fixed(0.1).until.__class__(1)", "lambda: 1", "[Fixed(0.1) for x in (1,)]", "Fixed",
    "Schedule()", "Fixed(*[0.1])", "Fixed(**{'eta_0': 0.1})", "Fixed(eta_0=x)", "'a' * 10", "(1, 2) * 3", "2 * 3",
    "0.1", "'a' * Fixed(0.1)", "Fixed(10 ** 9)", "Fixed(0.1) + Fixed(0.1)", "f'{Fixed(0.1)}'", "Fixed(0.1", "",
    "Fixed(0.1);", "Fixed()", "Fixed(0.1, rate=2)", "Fixed(-1)", "Nothing(1)", "Fixed(1j)", "(" * 500,
    "OneCycle.steep(1, 2)", "-Fixed(0.1)", "not True", "x = Fixed(1)", "Fixed(b'1')", "Fixed.noam(1, 2)",
]


@pytest.mark.parametrize("text", REFUSED)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError):
        read_schedule(text)


def test_a_mistake_is_one_line_and_status_2(capsys):
    assert main(["show", "Fixed(-1)"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "eta_0" in err


def test_show_prints_repr_formula_and_audit(capsys):
    schedule = READ["Warmup(1e-3, 500) >> CosineAnnealing(1e-3, 9_500)"]
    assert main(["show", repr(schedule), "--updates", "10000"]) == 0
    out = capsys.readouterr().out
    assert repr(schedule) in out and schedule.formula in out and str(schedule.audit(updates=10_000)) in out


def test_show_takes_the_schedules_own_length(capsys):
    main(["show", "CosineAnnealing(1e-3, 40)"])
    assert str(CosineAnnealing(1e-3, 40).audit(updates=40)) in capsys.readouterr().out


def test_show_asks_for_a_length_where_there_is_none(capsys):
    assert main(["show", "Fixed(0.1)"]) == 0
    assert "--updates" in capsys.readouterr().out


def test_progress_prints_the_report(capsys):
    from lrcourse.exercises import progress

    assert main(["progress"]) == 0
    assert capsys.readouterr().out.strip() == str(progress()).strip()


def test_version(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out.strip() == f"lrcourse {__version__}"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "eight"])
def test_a_port_that_cannot_be_is_refused(port, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["lab", "--port", port])
    assert stop.value.code == 2
    assert "--port" in capsys.readouterr().err
