"""A data set at a glance: some images of every class, a strip a class, before anything is trained."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html import escape

import numpy as np
import streamlit as st

from lab.data.bundled import BUNDLED_NAME, read_bundled
from lab.data.catalogue import data_set
from lab.data.storage import stored_at_ns
from lab.errors import Code, DataError
from pages.ui import messages
from pages.ui.picture import data_uri, png
from pages.ui.train.download import licence_line, show_download

PER_CLASS = 8
MAX_CLASSES = 12  # more rows than the first screen holds say no more about a set
SEPARATION_PX = 2  # dark line between two images of a strip


@dataclass(frozen=True)
class Strip:
    """Some training images of one class, side by side in one picture."""

    label: str
    uri: str
    n_images: int


@lru_cache(maxsize=8)
def class_strips(name: str, stored_ns: int) -> tuple[Strip, ...]:
    """Make the strips of a set that is on this machine.

    Args:
        name: of the set.
        stored_ns: when it was stored; a set deleted and taken in anew under a name is another one.

    Raises:
        DataError: DATA-DOWNLOAD when it has to be fetched first, DATA-DAMAGED, DATA-UNKNOWN.
    """
    classes, images, labels = _training_images(name)
    strips = []
    for k, label in enumerate(classes[:MAX_CLASSES]):
        members = np.flatnonzero(labels == k)
        strip = side_by_side(images[members[:PER_CLASS]])
        strips.append(Strip(label, data_uri(png(strip)), len(members)))
    return tuple(strips)


def _training_images(name: str) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Class names, images uint8 (N, C, H, W), labels (N,); those that come with the lab without importing torch."""
    if name == BUNDLED_NAME:
        arrays = read_bundled()
        return data_set(name).classes, arrays["train_images"], arrays["train_labels"]
    from lab.data.image_set import load_image_set

    image_set = load_image_set(name, download=False)
    return image_set.classes, image_set.train_images.numpy(), image_set.train_labels.numpy()


def side_by_side(images: np.ndarray) -> np.ndarray:
    """Join images into one row with a dark line between them.

    Args:
        images: uint8 (N, C, H, W), C is 1 or 3.

    Returns:
        uint8 (H, W', C); W' = N·W and the lines between.

    Examples:
        >>> side_by_side(np.full((2, 1, 4, 4), 9, np.uint8)).shape
        (4, 10, 1)
    """
    n, channels, height, width = images.shape
    padded = np.zeros((n, height, width + SEPARATION_PX, channels), np.uint8)
    padded[:, :, :width] = images.transpose(0, 2, 3, 1)
    row = padded.transpose(1, 0, 2, 3).reshape(height, n * (width + SEPARATION_PX), channels)
    return row[:, :-SEPARATION_PX] if n else row


_STYLE = """
<style>
.lab-strips { display: grid; grid-template-columns: minmax(4.5rem, max-content) 1fr; gap: 3px 0.7rem;
  align-items: center; }
.lab-strips span { font-size: 0.85rem; overflow: hidden; text-overflow: ellipsis; max-width: 8.5rem; }
.lab-strips img { width: 100%; max-width: 340px; height: auto; image-rendering: pixelated; border-radius: 4px;
  display: block; }
</style>
"""


def strips_html(strips: tuple[Strip, ...]) -> str:
    """Write the strips as one piece of HTML; class names are escaped, they may be a user's."""
    rows = "".join(
        f'<span title="{escape(one.label)}">{escape(one.label)}</span>'
        f'<img src="{one.uri}" alt="{escape(f"{min(PER_CLASS, one.n_images)} training images of {one.label}")}">'
        for one in strips
    )
    return f'{_STYLE}<div class="lab-strips">{rows}</div>'


def show_samples(name: str) -> None:
    """Show a set's images, or the way to get them onto this machine."""
    row = data_set(name)
    try:
        with st.spinner("Opening the images"):
            strips = class_strips(name, stored_at_ns(name))
    except DataError as error:
        if error.code is not Code.DATA_DOWNLOAD:
            raise
        show_download(row)
        return
    st.html(strips_html(strips))
    st.caption(messages.escape(more_classes(len(row.classes) - len(strips)) + licence_line(row)))


def more_classes(n: int) -> str:
    """Say how many classes are not shown.

    Examples:
        >>> more_classes(0), more_classes(1), more_classes(25)
        ('', '1 more class. ', '25 more classes. ')
    """
    return f"{n} more class{'es' if n > 1 else ''}. " if n else ""
