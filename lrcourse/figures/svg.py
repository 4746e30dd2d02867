"""Small, reproducible SVG: what matplotlib wrote, without what a page does not need.

The same picture must give the same bytes on every machine, because the notebooks' tests compare them. So every
coordinate is rounded, and rounded so that noise in the last bits of a float cannot turn it the other way.
"""

import re
from urllib.parse import quote
from xml.etree import ElementTree
from xml.sax.saxutils import escape

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_REFERENCE = re.compile(r"#([^)\s]+)")
_URI_SAFE = "/:;,=()'!*@$+?~-_."

# Round figures often fall on a tie (1.005), where one bit decides. Looking from slightly beside it settles all ties.
_OFF_THE_TIE = 3.7e-5


def number(text: str, digits: int = 2) -> str:
    """A coordinate, rounded: '67.991803' -> '67.99', '3.000' -> '3'."""
    rounded = f"{float(text) + _OFF_THE_TIE:.{digits}f}"
    if "." in rounded:
        rounded = rounded.rstrip("0").rstrip(".")
    return "0" if rounded == "-0" else rounded


def _round_all(text: str, digits: int = 2) -> str:
    return _NUMBER.sub(lambda found: number(found.group(), digits), text)


def _path_data(data: str) -> str:
    """'M 1 2 \\nL 3 -4 \\nz' -> 'M1,2L3-4z': commas, since a space costs three characters in a data URI."""
    words = _round_all(data).split()
    compact = ",".join(words)
    compact = re.sub(r",?([A-Za-z]),?", r"\1", compact)
    return compact.replace(",-", "-")


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


def _write(element, names: dict[str, str], out: list[str]) -> None:
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
        quoted = escape(value, {"'": "&apos;"})
        attributes.append(f" {name}='{quoted}'")
    wrapper = tag == "g" and not attributes
    if not wrapper:
        out.append(f"<{tag}{''.join(attributes)}")
        out.append(">" if len(element) or (element.text or "").strip() else "/>")
    if text := (element.text or "").strip():
        out.append(escape(text))
    for child in element:
        _write(child, names, out)
    if not wrapper and out[-1] != "/>":
        out.append(f"</{tag}>")
    elif not wrapper and (len(element) or (element.text or "").strip()):
        out.append(f"</{tag}>")


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
    root.attrib = {"viewBox": root.get("viewBox"), "width": number(str(width), 0), "height": number(str(height), 0)}
    out: list[str] = []
    _write(root, names, out)
    out[0] = "<svg xmlns='http://www.w3.org/2000/svg'" + out[0].removeprefix("<svg")
    return "".join(out)


def data_uri(svg: str) -> str:
    """`svg` as an address that an HTML attribute in double quotes can hold."""
    return "data:image/svg+xml," + quote(svg, safe=_URI_SAFE)
