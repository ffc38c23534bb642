"""Which photo the learner looks at: one for all pages that show a network a photo, kept while moving between them."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Literal

import numpy as np
import streamlit as st
from PIL import Image
from pydantic import Field

from lab.data.catalogue import DataSetRow, data_sets
from lab.data.decoder import MAX_BYTES, MAX_PIXELS
from lab.data.photo import TakenPhoto, open_photo, sample_photos, take_photo
from lab.data.storage import is_stored, stored_at_ns
from lab.errors import LabError
from pages.ui import controls, messages, state
from pages.ui.components.photo_strip import Thumbnail, photo_strip, picked_name
from pages.ui.picture import data_uri, png

MAX_MB = MAX_BYTES // 10**6
LONGEST_SIDE_PX = 1024  # of what is kept for a session: more than any network here sees
THUMBNAIL_PX = 112
CAMERA_PX = 420  # of its picture on the page, where there is room: what it is for stays in sight below it
N_SHOWN = 18  # images of a set on offer at a time
SOURCES = {"sample": "Sample", "set": "Data set", "upload": "Upload", "camera": "Camera"}


class PhotoState(state.PageState):
    """What the visitor chose to look at; an own photo stays in the session and never travels in a link."""

    page: ClassVar[str] = "photo"
    linked: ClassVar[frozenset[str]] = frozenset({"source", "sample", "data", "index", "chosen"})

    source: Literal["sample", "set", "upload", "camera"] = Field("sample", title="Photo")
    sample: str = Field("cat", max_length=40)
    data: str = Field("fashion-mnist", max_length=64, title="Data set", description="Its test images are offered.")
    index: int = Field(0, ge=0, le=10_000_000)
    chosen: bool = Field(False, description="Whether the visitor took it, or it was only offered with a network.")


@dataclass(frozen=True, eq=False)
class Photo:
    """A picture to show to a network.

    Attributes:
        key: equal for the same picture, for caches.
        title: what it is called; may be a user's text.
        note: its licence, or its class in the data set.
        pixels: uint8 (H, W, 3).
        label: its class, where a data set tells it.
        in_file: height and width in its file, where it came from one of the visitor's.
    """

    key: str
    title: str
    note: str
    pixels: np.ndarray
    label: str | None = None
    in_file: tuple[int, int] | None = None


def suit_photo(data: str | None) -> None:
    """As long as the visitor has chosen no picture, show one that the network knows something about.

    Args:
        data: the set a run was trained on, for its first test image; ``None`` for the first sample photo.
    """
    offered = state.recall("photo.offered") or PhotoState()
    now = state.load(PhotoState)
    if now.chosen or now != offered:
        return
    fitting = PhotoState(source="set", data=data) if data in _sets_here() else PhotoState()
    if fitting != offered:
        state.save(fitting)
        state.remember("photo.offered", fitting)


def _choose(**changes: object) -> None:
    state.update(PhotoState, chosen=True, **changes)


def photo_input(empty: str) -> Photo | None:
    """Draw the chooser; return the photo, or ``None`` as long as there is none.

    Samples and images of a set by a click, a file, or the camera (asked for only when chosen). What was uploaded
    stays when the page is left.

    Args:
        empty: what is said where nothing was chosen yet; a picture that was refused is told of by its error alone.
    """
    source = controls.segmented(
        PhotoState, "source", format_func=SOURCES.get, label_visibility="collapsed", on_change=_choose
    )
    with messages.guarded():
        photo = _CHOOSERS[source]()
        if photo is None:
            st.info(empty, icon=":material/image:")
        return photo
    return None


def last_good() -> Photo:
    """What a stage shows where the chooser has no photo: the own photo before one that was refused, else a sample."""
    asked = state.load(PhotoState)
    kept = state.recall(f"photo.{asked.source}")
    return kept if isinstance(kept, Photo) else sample(asked.sample)


def _choose_sample() -> Photo:
    names = [one.name for one in sample_photos()]
    chosen = state.load(PhotoState).sample
    chosen = chosen if chosen in names else names[0]
    photo_strip(
        _sample_thumbnails(), chosen=chosen, label="Sample photos", key="_photo.samples", on_picked=_take_sample
    )
    return sample(chosen)


def _take_sample() -> None:
    picked = picked_name("_photo.samples")
    if picked in {one.name for one in sample_photos()}:
        _choose(sample=picked)


def _sets_here() -> dict[str, DataSetRow]:
    return {name: row for name, row in data_sets().items() if row.bundled or is_stored(name)}


def _choose_from_set() -> Photo | None:
    here = _sets_here()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = controls.select(
            PhotoState, "data", choices=list(here), format_func=lambda name: here[name].title, on_change=_choose
        )
        index = min(state.load(PhotoState).index, here[name].n_test - 1)
        first = index // N_SHOWN * N_SHOWN
        st.button(
            "Other images",
            key="_photo.next",
            icon=":material/refresh:",
            on_click=_choose,
            kwargs={"index": (first + N_SHOWN) % here[name].n_test},
        )
    photo_strip(
        _set_thumbnails(name, stored_at_ns(name), first),
        chosen=str(index),
        label="Test images",
        key="_photo.images",
        on_picked=_take_image,
    )
    return set_image(name, index)


def _take_image() -> None:
    picked = picked_name("_photo.images")
    if picked is not None and picked.isascii() and picked.isdigit() and len(picked) < 8:
        _choose(index=int(picked))


def _upload() -> Photo | None:
    file = st.file_uploader(
        f"PNG, JPEG, WebP, GIF, BMP or TIFF, up to {MAX_MB} MB and {MAX_PIXELS // 10**6} megapixels",
        key="_photo.upload",
        max_upload_size=MAX_MB,
        help="The file is decoded in a limited process and shrunk; it is never written to the disk.",
    )
    return _take_in(file, "photo.upload")


def _camera() -> Photo | None:
    st.caption("Where there is no camera, or the browser or its owner does not allow it, an upload works as well.")
    return _take_in(st.camera_input("Take a photo", key="_photo.camera", width=CAMERA_PX), "photo.camera")


def _take_in(file: Any, kept_as: str) -> Photo | None:
    """Decode a new file and keep it; without one, what was kept before is still there."""
    kept: Photo | None = state.recall(kept_as)
    if file is None:
        return kept
    content = file.getvalue()
    key = f"own:{hashlib.sha256(content).hexdigest()}"
    if kept is None or kept.key != key:
        taken = _decoded(file, content, kept_as)
        kept = Photo(key, file.name, "Your own; it stays on this machine.", taken.pixels, in_file=taken.in_file)
        state.remember(kept_as, kept)
    return kept


def _decoded(file: Any, content: bytes, kept_as: str) -> TakenPhoto:
    """Decode a file once: one that was refused is refused again at the next run of the page, without another try."""
    refused: tuple[str, LabError] | None = state.recall(f"{kept_as}.refused")
    if refused is not None and refused[0] == file.file_id:
        raise refused[1].with_traceback(None)
    try:
        return take_photo(content, longest_side_px=LONGEST_SIDE_PX, name=file.name)
    except LabError as error:
        state.remember(f"{kept_as}.refused", (file.file_id, error))
        raise


_CHOOSERS = {"sample": _choose_sample, "set": _choose_from_set, "upload": _upload, "camera": _camera}


@lru_cache(maxsize=16)
def sample(name: str) -> Photo:
    """Open a sample photo; an unknown name gives the first."""
    found = next((one for one in sample_photos() if one.name == name), sample_photos()[0])
    return Photo(f"sample:{found.name}", found.title, found.licence, open_photo(found.path))


def set_image(name: str, index: int) -> Photo:
    """Take a test image of a set that is on this machine.

    Raises:
        DataError: the set is not here, or damaged.
    """
    from lab.data.image_set import load_image_set

    image_set = load_image_set(name, download=False)
    index = min(index, len(image_set.test_images) - 1)
    pixels: np.ndarray = image_set.test_images[index].permute(1, 2, 0).contiguous().numpy()
    colour = np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels
    label = image_set.classes[int(image_set.test_labels[index])]
    return Photo(f"set:{name}:{image_set.sha256}:{index}", f"Test image {index}", f"Its class: {label}", colour, label)


@lru_cache(maxsize=1)
def _sample_thumbnails() -> tuple[Thumbnail, ...]:
    return tuple(Thumbnail(one.name, one.title, small_uri(sample(one.name).pixels)) for one in sample_photos())


@lru_cache(maxsize=64)
def _set_thumbnails(name: str, _stored_ns: int, first: int) -> tuple[Thumbnail, ...]:
    thumbnails = []
    for index in range(first, min(first + N_SHOWN, data_sets()[name].n_test)):
        photo = set_image(name, index)
        thumbnails.append(Thumbnail(str(index), f"Test image {index}: {photo.label}", small_uri(photo.pixels)))
    return tuple(thumbnails)


def small_uri(pixels: np.ndarray, longest_px: int = THUMBNAIL_PX) -> str:
    """Make a small picture as a data URI: photos as JPEG, tiny images without loss.

    Args:
        pixels: uint8 (H, W, 3).
        longest_px: longest side of a photo.
    """
    if max(pixels.shape[:2]) <= 64:
        return data_uri(png(pixels))
    picture = Image.fromarray(pixels)
    picture.thumbnail((longest_px, longest_px), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=82)
    return data_uri(file.getvalue(), "image/jpeg")
