"""Files that are no notebooks. `good` is one that is, with every answer right."""

import gzip
import io
import json
import os
import socket
import zipfile

from . import EXERCISES, file


@file("it is empty", core=True)
def nothing(path, good):
    path.write_bytes(b"")


@file("it is empty")
def blanks(path, good):
    path.write_bytes(b" \n\t" * 1000)


@file("not valid JSON", core=True)
def cut_off(path, good):
    path.write_bytes(good[: len(good) // 2])


@file("not valid JSON")
def a_text_that_never_ends(path, good):
    path.write_bytes(b'"\\' * 2_000_000)


@file("not valid JSON")
def words(path, good):
    path.write_text("My answer is 42.")


@file("not valid JSON")
def with_nan(path, good):
    path.write_bytes(good.replace(b'"nbformat": 4', b'"nbformat": NaN'))


@file("not valid JSON")
def with_a_number_of_a_million_digits(path, good):
    path.write_bytes(good.replace(b'"nbformat": 4', b'"nbformat": ' + b"9" * 1_000_000))


@file("nested more than 60 deep", core=True)
def deep(path, good):
    path.write_bytes(b"[" * 100_000 + b"]" * 100_000)


@file("nested")
def deep_in_its_metadata(path, good):
    path.write_bytes(good.replace(b'"nbformat": 4', b'"x": ' + b'{"a":' * 500 + b"1" + b"}" * 500 + b', "nbformat": 4'))


@file("too large", core=True)
def huge(path, good):
    path.write_bytes(good + b" " * (5 << 20))


@file("too large")
def huge_and_hollow(path, good):
    with open(path, "wb") as out:
        out.truncate(1 << 40)


@file("cells; 2000")
def of_too_many_cells(path, good):
    book = json.loads(good)
    path.write_text(json.dumps(book | {"cells": [{}] * 2001}))


@file("not UTF-8", core=True)
def not_text(path, good):
    path.write_bytes(bytes(range(128, 256)) * 100)


@file("not UTF-8")
def in_utf_16(path, good):
    path.write_bytes(good.decode().encode("utf-16"))


@file()
def in_utf_8_with_a_mark(path, good):
    path.write_bytes(b"\xef\xbb\xbf" + good)


@file("key stands twice")
def with_a_key_twice(path, good):
    path.write_bytes(b'{"nbformat": 3, ' + good.lstrip()[1:])


@file(lost=EXERCISES)
def with_surrogates(path, good):
    path.write_text(
        '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "answer_8_8_2 = \'\\ud800\'", "metadata": {}}]}'
    )


@file("zip archive", core=True)
def zipped(path, good):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("attacked.ipynb", good)


@file("zip archive|too large")
def a_zip_bomb(path, good):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(200 << 20))
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(10):
            archive.writestr(f"{number}.zip", inner.getvalue())


@file("not UTF-8")
def a_gzip_bomb(path, good):
    path.write_bytes(gzip.compress(bytes(20 << 20)))


@file("not a notebook")
def a_list(path, good):
    path.write_text("[1, 2, 3]")


@file("no cells")
def an_empty_object(path, good):
    path.write_text("{}")


@file("no cells")
def cells_that_are_a_number(path, good):
    path.write_text('{"nbformat": 4, "cells": 5}')


@file("no cells")
def old_and_empty(path, good):
    path.write_text('{"nbformat": 3, "worksheets": {"a": 1}}')


@file("link", core=True)
def a_link_to_a_secret(path, good):
    path.symlink_to("/etc/passwd")


@file("link")
def a_link_to_a_neighbour(path, good):
    path.symlink_to(next(other for other in sorted(path.parent.iterdir()) if other.suffix == ".ipynb"))


@file("link")
def a_link_to_nowhere(path, good):
    path.symlink_to(path)


@file("link")
def a_link_to_a_folder(path, good):
    path.symlink_to("/")


@file("not a plain file", core=True)
def a_fifo(path, good):
    os.mkfifo(path)


@file("cannot be opened|not a plain file")
def a_socket(path, good):
    here = os.getcwd()
    os.chdir(path.parent)  # a socket's path is short
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.bind(path.name)
    finally:
        os.chdir(here)


@file("not a plain file|cannot be opened")
def a_device(path, good):
    os.mknod(path, 0o20666, os.makedev(1, 5))


@file("not a plain file|no notebook")
def a_folder(path, good):
    path.mkdir()


@file("not a plain file|no notebook|link")
def a_folder_in_a_circle(path, good):
    path.mkdir()
    (path / "again").symlink_to(path)
