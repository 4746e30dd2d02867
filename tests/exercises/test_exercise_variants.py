"""Own numbers: the same at every call, different between students, nice to calculate with."""

import subprocess
import sys
from pathlib import Path

import pytest

from lrcourse.exercises import all_exercises, get, practice, variant

ROOT = Path(__file__).resolve().parents[2]
VARIED = [exercise for exercise in all_exercises() if exercise.vary]
varied = pytest.mark.parametrize("exercise", VARIED, ids=lambda e: e.id)


def given(exercise):
    return dict(exercise.given)


@varied
def test_the_same_student_has_the_same_numbers(exercise):
    assert given(variant(exercise, "ada", "s")) == given(variant(exercise, "ada", b"s"))


@varied
def test_nobody_has_the_texts_own_numbers(exercise):
    assert all(given(variant(exercise, f"{i}", "s")) != given(exercise) for i in range(50))


@varied
def test_students_differ(exercise):
    drawn = {str(given(variant(exercise, f"{i}", "s"))) for i in range(60)}
    assert len(drawn) >= 6


def test_students_secrets_and_exercises_all_count():
    one = [
        given(variant("8.8.2", "ada", "s")),
        given(variant("8.8.2", "bob", "s")),
        given(variant("8.8.2", "ada", "t")),
    ]
    assert one[0] != one[1] and one[0] != one[2]


GOLDEN = {"eta_max": 0.003, "eta_min": 0.00005, "T_max": 7200, "t": 1200}


def test_the_numbers_are_the_same_on_every_machine():
    """Drawn once and written down: a change here would change every class's numbers."""
    assert given(variant("8.8.2", "ada", "s")) == GOLDEN
    script = "from lrcourse.exercises import variant; print(dict(variant('8.8.2', 'ada', 's').given))"
    for seed in ("0", "1"):
        out = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, text=True
        )
        assert out.stdout.strip() == str(GOLDEN), out.stderr


def test_a_name_is_the_same_however_its_accent_is_typed():
    assert given(variant("8.8.2", "Zo\u00eb", "s")) == given(variant("8.8.2", "Zoe\u0308", "s"))


def test_an_empty_secret_is_refused():
    with pytest.raises(ValueError, match="secret must not be empty"):
        variant("8.8.2", "ada", "")


def test_an_exercise_without_numbers_stays_itself():
    assert variant("8.6.2", "ada", "s") is get("8.6.2")


@varied
def test_the_question_shows_the_students_numbers(exercise):
    other = variant(exercise, "ada", "s")
    assert other.question_text() != exercise.question_text() or exercise.kind == "figure"
    assert "[[" not in other.question_text() + other.worked_text()


@varied
def test_numbers_are_nice(exercise):
    """At most four significant digits, so that they can be typed and calculated with."""

    def digits(value):
        if isinstance(value, list | tuple):
            return max(map(digits, value))
        return len(f"{value:.10g}".split("e")[0].replace(".", "").strip("0"))

    for i in range(30):
        for name, value in variant(exercise, str(i), "s").given.items():
            assert digits(value) <= 5, (name, value)


def test_practice_draws_anew():
    assert len({str(given(practice("8.8.2"))) for _ in range(20)}) > 5


def test_the_written_out_solution_of_a_variant_agrees_too():
    from lrcourse.exercises import cells, show_solution

    for exercise in VARIED:
        other = variant(exercise, "ada", "s")
        names = {}
        source = cells(other)[3].source.rsplit("\n", 1)[0]
        exec(source, names)
        assert show_solution(other, names["solution_" + exercise.id.replace(".", "_")]()).correct
