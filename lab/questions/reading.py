"""Reading what a learner typed: every plausible meaning of a text as numbers, and none at all for nonsense.

A text such as ``1,234`` means two things in two countries, so reading gives *all* meanings; a reply is right when one
of them is. Numbers are exact fractions, so ``0.5`` and ``1/2`` are the same.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from lab.questions.arithmetic import calculated

MAX_CHARACTERS = 2_000
_MAX_DIGITS = 30
_MAX_EXPONENT = 30

_SAME = str.maketrans(
    {
        **dict.fromkeys("−‐‑‒–—", "-"),
        **dict.fromkeys("\u00a0\u2009\u202f\u2007\u2008\u200a\t", " "),
        **dict.fromkeys("’‘`´", "'"),
        **dict.fromkeys("×✕✖⨯·⋅∗*", "x"),
        **dict.fromkeys("⁄∕", "/"),
        **dict.fromkeys("≈≃~:", "="),
    }
)
_LATEX = (
    (re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}"), r" \1/\2"),
    (re.compile(r"\{,\}"), ","),
    (re.compile(r"\\times|\\cdot"), "x"),
    (re.compile(r"\\[,;! ]|\$"), " "),
)

_UNITS = """
    px pixel pixels parameter parameters params weight weights bias biases value values mac macs
    multiply-accumulates step steps batch batches image images channel channels row rows column columns
    time times more less fewer neuron neurons unit units map maps high wide deep each nat nats in total altogether
