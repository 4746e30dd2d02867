"""`lrcourse release`, `points`, `essays`, `late`, `export`, `feedback` and `similar`: a teacher's desk, kept thin.

Every command takes the course's folder (`--course`) and finds `roster.csv` there. Exit status: 0 done, 1 done but
something is left for a person, 2 wrong use.
"""

from __future__ import annotations

import contextlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lrcourse.files import put

from .commands import add_course, assignment_of, roster_file

DONE, LOOK = 0, 1
FORMATS = ("canvas", "moodle", "gradescope", "nbgrader", "csv")
_SUFFIX = {"canvas": "-canvas.csv", "moodle": "-moodle.csv", "csv": ".csv", "gradescope": "-gradescope", "nbgrader": ""}


def add_commands(commands) -> None:
    """Add the office's commands to the command line."""
    release = _command(commands, "release", _release, "write the notebooks that a class is given")
    release.add_argument("--out", type=Path, default=Path("released"), help="folder for OUT/STUDENT/NAME/NAME.ipynb")
    release.add_argument("--dry-run", action="store_true", help="say what would be written; later, it proves "
                         "that everyone's numbers are still the same")  # fmt: skip

    points = _command(commands, "points", _give_points, "points by hand, for an essay or instead of the grader's")
    points.add_argument("student", nargs="?", help="an id of the roster; leave it out to see all points by hand")
    points.add_argument("item", nargs="?", help="an essay's name or an exercise, such as 8.8.2")
    points.add_argument("points", nargs="?", type=float)
    points.add_argument("--note", default="", help="what the student reads beside them")
    points.add_argument("--withdraw", action="store_true", help="take back what was given")
    points.add_argument("--from", dest="source", type=Path, metavar="FILE", help="read many: a CSV with the columns "
                        "student,item,points,note, or nbgrader's gradebook.db")  # fmt: skip

    essays = _command(commands, "essays", _essays, "what a person has to read: a page, and a CSV to fill in")
    essays.add_argument("--out", type=Path, default=Path("."), help="folder for NAME-essays.html and NAME-essays.csv")

    late = _command(commands, "late", _late, "apply the assignment's late rule, and say whom it costs what")
    late.add_argument("--dry-run", action="store_true", help="only say it")

    export = _command(commands, "export", _export, "grades in the file that a platform reads", first="format")
    export.add_argument("--out", type=Path, help="file or folder (default: named after the assignment)")
    export.add_argument("--template", type=Path, help="Canvas's exported gradebook or Moodle's grading worksheet, "
                        "to be filled in")  # fmt: skip
    export.add_argument("--column", default="", help="how Canvas heads the assignment: 'Name (123)'")

    feedback = _command(commands, "feedback", _feedback, "a page for every student: HTML, no scripts")
    feedback.add_argument("--out", type=Path, default=Path("feedback"), help="folder for OUT/STUDENT/NAME/NAME.html")
    feedback.add_argument("--zip", type=Path, metavar="FILE", help="all pages in one ZIP too, named as Canvas or "
                          "Moodle named the files, for its upload of many feedback files")  # fmt: skip

    similar = _command(commands, "similar", _similar, "pairs of submissions that agree more than chance would have it")
    similar.add_argument("--html", type=Path, metavar="FILE", help="write the report as a page too")


def _command(commands, name: str, run, told: str, first: str = ""):
    parser = commands.add_parser(name, help=told, description=f"{told[0].upper()}{told[1:]}.")
    if first:
        parser.add_argument(first, choices=FORMATS)
    parser.add_argument("assignment", help="a problem set, a section such as 8.8, or a TOML file")
    add_course(parser)
    parser.add_argument("--roster", type=Path, help="CSV with a line for every student (default: COURSE/roster.csv)")
    parser.add_argument("--same-numbers", action="store_true", help="everyone gets the text's numbers")
    parser.add_argument("--json", action="store_true", help="print JSON, for a program")
    parser.set_defaults(run=run)
    return parser


@dataclass
class _Desk:
    """What every command starts from."""

    assignment: Any
    people: dict
    course: Any
    secret: bytes
    journal: Any = None


