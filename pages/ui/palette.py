"""The colours of the lab, once, as data for Python and JavaScript.

Every pair that must be told apart also differs in lightness, so the maps work for colour-blind readers and in print.
The diverging map is ColorBrewer's RdBu reversed in meaning as CNN Explainer has it: blue is positive, orange-red
negative, the ends are equally dark, and zero is the page's own background.
"""

from __future__ import annotations

from lab.inspection.colour import DIVERGING, Scheme, diverging_table

__all__ = [
    "DIVERGING",
    "GROUP_COLOURS",
    "SERIES",
    "STATUS",
    "Scheme",
    "css_variables",
    "diverging_table",
]

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


def css_variables() -> str:
    """The colours as CSS for our components: ``--group-convolution``, ``--status-error``, ``--series-0`` and so on.

    Streamlit sets ``color-scheme`` on the app, so ``light-dark()`` follows its theme, also inside a shadow root.
    """
    rows = [
        f"--group-{name.lower()}: light-dark({colour}, {GROUP_COLOURS['dark'][name]});"
        for name, colour in GROUP_COLOURS["light"].items()
    ]
    rows += [
        f"--status-{name}: light-dark({colour}, {STATUS['dark'][name]});" for name, colour in STATUS["light"].items()
    ]
    rows += [
        f"--series-{i}: light-dark({light}, {dark});"
        for i, (light, dark) in enumerate(zip(SERIES["light"], SERIES["dark"], strict=True))
    ]
    return ":host {\n  " + "\n  ".join(rows) + "\n}\n"
