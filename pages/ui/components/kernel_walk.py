"""A kernel that walks over a photo by itself, and under the mouse: the first thing a newcomer sees."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache

import numpy as np
import streamlit as st
from PIL import Image

from lab.theory.kernels import NAMED_KERNELS, NamedKernel, cross_correlate
from pages.ui import palette
from pages.ui.components.assets import script, style

SIDE_PX = 60

_HTML = """
<div class="walk">
  <div class="scene">
    <div class="stage photo-stage" tabindex="0" role="application" aria-label="Photo; arrow keys move the window">
      <canvas class="photo"></canvas><div class="window"></div></div>
    <div class="sum">
      <div class="grid patch" role="group" aria-label="Nine pixels"></div><span>×</span>
      <div class="grid weights" role="group" aria-label="Kernel"></div>
      <div class="equals"><span>added up =</span><span class="result"></span></div>
      <div class="words">nine pixels × nine weights</div>
    </div>
    <div class="stage map-stage" tabindex="0" role="application" aria-label="Feature map; arrow keys move the window">
      <canvas class="map"></canvas><div class="cell"></div></div>
  </div>
  <div class="below"><div class="kernels" role="group" aria-label="Kernels"></div><p class="sentence"></p></div>
</div>
"""

_component = st.components.v2.component(
    "lab_kernel_walk", html=_HTML, css=style("kernel_walk"), js=script("element", "bytes", "ink", "kernel_walk")
)


def kernel_walk(photo_path: str, *, key: str) -> None:
    """Mount the walk over one of our own photos."""
    _component(key=key, data=_payload(photo_path))


@lru_cache(maxsize=4)
def _payload(photo_path: str) -> dict[str, object]:
    """The photo in grey and what each kernel makes of it, as bytes in base64."""
    picture = _grey_square(photo_path)
    tables = palette.diverging_table("light") + palette.diverging_table("dark")
    return {
        "side": SIDE_PX,
        "photo": b64encode(picture.tobytes()).decode(),
        "colours": b64encode(tables).decode(),
        "kernels": tuple(_kernel_payload(kernel, picture) for kernel in NAMED_KERNELS),  # a list would cost pandas
    }


def _kernel_payload(kernel: NamedKernel, picture: np.ndarray) -> dict[str, object]:
    result = cross_correlate(picture.astype(np.float64), kernel.weights).round().astype("<i2")
    words = [
        "1/9" if abs(value - 1 / 9) < 1e-9 else f"{value:g}".replace("-", "−")
        for row in kernel.weights
        for value in row
    ]
    return {
        "name": kernel.name,
        "sentence": kernel.sentence,
        "words": words,
        "map": b64encode(result.tobytes()).decode(),
        # The scale ends where the strongest hundredth begins, or single pixels would make everything else pale.
        "limit": int(max(1, np.quantile(np.abs(result), 0.99))),
    }


def _grey_square(photo_path: str) -> np.ndarray:
    """The middle of one of our own photos, grey, ``SIDE_PX`` square."""
    with Image.open(photo_path) as photo:
        grey = photo.convert("L")
    side = min(grey.size)
    left, top = (grey.width - side) // 2, (grey.height - side) // 2
    return np.asarray(
        grey.crop((left, top, left + side, top + side)).resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
    )
