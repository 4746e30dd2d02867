"""Attacks by somebody who did not build the grader: on what it believes of a child, on the points themselves, and
on what older kernels leave open."""

# ruff: noqa: E731, F821  (as rough as those who attack)

from __future__ import annotations

from . import CHOICE, FUNCTION, TABLE, cell, value
from .forging import JUNK, _answers, _line

# -- what a child says ---------------------------------------------------------------------------------------

_VALUE = """b'{"nonce":"' + nonce.encode() + b'","step":' + str(step).encode() + b',"done":true}\\n{"nonce":"' \
+ nonce.encode() + b'","step":' + str(step + 1).encode() + b',"value":'"""
for depth in (60, 480, 900):  # as deep as JSON is read, and too deep to be copied
    _line(f"sends_a_value_{depth}_deep", f"{_VALUE} + b'[' * {depth} + b']' * {depth} + b'}}\\n'", core=depth == 480)
_line("sends_an_error_400_deep", f"{_VALUE} + b'1,\"error\":' + b'{{\"a\":' * 400 + b'1' + b'}}' * 400 + b'}}\\n'")
_line("sends_nan_as_a_value", f"{_VALUE} + b'[\"f\",NaN]}}\\n'")
_line("sends_a_number_beyond_all", f'{_VALUE} + b\'["g","float64",1e999]}}\\n\'')
_line("sends_surrogates", f'{_VALUE} + b\'["s","\\\\ud800\\\\u0000\\\\u202e"]}}\\n\'')
_line("sends_a_key_twice", f'{_VALUE} + b\'["n"],"value":["n"],"correct":true}}\\n\'')
_line("sends_four_thousand_digits", f"{_VALUE} + b'[\"i\",' + b'9' * 4000 + b']}}\\n'")

_answers("tells_digits_of_another_script", '{"value": ["i", "٣" * 300]}')
_answers("tells_a_half_that_overflows", '{"value": ["g", "float16", "0x1p99"]}', verdict="not finite")
_answers("tells_a_byte_too_large", '{"value": ["g", "uint8", 256]}')
_answers("tells_a_true_number", '{"value": ["g", "int64", True]}')
_answers("tells_twenty_thousand_objects", '{"value": ["l", [["o", "x" * 40, True]] * 9000]}')
_answers("tells_a_mapping_of_nan", '{"value": ["d", [[["f", "nan"], ["s", "x"]]] * 3000]}', TABLE)
_answers("tells_both_of_a_key", '{"value": ["d", [[["s", "0.5"], ["s", c]] for c in "ab"]]}', TABLE)
_answers("tells_a_value_for_a_function", '{"value": ["o", "cosine", True]}', FUNCTION)
_answers("tells_the_ellipsis_for_a_function", '{"value": ["e"], "outcomes": [["v", ["f", "0x0p0"]]]}', FUNCTION)
_answers("tells_no_answer_at_all", "{}")
_answers("tells_outcomes_of_whole_numbers", '{"outcomes": [["v", ["a", "int64", [], [0]]]] * 12}', FUNCTION)
_answers("tells_outcomes_of_no_points", '{"outcomes": [["v", ["a", "float64", [0, 9999], []]]] * 12}', FUNCTION)
_answers("tells_outcomes_of_the_largest", '{"outcomes": [["v", ["a", "float64", [], ["0x1p1023"]]]] * 12}', FUNCTION)
_answers("tells_a_problem_in_colours", '{"problem": ["call", "\\x1b[2J\\x1b]0;you\\x07\\u202e", ""]}', FUNCTION)

# -- points --------------------------------------------------------------------------------------------------


@cell(JUNK, at=FUNCTION)
def remembers_what_it_was_asked(where):
    """Learns its inputs in one pass and answers from the table in the next; and knows which call it is."""
    seen, told = [], {}

    def cosine(t, eta_max, eta_min, T_max):
        import sys

        frame = sys._getframe(1)
        while frame and "job" not in frame.f_locals:
            frame = frame.f_back
        seen.append((t, eta_max, eta_min, T_max))
        told[len(seen)] = eta_max if len(seen) % 2 else eta_min
        return told[len(seen)]

    return cosine


@cell(JUNK, at=FUNCTION)
def answers_with_the_gradients_of_chance(where):
    """Random numbers: the same in every child, and never right."""
    import random

    return lambda t, eta_max, eta_min, T_max: eta_min + (eta_max - eta_min) * random.random() + 0 * t


@cell(JUNK)
def makes_its_module_answer_for_it(where):
    """A name that is no value but a property of the module's class, and a module that has every name."""
    import sys
    import types

    class Module(types.ModuleType):
        answer_8_8_2 = property(lambda self: 1.0)
        __getattr__ = lambda self, name: 1.0

    main = sys.modules["__main__"]
    main.__class__ = Module
    main.__getattr__ = lambda name: 1.0
    return "x"


