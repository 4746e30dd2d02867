"""Strangers' submissions: each gets a row with a reason, none gains a point, and nobody else notices.

`make test` tries a few of them, `make test-grading` all, under both levels of isolation.
"""

from __future__ import annotations

import json
import os
import re
import sys
from importlib import import_module

import attacks
import pytest
from attacks import EXERCISES
from attacks.world import EVERYTHING, World

from lrcourse.grading import pool
from lrcourse.grading.model import GRADED, UNREADABLE

for theme in (
    "ending",
    "bombs",
    "reaching",
    "network",
    "forging",
    "equals",
    "notebooks",
    "files",
    "outsiders",
    "choking",
):
    import_module(f"attacks.{theme}")
TRIED = [attack for attack in attacks.ALL.values() if EVERYTHING or attack.core]
if not sys.platform.startswith("linux") or os.geteuid() != 0:
    TRIED = [attack for attack in TRIED if attack.name != "a_device"]  # only root can make one


@pytest.fixture(scope="module")
def world(level, tmp_path_factory):
    """The class after its one run."""
    course = World(tmp_path_factory.mktemp(level.name) / "course", level.name, TRIED)
    try:
        course.hand_in()
        course.grade()
        yield course
    finally:
        course.close()


def points(row) -> dict[str, float]:
    return {mark.exercise: mark.points for mark in row.marks}


def full(world) -> dict[str, float]:
    return {e.id: e.points for e in world.assignment.for_student("", world.secret)}


@pytest.mark.parametrize("number", range(len(TRIED)), ids=[attack.name for attack in TRIED])
def test_attack(world, number):
    attack = TRIED[number]
    row = world.rows[world.student(number, attack)]
    everything = json.dumps(row.to_dict())
    assert "ESCAPED" not in everything, [mark.got for mark in row.marks]
    assert row.reason
    if row.status == UNREADABLE:
        assert attack.reason and re.search(attack.reason, row.reason), row.reason
        assert row.points is None
        return
    assert row.status == GRADED and (not attack.reason or attack.what == "file"), row.reason
    want = {id: 0 if id in attack.lost else worth for id, worth in full(world).items()}
    assert points(row) == want, [(m.exercise, m.verdict, m.text, m.anomalies) for m in row.marks]
    marks = {mark.exercise: mark for mark in row.marks}
    if attack.what == "cell":
        assert re.fullmatch(attack.verdict or ".*", marks[attack.at].verdict), marks[attack.at]
        assert marks[attack.at].text
    notes = [*row.anomalies, *(note for mark in row.marks for note in mark.anomalies)]
    assert any(re.search(attack.note, note) for note in notes) or not attack.note, notes


def test_every_file_has_its_row(world):
    assert world.status == 1, world.err  # some rows need a person: those that could not be read
    students = {world.student(number, attack) for number, attack in enumerate(TRIED)}
    assert set(world.rows) == students | set(world.neighbours)
    *told, summary = map(json.loads, world.out.splitlines())
    assert len(told) == len(world.rows) and summary["level"].startswith(world.level)


def test_neighbours_notice_nothing(world):
    for student in world.neighbours:
        row = world.rows[student]
        assert points(row) == full(world), row
        assert {mark.verdict for mark in row.marks} == {"right"}
        assert not row.anomalies and not any(mark.anomalies for mark in row.marks)


def test_no_secret_is_in_any_row(world):
    told = json.dumps([row.to_dict() for row in world.rows.values()]) + world.out + world.err
    for secret in (world.canary, world.secret.decode(), "root:x:0", "SQLite format", "Misconception("):
        assert secret not in told


def test_nothing_is_left_and_nothing_was_heard(world):
    assert world.processes() == []
    assert world.files() == []
    assert world.heard() == []


def test_what_is_on_disk_is_unchanged(world):
    for student in world.neighbours:
        assert (world.submitted / f"{student}.ipynb").read_text() == world.right


def test_a_question_costs_at_most_five_seconds():
    assert pool.SECONDS <= 5


def test_enough_attacks():
    assert len(attacks.ALL) >= 90
    assert len(EXERCISES) == len(set(EXERCISES))