def _desk(args, roster_needed: bool = False, create: bool = False) -> _Desk:
    from .model import Course
    from .names import read_people

    assignment, course, roster = assignment_of(args), Course(args.course), roster_file(args)
    if roster_needed and not roster:
        raise ValueError(
            f"there is no roster {course.roster}: a CSV with a first line id,name,email; name it with --roster"
        )
    people = read_people(roster) if roster else {}
    only_asking = getattr(args, "dry_run", False) and not course.secret_file.is_file()
    secret = course.secret(create) if assignment.own_numbers and not only_asking else b""
    return _Desk(assignment, people, course, secret)


@contextlib.contextmanager
def _graded(args, current: bool = False):
    """The desk with the journal open and lateness up to date. `current`: refuse rows graded under other rules."""
    from .journal import journal_of
    from .late import apply
    from .model import GRADED

    desk = _desk(args)
    with journal_of(desk.course, args.journal) as journal:
        desk.journal = journal
        rows = journal.grades(desk.assignment.name)
        if not rows:
            known = ", ".join(journal.assignments()) or "nothing"
            raise ValueError(f"nothing was graded for {desk.assignment.name}; this journal holds {known}")
        spec = desk.assignment.spec_hash(desk.secret)
        old = [row.student for row in rows if row.status == GRADED and row.spec != spec]
        if current and old:
            raise ValueError(
                f"{len(old)} of {len(rows)} were graded under other declarations or numbers ({old[0]} is one): "
                "run `lrcourse regrade` first; or was the release made with --same-numbers?"
            )
        apply(journal, desk.assignment)
        yield desk


def _release(args) -> int:
    from .release import plan, write

    desk = _desk(args, roster_needed=not args.same_numbers, create=not args.dry_run)
    copies = plan(desk.assignment, desk.people, desk.secret or b"not made yet", args.out)
    if not args.dry_run:
        write(copies)
    states = [copy.state for copy in copies]
    if args.json:
        told = [{"student": c.student, "path": str(c.path), "state": c.state} for c in copies]
        print(json.dumps({"assignment": desk.assignment.name, "written": not args.dry_run, "notebooks": told}))
        return LOOK if "changed" in states else DONE
    verb = "would be written" if args.dry_run else "written"
    print(f"{desk.assignment.name}: {states.count('new')} {verb}, {states.count('there')} there already, in {args.out}")
    for copy in copies:
        if copy.state == "changed":
            print(f"  another file is in place: {copy.path}")
    return LOOK if "changed" in states else DONE


def _give_points(args) -> int:
    from . import manual

    with _graded(args) as desk:
        students = {*desk.people, *(row.student for row in desk.journal.grades(desk.assignment.name))}
        left = []
        if args.source:
            given, left = manual.read(desk.journal, desk.assignment, args.source, students)
        elif args.student is None:
            given = list(desk.journal.by_hand(desk.assignment.name).values())
        elif args.withdraw:
            given = manual.withdraw(desk.journal, desk.assignment, args.student, args.item)
        elif args.item is None:
            raise ValueError("name the student, the essay or exercise, and the points: lrcourse points hw1 ada 8.8.2 1")
        else:
            told = (args.student, args.item, args.points, args.note)
            given = [manual.give(desk.journal, desk.assignment, students, *told)]
    if args.json:
        print(json.dumps({"points": given, "left": left}))
        return LOOK if left else DONE
    for each in given:
        print(f"{each['student'][:28]:28} {each['item']:20} {each['points']:g}  {each['note']}".rstrip())
    for why in left:
        print(f"left aside: {why}", file=sys.stderr)
    return LOOK if left else DONE


def _essays(args) -> int:
    from .manual import essay_files

    with _graded(args) as desk:
        if not desk.assignment.essays:
            raise ValueError(f"{desk.assignment.name} has no essays; points for an exercise: lrcourse points")
        files = essay_files(desk.journal, desk.assignment, desk.people)
    for name, text in files.items():
        put(args.out / name, text)
    print(
        json.dumps([str(args.out / name) for name in files])
        if args.json
        else "\n".join(f"{args.out / n}" for n in files)
    )
    return DONE


def _late(args) -> int:
    if args.dry_run:
        return _late_dry(args)
    with _graded(args) as desk:  # which applies the rule
        rows = desk.journal.grades(desk.assignment.name)
    return _say_late(args, desk.assignment, rows)


