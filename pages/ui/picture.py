"""Pixels on the page: PNG bytes, data URIs, and one picture with its alternative text."""

from __future__ import annotations

import base64
import io
from html import escape

import numpy as np
import streamlit as st
from PIL import Image


def png(pixels: np.ndarray) -> bytes:
    """Write pixels as PNG, quickly rather than small.

    Args:
        pixels: uint8 (H, W), (H, W, 1) or (H, W, 3).

    Examples:
        >>> png(np.zeros((2, 2), np.uint8))[:4]
        b'\\x89PNG'
    """
    file = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels).save(
        file, "PNG", compress_level=1
    )
    return file.getvalue()


def data_uri(content: bytes, media_type: str = "image/png") -> str:
    """Put a picture file into the text of an ``src`` attribute."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def show_picture(pixels: np.ndarray, *, alt: str, width_px: int | None = None) -> None:
    """Show one picture without loss; small ones are enlarged with sharp pixels.

    Args:
        pixels: uint8 (H, W), (H, W, 1) or (H, W, 3).
        alt: what a screen reader says instead.
        width_px: largest width on the page; the column's width when ``None``.
    """
    st.html(picture_html(pixels, alt=alt, width_px=width_px))


def picture_html(pixels: np.ndarray, *, alt: str, width_px: int | None = None) -> str:
    """Write the ``<img>`` of a picture; the text is escaped."""
    is_small = max(pixels.shape[:2]) < 200  # px; enlarged, a smooth picture of so few pixels is only a blur
    style = f"width:100%;max-width:{width_px}px;" if width_px else "max-width:100%;"
    style += "height:auto;border-radius:6px;display:block;" + ("image-rendering:pixelated;" if is_small else "")
    return f'<img src="{data_uri(png(pixels))}" alt="{escape(alt)}" style="{style}">'
