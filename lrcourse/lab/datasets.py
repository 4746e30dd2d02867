"""The lab's two data sets, loaded offline from the package (sources and licences: `data/README.md`).

`text()` is a play as a sequence of character codes, `digits()` a set of small images. Both come split, once and for
all, into a part to train on and a part to validate on.
"""

from __future__ import annotations

import lzma
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

__all__ = ["ALPHABET", "Digits", "Text", "digits", "read", "text"]

#: The 36 characters that the text is reduced to; a character's code is its place here.
ALPHABET = "\n !'-,.:;?abcdefghijklmnopqrstuvwxyz"


def read(name: str) -> bytes:
    """The bytes of a data file of the package, unpacked."""
    return lzma.decompress((files(__package__) / "data" / name).read_bytes())


@dataclass(frozen=True)
class Text:
    """Character codes (uint8, each below 36): the first nine tenths to train on, the last tenth to validate on."""

    train: np.ndarray  # (n,)
    validation: np.ndarray  # (m,)

    def decode(self, codes) -> str:
        """Codes back to characters."""
        return "".join(ALPHABET[code] for code in codes)


@dataclass(frozen=True)
class Digits:
    """Images of 8×8 pixels scaled to 0…1 (float32, 64 to a row) and the digits they show (0…9)."""

    train_x: np.ndarray  # (1400, 64)
    train_y: np.ndarray  # (1400,)
    validation_x: np.ndarray  # (397, 64)
    validation_y: np.ndarray  # (397,)


@cache
def text() -> Text:
    """*As You Like It* in lower case: tabs become spaces, other signs go, runs of blanks become one.

    >>> play = text()
    >>> play.decode(play.train[:14])
    'as you like it'
    """
    raw = read("asyoulik.txt.xz").decode("ascii").lower().replace("\t", " ")
    kept = "".join(character for character in raw if character in ALPHABET)
    lines = (" ".join(line.split()) for line in kept.split("\n"))
    clean = "\n".join(line for line in lines if line)
    codes = np.array([ALPHABET.index(character) for character in clean], dtype=np.uint8)
    cut = len(codes) * 9 // 10
    return Text(codes[:cut], codes[cut:])


@cache
def digits() -> Digits:
    """The 1797 digits in a fixed shuffled order: 1400 to train on, 397 to validate on.

    >>> digits().train_x.shape, digits().validation_x.shape
    ((1400, 64), (397, 64))
    """
    rows = np.frombuffer(read("digits.u8.xz"), dtype=np.uint8).reshape(-1, 65)
    # The file is ordered by writer; without this shuffle the split would be one by writers.
    rows = rows[np.random.default_rng(0).permutation(len(rows))]
    x, y = rows[:, :64].astype(np.float32) / 16, rows[:, 64].astype(np.int64)
    return Digits(x[:1400], y[:1400], x[1400:], y[1400:])