def _late_dry(args) -> int:
    from .journal import journal_of

    desk = _desk(args)
    with journal_of(desk.course, args.journal) as journal:
        rows = journal.grades(desk.assignment.name)
    return _say_late(args, desk.assignment, rows)


def _say_late(args, assignment, rows) -> int:
    from . import late

    penalties, open_ = late.penalties(assignment, rows), late.doubts(assignment, rows)
    if args.json:
        told = [{"student": s, "points": p, "why": why} for s, (p, why) in penalties.items()]
        print(json.dumps(told + [{"student": s, "points": None, "why": why} for s, why in open_.items()]))
    elif late.rule(assignment) is None:
        print("no late rule: add due and late = {per_day = 0.1, at_most = 0.5} to the assignment's TOML file")
    else:
        for student, (points, why) in penalties.items():
            print(f"{student[:28]:28} -{points:g}  {why}")
        for student, why in open_.items():
            print(f"{student[:28]:28}  ?  {why}")
        print(f"{len(penalties)} late" + (f", {len(open_)} to look up" if open_ else ""))
    return LOOK if open_ else DONE


def _export(args) -> int:
    from . import exports
    from .grade import unread

    by_hand = args.format in ("gradescope", "nbgrader")  # these hold texts made from the declarations
    with _graded(args, current=by_hand) as desk:
        lines, strangers = exports.lines(desk.journal, desk.assignment, desk.people), []
        if args.format in ("canvas", "moodle", "gradescope"):
            lines, strangers = exports.on_roster(lines, desk.people)
        waiting = unread(desk.journal, desk.assignment, [line.grade for line in lines])
        out = args.out or Path("nbgrader" if args.format == "nbgrader" else desk.assignment.name + _SUFFIX[args.format])
        left: list[str] = []
        match args.format:
            case "csv":
                files = {out: exports.as_csv(desk.assignment, lines)}
            case "canvas":
                text, left = exports.as_canvas(desk.assignment, lines, args.template, args.column)
                files = {out: text}
            case "moodle":
                text, left = exports.as_moodle(desk.assignment, lines, args.template)
                files = {out: text}
            case "gradescope":
                told = exports.as_gradescope(desk.assignment, lines, desk.secret)
                files = {out / name: text for name, text in told.items()}
            case "nbgrader":
                from .nbgrader_bridge import export

                export(desk.journal, desk.assignment, lines, desk.secret, out)
                files = {}
    for path, text in files.items():
        put(path, text)
    empty = [line.grade.student for line in lines if line.grade.total is None]
    if args.json:
        told = {"out": str(out), "lines": len(lines), "without_grade": empty, "not_in_template": left}
        print(json.dumps(told | {"not_on_roster": strangers, "essays_without_points": waiting}))
    else:
        print(f"{out}: {len(lines)} students, {len(empty)} of them without a grade")
        _say_left(args.template, left, strangers, waiting)
    return LOOK if left or strangers or waiting else DONE


def _say_left(template, left: list[str], strangers: list[str], unread: dict[str, int]) -> None:
    if left:
        print(f"not in {template}, so left out: {', '.join(left)}", file=sys.stderr)
    if strangers:
        print(f"not on the roster, so left out: {', '.join(strangers)}", file=sys.stderr)
    for essay, count in unread.items():
        print(f"{essay}: {count} wait for points by hand, which their totals lack", file=sys.stderr)


def _feedback(args) -> int:
    from .feedback import packed, sheets

    with _graded(args, current=True) as desk:
        made = sheets(desk.journal, desk.assignment, desk.secret, desk.people, args.out)
    for sheet in made:
        put(sheet.path, sheet.text)
    if args.zip:
        put(args.zip, packed(made))
    place = f"{args.out} and {args.zip}" if args.zip else args.out
    print(json.dumps([str(sheet.path) for sheet in made]) if args.json else f"{len(made)} pages in {place}")
    return DONE


def _similar(args) -> int:
    from .similarity import compare
    from .similarity_report import as_json, as_page, as_text

    with _graded(args, current=True) as desk:
        found = compare(desk.journal, desk.assignment, desk.secret)
    if args.html:
        put(args.html, as_page(found))
    print(json.dumps(as_json(found)) if args.json else as_text(found))
    return LOOK if found.pairs else DONE
