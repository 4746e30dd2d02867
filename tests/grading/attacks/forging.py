"""Cells that change the machinery around them, or speak in its place. All of it shares their process: what that buys
is other values, and no value is right but the right one."""

# ruff: noqa: E731, F821, SIM105  (as rough as those who attack)

from . import FUNCTION, cell, text, value

JUNK = "type|wrong|crashed|call|to do|shape|not finite|unit|near"


@cell(JUNK, core=True)
def writes_a_verdict_into_every_pipe(where):
    import json
    import os

    for fd in range(3, 64):
        try:
            os.write(
                fd,
                json.dumps({"correct": True, "points": 100, "verdict": "right", "value": ["f", "0x1p0"]}).encode()
                + b"\n",
            )
        except OSError:
            pass
    return "x"


@cell(JUNK, core=True)
def answers_in_advance_with_the_nonce(where):
    """Reads the nonce in its caller's frame, and sends the lines of this and all later steps."""
    import json
    import os
    import sys

    frame = sys._getframe()
    while "nonce" not in frame.f_locals:
        frame = frame.f_back
    nonce, fd, steps = (frame.f_locals[name] for name in ("nonce", "result_fd", "job"))
    step = frame.f_locals["number"]
    lines = [{"done": True}, {"value": ["s", "right"], "points": 9, "verdict": "right", "correct": True}]
    for ahead, told in enumerate(lines):
        os.write(fd, json.dumps(told | {"nonce": nonce, "step": step + ahead, "threads": 0}).encode() + b"\n")
    os._exit(len(steps) * 0)


@cell(JUNK)
def guesses_the_nonce(where):
    import json
    import os

    for number in range(500):
        line = {"nonce": f"{number:032x}", "step": 2, "value": ["f", "0x1p0"], "threads": 0}
        os.write(4, json.dumps(line).encode() + b"\n")
    return "x"


def _line(name, line, verdict=JUNK, **expected):
    """Sends one line of its own over whatever pipe takes it, and leaves."""
    text(
        name,
        f"""
import os, sys
frame = sys._getframe()
while "nonce" not in frame.f_locals:
    frame = frame.f_back
nonce, step, fd = frame.f_locals["nonce"], frame.f_locals["number"], frame.f_locals["result_fd"]
line = {line}
while line:
    line = line[os.write(fd, line):]
import time
time.sleep(0.2)
os._exit(0)
""",
        verdict,
        **expected,
    )


_OPEN = """b'{"nonce":"' + nonce.encode() + b'","step":' + str(step).encode() + b',"done":true'"""
_line("sends_an_endless_line", "b'x' * 50_000_000", "crashed|timeout")
_line("sends_a_deep_line", "b'[' * 200_000 + b'\\n'")
_line("sends_nan", 'b\'{"nonce": NaN, "step": Infinity}\\n\'')
_line("sends_bytes_that_are_no_text", "b'\\xff\\xfe\\n'")
_line("sends_nothing_but_newlines", "b'\\n' * 1000")
_line("sends_a_huge_number", "b'{\"step\": ' + b'9' * 100_000 + b'}\\n'")
_line("sends_strings_for_numbers", f'{_OPEN} + b\',"threads":"many","error":[1,2]}}\\n\'')
_line("sends_a_list_as_an_error", f'{_OPEN} + b\',"error":{{"a":[[]]}}}}\\n\'')
_line("sends_half_a_line", "b'{\"nonce\"'", "crashed|timeout")
_line("sends_a_pickle", "__import__('pickle').dumps({'nonce': nonce}) + b'\\n'")


def _answers(name, told, at="8.8.2", verdict=JUNK):
    """Replaces what the child says of an answer by a value that was never computed."""
    text(
        name,
        f"""
import lrcourse.grading.sandbox.child as child
honest = child._answer
child._answer = lambda step, space: {told} if step["name"] == "answer_{at.replace(".", "_")}" else honest(step, space)
answer_{at.replace(".", "_")} = 1
""",
        verdict,
        at,
    )


