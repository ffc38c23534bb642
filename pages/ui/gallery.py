"""Many small pictures with captions as one piece of HTML: one message to the browser instead of one per picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from pages.ui.palette import SERIES, STATUS, Scheme


@dataclass(frozen=True)
class Figure:
    """One picture of a gallery.

    Args:
        uri: data URI of a PNG.
        lines: caption, one text per line; the first is bold.
        share: 0 .. 1 drawn as a bar under the caption, or ``None``.
        alt: what a screen reader says instead of the picture.
        right: whether the network was right; the bar has the confusion matrix's colour for it.
    """

    uri: str
    lines: tuple[str, ...]
    alt: str
    share: float | None = None
    right: bool = False


_STYLE = """
<style>
.lab-gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(VARpx, 1fr));
  gap: 0.9rem 0.7rem; margin: 0; }
.lab-gallery figure { margin: 0; min-width: 0; }
.lab-gallery img { width: 100%; max-width: 132px; aspect-ratio: 1; object-fit: contain; image-rendering: pixelated;
  display: block; border-radius: 6px; background: #000; }
.lab-gallery figcaption { font-size: 0.8rem; line-height: 1.3; margin-top: 0.25rem; overflow-wrap: anywhere; }
.lab-gallery figcaption div:first-child { font-weight: 600; }
.lab-gallery .bar { height: 4px; border-radius: 2px; margin-top: 3px; max-width: 132px; }
</style>
"""


def show_gallery(figures: Sequence[Figure], *, scheme: Scheme, width_px: int = 84) -> None:
    """Show pictures side by side, as many in a row as fit.

    Args:
        figures: in reading order.
        scheme: light or dark.
        width_px: least width of one picture with its caption.
    """
    st.html(gallery_html(figures, scheme=scheme, width_px=width_px))


def gallery_html(figures: Sequence[Figure], *, scheme: Scheme, width_px: int) -> str:
    """Write the gallery; every text is escaped."""
    style = _STYLE.replace("VAR", str(width_px))
    return f'{style}<div class="lab-gallery">{"".join(_figure(one, scheme) for one in figures)}</div>'


def _figure(figure: Figure, scheme: Scheme) -> str:
    lines = "".join(f"<div>{escape(line)}</div>" for line in figure.lines)
    picture = f'<img src="{escape(figure.uri)}" alt="{escape(figure.alt)}">'
    return f"<figure>{picture}<figcaption>{lines}</figcaption>{_bar(figure.share, figure.right, scheme)}</figure>"


def _bar(share: float | None, right: bool, scheme: Scheme) -> str:
    if share is None:
        return ""
    percent = 100 * min(max(share, 0.0), 1.0)
    colour, muted = (SERIES[scheme][0] if right else SERIES[scheme][1]), STATUS[scheme]["muted"]
    fill = f"linear-gradient(to right, {colour} {percent:.1f}%, {muted}40 {percent:.1f}%)"
    return f'<div class="bar" style="background: {fill}"></div>'
