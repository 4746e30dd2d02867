"""The command `lrcourse`: thin, each subcommand calls one function of the package."""

import argparse
import ast
import operator
import sys


def main(argv=None):
    """Run one subcommand; return the exit status."""
    args = _parser().parse_args(argv)
    try:
        return args.run(args) or 0
    except ValueError as error:
        print(f"lrcourse: {error}", file=sys.stderr)
        return 2


def _parser():
    import lrcourse

    parser = argparse.ArgumentParser(prog="lrcourse", description="A course on learning-rate schedules.")
    parser.add_argument("--version", action="version", version=f"lrcourse {lrcourse.__version__}")
    commands = parser.add_subparsers(required=True, metavar="command", dest="command")

    lab = commands.add_parser("lab", help="open the course in JupyterLab")
    lab.add_argument("--port", type=_port, default=8888, help="the next free one is used where it is taken")
    lab.add_argument("--ip", default="127.0.0.1", help="address to listen on; 0.0.0.0 inside a container")
    lab.add_argument("--no-browser", action="store_true", help="only print the address")
    lab.set_defaults(run=_lab)

    show = commands.add_parser("show", help="a schedule's formula, what may surprise in it, and how libraries run it")
    show.add_argument("source", metavar="schedule", help="such as 'Warmup(1e-3, 500) >> CosineAnnealing(1e-3, 9_500)'")
    audit = commands.add_parser("audit", help="look over a run's configuration without training")
    audit.add_argument(
        "source",
        metavar="FILE|SCHEDULE",
        help="a configuration (JSON, a Python dictionary, a script's settings), or a schedule as `show` takes it",
    )
    for each in (show, audit):
        _comparison_options(each)

    progress = commands.add_parser("progress", help="which exercises you have answered")
    progress.set_defaults(run=_progress)

    _add_grading(commands)
    return parser


def _add_grading(commands):
    """The teacher's commands; their modules load what they need when they are run."""
    from lrcourse.grading import commands as grader
    from lrcourse.grading import office

    for module in (grader, office):
        module.add_commands(commands)


def _comparison_options(command):
    command.add_argument("--updates", type=int, metavar="N", help="updates of the run (default: its own length)")
    command.add_argument(
        "--steps-per-epoch",
        type=int,
        metavar="N",
        help="also tell what happens if step() is called once an epoch of N updates",
    )
    command.add_argument("--figure", metavar="FILE.svg", help="draw the run as every library would run it")
    command.add_argument("--json", action="store_true", help="print JSON instead of text")
    command.add_argument(
        "--fail-on",
        default="",
        metavar="CODES",
        help="exit with 1 if one of these is found: any, or codes as --json names them, with commas",
    )
    command.set_defaults(run=_compare)


def _port(text):
    port = int(text)
    if not 1 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"a port lies between 1 and 65535, got {port}")
    return port


def _lab(args):
    from lrcourse.lab_server import open_course

    open_course(port=args.port, ip=args.ip, browser=not args.no_browser)


def _compare(args):
    from lrcourse.interop import command

    schedule, updates = command.read(args.source, args.updates, read_schedule, files=args.command == "audit")
    return command.report(
        schedule,
        updates,
        steps_per_epoch=args.steps_per_epoch,
        figure=args.figure,
        as_json=args.json,
        fail_on=args.fail_on,
    )


def _progress(args):
    from lrcourse.exercises import progress

    print(progress())


NAMED = ("noam", "pytorch", "smith")  # constructors that are class methods
METHODS = ("ahead", "until")
OPERATORS = {ast.RShift: operator.rshift, ast.Mult: operator.mul}


def read_schedule(text):
    """The schedule that `text` writes down, read and never run.

    Understood are schedules by name, their arguments (numbers, text, lists), `>>`, `*`, `.until(n)`
    and `.ahead(n)`; anything else is refused by name.
    """
    from lrcourse.schedules import Schedule

    try:
        schedule = _value(ast.parse(text.strip(), mode="eval").body)
    except SyntaxError as error:
        raise ValueError(f"cannot read {text!r}: {error.msg}") from None
    except (RecursionError, MemoryError):
        raise ValueError("cannot read a schedule nested so deeply") from None
    except TypeError as error:  # a missing or unknown argument
        raise ValueError(str(error)) from None
    if not isinstance(schedule, Schedule):
        raise ValueError(f"{text!r} is not a schedule; write for example CosineAnnealing(1e-3, 10_000)")
    return schedule


def _value(node):
    match node:
        case ast.Constant(value=bool() | int() | float() | str() | None as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return tuple(_value(item) for item in items)
        case ast.BinOp(left=left, op=ast.RShift() | ast.Mult() as op, right=right):
            return _combined(OPERATORS[type(op)], _value(left), _value(right))
        case ast.Call(func=func, args=args, keywords=keywords) if all(word.arg for word in keywords):
            named = {word.arg: _value(word.value) for word in keywords}
            return _callable(func)(*map(_value, args), **named)
    raise ValueError(f"cannot read {ast.unparse(node)!r}: not part of a schedule")


def _combined(combine, left, right):
    """One of the two must be a schedule: a text or a list times a large number would fill the memory."""
    from lrcourse.schedules import Schedule

    if not isinstance(left, Schedule) and not isinstance(right, Schedule):
        raise ValueError(f"cannot combine {left!r} with {right!r}: one of the two must be a schedule")
    return combine(left, right)


def _callable(node):
    """What may be called: a schedule's name, one of its named constructors, or a method of a schedule."""
    from lrcourse import schedules

    def is_kind(name):
        kind = getattr(schedules, name, None) if name in schedules.__all__ else None
        return isinstance(kind, type) and issubclass(kind, schedules.Schedule) and kind is not schedules.Schedule

    match node:
        case ast.Name(id=name) if is_kind(name):
            return getattr(schedules, name)
        case ast.Attribute(value=ast.Name(id=name), attr=attr) if attr in NAMED and is_kind(name):
            if hasattr(getattr(schedules, name), attr):
                return getattr(getattr(schedules, name), attr)
        case ast.Attribute(value=ast.Call() | ast.BinOp() as inner, attr=attr) if attr in METHODS:
            return getattr(_value(inner), attr)
    raise ValueError(f"{ast.unparse(node)!r} is not a schedule that lrcourse knows")