@cell(JUNK)
def makes_its_namespace_lie(where):
    """A __builtins__ and a __missing__ that have every answer."""
    import builtins

    builtins.answer_8_8_2 = 1.0
    globals()["__builtins__"] = type("D", (dict,), {"__missing__": lambda self, key: 1.0})(vars(builtins))
    return "x"


@cell(JUNK)
def writes_in_the_writers_place(where):
    """os.write, json.dumps and str.encode, replaced by ones that add a verdict."""
    import json
    import os

    honest, dumps = os.write, json.dumps
    json.dumps = lambda told, *a, **k: dumps({**told, "correct": True, "points": 9, "verdict": "right"})
    os.write = lambda fd, line: honest(fd, line)
    return 0.5


@cell(JUNK)
def says_every_line_twice(where):
    import os

    honest = os.write
    os.write = lambda fd, line: honest(fd, line) and honest(fd, line)
    return 0.5


@cell(JUNK)
def takes_a_neighbours_question(where):
    """Defines the other answers as well, and changes them when they are read."""
    import sys

    space = vars(sys.modules["__main__"])

    class Late(float):
        def __float__(self):
            space["answer_8_6_2"] = "z"
            return 0.5

    return Late(0.5)


@cell(JUNK)
def asks_the_collector_for_its_job(where):
    """Whatever of the job lies in memory: names and inputs, and nothing that is right."""
    import gc

    found = [d for d in gc.get_objects() if type(d) is dict and d.keys() & {"calls", "nonce"}]
    told = {key for d in found for key in d}
    return ["ESCAPED: " + key for key in told & {"expected", "answer", "solution", "rtol", "points"}] or "nothing"


value("a_nought_below_nought", "-0.0", "wrong|unit")
value("a_value_in_its_own_unit", "np.longdouble('1e4000')", "not finite|type")
value("a_very_short_float", "np.float16(0.00172)", "near|wrong|type")
value("a_text_that_is_a_number", "np.str_('0.00172')", "type")
value("bytes_that_are_a_number", "b'0.00172'", "type")
value("a_fraction_beyond_all", "__import__('fractions').Fraction(10**400)", "type|not finite|call")
value("a_decimal_that_signals", "__import__('decimal').Decimal('sNaN')", "type|not finite|call")
value("a_decimal_of_a_million", "__import__('decimal').Decimal('1e999999')", "type|not finite|call")
value("an_array_of_arrays", "np.array([np.array([1.0]), None], dtype=object)", "type|shape")
value("an_array_of_no_size", "np.zeros((0, 10_000_000))", "type|shape")
value("an_array_as_wide_as_memory", "np.broadcast_to(np.float64(0.5), (1 << 40,))", "type|shape")
value("all_options_in_a_row", "'a b c d'", "type", CHOICE)
value("all_options_as_a_pattern", "'[abcd]'", "type", CHOICE)
value("no_option_but_brackets", "'().:'", "type", CHOICE)
value("an_option_that_is_long", "'b' + ' ' * 3_000 + 'or c'", "type|misconception|wrong", CHOICE)
value("two_categories_at_once", "dict.fromkeys(answer_8_3_2, ('a', 'b'))", "type", TABLE)
value("categories_by_many_names", "{k + ' ' * n: c for k in answer_8_3_2 for n, c in enumerate('ab')}", "type", TABLE)
value("returns_a_complex", "lambda t, eta_max, eta_min, T_max: 0j + t", "type", FUNCTION)
value("returns_an_array_for_a_number", "lambda t, eta_max, eta_min, T_max: np.ones(9) * eta_max", JUNK, FUNCTION)
value("returns_booleans", "lambda t, eta_max, eta_min, T_max: np.asarray(t) > 0", "type", FUNCTION)
value("returns_texts", "lambda t, eta_max, eta_min, T_max: str(eta_max)", "type", FUNCTION)

# -- ways out ------------------------------------------------------------------------------------------------


@cell("type", core=True)
def empties_files_without_writing(where):
    """O_TRUNC on a file opened for reading, or in the mode 3 that asks Landlock for nothing: before Linux 6.2 Landlock
    does not rule it, and seccomp must."""
    import errno
    import os

    def empty(path, mode):
        try:
            os.open(path, mode)
        except OSError as error:
            if error.errno != errno.EPERM:  # not by the filter
                return
            raise

    paths = ("/dev/null", where["package"], where["journal"])
    modes = {"read": os.O_RDONLY | os.O_TRUNC, "none": 3, "none and empty": 3 | os.O_TRUNC}
    tried = {f"{n} {path}": (lambda path=path, m=m: empty(path, m)) for path in paths for n, m in modes.items()}
    return escaped(**tried)


