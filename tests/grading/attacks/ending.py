"""Cells that never end, or end the Python they run in."""

# ruff: noqa: B012, E722  (as rough as those who attack)

from . import FUNCTION, cell, text


@cell("timeout", core=True)
def loops_for_ever(where):
    while True:
        pass


@cell("timeout")
def loops_deaf_to_signals(where):
    import signal

    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
    while True:
        try:
            while True:
                pass
        except:
            pass


@cell("timeout")
def loops_in_c(where):
    import re

    return re.match(r"(a+)+$", "a" * 60 + "b")


@cell("timeout")
def computes_a_huge_power(where):
    return 9**9**9


@cell("timeout")
def sleeps(where):
    import time

    time.sleep(10_000)


@cell("timeout")
def deadlocks(where):
    import threading

    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


@cell("timeout")
def never_stops_falling_into_finally(where):
    while True:
        try:
            return 1
        finally:
            continue


@cell("timeout")
def stops_itself(where):
    import os
    import signal
    import time

    os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(10_000)  # the first process of a namespace cannot be stopped


@cell("crashed", core=True)
def leaves_at_once(where):
    import os

    os._exit(0)


@cell("crashed")
def leaves_as_if_the_machine_had_failed(where):
    import os

    os._exit(72)


@cell("crashed")
def leaves_as_if_memory_had_run_out(where):
    import os

    os._exit(71)


@cell("call")
def exits_politely(where):
    import sys

    sys.exit(0)


@cell("call")
def raises_a_keyboard_interrupt(where):
    raise KeyboardInterrupt


@cell("call")
def raises_what_cannot_be_printed(where):
    class Silent(BaseException):
        def __str__(self):
            raise SystemExit

        __repr__ = __str__

    raise Silent


@cell("call")
def raises_a_very_long_story(where):
    raise ValueError("\u202eno\x00\x1b[2J" * 100_000)


@cell("timeout")
def raises_what_takes_for_ever_to_print(where):
    class Endless(Exception):
        def __str__(self):
            while True:
                pass

    raise Endless


@cell("crashed", core=True)
def reads_address_zero(where):
    import ctypes

    return ctypes.string_at(0)


@cell("crashed")
def writes_all_over_its_memory(where):
    import ctypes

    ctypes.memset(id(int), 255, 4096)
    return int("1") + int("2")


@cell("crashed")
def aborts(where):
    import os

    os.abort()


@cell("call", core=True)
def recurses_for_ever(where):
    return recurses_for_ever(where)


@cell("crashed|timeout")
def recurses_until_the_stack_ends(where):
    import sys

    sys.setrecursionlimit(10**9)
    deep = []
    for _ in range(10**6):
        deep = [deep]
    return repr(deep)


text("a_source_too_deep_to_compile", "answer_8_8_2 = " + "(" * 90_000 + "1" + ")" * 90_000)
text("a_source_that_overflows_the_compiler", "answer_8_8_2 = " + "-" * 190_000 + "1")
text("a_source_with_a_null_byte", "answer_8_8_2 = 1\0")
text("a_source_in_two_encodings", "# -*- coding: utf-16 -*-\nanswer_8_8_2 = '\\N{BEL}' + '\\ud800'", "type")


@cell(at=FUNCTION)
def hands_in_a_function_that_never_ends(where):
    def cosine(t, eta_max, eta_min, T_max):
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass

    return cosine


@cell("timeout", at=FUNCTION)
def hands_in_a_function_that_is_always_slow(where):
    def cosine(t, eta_max, eta_min, T_max):
        import time

        time.sleep(0.45)
        return 0.0

    return cosine


@cell("crashed", at=FUNCTION)
def hands_in_a_function_that_leaves(where):
    calls = []

    def cosine(t, eta_max, eta_min, T_max):
        import os

        calls.append(t)
        if len(calls) == 3:
            os._exit(0)
        return 0.0

    return cosine


@cell("crashed")
def kills_itself(where):
    import ctypes
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)
    ctypes.string_at(0)  # the first process of a namespace cannot be killed from inside


def _kill(target):
    return f"""
import os, signal
hard = signal.SIGKILL if os.getuid() != where["uid"] else 0  # should the lock fail: spare the session of whoever tests
answer_8_8_2 = escaped(kill=lambda: os.kill({target}, hard), group=lambda: os.killpg({target}, hard))
"""


text("kills_everything", _kill("-1"), "shape|type", core=True)
text("kills_the_grader", _kill('where["grader"]'), "type")
text("kills_its_parent", _kill("os.getppid() or 2"), "type")
text("kills_the_next_children", "\n".join(_kill(f"os.getpid() + {n}") for n in (1, 2, 3)), "type")
text(
    "dies_when_it_is_thrown_away", "class D:\n def __del__(self):\n  import os; os._exit(0)\nd = D(); del d", "crashed"
)
text("dies_at_exit", "import atexit, os\natexit.register(os._exit, 0)\nanswer_8_8_2 = 'x'", "type")
text("does_not_let_itself_be_collected", "class D:\n def __del__(self):\n  D()\nD()\nanswer_8_8_2 = 'x'")
