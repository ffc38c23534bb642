"""What the photo stage draws: one kernel over a whole photo, computed by torch."""

from __future__ import annotations

import io
from base64 import b64encode
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from lab.network.layers.convolution import Conv2d
from pages.ui.convolution.layer import setting_from
from pages.ui.convolution.numbers import shrunk
from pages.ui.convolution.state import KERNELS, PhotoStageState
from pages.ui.photo import Photo
from pages.ui.picture import data_uri

if TYPE_CHECKING:
    from torch import Tensor

LONGEST_PX = 256  # as wide as it is shown; 45,000 pixels travel at every step of a drag
# The scale ends where the strongest hundredth begins, or single pixels would make everything else pale.
STRONGEST = 0.01
WHITE = 255


def draw(chosen: PhotoStageState, photo: Photo) -> dict[str, Any]:
    """Convolve the photo and put what is shown into plain data.

    Raises:
        LabError: the photo is too small for the setting.
    """
    picture = photo_tensor(photo, chosen.colour == "colour")
    layer = layer_of(chosen, picture.shape[0])
    result = convolve_photo(chosen, picture)
    least, most = result.aminmax()
    return {
        "photo": _photo_uri(photo, chosen.colour == "colour"),
        "title": photo.title,
        "size": list(picture.shape[1:]),
        "weights": [list(chosen.weights[start : start + 3]) for start in (0, 3, 6)],
        "kernel": chosen.kernel,
        "sentence": KERNELS[chosen.kernel].sentence if chosen.kernel in KERNELS else "",
        "presets": presets(),
        "result": _result(result, chosen.shows),
        "range": [round(float(least), 2), round(float(most), 2)],
        "code": layer.pytorch(((int(picture.shape[0]), *map(int, picture.shape[1:])),)),
    }


def layer_of(chosen: PhotoStageState, channels: int) -> Conv2d:
    """The layer of the photo stage; its padding repeats the edge, so that the frame of the photo is no edge."""
    return Conv2d(
        id="conv",
        out_channels=channels,
        kernel_size=3,
        stride=chosen.stride,
        padding=chosen.dilation,
        padding_mode="replicate",
        dilation=chosen.dilation,
        groups=channels,
    )


def convolve_photo(chosen: PhotoStageState, picture: Tensor) -> Tensor:
    """Use the kernel on each channel of a picture.

    Args:
        chosen: kernel, stride, dilation and bias.
        picture: (1 or 3, H, W), 0 to 255.
    """
    from torch import tensor

    from lab.theory.convolution import convolve

    channels, height, width = map(int, picture.shape)
    layer, shape = layer_of(chosen, channels), (channels, height, width)
    layer.output_shape((shape,))
    weight = tensor(chosen.weights, dtype=picture.dtype).reshape(1, 1, 3, 3).repeat(channels, 1, 1, 1)
    bias = tensor([chosen.bias], dtype=picture.dtype).repeat(channels)
    return convolve(setting_from(layer, shape), picture, weight, bias)


@lru_cache(maxsize=8)
def photo_tensor(photo: Photo, in_colour: bool) -> Tensor:
    """The shrunken photo as float32 (1 or 3, H, W), 0 to 255."""
    from torch import from_numpy

    pixels = shrunk(photo, LONGEST_PX)
    if in_colour:
        return from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1))).float()
    return from_numpy(np.asarray(Image.fromarray(pixels).convert("L"))[None].copy()).float()


def presets() -> list[dict[str, Any]]:
    """The buttons: each kernel, and how its result is best shown (edges have signs)."""
    return [
        {
            "name": name,
            "title": kernel.name,
            "weights": [value for row in kernel.weights for value in row],
            "shows": "signed" if sum(map(sum, kernel.weights)) == 0 else "clipped",
        }
        for name, kernel in KERNELS.items()
    ]


def _result(result: Tensor, shows: str) -> dict[str, Any]:
    """The pixels of the result: places on the colour scale, or 0 to 255 as in a picture file."""
    height, width = result.shape[1:]
    if shows == "clipped":
        pixels = result.round().clamp(0, WHITE).byte().permute(1, 2, 0).contiguous().numpy()
        return {"width": width, "height": height, "channels": pixels.shape[2], "pixels": _text(pixels), "limit": None}
    summed = result.mean(0)  # in colour: the mean of the three, which has one sign
    strength = summed.abs().flatten()
    limit = float(strength.kthvalue(max(1, round((1 - STRONGEST) * strength.numel()))).values) or 1.0
    places = (128 + 127 * (summed / limit).clamp(-1, 1)).round().byte().numpy()
    return {"width": width, "height": height, "channels": 0, "pixels": _text(places), "limit": round(limit, 1)}


def _text(pixels: np.ndarray) -> str:
    return b64encode(pixels.tobytes()).decode()


@lru_cache(maxsize=16)
def _photo_uri(photo: Photo, in_colour: bool) -> str:
    picture = Image.fromarray(shrunk(photo, LONGEST_PX))
    file = io.BytesIO()
    (picture if in_colour else picture.convert("L")).save(file, "JPEG", quality=86)
    return data_uri(file.getvalue(), "image/jpeg")
