"""Pixels on the page: PNG bytes and data URIs."""

from __future__ import annotations

import base64
import io

import numpy as np
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
