"""A page for people: HTML without scripts, whose every word is escaped, readable on a phone, in the dark and on paper.

The page forbids by its own policy what it does not need: scripts, pictures, forms, and every style but the one here.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape

from .sandbox.wire import clean

LONGEST = 20_000

STYLE = """
:root{color-scheme:light dark;--ink:#1b1b1b;--soft:#555;--paper:#fff;--card:#f5f5f2;--line:#d5d5d0;
--good:#1a6b2f;--bad:#a3341a}
@media (prefers-color-scheme:dark){:root{--ink:#ececec;--soft:#b4b4b4;--paper:#161616;--card:#222;--line:#444;
--good:#7fd093;--bad:#f0997f}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.2rem;max-width:46rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.4rem;line-height:1.25;margin:0 0 .2rem}
h2{font-size:1.1rem;margin:0 0 .4rem;display:flex;gap:.6rem;justify-content:space-between;flex-wrap:wrap}
.total{font-size:1.6rem;font-weight:600;margin:.6rem 0 0}
section{background:var(--card);border:1px solid var(--line);border-left-width:6px;border-radius:6px;
padding:.8rem 1rem;margin:1rem 0}
section.good{border-left-color:var(--good)}section.bad{border-left-color:var(--bad)}
.points{white-space:nowrap;font-weight:600}.good>h2 .points{color:var(--good)}.bad>h2 .points{color:var(--bad)}
p,.said{margin:.3rem 0}.said{white-space:pre-wrap}.soft,figcaption{color:var(--soft);font-size:.9rem}
ul{margin:.3rem 0;padding-left:1.2rem}
pre{white-space:pre-wrap;background:var(--paper);border:1px solid var(--line);border-radius:4px;padding:.6rem;
margin:.4rem 0;font-size:.85rem;max-height:30rem;overflow:auto}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:.25rem .7rem .25rem 0;border-bottom:1px solid var(--line);
overflow-wrap:break-word}td{min-width:5rem}td:first-child{min-width:0}
figure{margin:.8rem 0}figure svg{display:block;max-width:100%;height:auto;border-radius:4px}
summary{cursor:pointer}
@media print{:root{--ink:#000;--soft:#333;--paper:#fff;--card:#fff;--good:#000;--bad:#000}body{padding:0;max-width:none}
section,figure,tr{break-inside:avoid}details:not([open]){display:none}pre{max-height:none}}
"""

_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"


def page(title: str, body: str) -> str:
    """The whole file. `title` is text, `body` is HTML."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{text(title, 200)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def text(said: object, limit: int = LONGEST) -> str:
    """Anything as harmless text of HTML, line by line, without what hides or reorders it, and cut to a length."""
    whole = str(said)
    return escape(harmless(whole, limit) + (" … (cut)" if len(whole) > limit else ""), quote=True)


def harmless(said: str, limit: int = LONGEST) -> str:
    """The first `limit` characters of a text, without what hides or reorders it."""
    return "\n".join(clean(line.expandtabs(4), limit) for line in said[:limit].split("\n"))


def name(said: object) -> str:
    """A person's name, which may be written from right to left, kept from turning its surroundings round."""
    return f"<bdi>{text(said, 120)}</bdi>"


def items(said: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{each}</li>" for each in said) + "</ul>" if said else ""


def grid(heads: list[str], rows: list[list[str]]) -> str:
    """A table; headings and cells are HTML."""
    top = "".join(f'<th scope="col">{head}</th>' for head in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