""".split()  # noqa: SIM905 - a list of words reads best as words
_UNIT = re.compile(rf"\s*(?<![a-z])(?:{'|'.join(sorted(_UNITS, key=len, reverse=True))})\b\.?$")
_SCALES = {
    "%": (Fraction(1, 100), Fraction(1)),
    "percent": (Fraction(1, 100), Fraction(1)),
    "kib": (Fraction(1024),),
    "kb": (Fraction(1000), Fraction(1024)),
    "mib": (Fraction(1024**2),),
    "mb": (Fraction(1000**2), Fraction(1024**2)),
    "bytes": (Fraction(1),),
    "byte": (Fraction(1),),
    "b": (Fraction(1),),
    "million": (Fraction(10**6),),
    "thousand": (Fraction(1000),),
}
_SCALE = re.compile(rf"\s*({'|'.join(sorted(_SCALES, key=len, reverse=True))})$")
_LEAD = re.compile(r"^(?:[a-z_']{0,12}(?:\([a-z0-9_]{0,8}\))?\s*=+|about|exactly|roughly|approx\.?|ca\.?)\s*")

_PLAIN = re.compile(r"\d+")
_POINT = re.compile(r"\d*\.\d+|\d+\.")
_COMMA = re.compile(r"\d*,\d+")
_THOUSANDS = re.compile(r"\d{1,3}(?:([,.' _])\d{3})(?:\1\d{3})*(?:([.,])\d+)?")
_POWER = re.compile(r"(?:e|\s*x\s*10\s*\^)\s*\{?([+-]?\d{1,3})\}?$")
_FRACTION = re.compile(r"(?:(\d+)(?:\s+|\s*\+\s*))?(\d+)\s*/\s*(\d+)")

# What an entry of a tuple may be called, and which entry it is.
_LABELS = {
    **dict.fromkeys(("c", "channel", "channels", "depth", "maps", "map", "deep", "filters"), "channels"),
    **dict.fromkeys(("h", "height", "high", "row", "rows", "tall"), "height"),
    **dict.fromkeys(("w", "width", "wide", "column", "columns"), "width"),
}
_LABEL = re.compile(rf"\b({'|'.join(sorted(_LABELS, key=len, reverse=True))})\b")


def clean(text: str) -> str:
    """Bring a text to plain letters: one minus, one times sign, vulgar fractions as ``1/2``, no LaTeX dress.

    Examples:
        >>> clean(" −2½ "), clean(r"$\\frac{7}{3}$"), clean("14 × 14")
        ('-2 1/2', '7/3', '14 x 14')
    """
    for pattern, plain in _LATEX:
        text = pattern.sub(plain, text)
    return "".join(map(_plain, text)).translate(_SAME).lower().strip(" ")


def _plain(character: str) -> str:
    """Write full-width forms and vulgar fractions in ASCII; a superscript stays what it is, ``14²`` is not 142."""
    decomposed = unicodedata.decomposition(character)
    if decomposed.startswith("<fraction>"):
        return " " + unicodedata.normalize("NFKC", character).replace("⁄", "/")
    return unicodedata.normalize("NFKC", character) if decomposed.startswith("<wide>") else character


def number_readings(text: str) -> tuple[Fraction, ...]:
    """Give every number that a text may mean, the likeliest first; nothing if it means none.

    Examples:
        >>> [str(number) for number in number_readings("61,706")]
        ['61706', '30853/500']
        >>> [str(number) for number in number_readings("(11 - 5)/2 + 1")]
        ['4']
        >>> number_readings("2 1/3") == number_readings("7/3"), number_readings("fourteen"), number_readings("1/0")
        (True, (), ())
    """
    if len(text) > MAX_CHARACTERS:
        return ()
    return _readings(clean(text))


def names_bytes(text: str) -> bool:
    """Say whether a text gives its number in bytes or a multiple of them, and so reads as bytes.

    Examples:
        >>> names_bytes("12 KiB"), names_bytes("12,288 bytes"), names_bytes("12")
        (True, True, False)
    """
    match = _SCALE.search(clean(text))
    return match is not None and match[1].endswith(("b", "byte", "bytes"))


def _readings(text: str) -> tuple[Fraction, ...]:
    return _number(text) or _calculation(text)


def _calculation(text: str) -> tuple[Fraction, ...]:
    value = calculated(_LEAD.sub("", text.strip()), _number)
    return () if value is None else (value,)


def _number(text: str) -> tuple[Fraction, ...]:
    text = _LEAD.sub("", text.strip()).strip()
    while text != (shorter := _UNIT.sub("", text)):
        text = shorter.strip()
    scales: tuple[Fraction, ...] = (Fraction(1),)
    if match := _SCALE.search(text):
        scales, text = _SCALES[match[1]], text[: match.start()].strip()
    text = text[1:-1].strip() if text[:1] == "(" and text[-1:] == ")" else text
    sign = -1 if text[:1] == "-" else 1
    text = text[1:].strip() if text[:1] in ("-", "+") else text
    if sum(character.isdigit() for character in text) > _MAX_DIGITS or not text.isascii():
        return ()
    return tuple(dict.fromkeys(sign * scale * value for value in _unsigned(text) for scale in scales))


def _unsigned(text: str) -> tuple[Fraction, ...]:
    if match := _FRACTION.fullmatch(text):
        whole, top, bottom = (int(part or 0) for part in match.groups())
        return (whole + Fraction(top, bottom),) if bottom else ()
    power = Fraction(1)
    if match := _POWER.search(text):
        if abs(int(match[1])) > _MAX_EXPONENT:
            return ()
        power, text = Fraction(10) ** int(match[1]), text[: match.start()].strip()
    return tuple(value * power for value in _decimals(text))


def _decimals(text: str) -> tuple[Fraction, ...]:
    found = []
    if match := _THOUSANDS.fullmatch(text):
        separator, point = match.groups()
        if separator != point:
            whole = text.replace(separator, "")
            found.append(Fraction(whole.replace(point, ".") if point else whole))
    if _PLAIN.fullmatch(text) or _POINT.fullmatch(text):
        found.append(Fraction(text + "0" if text.endswith(".") else text))
    elif _COMMA.fullmatch(text):
        found.append(Fraction("0" + text.replace(",", ".")))
    return tuple(found)


def tuple_readings(text: str, order: tuple[str, ...]) -> tuple[tuple[Fraction, ...], ...]:
    """Give every row of numbers that a text may mean; labelled numbers (``H=7, C=3``) come in the order asked for.

    Examples:
        >>> order = ("channels", "height", "width")
        >>> [tuple(map(int, row)) for row in tuple_readings("(32, 14, 14)", order)]
        [(32, 14, 14)]
        >>> [tuple(map(int, row)) for row in tuple_readings("14x15x32", order)]
        [(14, 15, 32)]
        >>> [tuple(map(int, row)) for row in tuple_readings("height 14, width 15, 32 channels", order)]
        [(32, 14, 15)]
    """
    if len(text) > MAX_CHARACTERS:
        return ()
    plain = re.sub(r"torch\.size|[()\[\]{}]", " ", clean(text)).replace(" by ", "x").strip()
    found = []
    for separator in (r"\s*x\s*", r"\s*;\s*", r"\s*,\s*|\s+and\s+", r"\s+", r"\s*,\s+"):
        parts = [part for part in re.split(separator, plain) if part]
        rows = [_entries(parts, order)] if len(parts) > 1 else []
        found += [row for row in rows if row]
    return tuple(dict.fromkeys(found))


def _entries(parts: list[str], order: tuple[str, ...]) -> tuple[Fraction, ...]:
    """Read each part; put labelled ones into the order asked for."""
    labels = [match and _LABELS[match[1]] for match in map(_LABEL.search, parts)]
    values = [
        _readings(_LABEL.sub("", part).strip(" =") if label else part)
        for part, label in zip(parts, labels, strict=True)
    ]
    if not all(values):
        return ()
    numbers = [value[0] for value in values]
    named = dict(zip(labels, numbers, strict=True))
    if set(named) == set(order) and len(named) == len(parts):
        return tuple(named[name] for name in order)
    return tuple(numbers)


def matrix_readings(text: str, n_rows: int, n_columns: int) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Cut a text into the cells of a matrix in every way that gives the right number of rows and columns.

    Examples:
        >>> matrix_readings("[[1, 2], [3, 4]]", 2, 2)[0]
        (('1', '2'), ('3', '4'))
        >>> matrix_readings("0,5 0,25", 1, 2)[0]
        (('0,5', '0,25'),)
    """
    if len(text) > MAX_CHARACTERS:
        return ()
    plain = re.sub(r"\\begin\{[a-z]*\}|\\end\{[a-z]*\}", " ", text).replace("\\\\", "\n").replace("&", " ")
    plain = re.sub(r"\]\s*,?\s*\[", "\n", plain)
    plain = re.sub(r"[\[\](){}|]", " ", plain)
    found = []
    for row_separator in (r"\n", r"[\n;]"):
        for cell_separator in (r"[\s]+", r"\s*,\s*|\s+", r"\s*[,;]\s+|\s+", r"\s*[;,]\s*"):
            rows = [_cells(row, cell_separator) for row in re.split(row_separator, plain)]
            rows = [row for row in rows if row]
            if len(rows) == 1 and len(rows[0]) == n_rows * n_columns:
                rows = [rows[0][start : start + n_columns] for start in range(0, len(rows[0]), n_columns)]
            if len(rows) == n_rows and all(len(row) == n_columns for row in rows):
                found.append(tuple(rows))
    return tuple(dict.fromkeys(found))


def _cells(row: str, separator: str) -> tuple[str, ...]:
    return tuple(cell.strip(",; ") for cell in re.split(separator, row.strip()) if cell.strip(",; "))
