"""The things to do, each with a small picture of what the learner has now."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image

from lab.data.assets import ASSETS
from lab.data.bundled import BUNDLED_FILE
from lab.data.photo import sample_photos
from lab.network.spec import NetworkSpec
from lab.theory.kernels import NAMED_KERNELS, cross_correlate
from lab.training.run_folder import RunInfo
from pages.ui import palette, units
from pages.ui.build.rows import drawing
from pages.ui.components.action_cards import ActionCard
from pages.ui.data_title import data_title
from pages.ui.network_totals import totals

N_GARMENTS = 4  # side by side, each whole
PATCH = (slice(27, 30), slice(29, 35))  # of the photo in grey: an eye's edge, dark beside light


def cards(network: NetworkSpec, runs: list[RunInfo]) -> tuple[ActionCard, ...]:
    """The cards in the order in which one does it the first time."""
    return (
        ActionCard(
            "convolution",
            "See the arithmetic",
            "Drag a kernel over numbers and photos; every product and sum is written out.",
            "And pooling, activation, loss, bias, neurons",
            numbers=_patch(),
        ),
        _build_card(network),
        _train_card(runs),
        ActionCard(
            "feature-maps",
            "Look inside",
            "Every feature map of every layer; click one to see how it is made.",
            "Works before any training too",
            pictures=_map_pictures(),
        ),
        ActionCard(
            "classify",
            "Show it a photo",
            "What a network sees in your photo, and what it takes it for.",
            "A network trained on a million photos is included",
            pictures=(_photo_picture(),),
        ),
        ActionCard(
            "practise",
            "Practise questions",
            "Exam questions without end: hints, checked answers, worked solutions.",
            "And whole exams under time",
            lines=("28×28", "kernel 5×5", "?×?"),
        ),
    )


def _build_card(network: NetworkSpec) -> ActionCard:
    n_params = units.short_count(totals(network).n_params)
    return ActionCard(
        "build",
        "Build a network",
        "Add, move and change layers; every shape and cost follows.",
        f"Now: {network.name}, {n_params} parameters",
        drawing=drawing(network),
    )


def _train_card(runs: list[RunInfo]) -> ActionCard:
    done = [run for run in runs if run.best_test_accuracy is not None]
    note = "Fashion-MNIST is included; no download needed"
    if done:
        best = units.percent(done[0].best_test_accuracy or 0)
        note = f"Latest: {done[0].network} on {data_title(done[0].data)}, best test accuracy {best}"
    return ActionCard(
        "train",
        "Train it",
        "Real images, live curves; the run goes on when you close the page.",
        note,
        pictures=_garment_pictures(),
    )


def _png(picture: Image.Image) -> str:
    buffer = BytesIO()
    picture.save(buffer, format="PNG", compress_level=6)
    return f"data:image/png;base64,{b64encode(buffer.getvalue()).decode()}"


@lru_cache(maxsize=1)
def _garment_pictures() -> tuple[str, ...]:
    """The first test images of the bundled data set."""
    with np.load(ASSETS / BUNDLED_FILE) as arrays:
        images = arrays["test_images"][:N_GARMENTS]
    return tuple(_png(Image.fromarray(np.ascontiguousarray(image))) for image in images)


@lru_cache(maxsize=1)
def _grey_photo() -> np.ndarray:
    """The first sample photo, grey, small."""
    with Image.open(sample_photos()[0].path) as photo:
        return np.asarray(photo.convert("L").resize((72, 72)))


def _patch() -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(int(value) for value in row) for row in _grey_photo()[PATCH])


@lru_cache(maxsize=1)
def _map_pictures() -> tuple[str, ...]:
    """What the first three hand-written kernels make of the photo."""
    grey = _grey_photo().astype(np.float64)
    return tuple(_map_picture(cross_correlate(grey, kernel.weights)) for kernel in NAMED_KERNELS[:3])


def _map_picture(values: np.ndarray) -> str:
    limit = float(np.quantile(np.abs(values), 0.98)) or 1.0
    steps = np.clip(128 + 127 * values / limit, 1, 255).round().astype(np.uint8)
    picture = Image.frombytes("P", (steps.shape[1], steps.shape[0]), steps.tobytes())
    picture.putpalette(palette.diverging_table("light"))
    return _png(picture)


@lru_cache(maxsize=1)
def _photo_picture() -> str:
    """The first sample photo, small."""
    with Image.open(sample_photos()[0].path) as photo:
        small = photo.convert("RGB")
        small.thumbnail((360, 360))
    buffer = BytesIO()
    small.save(buffer, format="JPEG", quality=80)
    return f"data:image/jpeg;base64,{b64encode(buffer.getvalue()).decode()}"
