"""The data: what it is, and that it is still what its README says."""

import hashlib
from importlib.resources import files

import numpy as np
import pytest

from lrcourse.lab import datasets


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("asyoulik.txt.xz", "eaa3526fe53859f34ecdf255712f9ecf0b2c903451d4755b2edaa2e2599cb0fc"),
        ("digits.u8.xz", "68aea062d35a127749050fa0e52dca09d6569ac08092c925610e0954e172dde2"),
    ],
)
def test_the_bytes_are_those_of_the_readme(name, digest):
    assert hashlib.sha256(datasets.read(name)).hexdigest() == digest
    assert digest in (files("lrcourse.lab") / "data" / "README.md").read_text("utf-8")


def test_all_data_is_small():
    folder = files("lrcourse.lab") / "data"
    assert sum(len(file.read_bytes()) for file in folder.iterdir()) < 300_000


def test_text_is_split_in_order_and_spelled_with_36_characters():
    play = datasets.text()
    assert len(datasets.ALPHABET) == 36 and sorted(set(play.train)) == list(range(36))
    assert len(play.train) == (len(play.train) + len(play.validation)) * 9 // 10
    assert play.decode(play.validation[-6:]) == "exeunt"
    assert "  " not in play.decode(play.train)


def test_digits_are_split_without_overlap_and_every_digit_is_in_both_parts():
    digits = datasets.digits()
    assert digits.train_x.shape == (1400, 64) and digits.validation_x.shape == (397, 64)
    assert digits.train_x.min() == 0 and digits.train_x.max() == 1
    counts = np.bincount(np.r_[digits.train_y, digits.validation_y])
    assert counts.tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]  # as the UCI description has them
    assert set(digits.validation_y) == set(range(10))
