"""Schedules to and from PyTorch, Optax, Keras and Hugging Face.

A framework is imported only when one of its functions is called; where it is missing, the error names what to install.
`t` is everywhere the 0-based index of the optimizer update that uses the rate.
"""

from .comparison import compare
from .equivalents import equivalents
from .files import read_file
from .readers import from_hf, from_keras, from_torch
from .readers_scripts import from_config
from .targets import factor, to_hf, to_keras, to_optax, to_torch

__all__ = ["compare", "equivalents", "factor", "from_config", "from_hf", "from_keras", "from_torch", "read_file",
           "to_hf", "to_keras", "to_optax", "to_torch"]
