"""What the right answer of a question is, and how it is written in text and in LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Kind = Literal["integer", "number", "fraction", "tuple", "matrix", "choice"]
Number = int | float | Fraction
Row = tuple[Number, ...]
Matrix = tuple[Row, ...]
Value = Number | Row | Matrix

LETTERS = "ABCDEFGH"
ROUNDED = 0.0051  # how far a third or a ninth is from its two decimals


@dataclass(frozen=True)
class Answer:
    """The right answer.

    Args:
        kind: how it is asked for, and so how a reply is read.
        accepted: every right value; the first is the one that is shown. For a choice the position of the right option.
        tolerance: how far a reply may be from the value, for ``number`` and for a ``matrix`` of rounded numbers.
        decimals: digits after the point that are asked for and shown; ``None`` shows the exact value.
        unit: the unit, plural, as it may follow the number; empty without one.
        order: what the entries of a tuple mean, in the order asked for: ``("channels", "height", "width")``.
        square: an integer is the side of a square, so ``14×14`` is as right as ``14``.
        shown: for a choice, the text of the right option.
        shown_latex: for a choice, the same in LaTeX.
    """

    kind: Kind
    accepted: tuple[Value, ...]
    tolerance: float = 0.0
    decimals: int | None = None
    unit: str = ""
    order: tuple[str, ...] = ()
    square: bool = False
    shown: str = ""
    shown_latex: str = ""

    @property
    def value(self) -> Value:
        """The right value that is shown; others may be as right."""
        return self.accepted[0]

    @property
    def unit_word(self) -> str:
        """The unit as it follows the right answer: ``1 pixel``, ``2 pixels``.

        Examples:
            >>> [integer(n, unit=unit).unit_word for n, unit in ((1, "pixels"), (2, "pixels"), (1, "KiB"))]
            ['pixel', 'pixels', 'KiB']
        """
        return self.unit.removesuffix("s") if self.value == 1 else self.unit

    @property
    def text(self) -> str:
        """The right answer as plain text, without its unit."""
        return self.shown or value_text(self.value, decimals=self.decimals)

    @property
    def latex(self) -> str:
        """The right answer in LaTeX, without its unit."""
        return self.shown_latex or value_latex(self.value, decimals=self.decimals)


def integer(*accepted: int, unit: str = "", square: bool = False) -> Answer:
    """Ask for a whole number; several may be right."""
    return Answer("integer", accepted, unit=unit, square=square)


def number(value: float, *, decimals: int, unit: str = "") -> Answer:
    """Ask for a number rounded to some decimals; one unit of the last place more or less is right too."""
    return Answer("number", (value,), tolerance=1.001 * 10**-decimals, decimals=decimals, unit=unit)


def decimal(value: float) -> Answer:
    """Ask for a number with few decimals that is not rounded."""
    return Answer("number", (round(value, 6),), tolerance=0.0005)


def exact(value: Fraction, *, unit: str = "") -> Answer:
    """Ask for a number that may be a fraction; rounded to two decimals it is right too."""
    return Answer("fraction", (value,), tolerance=ROUNDED, unit=unit)


def shape(*sizes: int, order: tuple[str, ...] = ("channels", "height", "width")) -> Answer:
    """Ask for several whole numbers in an order that the question says."""
    return Answer("tuple", (sizes,), order=order)


def matrix(rows: Sequence[Sequence[Number]], *, decimals: int | None = None, tolerance: float = 0.0) -> Answer:
    """Ask for numbers in rows and columns: exact ones, or rounded to some decimals."""
    tolerance = tolerance if decimals is None else 1.001 * 10**-decimals
    return Answer("matrix", (tuple(map(tuple, rows)),), tolerance=tolerance, decimals=decimals)


def value_text(value: Value, *, decimals: int | None = None) -> str:
    """Write a value as a person does.

    Examples:
        >>> value_text(61706), value_text((8, 14, 14)), value_text(Fraction(7, 3)), value_text(-0.5, decimals=2)
        ('61,706', '8×14×14', '7/3', '−0.50')
        >>> print(value_text(((1, 2), (3, 4))))
        1  2
        3  4
    """
    match value:
        case tuple() if value and isinstance(value[0], tuple):
            return "\n".join("  ".join(value_text(cell, decimals=decimals) for cell in row) for row in _rows(value))
        case tuple():
            return "×".join(str(part) for part in value)
        case _:
            return _number_text(value, decimals)


def value_latex(value: Value, *, decimals: int | None = None) -> str:
    r"""Write a value in LaTeX.

    Examples:
        >>> value_latex(61706), value_latex(Fraction(-7, 3)), value_latex((8, 14, 14))
        ('61{,}706', '-\\frac{7}{3}', '8 \\times 14 \\times 14')
        >>> value_latex(((1, 2), (3, 4)))
        '\\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix}'
        >>> print(value_latex(((Fraction(7, 2), 4), (1, 2))))
        \begin{bmatrix} \dfrac{7}{2} & 4 \\[1.1em] 1 & 2 \end{bmatrix}
    """
    match value:
        case tuple() if value and isinstance(value[0], tuple):
            return _matrix_latex([[value_latex(cell, decimals=decimals) for cell in row] for row in _rows(value)])
        case tuple():
            return r" \times ".join(str(part) for part in value)
        case Fraction() if decimals is None and value.denominator > 1:
            sign = "-" if value < 0 else ""
            return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"
        case _:
            return _number_text(value, decimals).replace("−", "-").replace(",", "{,}")


def _matrix_latex(cells: Sequence[Sequence[str]]) -> str:
    """Put cells into a matrix; TeX makes its fractions small, and sets the rows so close that tall ones touch."""
    has_fractions = any(r"\frac" in cell for row in cells for cell in row)
    between = r" \\[1.1em] " if has_fractions else r" \\ "
    rows = between.join(" & ".join(row) for row in cells)
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}".replace(r"\frac", r"\dfrac")


def _rows(value: tuple[object, ...]) -> Matrix:
    return tuple(row for row in value if isinstance(row, tuple))


def _number_text(value: object, decimals: int | None) -> str:
    if isinstance(value, Fraction) and decimals is None:
        text = f"{value.numerator:,}" if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
    elif decimals is not None and isinstance(value, int | float | Fraction):
        text = f"{float(value):.{decimals}f}"
        text = text.lstrip("-") if float(text) == 0 else text
    elif isinstance(value, float):
        text = f"{value:g}"
    else:
        text = f"{value:,}"
    return text.replace("-", "−")