@cell("type")
def starts_processes_by_every_call(where):
    import ctypes
    import os

    libc = ctypes.CDLL(None, use_errno=True)

    def call(number, *told):
        if libc.syscall(number, *told) < 0:
            raise OSError(ctypes.get_errno(), "refused")

    arguments = (ctypes.c_uint64 * 11)(0, 0, 0, 0, 17)
    return escaped(
        fork=os.fork,
        vfork=lambda: call(58),
        clone=lambda: call(56, 17, 0, 0, 0, 0),
        clone_high=lambda: call(56, ctypes.c_uint64(0x100000000 | 17), 0, 0, 0, 0),
        clone3=lambda: call(435, ctypes.byref(arguments), 88),
        spawn=lambda: os.posix_spawn("/bin/true", ["true"], {}),
        execve=lambda: os.execv("/bin/true", ["true"]),
        execveat=lambda: call(322, -100, b"/bin/true", 0, 0, 0),
        shell=lambda: 1 / (os.system("true") == 0),
    )


@cell("type")
def signals_by_other_calls(where):
    """Signals that do not go by kill: queued, by thread, by file, by timer, by the end of a parent."""
    import ctypes
    import fcntl
    import os
    import signal

    libc = ctypes.CDLL(None, use_errno=True)
    other, info = os.getppid() or 2, ctypes.create_string_buffer(128)

    def call(number, *told):
        if libc.syscall(number, *told) < 0:
            raise OSError(ctypes.get_errno(), "refused")

    return escaped(
        tkill=lambda: call(200, other, 0),
        tgkill=lambda: call(234, other, other, 0),
        queued=lambda: call(129, other, 10, info),
        thread_queued=lambda: call(297, other, other, 10, info),
        pidfd=lambda: call(424, 0, 9, 0, 0),
        group=lambda: os.killpg(0, signal.SIGTERM),
        all=lambda: os.kill(-1, signal.SIGTERM),
        owner=lambda: fcntl.fcntl(0, fcntl.F_SETOWN, other),
        owner_ex=lambda: fcntl.fcntl(0, 15, info.raw[:8]),
        lease=lambda: fcntl.fcntl(0, 1024, 0),
        notify=lambda: fcntl.fcntl(0, 1026, 1),
        timer=lambda: call(222, 0, info, info),
        session=os.setsid,
        own_group=lambda: os.setpgid(0, 0),
    )


@cell("type")
def shares_memory(where):
    """What could be left for the next child to find, or reach a living one."""
    import ctypes
    import mmap
    import os

    libc = ctypes.CDLL(None, use_errno=True)

    def call(number, *told):
        if libc.syscall(number, *told) < 0:
            raise OSError(ctypes.get_errno(), "refused")

    def shared_file():
        fd = os.open(where["package"], os.O_RDWR)
        mmap.mmap(fd, 10)[0:1] = b"x"

    return escaped(
        sysv=lambda: call(29, 0x1234, 4096, 0o1666),
        messages=lambda: call(68, 0x1234, 0o1666),
        semaphores=lambda: call(64, 0x1234, 1, 0o1666),
        queue=lambda: call(240, b"/lrcourse", 0x42, 0o666, 0),
        posix=lambda: open("/dev/shm/" + where["mark"], "w"),
        queues=lambda: open("/dev/mqueue/" + where["mark"], "w"),
        anonymous=lambda: os.memfd_create("x"),
        key=lambda: call(248, b"user", b"lrcourse", b"x", 1, -4),
        file=shared_file,
        attribute=lambda: os.setxattr("/dev/null", "user.x", b"1"),
        pipe_size=lambda: __import__("fcntl").fcntl(4, 1031, 1 << 20),
    )


@cell("type")
def goes_by_way_of_its_parents_proc(where):
    import os

    def look(path):
        return open(path, "rb").read(10) if not path.endswith(("root", "cwd", "exe")) else os.listdir(path)

    pids = {os.getppid() or 2, where["grader"], 1}
    names = (
        "root",
        "cwd",
        "environ",
        "mem",
        "maps",
        "fd/3",
        "map_files",
        "task",
        "root/etc/passwd",
        "stack",
        "syscall",
    )
    return escaped(**{f"{p} {n}": (lambda p=p, n=n: look(f"/proc/{p}/{n}")) for p in pids for n in names})


@cell("type")
def opens_devices(where):
    import os

    names = ("kvm", "fuse", "net/tun", "ptmx", "tty", "console", "vda", "sda", "loop-control", "uinput", "rtc", "mem")
    names += ("vhost-vsock", "userfaultfd", "kmsg", "port", "vsock", "full")
    modes = {"rw": os.O_RDWR, "r": os.O_RDONLY, "neither": 3}
    return escaped(**{f"{n} {m}": (lambda n=n, f=f: os.open("/dev/" + n, f)) for n in names for m, f in modes.items()})
