"""From a photo to what a network takes, in steps that can each be looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from lab.data.image_set import fit_images

LIGHT = 127  # a photo's border is light above this, of 255
MAX_PROPORTION = 4  # longer side to shorter side
MIN_STD = 1e-3  # as in training: a set of one flat colour must not divide by zero
DARK_MEAN = 0.4  # grey training images with a mean below this show light things on a dark ground (Fashion-MNIST: 0.29)


@dataclass(frozen=True)
class Step:
    """One step of the way: what it is called, what it does, and how the picture looks after it.

    Attributes:
        title: a word or two.
        sentence: what was done, with the numbers.
        picture: uint8 (H, W, 3).
    """

    title: str
    sentence: str
    picture: np.ndarray


@dataclass(frozen=True)
class Preprocessing:
    """How photos are brought into the form of the images that a network was trained on.

    Attributes:
        shape: what the network takes, (C, H, W), C is 1 or 3.
        mean, std: one value a channel, for pixels scaled to 0..1: the network sees (pixel - mean) / std.
        resize_px: scale the shorter side to this and cut the middle out, as ImageNet's networks expect; ``None``: cut
            the largest middle part of the network's proportions and scale that, as images of a set are scaled.
        is_dark_ground: training images show light things on a dark ground, so a photo with a light one is inverted.
    """

    shape: tuple[int, int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    resize_px: int | None = None
    is_dark_ground: bool = False

    def tensor(self, photo: np.ndarray) -> Tensor:
        """Prepare a photo.

        Args:
            photo: uint8 (H, W, 3) of any size, or (H, W, 1).

        Returns:
            float32 (1, C, H, W).
        """
        pixels = self.steps(photo)[-2].picture
        channels = pixels if self.shape[0] == 3 else pixels[..., :1]
        return self._normalised(channels)

    def normalised(self, images: Tensor) -> Tensor:
        """Scale and shift as in training.

        Args:
            images: uint8 (N, C, H, W).

        Returns:
            float32 (N, C, H, W): (pixel / 255 - mean) / std.
        """
        mean, std = (torch.tensor(values).view(1, -1, 1, 1) for values in (self.mean, self.std))
        return (images.float() / 255 - mean) / std.clamp_min(MIN_STD)

    def steps(self, photo: np.ndarray, *, in_file: tuple[int, int] | None = None) -> tuple[Step, ...]:
        """Show the way: the photo first, what the network sees last.

        Args:
            photo: uint8 (H, W, 3) of any size, or (H, W, 1).
            in_file: height and width that it had, where it was shrunk before.
        """
        colour = np.repeat(photo, 3, axis=2) if photo.shape[2] == 1 else photo
        steps = [Step("Photo", f"{_sizes(colour.shape[:2], in_file)}, three numbers of 0 to 255 each.", colour)]
        steps += self._resize_then_cut(colour) if self.resize_px else self._cut_then_fit(colour)
        if self.is_dark_ground and border_brightness(steps[-1].picture) > LIGHT:
            steps.append(self._inverted(steps[-1].picture))
        return (*steps, self._seen(steps[-1].picture))

    def _resize_then_cut(self, colour: np.ndarray) -> list[Step]:
        _, to_height, to_width = self.shape
        shorter = min(colour.shape[:2])
        # Of a very long photo only the middle can be seen; resizing all of it could take any amount of memory.
        colour = centre_cut(colour, *(min(side, MAX_PROPORTION * shorter) for side in colour.shape[:2]))
        height, width = colour.shape[:2]
        scale = (self.resize_px or min(height, width)) / min(height, width)
        size = (max(round(width * scale), to_width), max(round(height * scale), to_height))
        resized = np.asarray(Image.fromarray(colour).resize(size, Image.Resampling.BICUBIC))
        cut = centre_cut(resized, to_height, to_width)
        return [
            Step("Resize", f"The shorter side becomes {self.resize_px} px: {size[0]} × {size[1]} px.", resized),
            Step("Cut", f"The middle {to_width} × {to_height} px stay; the rest is never seen.", cut),
        ]

    def _cut_then_fit(self, colour: np.ndarray) -> list[Step]:
        n_channels, to_height, to_width = self.shape
        height, width = colour.shape[:2]
        scale = min(height / to_height, width / to_width)
        cut = centre_cut(colour, max(1, round(to_height * scale)), max(1, round(to_width * scale)))
        steps = []
        if cut.shape != colour.shape:
            what = f"The middle {cut.shape[1]} × {cut.shape[0]} px stay, in the network's proportions."
            steps.append(Step("Cut", what, cut))
        images = torch.from_numpy(cut.copy()).permute(2, 0, 1).unsqueeze(0)
        if n_channels == 1:
            images = fit_images(images, (1, *cut.shape[:2]))
            what = "One number a pixel: 0.299 red + 0.587 green + 0.114 blue."
            steps.append(Step("Grey", what, _picture(images)))
        fitted = fit_images(images, self.shape)
        what = f"Each pixel becomes the average of its surroundings: {to_width} × {to_height} px."
        steps.append(Step("Resize", what, _picture(fitted)))
        return steps

    def _inverted(self, picture: np.ndarray) -> Step:
        what = "The network learned light things on a dark ground; this ground is light, so 0 and 255 change places."
        return Step("Invert", what, 255 - picture)

    def _seen(self, picture: np.ndarray) -> Step:
        numbers = self._normalised(picture if self.shape[0] == 3 else picture[..., :1])
        low, high = numbers.min().item(), numbers.max().item()
        shown = ((numbers - low) * (255 / max(high - low, 1e-6))).round_().to(torch.uint8)
        what = (
            f"(pixel / 255 − {_in_words(self.mean)}) / {_in_words(self.std)}: numbers from {low:.2f} to {high:.2f}, "
            "drawn here from black to white."
        ).replace("-", "−")
        return Step("What the network sees", what, _picture(shown))

    def _normalised(self, pixels: np.ndarray) -> Tensor:
        return self.normalised(torch.from_numpy(pixels.copy()).permute(2, 0, 1).unsqueeze(0))


def _sizes(kept: tuple[int, ...], in_file: tuple[int, int] | None) -> str:
    """Write width and height, and of a photo that was shrunk both sizes."""
    size = f"{kept[1]} × {kept[0]} px"
    return size if in_file in (None, kept) else f"{in_file[1]} × {in_file[0]} px, kept at {size}"


def _in_words(values: tuple[float, ...]) -> str:
    """Write one number a channel, or one for all if they are the same."""
    shown = [f"{value:.3f}".rstrip("0").rstrip(".") for value in values]
    return shown[0] if len(set(shown)) == 1 else f"({', '.join(shown)})"


def _picture(images: Tensor) -> np.ndarray:
    """Turn uint8 (1, C, H, W) into (H, W, 3) for showing."""
    pixels: np.ndarray = images[0].permute(1, 2, 0).contiguous().numpy()
    return np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels


def centre_cut(pixels: np.ndarray, height: int, width: int) -> np.ndarray:
    """Cut the middle out; of an odd remainder the extra row or column goes at the bottom or right.

    Examples:
        >>> centre_cut(np.arange(5).reshape(1, 5, 1), 1, 2).ravel().tolist()
        [1, 2]
    """
    top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    return pixels[top : top + height, left : left + width]


def border_brightness(picture: np.ndarray) -> float:
    """Median brightness of the outermost pixels, 0..255: what the ground is like, whatever stands on it."""
    grey = picture.mean(2)
    return float(np.median(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])))
