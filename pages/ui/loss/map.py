"""The map of a loss of two numbers: a picture of ink, which the browser colours."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

from lab.theory.surface_names import SURFACES, SurfaceName
from pages.ui.picture import data_uri

# More than the drawn size, for sharp screens.
WIDTH_PX, HEIGHT_PX = 640, 480
N_BANDS = 20
# Of the map's ink: the lowest band is the darkest, and a contour line a little darker than its band.
LEAST_INK, MOST_INK, CONTOUR_INK = 10, 150, 45


@lru_cache(maxsize=16)
def map_uri(surface: SurfaceName) -> str:
    """Draw the surface as ink: the lower the loss, the more; on a logarithmic scale, in bands with contour lines."""
    import torch
    from PIL import Image

    from lab.theory.surfaces import surface_grid

    bands = _bands(surface_grid(surface, WIDTH_PX, HEIGHT_PX), SURFACES[surface].lowest)
    edge = torch.zeros_like(bands)
    edge[1:] |= (bands[1:] != bands[:-1]).to(bands.dtype)
    edge[:, 1:] |= (bands[:, 1:] != bands[:, :-1]).to(bands.dtype)
    # One byte a pixel: the band, and whether a line runs there; how much ink that is stands in the palette.
    picture = Image.fromarray((bands + N_BANDS * edge).numpy(), mode="L")
    picture.putpalette([255] * 3 * 2 * N_BANDS)
    ink = [MOST_INK - band * (MOST_INK - LEAST_INK) // (N_BANDS - 1) for band in range(N_BANDS)]
    file = io.BytesIO()
    transparency = bytes([*ink, *(share + CONTOUR_INK for share in ink)])
    picture.save(file, "PNG", compress_level=6, transparency=transparency)
    return data_uri(file.getvalue())


def _bands(grid: Any, lowest: float) -> Any:
    import torch

    height = (grid - lowest).clamp(min=0)
    # A little of the whole is added, or the logarithm would spend most of its bands on the last millimetres.
    little = float(height.flatten().kthvalue(height.numel() // 10).values)
    levels = (height + 0.05 * little).log()
    share = (levels - levels.min()) / (levels.max() - levels.min())
    return (share * (N_BANDS - 1e-6)).to(torch.uint8)
