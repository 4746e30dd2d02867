"""Formulas as MathML, which browsers set by themselves: no script, no font, nothing to load."""

from html import escape

from latex2mathml.converter import convert


def _set(latex: str, display: str) -> str:
    return convert(latex, display=display)


LONG = 40  # characters of LaTeX: from there on a formula in a line may be wider than a phone


def inline(translator, node):
    formula = _set(node.astext(), "inline")
    if len(node.astext()) > LONG:
        label = escape(node.astext())
        formula = f'<span class="formula long" role="group" tabindex="0" aria-label="Formula: {label}">{formula}</span>'
    translator.body.append(formula)
    raise _skip()


def block(translator, node):
    label = escape(node.astext())
    # A wide formula scrolls by itself; a reader without a mouse can reach it.
    translator.body.append(f'<div class="formula" role="group" tabindex="0" aria-label="Formula: {label}">'
                           f'{_set(node.astext(), "block")}</div>')
    raise _skip()


def _skip():
    from docutils.nodes import SkipNode

    return SkipNode()


def setup(app):
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    app.config.html_math_renderer = "mathml"
    return {"parallel_read_safe": True, "parallel_write_safe": True}
