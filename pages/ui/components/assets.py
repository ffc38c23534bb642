"""Read the JavaScript and CSS of our browser components, next to their Python wrappers."""

from __future__ import annotations

from pathlib import Path

from pages.ui import palette

_FOLDER = Path(__file__).parent


def script(*names: str) -> str:
    """The JavaScript of a component as one module: shared parts first (``"element"``, ``"svg"``), its own last."""
    return "\n".join((_FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in names)


def style(*names: str) -> str:
    """The CSS of a component, after the palette's colours as variables."""
    return palette.css_variables() + "\n".join((_FOLDER / f"{name}.css").read_text(encoding="utf-8") for name in names)