_answers("tells_a_value_of_no_form", '{"value": {"f": 1}}')
_answers("tells_a_value_with_a_bad_float", '{"value": ["f", "0x1p999999"]}')
_answers("tells_a_nan", '{"value": ["f", "nan"]}', verdict="not finite")
_answers("tells_an_array_of_the_wrong_size", '{"value": ["a", "float64", [10**6], []]}')
_answers("tells_an_array_of_objects", '{"value": ["a", "O", [1], ["x"]]}')
_answers("tells_a_verdict", '{"verdict": "right", "points": 9, "value": ["n"]}')
_answers("tells_a_problem_that_is_right", '{"problem": ["right", "it is right", ""]}', FUNCTION)
_answers("tells_that_it_is_to_do", '{"problem": ["to do", "", ""]}', FUNCTION)
_answers("tells_no_outcomes", '{"outcomes": []}', FUNCTION)
_answers("tells_too_many_outcomes", '{"outcomes": [["v", ["a", "float64", [], ["0x0p0"]]]] * 999}', FUNCTION)
_answers("tells_outcomes_that_equal_all", '{"outcomes": [["v", ["o", "All", True]]] * 8}', FUNCTION)
_answers("tells_outcomes_that_are_errors", '{"outcomes": [["p", "right", "", ""]] * 8}', FUNCTION)
_answers("tells_outcomes_that_are_nan", '{"outcomes": [["v", ["a", "float64", [], ["nan"]]]] * 8}', FUNCTION)
_answers("tells_outcomes_that_broadcast", '{"outcomes": [["v", ["a", "float64", [0], []]]] * 8}', FUNCTION)


@cell(JUNK, core=True)
def patches_how_values_are_compared(where):
    import builtins
    import math

    import numpy as np

    import lrcourse.exercises.compare as compare
    import lrcourse.exercises.judging as judging

    yes = lambda *_, **__: True
    np.allclose = np.isclose = np.array_equal = math.isclose = compare.within = judging.within = yes
    judging._same = judging._judge_number = judging.judge = yes
    builtins.AssertionError = Warning
    return 0.5


@cell(JUNK)
def patches_json(where):
    import json

    json.dumps = json.JSONEncoder.encode = lambda *_, **__: '{"correct": true}'
    return 0.5


@cell(JUNK, lost=("8.8.2", "8.4.1"))  # the function below calls cos, as it would in Jupyter
def patches_numpy(where):
    import numpy as np

    class Equal(np.ndarray):
        def __eq__(self, other):
            return True

    np.asarray = np.array = lambda *_, **__: np.zeros(3).view(Equal)
    np.cos = np.abs = lambda *_: Equal(1)
    return np.cos(1)


@cell(JUNK, core=True)
def patches_the_course(where):
    import lrcourse.exercises
    import lrcourse.exercises.checking as checking
    from lrcourse.exercises.verdict import Verdict

    right = lambda *_, **__: Verdict("8.8.2", "right", "8.8.2 right.")
    lrcourse.exercises.check = checking.check = checking.judge = right
    Verdict.correct = True
    return right()


@cell(JUNK)
def patches_the_builtins(where):
    import builtins

    real = builtins.isinstance
    builtins.abs = builtins.max = builtins.min = lambda *_: 0
    builtins.isinstance = lambda thing, kinds: True if kinds is float else real(thing, kinds)
    builtins.all = lambda _: True
    return 0.5


@cell(JUNK)
def patches_the_encoder(where):
    import lrcourse.grading.sandbox.child as child

    honest = child.encode
    child.encode = lambda value, *depth: (
        ["f", "0x1p0"] if type(value) is str and value == "mine" else honest(value, *depth)
    )
    return "mine"


@cell(JUNK)
def traces_every_line(where):
    import sys

    def trace(frame, event, argument):
        if frame.f_locals.get("step", {}).get("name") == "answer_8_8_2":
            frame.f_locals["told"] = frame.f_locals["value"] = {"verdict": "right"}

    sys.settrace(trace)
    sys.setprofile(trace)
    return 0.25


@cell("type|call|wrong")
def transforms_what_is_run(where):
    import ast

    class NoAsserts(ast.NodeTransformer):
        def visit_Assert(self, node):
            return None

    shell = get_ipython()
    shell.ast_transformers.append(NoAsserts())
    shell.input_transformers_cleanup.append(lambda lines: [line for line in lines if "assert" not in line])
    return 0.5


@cell(JUNK)
def hooks_imports(where):
    import builtins
    import importlib.abc
    import sys
    import types

    class Finder(importlib.abc.MetaPathFinder):
        def find_spec(self, name, path=None, target=None):
            sys.modules[name] = types.SimpleNamespace(judge=lambda *_: True)

    sys.meta_path.insert(0, Finder())
    sys.path_hooks.clear()
    honest = builtins.__import__
    builtins.__import__ = lambda name, *rest: honest(name, *rest)
    sys.modules["exercises"] = types.SimpleNamespace(ANSWER_KEY_OF="lrcourse", EXERCISES=())
    return 0.5


