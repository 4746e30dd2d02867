"""`lrcourse grade`, `regrade`, `report` and `doctor`: thin, each calls one function and says what came of it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

#: Exit statuses: all graded; some rows need a person; asked for something impossible (cli.main's 2); no isolation;
#: stopped by Ctrl-C.
DONE, LOOK, NO_ISOLATION, STOPPED = 0, 1, 3, 130
_STATUSES = (
    "Exit status: 0 all graded, 1 some rows need a person{}, 2 wrong use or an unusable journal, 3 no isolation on "
    "this machine, 130 stopped. Whatever ends it, run it again: what is in the journal stays, and the rest follows."
)
_ALIKE = 5  # rows with the same reason that are told one by one


def add_commands(commands) -> None:
    """Add the grader's commands to the command line."""
    grade = commands.add_parser(
        "grade",
        help="grade a folder of submissions, safely",
        description="Grade every file in a folder, each in a sandbox of its own. Running it again grades only what is "
        "new. " + _STATUSES.format(""),
    )
    grade.add_argument("submissions", help="an LMS's export folder, or nbgrader's submitted/ (STUDENT/ASSIGNMENT/)")
    grade.add_argument("--assignment", required=True, help="a problem set, a section such as 8.8, or a TOML file")
    grade.add_argument(
        "--roster", help="CSV with a line for every student: id, name, email (default: COURSE/roster.csv)"
    )
    grade.add_argument("--dry-run", action="store_true", help="say whose each file is, and run nothing")
    grade.add_argument(
        "--same-numbers", action="store_true", help="everyone got the text's numbers, one notebook for all"
    )
    _how(grade)
    grade.set_defaults(run=_grade)

    regrade = commands.add_parser(
        "regrade",
        help="mark anew from the journal, and say what changes",
        description="Run and mark every graded submission anew, from the journal alone and with the inputs of its own "
        "run. Where exercises were changed that gives new marks; where not, it proves the old ones. "
        + _STATUSES.format(" or changed"),
    )
    regrade.add_argument("assignment", help="as in `lrcourse grade`")
    regrade.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
    _how(regrade)
    regrade.set_defaults(run=_regrade)

    report = commands.add_parser(
        "report",
        help="a line for every student, first those that need a person",
        description="The row that counts for every student. Its total has manual points and late penalties in it.",
    )
    report.add_argument("assignment", help="as in `lrcourse grade`")
    report.add_argument("--roster", help="adds those who handed in nothing (default: COURSE/roster.csv)")
    report.add_argument("--runs", action="store_true", help="instead: under which conditions was graded, as JSON")
    report.add_argument("--json", action="store_true", help="everything, for a program")
    add_course(report)
    report.set_defaults(run=_report)

    doctor = commands.add_parser(
        "doctor",
        help="which isolation this machine offers, tried out",
        description="Start each level of isolation and try to get out of it. Exit status: 0 if one holds, 3 if none.",
    )
    doctor.add_argument("--json", action="store_true", help="the same, for a program")
    doctor.set_defaults(run=_doctor)


def add_course(parser) -> None:
    """The options that say where grades are kept."""
    parser.add_argument(
        "--course", type=Path, default=Path("."), metavar="FOLDER", help="folder of the journal and the secret (here)"
    )
    parser.add_argument(
        "--journal",
        metavar="WHERE",
        help="a SQLite file, or a database's URL such as postgresql://me@host/grades "
        "(default: LRCOURSE_JOURNAL, else COURSE/grades.db)",
    )


