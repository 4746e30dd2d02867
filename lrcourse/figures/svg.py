"""Small, reproducible SVG: what matplotlib wrote, without what a page does not need.

The same picture must give the same bytes on every machine, because the notebooks' tests compare them. So
every coordinate is rounded, and so that noise in the last bits of a float cannot turn it the other way.
"""

import re
from collections import Counter
from urllib.parse import quote
from xml.etree import ElementTree
from xml.sax.saxutils import escape

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_REFERENCE = re.compile(r"#([^)\s]+)")
_COMMAND = re.compile(r"([MLQCz])([^MLQCz]*)")
_ALONG = re.compile(r"translate\(([-\d.]+) 0\)")
_URI_SAFE = "/:;,=()'!*@$+?~-_."

# Round figures often fall on a tie (1.005), where one bit decides. Looking from just beside it settles all.
_OFF_THE_TIE = 3.7e-5


def settled(value):
    """`value`, moved off a possible tie, so that rounding it to two decimals goes the same way everywhere."""
    return value + _OFF_THE_TIE


def number(text: str, digits: int = 2) -> str:
    """A coordinate, rounded: '67.991803' -> '67.99', '3.000' -> '3'."""
    rounded = f"{settled(float(text)):.{digits}f}"
    if "." in rounded:
        rounded = rounded.rstrip("0").rstrip(".")
    return "0" if rounded == "-0" else rounded


def _round_all(text: str, digits: int = 2) -> str:
    return _NUMBER.sub(lambda found: number(found.group(), digits), text)


def _path_data(data: str) -> str:
    """'M 1 2 \\nL 3 -4 \\nz' -> 'm1,2l2-6z': each point from the one before it, which takes fewer digits.

    The points are whole hundredths before they are subtracted, so no rounding adds up along a long curve.
    """
    out, here, start = [], (0, 0), (0, 0)
    for command, numbers in _COMMAND.findall(data):
        if command in "zZ":
            out.append("z")
            here = start
            continue
        at = [round(settled(float(text)) * 100) for text in numbers.split()]
        words = [_hundredths(value - here[place % 2]) for place, value in enumerate(at)]
        here = tuple(at[-2:])
        start = here if command == "M" else start
        out.append(command.lower() + ",".join(words).replace(",-", "-"))
    return "".join(out)


def _hundredths(value: int) -> str:
    sign, (whole, part) = "-" * (value < 0), divmod(abs(value), 100)
    return f"{sign}{whole}.{part:02}".rstrip("0").rstrip(".") if part else f"{sign}{whole}"


def _transform(text: str) -> str:
    # A glyph's scale is far below 1, where two decimals would not do.
    text = re.sub(r"translate\([^)]*\)", lambda found: _round_all(found.group()), text)
    return text.replace(", ", ",").replace(") ", ")")


def _attribute(name: str, value: str) -> str:
    if name == "d":
        return _path_data(value)
    if name == "transform":
        return _transform(value)
    if name == "style":
        value = re.sub(r"\s*([:;,])\s*", r"\1", value.strip())
        return re.sub(r"(?<=[:,])-?\d[^;]*", lambda found: _round_all(found.group()), value)
    return _round_all(value) if name in {"x", "y", "width", "height"} else value


def _write(element, names: dict[str, str], classes: dict[str, str], out: list[str]) -> None:
    tag = element.tag.rpartition("}")[2]
    attributes = []
    for name, value in element.attrib.items():
        name = name.rpartition("}")[2]
        if name == "id":
            if value not in names:
                continue
            value = names[value]
        elif "#" in value and name in {"href", "clip-path"}:
            value = _REFERENCE.sub(lambda found: "#" + names[found.group(1)], value)
        else:
            value = _attribute(name, value)
        if name == "style" and value in classes:
            name, value = "class", classes[value]
        elif tag == "use" and name == "transform" and (only := _ALONG.fullmatch(value)):
            name, value = "x", only.group(1)  # a glyph's place along its line, said more briefly
        quoted = escape(value, {"'": "&apos;"})
        attributes.append(f" {name}='{quoted}'")
    inside: list[str] = []
    if text := (element.text or "").strip():
        inside.append(escape(text))
    for child in element:
        _write(child, names, classes, inside)
    if tag == "g" and not attributes:
        out.extend(inside)
    elif inside:
        out.extend([f"<{tag}{''.join(attributes)}>", *inside, f"</{tag}>"])
    else:
        out.append(f"<{tag}{''.join(attributes)}/>")


def _classes(root) -> dict[str, str]:
    """A short name for each style that several elements share."""
    styles = [_attribute("style", element.get("style")) for element in root.iter() if element.get("style")]
    shared = [style for style, uses in Counter(styles).items() if uses > 1]
    return {style: f"c{place}" for place, style in enumerate(shared)}


def slim(source: str) -> str:
    """The SVG that matplotlib wrote, rounded, without names, comments, wrappers and white space."""
    root = ElementTree.fromstring(source)
    used = set()
    for element in root.iter():
        for name, value in element.attrib.items():
            if name.rpartition("}")[2] in {"href", "clip-path"}:
                used.update(_REFERENCE.findall(value))
    defined = [element.get("id") for element in root.iter() if element.get("id") in used]
    names = {name: f"i{place}" for place, name in enumerate(dict.fromkeys(defined))}
    width, height = (float(root.get(side).removesuffix("pt")) * 96 / 72 for side in ("width", "height"))
    root.attrib = {
        "viewBox": root.get("viewBox"),
        "width": number(str(width), 0),
        "height": number(str(height), 0),
    }
    classes = _classes(root)
    out: list[str] = []
    _write(root, names, classes, out)
    out.insert(1, f"<style>{''.join(f'.{name}{{{style}}}' for style, name in classes.items())}</style>")
    out[0] = "<svg xmlns='http://www.w3.org/2000/svg'" + out[0].removeprefix("<svg")
    return "".join(out)


def data_uri(svg: str) -> str:
    """`svg` as an address that an HTML attribute in double quotes can hold."""
    return "data:image/svg+xml," + quote(svg, safe=_URI_SAFE)
