"""Formulas of worked solutions for a terminal: LaTeX as one line of ordinary signs."""

from __future__ import annotations

import re

_SIGNS = {
    r"\left": "", r"\right": "", r"\;": " ", r"\,": " ", r"\cdot": "·", r"\times": "×", r"\approx": "≈", r"\le": "≤",
    r"\ge": "≥", r"\Rightarrow": "⇒", r"\lfloor": "⌊", r"\rfloor": "⌋", r"\lceil": "⌈", r"\rceil": "⌉", r"\sigma": "σ",
    r"\lambda": "λ", r"\partial": "∂", r"\sum": "Σ", r"\operatorname": "", r"\text": "",
}  # fmt: skip
_MATRIX = re.compile(r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}", re.DOTALL)
_NEXT_ROW = re.compile(r"\\\\(?:\[[^\]]*\])?")  # with the space below it, where rows stand further apart


def formula_text(latex: str) -> str:
    r"""Write a formula as text.

    Args:
        latex: as the solutions have it, without dollar signs.

    Examples:
        >>> formula_text(r"o = \left\lfloor \frac{28 + 2 \cdot 0 - 5}{2} \right\rfloor + 1 = 12")
        'o = ⌊(28 + 2 · 0 - 5)/2⌋ + 1 = 12'
        >>> formula_text(r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}"), formula_text(r"2{,}048")
        ('[1 2; 3 4]', '2,048')
        >>> formula_text(r"\begin{bmatrix} \dfrac{7}{2} & 4 \\[1.1em] 1 & 2 \end{bmatrix}")
        '[7/2 4; 1 2]'
    """
    text = _MATRIX.sub(lambda found: f"[{_rows(found[1])}]", latex.replace(r"\dfrac", r"\frac"))
    while (start := text.find(r"\frac")) >= 0:
        above, middle = _braced(text, start + len(r"\frac"))
        below, end = _braced(text, middle)
        text = f"{text[:start]}{_in_brackets(above)}/{_in_brackets(below)}{text[end:]}"
    text = re.sub(r"\^\{([^{}]*)\}", lambda found: f"^{_in_brackets(found[1])}", text)
    text = re.sub(r"\\[a-zA-Z]+|\\.", lambda found: _SIGNS.get(found[0], found[0].removeprefix("\\")), text)
    text = re.sub(r" +", " ", text.replace("{", "").replace("}", ""))
    return re.sub(r"(?<=[⌊⌈]) | (?=[⌋⌉])", "", text).strip()


def _rows(inside: str) -> str:
    rows = [[cell.strip() for cell in row.split("&")] for row in _NEXT_ROW.split(inside)]
    return "; ".join(" ".join(row) for row in rows)


def _braced(text: str, start: int) -> tuple[str, int]:
    """Read ``{…}`` from ``start``; returns what is inside and where it ends."""
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0:
            return text[start + 1 : place], place + 1
    raise ValueError(f"a brace is never closed: {text}")


def _in_brackets(part: str) -> str:
    """Put brackets around a sum or a product, none around a single number or name."""
    return f"({part.strip()})" if " " in part.strip() else part.strip()