@cell(JUNK)
def replaces_main(where):
    import sys
    import types

    sys.modules["__main__"] = types.ModuleType("__main__")
    sys.modules["lrcourse"] = sys.modules["json"] = None
    return 0.5


@cell(JUNK, core=True)
def comes_back_late(where):
    """A thread that waits until the answer is taken, and then speaks up."""
    import os
    import threading
    import time

    def late():
        for _ in range(1000):
            time.sleep(0.001)
            for fd in range(3, 20):
                try:
                    os.write(fd, b'{"value": ["f", "0x1p0"], "step": 99}\n')
                except OSError:
                    pass

    threading.Thread(target=late, daemon=True).start()
    return 0.5


@cell(JUNK)
def changes_later_answers(where):
    import threading
    import time

    def late():
        while True:
            time.sleep(0.0005)
            for space in (globals(), __import__("sys").modules["__main__"].__dict__):
                space["answer_8_8_1"] = space["answer_8_6_2"] = "mine"

    threading.Thread(target=late, daemon=True).start()
    return 0.5


@cell(JUNK)
def leaves_a_word_for_the_exit(where):
    import atexit
    import os
    import sys
    import threading

    forge = lambda *_: os.write(4, b'{"value": ["f", "0x1p0"]}\n')
    atexit.register(forge)
    threading._register_atexit(forge)
    sys.excepthook = sys.unraisablehook = forge
    return 0.5


@cell(JUNK)
def closes_every_pipe(where):
    import os

    os.closerange(0, 64)
    return 0.5


@cell(JUNK, at=FUNCTION)
def looks_at_who_calls(where):
    """A function that hands back whatever array it finds in the frames of its callers."""

    def cosine(t, eta_max, eta_min, T_max):
        import sys

        import numpy as np

        frame = sys._getframe(1)
        while frame:
            for name, thing in frame.f_locals.items():
                if name in ("expected", "wanted", "reference", "outcomes") and len(thing):
                    return thing[0]
            frame = frame.f_back
        return np.zeros(np.shape(t))

    return cosine


@cell(JUNK, at=FUNCTION)
def changes_its_inputs(where):
    def cosine(t, eta_max, eta_min, T_max):
        import sys

        frame = sys._getframe(1)
        while frame:
            if "calls" in frame.f_locals:
                frame.f_locals["calls"] = ()
            frame = frame.f_back
        try:
            t[...] = 0
        except TypeError:
            pass
        return eta_max

    return cosine


_FUSE = """
import signal, threading, time
signal.signal(signal.SIGALRM, signal.SIG_DFL)
signal.setitimer(signal.ITIMER_REAL, 0.03, 0.03)
time.sleep = None
{0} = 0.5
"""
text("lays_a_fuse", _FUSE.format("answer_8_8_2"), JUNK, core=True)
text(
    "ends_the_next_cells",
    "import sys, os\nsys.setprofile(lambda frame, *_: frame.f_code.co_name == 'solution_8_4_1' and os._exit(1))",
)
text("a_pickle_as_a_name", "class P:\n def __reduce__(s): return print, ('x',)\nanswer_8_8_2 = P()", "type")
value("a_pickle_as_bytes", "__import__('pickle').dumps(print)")
text("deletes_the_answers_name", "answer_8_8_2 = 1\ndel answer_8_8_2", "to do")
text("answers_only_in_words", "# answer_8_8_2 = 1\n'answer_8_8_2 = 1'", "to do")
text(
    "uses_magics",
    "%matplotlib inline\n%%time\n!curl http://127.0.0.1\n%run -i evil.py\nanswer_8_8_2 = 'x'",
    "type",
    note="commands",
)
text("uses_a_shell_cell", "%%bash\nrm -rf ~\nkill -9 -1", "call|to do", note="commands")
text("assigns_a_shell_command", "files = !cat /etc/passwd\nanswer_8_8_2 = files", "call")
text(
    "hides_code_with_bidi",
    "answer_8_8_2 = 0.5 # \u202e 1 = 2_8_8_rewsna \u2066\nif False: \u2069 pass",
    note="invisible",
)
text("looks_like_another_name", "аnswer_8_8_2 = 1", "to do")  # its first letter is Cyrillic
