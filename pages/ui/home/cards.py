"""The four things to do, each with a small picture of what the learner has now."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image

from lab.data.assets import ASSETS
from lab.data.photo import sample_photos
from lab.network.spec import NetworkSpec
from lab.theory.kernels import NAMED_KERNELS, cross_correlate
from lab.training.run_folder import RunInfo
from pages.ui import cached, palette, units
from pages.ui.build.rows import drawing
from pages.ui.components.action_cards import ActionCard
from pages.ui.data_title import data_title

# Two rows of four have about the card's proportions.
N_GARMENTS = 8


def cards(network: NetworkSpec, runs: list[RunInfo]) -> tuple[ActionCard, ...]:
    """The cards in the order in which one does it the first time."""
    rows = cached.analyse(network).rows.values()
    n_params = units.short_count(sum(row.n_params for row in rows))
    return (
        ActionCard(
            "build",
            "Build a network",
            "Add, move and change layers; every shape and cost is recomputed at once.",
            f"Now: {network.name}, {len(network.layers)} layers, {n_params} parameters",
            drawing=drawing(network),
        ),
        _train_card(runs),
        ActionCard(
            "feature-maps",
            "Look inside",
            "Every feature map of every layer for one picture; click one to see how it is made.",
            "Works before any training too",
            pictures=_map_pictures(),
        ),
        ActionCard(
            "classify",
            "Show it a photo",
            "Upload one, or use the camera: see what the network sees, and what it takes it for.",
            "A network trained on a million photos is included",
            pictures=(_photo_picture(),),
        ),
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
        "Real images, live curves, pause and resume; the run goes on when you close the page.",
        note,
        pictures=(_garment_picture(),),
    )


def _png(picture: Image.Image) -> str:
    buffer = BytesIO()
    picture.save(buffer, format="PNG", compress_level=6)
    return f"data:image/png;base64,{b64encode(buffer.getvalue()).decode()}"


@lru_cache(maxsize=1)
def _garment_picture() -> str:
    """The first test images of the bundled data set in two rows."""
    with np.load(ASSETS / "fashion-mnist.npz") as arrays:
        images = arrays["test_images"][:N_GARMENTS].reshape(2, N_GARMENTS // 2, 28, 28)
    return _png(Image.fromarray(np.ascontiguousarray(images.transpose(0, 2, 1, 3)).reshape(56, -1)))


@lru_cache(maxsize=1)
def _map_pictures() -> tuple[str, ...]:
    """What the first three hand-written kernels make of the first sample photo."""
    with Image.open(sample_photos()[0].path) as photo:
        grey = np.asarray(photo.convert("L").resize((72, 72)), dtype=np.float64)
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
