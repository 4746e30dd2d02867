"""Reading a schedule from a file: JSON, a Python dictionary, or a script's settings; nothing in it is ever run."""

from __future__ import annotations

import ast
import json
import operator
from pathlib import Path

from lrcourse.schedules import Fixed, Schedule, from_dict

from .readers import KERAS, NotASchedule, from_hf, from_keras
from .readers_scripts import from_config

KINDS = ("a schedule as to_json() writes it, training arguments or a trainer_state of Hugging Face, a Keras config, or "
         "settings in nanoGPT's or Megatron's names")
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
             ast.FloorDiv: operator.floordiv}
SCRIPTS = ("lr_decay_iters", "lr_decay_style", "lr_warmup_iters")
LENGTHS = ("global_step", "max_steps", "max_iters", "train_iters")


def read_file(path, updates: int | None = None) -> tuple[Schedule, int | None]:
    """The schedule of a file, and the number of updates: `updates` where it is given, else the file's own, if any.

    What the file holds is known by its keys: see KINDS.
    """
    path = Path(path)
    try:
        data = parsed(path.read_text(encoding="utf-8-sig"))
        lengths = (data[key] for key in LENGTHS if isinstance(data.get(key), int) and data[key] > 0)
        updates = next(lengths, None) if updates is None else updates
        return _read(data, updates), updates
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} can't be read: {getattr(error, 'strerror', None) or 'it is not text'}") from None
    except KeyError as error:
        raise ValueError(f"{path}: the settings lack {error.args[0]!r}") from None
    except (RecursionError, MemoryError):
        raise ValueError(f"{path} is nested too deeply") from None
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{path}: {error}") from None


def _read(data: dict, updates) -> Schedule:
    if "schedule" in data and "log_history" not in data:
        return from_dict(data)
    if "log_history" in data or "lr_scheduler_type" in data:
        return from_hf(data, updates=updates)
    if (found := _keras(data)) is not None:
        return from_keras(found) if isinstance(found, dict) else Fixed(found)
    if any(key in data for key in SCRIPTS):
        return from_config(data)
    raise NotASchedule(f"a file must hold {KINDS}; this one has the keys {', '.join(map(str, data)) or '(none)':.200}")


def _keras(data):
    """The first Keras schedule inside a config, or the plain rate of an optimizer's; None where there is neither."""
    if not isinstance(data, dict):
        return None
    if str(data.get("class_name")).rpartition(">")[2] in (*KERAS, "Rates"):
        return data
    config = data.get("config")
    if "class_name" in data and isinstance(config, dict) and isinstance(config.get("learning_rate"), float):
        return config["learning_rate"]
    return next((found for value in data.values() if (found := _keras(value)) is not None), None)


def parsed(text: str) -> dict:
    """The dictionary that a text holds: JSON, a Python dictionary, or the plain settings of a script."""
    try:
        data = json.loads(text)
    except ValueError:
        data = _python(text)
    if not isinstance(data, dict):
        raise NotASchedule(f"a file must hold a dictionary of settings, got a {type(data).__name__}")
    return {key.replace("-", "_") if isinstance(key, str) else key: value for key, value in data.items()}


def _python(text: str):
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError) as error:
        raise NotASchedule(f"this is neither JSON nor Python: {getattr(error, 'msg', error)}") from None
    if len(body) == 1 and isinstance(body[0], ast.Expr):
        return _value(body[0].value)
    settings = {}
    for line in body:
        if isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name):
            try:
                settings[line.targets[0].id] = _value(line.value)
            except NotASchedule:  # a script computes much that is no setting
                settings.pop(line.targets[0].id, None)
    return settings


def _value(node):
    """A plain value, or arithmetic of numbers: 3 * 1e-4."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=inner) if isinstance(number := _value(inner), (int, float)):
            return -number
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            a, b = _value(left), _value(right)
            if isinstance(a, (int, float)) and isinstance(b, (int, float)) and not (b == 0 and type(op) in (
                    ast.Div, ast.FloorDiv)):
                return OPERATORS[type(op)](a, b)
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [_value(item) for item in items]
        case ast.Dict(keys=keys, values=values) if None not in keys:
            return {_value(key): _value(value) for key, value in zip(keys, values)}
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=words) if all(word.arg for word in words):
            return {word.arg: _value(word.value) for word in words}
    raise NotASchedule(f"{ast.unparse(node)!r:.80} is not a plain value")
