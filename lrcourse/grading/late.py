"""What lateness costs: a rule in the assignment's TOML file, applied to the journal; applying it twice changes nothing.

    due = 2026-03-01T23:59:00+01:00
    late = {per_day = 0.1, at_most = 0.5, grace = "PT15M"}
    extensions = {ada = 2026-03-04T23:59:00+01:00}
    submitted = {bob = 2026-03-02T09:00:00+01:00}

A day begun counts as a day, from the deadline on; within the grace nothing is taken off. A share is one of all the
points there are, or with `of = "points"` of those reached. A file's time of change is taken for when it came, unless
`submitted` says otherwise. Where that time can only be the export's (`doubts`), nothing is taken off until it does.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from .journal import Journal
from .model import GRADED, Assignment, Grade, student_id

ITEM = "rule"
_AT_ONCE = timedelta(minutes=10)  # unpacking or exporting a class takes less; handing in, more
_REMEDY = "say when it came: submitted = {%s = 2026-03-02T09:00:00+01:00} in the assignment's TOML file"
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


@dataclass(frozen=True)
class Rule:
    """The deadline, everyone's extensions, and what a day costs."""

    due: datetime
    per_day: float
    at_most: float = 1.0
    grace: timedelta = timedelta(0)
    of: str = "out_of"
    extensions: dict[str, datetime] = field(default_factory=dict)
    submitted: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in (("per_day", self.per_day), ("at_most", self.at_most)):
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                raise ValueError(f"late: {name} must be a share from 0 to 1, got {value!r}; a tenth a day is 0.1")
        if self.of not in ("out_of", "points"):
            raise ValueError(f"late: of must be 'out_of' (all points) or 'points' (those reached), got {self.of!r}")

    def days(self, student: str, submitted: datetime) -> int:
        """Days late, each day begun counted whole; 0 within the grace."""
        over = submitted - self.extensions.get(student, self.due)
        return math.ceil(over / timedelta(days=1)) if over > self.grace else 0

    def penalty(self, grade: Grade) -> tuple[float, str]:
        """Points taken off, and why; 0 where the file came in time, or when is not known."""
        submitted = came(grade, self.submitted)
        days = self.days(grade.student, submitted) if submitted and grade.status == GRADED else 0
        if not days:
            return 0.0, ""
        share = min(self.at_most, self.per_day * days)
        base = grade.out_of if self.of == "out_of" else (grade.points or 0.0) + grade.manual
        of = "all points" if self.of == "out_of" else "the points reached"
        late = f"{days} day{'s' if days > 1 else ''} late"
        return round(share * base, 4), f"{late}: {share:.0%} of {of}"


def rule(assignment: Assignment) -> Rule | None:
    """The assignment's rule; None where it has none."""
    told = assignment.options.get("late")
    if told is None:
        return None
    if not isinstance(told, dict) or "per_day" not in told:
        raise ValueError(f"late must be a table such as {{per_day = 0.1, at_most = 0.5}}, got {told!r}")
    unknown = sorted(set(told) - {"per_day", "at_most", "grace", "of"})
    if unknown:
        raise ValueError(f"late: there is no {unknown[0]!r}; it takes per_day, at_most, grace and of")
    if not assignment.due:
        raise ValueError(f"assignment {assignment.name} has a late rule and no deadline: add due = 2026-03-01T23:59Z")
    due, rest = moment(assignment.due, "due"), {name: told[name] for name in ("at_most", "of") if name in told}
    times = {what: moments(assignment, what) for what in ("extensions", "submitted")}
    return Rule(due, told["per_day"], grace=duration(told.get("grace", 0)), **times, **rest)


def moments(assignment: Assignment, what: str) -> dict[str, datetime]:
    """A table of students and times in the assignment's file: its `extensions`, or when files were `submitted`."""
    given = assignment.options.get(what, {})
    if not isinstance(given, dict):
        raise ValueError(f"{what} must be a table of students and times, got {given!r}")
    return {student_id(who): moment(when, f"{what}: {who}") for who, when in given.items()}


def came(grade: Grade, submitted: dict[str, datetime]) -> datetime | None:
    """When a file came: what the teacher says (`submitted`), else what the file says; None where neither does."""
    told = moment(grade.submitted, "submitted") if grade.submitted else None
    return submitted.get(grade.student, told)


def doubts(assignment: Assignment, grades: list[Grade]) -> dict[str, str]:
    """Whose lateness a person has to look up, and why. Where most of a class is late within minutes, the files bear
    the time at which they were exported or copied."""
    found = rule(assignment)
    if not found:
        return {}
    open_ = [g for g in grades if g.status == GRADED and g.student not in found.submitted]
    told = {g.student: "marked _LATE_, by how much is not known" for g in open_ if not g.submitted and _marked_late(g)}
    late = [g for g in open_ if found.penalty(g)[0]]
    times = [moment(g.submitted, "submitted") for g in late]
    if len(late) >= 3 and 2 * len(late) > len(grades) and max(times) - min(times) <= _AT_ONCE:
        why = f"{len(late)} files bear the same time, {late[0].submitted}: that of an export or a copy?"
        told |= {g.student: why for g in late}
    return {student: f"{why}; {_REMEDY % student}" for student, why in told.items()}


def _marked_late(grade: Grade) -> bool:
    return "_LATE_" in Path(grade.path).name


def moment(told: str | date, what: str) -> datetime:
    """A point in time. Without an offset it is this machine's local time; a day alone means its last second."""
    try:
        if isinstance(told, datetime):
            when = told
        elif isinstance(told, date):
            when = datetime.combine(told, time(23, 59, 59))
        elif re.fullmatch(r"\d{4}-\d\d-\d\d", told):
            when = datetime.fromisoformat(f"{told}T23:59:59")
        else:
            when = datetime.fromisoformat(told)
    except (TypeError, ValueError):
        raise ValueError(f"{what} must be a time such as 2026-03-01T23:59:00+01:00, got {told!r}") from None
    return when.astimezone(UTC)


def duration(told: str | int | float) -> timedelta:
    """A time span: minutes, or text such as "PT15M", "PT2H", "P1D".

    >>> duration("PT1H30M"), duration(15)
    (datetime.timedelta(seconds=5400), datetime.timedelta(seconds=900))
    """
    if isinstance(told, int | float) and not isinstance(told, bool) and 0 <= told < 1e6:
        return timedelta(minutes=told)
    match = _DURATION.fullmatch(told) if isinstance(told, str) else None
    if not match or not any(match.groups()):
        raise ValueError(f"late: grace must be minutes or a span such as 'PT15M' or 'P1D', got {told!r}")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def penalties(assignment: Assignment, grades: list[Grade]) -> dict[str, tuple[float, str]]:
    """What lateness costs each student, and why; those who came in time, or of whom it is not known, are left out."""
    found, open_ = rule(assignment), doubts(assignment, grades)
    told = {grade.student: found.penalty(grade) for grade in grades if grade.student not in open_} if found else {}
    return {student: penalty for student, penalty in told.items() if penalty[0]}


def apply(journal: Journal, assignment: Assignment) -> dict[str, tuple[float, str]]:
    """Bring every student's penalty up to date; the `penalties`."""
    grades = journal.grades(assignment.name)
    had = {told["student"] for told in journal.adjustments(assignment.name) if told["kind"] == "late"}
    due = penalties(assignment, grades)
    for student, (points, why) in due.items():
        journal.adjust(assignment.name, student, "late", ITEM, points, why)
    for student in had & {grade.student for grade in grades} - due.keys():
        journal.withdraw(assignment.name, student, "late", ITEM)
    return due
