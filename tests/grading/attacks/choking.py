"""Cells, notebooks and files that cost more than they look, and such as speak to the terminal of whoever reads."""

# ruff: noqa: SIM105  (as rough as those who attack)

from __future__ import annotations

import json

from . import cell, file, notebook, text
from .notebooks import code


@cell("type|call|crashed|timeout")
def fills_the_memory_with_shared_pages(where):
    """Shared mappings and huge pages, which some limits do not count."""
    import mmap

    pages = []
    try:
        while len(pages) < 64:
            pages.append(mmap.mmap(-1, 1 << 28, flags=mmap.MAP_SHARED))
            pages[-1].madvise(14)
            pages[-1][:: 1 << 12] = b"x" * (1 << 16)
    except (OSError, MemoryError):
        pass
    return "x"


@cell("type|call|crashed|timeout")
def fills_pipes(where):
    import os

    pipes = []
    try:
        while True:
            pipes.append(os.pipe2(os.O_NONBLOCK))
            while os.write(pipes[-1][1], b"x" * 65536):
                pass
    except BlockingIOError:
        pass
    except OSError:
        pass
    return "x"


@cell("timeout|crashed|type")
def stops_being_killable_by_a_mask(where):
    import signal
    import time

    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    time.sleep(100)


@cell("type|crashed|timeout")
def floods_standard_output_from_c(where):
    import ctypes

    libc = ctypes.CDLL(None)
    for _ in range(2000):
        libc.write(1, b"x" * 65536, 65536)
        libc.write(2, b"x" * 65536, 65536)
    return "x"


text("hands_in_a_megabyte_of_text", "answer_8_8_2 = '\\x1b]0;' + '\\u202e' * 1_000_000", "type")
text("raises_in_colours", "raise ValueError('\\x1b[2J\\r\\n\\x07\\u202e' * 50)", "call")
text("raises_a_type_in_colours", "raise type('\\x1b[2J\\u202eError', (Exception,), {})('x')", "call")
text("is_of_a_type_in_colours", "answer_8_8_2 = type('\\x1b[2J\\u202e<b>', (), {})()", "type")
text("a_source_of_escapes", "answer_8_8_2 = '\\N{BEL}' * 9  # \x1b[2J", "type")


@notebook(lost=("8.8.2",), reason="million characters of code")
def with_all_answers_in_every_cell(book):
    """Each cell would be run once for each answer it defines."""
    everything = "\n".join(f"answer_{n} = 0" for n in ("8_8_3", "8_8_2", "8_4_1", "8_6_2", "8_3_2", "8_8_1"))
    book["cells"] += [code(everything + "#" * 700 + str(n)) for n in range(1500)]


@notebook()
def with_a_hundred_thousand_keys(book):
    book["metadata"] |= {f"key {n}": None for n in range(100_000)}


@notebook()
def with_blanks_without_end(book):
    book["cells"] += [code(" \n" * 90_000), code('check("8.8.2"' + ")" * 190_000 + "x"), code("%\n" * 90_000)]


@notebook(note="far too much")
def with_a_cell_of_four_megabytes(book):
    book["cells"].append(code("x" * 3_900_000))


@notebook()
def with_grade_ids_of_other_types(book):
    for n, other in enumerate((None, 1, [], {}, True, "answer-8-8-2\u200b", "ANSWER-8-8-2", "answer-8-8-99")):
        book["cells"].insert(n, code("x = 1", nbgrader={"grade_id": other, "points": 99, "grade": True}))


@notebook()
def with_ids_that_collide(book):
    for each in book["cells"]:
        each["id"] = "same"


@notebook()
def with_marks_of_exercises_that_were_not_set(book):
    book["cells"] += [code("answer_8_1_1 = 1", lrcourse={"exercise": "8.1.1", "role": "answer"})]


@file(reason="JSON")
def of_nothing_but_brackets(path, good):
    path.write_bytes(b"[" + b"[]," * 1_300_000 + b"[]]")


@file(reason="too large")
def sparse_and_ten_gigabytes(path, good):
    with open(path, "wb") as out:
        out.write(good)
        out.truncate(10 << 30)


@file()
def with_keys_twice_in_every_cell(path, good):
    """The key that counts is the last one, for a reader and a grader alike."""
    told = json.loads(good)
    told["cells"][0]["source"] = "first"
    path.write_text(json.dumps(told).replace('"source": "first"', '"source": "first", "source": ""'))


@file(reason="format|cells|JSON|notebook")
def with_a_format_beyond_all(path, good):
    path.write_text('{"nbformat": 1e999, "cells": 3}')