def _how(parser) -> None:
    add_course(parser)
    parser.add_argument("--jobs", type=int, default=max(1, os.cpu_count() or 1), help="submissions at a time")
    parser.add_argument("--seconds", type=float, default=4.0, help="for one question (default: 4)")
    parser.add_argument("--level", choices=("bwrap", "landlock"), help="this isolation, not the strongest there is")
    parser.add_argument(
        "--unsafe", action="store_true", help="run without isolation where there is none: trusted files"
    )
    parser.add_argument(
        "--scheduler", metavar="tcp://HOST:PORT", help="run on the workers of this dask scheduler; marking stays here"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a row, then the summary")


def assignment_of(args):
    """The assignment that is named, with the text's numbers where --same-numbers says so."""
    from dataclasses import replace

    from .model import read_assignment

    assignment = read_assignment(args.assignment)
    return replace(assignment, own_numbers=False) if getattr(args, "same_numbers", False) else assignment


def roster_file(args) -> Path | None:
    """The roster that is named, which must be there, else the course's, if it has one."""
    from .model import Course

    path = Path(args.roster) if args.roster else Course(args.course).roster
    if args.roster and not path.is_file():
        raise ValueError(f"there is no roster {path}: name a CSV file with a line for every student")
    return path if path.is_file() else None


def _roster(args):
    from .names import read_roster

    path = roster_file(args)
    return read_roster(path) if path else {}


def _grader(args, assignment, journal):
    from .grade import Grader
    from .levels import strongest
    from .model import Course
    from .scheduler import Cluster

    if args.jobs < 1 or args.seconds <= 0:
        raise ValueError("--jobs and --seconds must be more than 0")
    # Without numbers of their own nothing hangs on the secret, so it is made where it is missing.
    secret = Course(args.course).secret(create=not assignment.own_numbers)
    how = dict(jobs=args.jobs, seconds=args.seconds)
    if args.scheduler:
        cluster = Cluster(args.scheduler, args.seconds, args.level, args.unsafe)
        return Grader(journal, assignment, secret, None, cluster=cluster, **how)
    return Grader(journal, assignment, secret, strongest(args.level, args.unsafe), **how)


def _grade(args) -> int:
    from .collect import collect
    from .journal import journal_of
    from .model import Course

    assignment, roster = assignment_of(args), _roster(args)
    found = collect(args.submissions, assignment, roster)
    if not found:
        raise ValueError(f"{args.submissions} holds no submissions: unzip the platform's export there")
    strangers = sorted({each.student for each in found if roster and each.student not in roster})
    if args.dry_run:
        for each in found:
            known = "   (not on the roster)" if each.student in strangers else ""
            print(json.dumps(_found(each)) if args.json else f"{each.student:30} {_path(each.path)}{known}")
        _say_strangers(strangers)
        return LOOK if strangers else DONE
    with journal_of(Course(args.course), args.journal, new=True) as journal:
        before = journal.waiting(assignment.name)
        status = _watched(args, lambda grader, told: grader.grade(found, told), assignment, journal, len(found), roster)
        still = sorted(before & journal.waiting(assignment.name)) if status in (DONE, LOOK) else []
    if still:
        print(f"lrcourse: still not graded: {', '.join(still)}; ask for the file anew", file=sys.stderr)
    _say_strangers(strangers)
    return LOOK if status == DONE and (still or strangers) else status


def _say_strangers(strangers: list[str]) -> None:
    if strangers:
        print(
            f"lrcourse: not on the roster: {', '.join(strangers)}. Whose they are can be said in the roster: add a "
            "column with the number or the name that stands in the file's name, and grade again",
            file=sys.stderr,
        )


def _path(path) -> str:
    """A path as it may be printed: a stranger's file name could steer the terminal, or be no text at all."""
    from .sandbox.wire import clean

    return clean(os.fsencode(path).decode(errors="replace"), 1000)


def _found(each) -> dict:
    return {
        "student": each.student,
        "path": os.fsencode(each.path).decode(errors="replace"),
        "submitted": each.submitted,
    }


def _regrade(args) -> int:
    from dataclasses import replace

    from .journal import journal_of
    from .model import Course

    assignment = assignment_of(args)
    with journal_of(Course(args.course), args.journal) as journal:
        runs = list(journal.runs(assignment.name).values())
        if not runs:
            raise ValueError(f"nothing of {assignment.name} is graded in {journal.where}: `lrcourse grade` comes first")
        assignment = replace(assignment, own_numbers=runs[-1]["own_numbers"])  # as it was graded
        total = sum(1 for _ in journal.graded(assignment.name))
        return _watched(
            args, lambda grader, told: grader.regrade(told, dry=args.dry_run), assignment, journal, total, {}
        )


def _watched(args, work, assignment, journal, total, roster) -> int:
    """Do the work with a progress bar, and end with what needs a person."""
    from .journal import Busy
    from .levels import NoIsolation
    from .model import GRADED

    odd = []  # the others are many, and stand in the journal

    def told(row):
        bar.step()
        if row is not None and args.json:
            print(json.dumps(row.to_dict()), flush=True)
        if row is not None and row.status != GRADED:
            odd.append(row)

    with _Bar(total) as bar:
        try:
            grader = _grader(args, assignment, journal)
            summary = work(grader, told)
        except NoIsolation as why:
            print(f"lrcourse: {why}", file=sys.stderr)
            return NO_ISOLATION
        except Busy as why:
            raise ValueError(str(why)) from None
        except KeyboardInterrupt:
            print(f"\nlrcourse: stopped. {bar.done} of {total} are done; run it again for the rest", file=sys.stderr)
            return STOPPED
    missing = grader.missing(roster)
    (_tell_program if args.json else _tell)(summary, odd, missing)
    return LOOK if odd or summary.changed else DONE


def _tell_program(summary, _odd, missing) -> None:
    told = {"run": summary.run, "level": summary.level, "counts": summary.counts, "already": summary.already}
    told["changed"] = [[before.to_dict(), after.to_dict()] for before, after in summary.changed]
    told["environment"] = summary.environment
    print(json.dumps(told | {"seconds": round(summary.seconds, 3), "missing": [row.student for row in missing]}))


def _tell(summary, odd, missing) -> None:
    counts = ", ".join(f"{count} {status}" for status, count in sorted(summary.counts.items())) or "nothing new"
    already = f", {summary.already} were there already" if summary.already else ""
    print(f"{counts}{already}, in {summary.seconds:.1f} s; isolation: {summary.level}")
    for difference in summary.environment:
        print(f"  other than when it was graded: {difference}")
    for before, after in summary.changed:
        print(f"  {after.student}: {before.points:g} → {after.points:g} points")
    alike = {}
    for row in odd:
        alike.setdefault(row.reason, []).append(row)
    for reason, rows in alike.items():
        for row in rows[:_ALIKE]:
            print(f"  {row.student}: {reason} ({_path(row.path)})")
        if len(rows) > _ALIKE:
            print(f"  and {len(rows) - _ALIKE} more for the same reason")
    if missing:
        print(f"  nothing handed in: {', '.join(row.student for row in missing)}")


class _Bar:
    """Progress on stderr, where a person is looking."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.shown = total, 0, sys.stderr.isatty()

    def step(self) -> None:
        self.done += 1
        if self.shown:
            share = min(1.0, self.done / self.total)
            print(f"\r[{'#' * int(30 * share):30}] {self.done}/{self.total}", end="", file=sys.stderr, flush=True)

    def __enter__(self):
        return self

    def __exit__(self, *_exc) -> None:
        if self.shown and self.done:
            print(file=sys.stderr)


def _report(args) -> int:
    from .grade import missing_rows, unread
    from .journal import journal_of
    from .late import apply, doubts
    from .model import GRADED, Course

    assignment, roster = assignment_of(args), _roster(args)
    with journal_of(Course(args.course), args.journal) as journal:
        if args.runs:
            print(json.dumps(journal.runs(assignment.name), indent=1))
            return DONE
        apply(journal, assignment)
        rows = journal.grades(assignment.name)
        rows += journal.adjusted(missing_rows(journal, assignment, roster))
        essays, notes = unread(journal, assignment, rows), _notes(journal, rows, roster, doubts(assignment, rows))
    rows.sort(key=lambda row: (row.status == GRADED, row.student.casefold()))
    if args.json:
        print(json.dumps([row.to_dict() for row in rows], indent=1))
        return DONE
    for row in rows:
        total = "–" if row.total is None else f"{row.total:g}"
        print(f"{row.student[:28]:28} {total:>5} of {row.out_of:<4g} {row.status:12} {row.reason}")
        for why, points in (("by hand", row.manual), ("for lateness", -row.late)):
            if points:
                print(f"{'':46} {why} {points:+g}")
        for note in notes[row.student]:
            print(f"{'':46} note: {note}")
    graded = [row.total for row in rows if row.status == GRADED]
    if graded:
        print(f"{len(graded)} graded, mean {sum(graded) / len(graded):.2f} of {assignment.out_of}")
    for essay, count in essays.items():
        print(f"{essay}: {count} of {len(graded)} wait for points by hand")
    return DONE


def _notes(journal, rows, roster, doubted) -> dict[str, list[str]]:
    """What a person should know of each row beside its points."""
    from .model import GRADED, UNREADABLE

    notes = {}
    for row in rows:
        told = [*row.anomalies, *(f"{m.exercise}: {note}" for m in row.marks for note in m.anomalies)]
        told += ["not on the roster"] if roster and row.student not in roster else []
        told += [doubted[row.student]] if row.student in doubted else []
        earlier = journal.history(row.assignment, row.student) if row.status == UNREADABLE else []
        told += [f"an earlier file was graded: {e.points:g} points" for e in earlier if e.status == GRADED][-1:]
        notes[row.student] = told
    return notes


def _doctor(args) -> int:
    from .doctor import examine

    found = examine()
    if args.json:
        print(json.dumps(found, indent=1))
    else:
        print(f"Python {found['python']} on {found['platform']}; graded as {found['user']}")
        for name, told in found["levels"].items():
            print(f"{'yes' if told['works'] else 'no ':3} {name:9} {told['said']}")
        print(f"lrcourse grade would use: {found['used'] or 'nothing. ' + found['remedy']}")
    return DONE if found["used"] else NO_ISOLATION
