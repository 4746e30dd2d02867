"""Cells that ask for everything there is: processes, threads, memory, disk, output, digits."""

# ruff: noqa: F821, SIM105  (cells find `escaped` in their own notebook)

from . import FUNCTION, cell, text, value


@cell("type", core=True)
def forks_without_end(where):
    import os
    import time

    def fork():
        for _ in range(300):
            if os.fork() == 0:
                time.sleep(30)
                os._exit(0)

    return escaped(fork=fork)


@cell("type")
def starts_programs(where):
    import multiprocessing
    import os
    import subprocess

    return escaped(
        shell=lambda: subprocess.run(["/bin/sleep", "30"]),
        spawn=lambda: os.posix_spawn("/bin/sleep", ["sleep", "30"], {}),
        process=lambda: multiprocessing.get_context("fork").Process(target=print).start(),
        replace=lambda: os.execv("/bin/sleep", ["sleep", "30"]),
    )


@cell("type")
def clones_by_number(where):
    import ctypes

    libc = ctypes.CDLL(None)

    def clone(call, flags):
        if libc.syscall(call, flags, 0, 0, 0, 0) < 0:
            raise OSError

    return escaped(
        clone=lambda: clone(56, 17),
        vfork=lambda: clone(58, 0),
        vm=lambda: clone(56, 0x100 | 17),
        namespace=lambda: clone(56, 0x10000000 | 17),
        clone3=lambda: clone(435, 0),
    )


@cell("threads|timeout|call|crashed", core=True)
def starts_threads_without_end(where):
    import threading
    import time

    threading.stack_size(32768)
    while True:
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()


@cell("timeout|crashed|call")
def starts_threads_that_compute(where):
    import threading

    import numpy as np

    def work():
        numbers = np.arange(1e6)
        while True:
            np.sort(np.cos(numbers))

    for _ in range(48):
        threading.Thread(target=work, daemon=True).start()
    work()


@cell("crashed|call|timeout")
def fills_the_memory(where):
    hoard = []
    while True:
        hoard.append(bytearray(64 << 20))


@cell("crashed|call")
def fills_the_memory_with_one_array(where):
    import numpy as np

    return np.ones(10**12)


@cell("crashed|call|timeout")
def fills_the_memory_and_holds_on(where):
    hoard = []
    while True:
        try:
            hoard.append(bytearray(1 << 20))
        except MemoryError:
            pass


@cell("type")
def fills_the_disk(where):
    import os

    def fill(folder):
        path = os.path.join(folder, where["mark"])
        with open(path, "wb") as out:
            for _ in range(64):
                out.write(bytes(1 << 20))

    folders = ("/dev/shm", "/var/tmp", "/run", "/", where["course"], "/tmp", os.getcwd())
    return escaped(**{folder: lambda folder=folder: fill(folder) for folder in folders})


@cell("type|timeout")
def makes_a_million_files(where):
    def make():
        for number in range(1_000_000):
            open(f"/tmp/{where['mark']}-{number}", "w").close()

    return escaped(files=make)


@cell("timeout")
def prints_without_end(where):
    import os
    import sys

    while True:
        print("x" * 1_000_000)
        sys.stderr.write("y" * 1_000_000)
        os.write(1, b"z" * 1_000_000)


@cell("type|call")
def opens_every_file_it_can(where):
    import os

    kept = []

    def hoard():
        while True:
            kept.extend(os.pipe())

    return escaped(pipes=hoard)


@cell("timeout")
def warns_without_end(where):
    import warnings

    warnings.simplefilter("always")
    while True:
        warnings.warn("x" * 10_000, stacklevel=1)


value("hands_in_a_huge_integer", "1 << 5_000_000")
value("hands_in_an_integer_of_299_digits", "10**299 - 1", "type")
value("hands_in_the_largest_float", "1e308", "wrong|unit", core=True)
value("hands_in_the_smallest_float", "5e-324", "wrong|unit", core=True)
value("hands_in_100_million_letters", "'x' * 100_000_000")
value("hands_in_ten_million_numbers", "[0.5] * 10_000_000")
value("hands_in_a_large_array", "np.zeros((3000, 3000))")
value("hands_in_an_array_of_many_axes", "np.zeros((1,) * 30)")
value("hands_in_a_wide_tree", "[[[[[0.5] * 10] * 10] * 10] * 10] * 10", "type|garbled|crashed")
value("hands_in_an_endless_generator", "iter(int, 1)")
value("hands_in_all_integers", "range(10**18)")
text("hands_in_a_list_that_holds_itself", "answer_8_8_2 = []\nanswer_8_8_2.append(answer_8_8_2)", "type")
text("hands_in_a_deep_list", "answer_8_8_2 = []\nfor _ in range(100_000): answer_8_8_2 = [answer_8_8_2]", "type")
text(
    "hands_in_a_dictionary_of_itself",
    "answer_8_8_2 = {}\nanswer_8_8_2['x'] = [answer_8_8_2] * 100",
    "type|crashed|timeout",
)


@cell(at=FUNCTION)
def hands_in_a_function_that_returns_a_million_numbers(where):
    import numpy as np

    return lambda t, eta_max, eta_min, T_max: np.zeros(10**7)


@cell(at=FUNCTION)
def hands_in_a_function_that_hoards(where):
    hoard = []

    def cosine(t, eta_max, eta_min, T_max):
        while True:
            hoard.append(bytearray(64 << 20))

    return cosine
