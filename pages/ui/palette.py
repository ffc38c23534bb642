"""The colours of the lab, once, as data for Python and JavaScript.

Every pair that must be told apart also differs in lightness, so the maps work for colour-blind readers and in print.
The diverging map is ColorBrewer's RdBu reversed in meaning as CNN Explainer has it: blue is positive, orange-red
negative, the ends are equally dark, and zero is the page's own background.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np

Scheme = Literal["light", "dark"]
Stops = tuple[tuple[float, str], ...]

# Activations and weights: -1 .. 0 .. +1, hence 0, 0.5 and 1 on the scale. Source: ColorBrewer 2.0, RdBu, 11 classes
# (Brewer, Hatchard, Harrower 2003); dark: the same hues with the middle at the dark background.
DIVERGING: dict[Scheme, Stops] = {
    "light": (
        (0.0, "#67001f"),
        (0.125, "#b2182b"),
        (0.25, "#d6604d"),
        (0.375, "#f4a582"),
        (0.46, "#fddbc7"),
        (0.5, "#f7f7f7"),
        (0.54, "#d1e5f0"),
        (0.625, "#92c5de"),
        (0.75, "#4393c3"),
        (0.875, "#2166ac"),
        (1.0, "#053061"),
    ),
    "dark": (
        (0.0, "#ffd9c4"),
        (0.125, "#f9a07a"),
        (0.25, "#dd6347"),
        (0.375, "#93322c"),
        (0.46, "#4a2024"),
        (0.5, "#1d222b"),
        (0.54, "#1c3145"),
        (0.625, "#205a8a"),
        (0.75, "#3f93ca"),
        (0.875, "#86c3e8"),
        (1.0, "#d9eefb"),
    ),
}

# One colour per group of layer kinds, in drawings, lists and legends: Okabe & Ito's eight (2008), lightness adjusted so
# that dark text is readable on the light ones and light text on the dark ones.
GROUP_COLOURS: dict[Scheme, dict[str, str]] = {
    "light": {
        "Input": "#6b7686",
        "Convolution": "#3d6fd1",
        "Pooling": "#d9822b",
        "Normalisation": "#8b7ac8",
        "Activation": "#2f9e7e",
        "Shape": "#8f9aa8",
        "Dense": "#c2477f",
        "Regularisation": "#a0714f",
        "Merge": "#b59a1d",
    },
    "dark": {
        "Input": "#8a95a6",
        "Convolution": "#6f9bf0",
        "Pooling": "#eba45c",
        "Normalisation": "#a99be0",
        "Activation": "#52c3a1",
        "Shape": "#76818f",
        "Dense": "#e27aa8",
        "Regularisation": "#c99a78",
        "Merge": "#d6bd4a",
    },
}

# Lines of several runs or series: Okabe & Ito's order, black replaced by the text's own colour.
SERIES: dict[Scheme, tuple[str, ...]] = {
    "light": ("#3653c4", "#d9822b", "#1f8f73", "#c2477f", "#8b6fd0", "#3aa0d8", "#9a7d0a", "#6b7686"),
    "dark": ("#8aa4ff", "#eba45c", "#52c3a1", "#e27aa8", "#b3a2f0", "#6cc3f0", "#d6bd4a", "#9aa5b5"),
}

# Good, doubtful, wrong; always beside a word or a sign.
STATUS: dict[Scheme, dict[str, str]] = {
    "light": {"good": "#1f8f73", "warning": "#b36b00", "error": "#c0392b", "muted": "#6b7686"},
    "dark": {"good": "#52c3a1", "warning": "#eba45c", "error": "#f08a7d", "muted": "#8a95a6"},
}


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 .. 255, of ``#rrggbb``.

    Examples:
        >>> rgb("#0a10ff")
        (10, 16, 255)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@lru_cache(maxsize=8)
def diverging_table(scheme: Scheme = "light") -> bytes:
    """The diverging map as the palette of a "P" picture.

    Returns:
        768 bytes: 256 times red, green, blue; entry 128 is zero, entry 1 the most negative, 255 the most positive
        (entry 0 repeats entry 1, so that the scale is even around zero).

    Examples:
        >>> table = diverging_table("light")
        >>> len(table), table[3 * 128 : 3 * 128 + 3] == bytes(rgb("#f7f7f7"))
        (768, True)
    """
    positions, colours = zip(*DIVERGING[scheme], strict=True)
    channels = np.array([rgb(colour) for colour in colours], dtype=np.float64)
    place = (np.clip(np.arange(256), 1, 255) - 1) / 254
    table = np.stack([np.interp(place, positions, channels[:, k]) for k in range(3)], axis=1)
    return table.round().astype(np.uint8).tobytes()


def plotly_scale(scheme: Scheme = "light") -> list[list[object]]:
    """The diverging map as Plotly takes it."""
    return [[place, colour] for place, colour in DIVERGING[scheme]]


def css_variables() -> str:
    """The group and status colours as CSS for our components: ``--group-convolution``, ``--status-error`` and so on.

    Streamlit sets ``color-scheme`` on the app, so ``light-dark()`` follows its theme, also inside a shadow root.
    """
    rows = [
        f"--group-{name.lower()}: light-dark({colour}, {GROUP_COLOURS['dark'][name]});"
        for name, colour in GROUP_COLOURS["light"].items()
    ]
    rows += [
        f"--status-{name}: light-dark({colour}, {STATUS['dark'][name]});" for name, colour in STATUS["light"].items()
    ]
    return ":host {\n  " + "\n  ".join(rows) + "\n}\n"
