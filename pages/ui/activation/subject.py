"""Whose layer is looked at: the learner's network, a run's, or the pretrained one; and what reaches it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from lab.data.bundled import BUNDLED_NAME
from lab.data.catalogue import data_sets
from lab.errors import LabError
from lab.network.catalogue import kind_of
from lab.network.layers import LayerSpec
from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from lab.network.summary import summarize
from lab.training.run_folder import RunInfo, list_runs, open_run
from pages.ui import state
from pages.ui.activation.state import GROUP
from pages.ui.feature_maps.state import PRETRAINED, RUN, WORKBENCH
from pages.ui.feature_maps.subject import load_subject, source_title

if TYPE_CHECKING:
    from torch import Tensor

    from lab.inspection.activation_set import Reaching
    from lab.network.build import Network
    from lab.prediction.preprocessing import Preprocessing

N_PICTURES = 16
# A network this large takes a third of a second a picture.
LARGE_BYTES = 20 * 2**20
N_PICTURES_LARGE = 6
MAX_RUNS_LISTED = 12


@dataclass(frozen=True)
class Source:
    """A network in the menu, with its activation layers.

    Attributes:
        epoch: how far a run has come: while it trains, its weights change.
    """

    name: str
    title: str
    spec: NetworkSpec
    layers: tuple[LayerSpec, ...]
    epoch: int = 0


def sources() -> tuple[Source, ...]:
    """The networks to choose from: the learner's own, the pretrained one, the newest runs.

    A network without any activation is left out, except the learner's own.
    """
    runs = {info.id: info for info in list_runs() if info.status != "damaged" and info.epoch > 0}
    own = _source(WORKBENCH, runs, state.workbench().network)
    found = [_source(PRETRAINED, runs, preset("efficientnet_lite0"))]
    newest = list(runs.values())[:MAX_RUNS_LISTED]
    found += [_source(RUN + info.id, runs, info.spec.network) for info in newest if info.spec is not None]
    return (own, *(source for source in found if source.layers))


def _source(name: str, runs: dict[str, RunInfo], spec: NetworkSpec) -> Source:
    layers = tuple(layer for layer in spec.layers if kind_of(layer.kind).group == GROUP)
    run = runs.get(name.removeprefix(RUN))
    return Source(name, source_title(name, runs), spec, layers, run.epoch if run else 0)


@dataclass(frozen=True)
class Subject:
    """One layer of one network; hashable, so that what reaches it is computed once."""

    source: Source
    layer: LayerSpec

    @property
    def key(self) -> tuple[str, NetworkSpec, str, int]:
        """What its values depend on."""
        return self.source.name, self.source.spec, self.layer.id, self.source.epoch


def subject(listed: tuple[Source, ...], source: str, layer: str) -> Subject | None:
    """The layer that was chosen, else the first of that network, else of the learner's; ``None`` where none is."""
    chosen = next((row for row in listed if row.name == source), listed[0])
    found = next((row for row in chosen.layers if row.id == layer), None)
    first = found or next(iter(chosen.layers), None)
    return None if first is None else Subject(chosen, first)


@lru_cache(maxsize=12)
def reaching(source: str, spec: NetworkSpec, layer_id: str, _epoch: int = 0) -> tuple[Reaching, str]:
    """What reaches a layer for some pictures, and what the pictures are; kept for all sessions, never changed.

    Raises:
        LabError: the network does not fit together, or its run is gone.
    """
    from lab.inspection.activation_set import reaching_values

    network, preprocessing, data = _loaded(source, spec)
    images, title = _pictures(preprocessing, spec, data)
    return reaching_values(network, images, layer_id), title


def _loaded(source: str, spec: NetworkSpec) -> tuple[Network, Preprocessing, str | None]:
    """The network with its weights, what it does to a picture first, and the data that it was trained on."""
    if source != WORKBENCH:
        loaded = load_subject(source, -1)
        is_run = source.startswith(RUN)
        return loaded.network, loaded.preprocessing, open_run(source.removeprefix(RUN)).spec().data if is_run else None
    from lab.network.build import build_network
    from lab.prediction.preprocessing import Preprocessing

    half = (0.5,) * spec.input[0]
    return build_network(spec).eval(), Preprocessing(spec.input, half, half), None


def _pictures(preprocessing: Preprocessing, spec: NetworkSpec, data: str | None) -> tuple[Tensor, str]:
    """A run's own test images; the bundled ones for a grey network; the sample photos for one that sees colours."""
    n = N_PICTURES_LARGE if summarize(spec).activation_bytes > LARGE_BYTES else N_PICTURES
    if data is None and spec.input[0] == 3:
        return _photos(preprocessing, n)
    from lab.data.image_set import fit_images, load_image_set

    name = data or BUNDLED_NAME
    try:
        image_set = load_image_set(name, download=False)
    except LabError:  # a run outlives its images
        name, image_set = BUNDLED_NAME, load_image_set(BUNDLED_NAME)
    images = fit_images(image_set.test_images[:n], preprocessing.shape)
    row = data_sets().get(name)
    title = row.title.split(" (")[0] if row else name
    return preprocessing.normalised(images), f"{len(images)} pictures of {title}"


def _photos(preprocessing: Preprocessing, n: int) -> tuple[Tensor, str]:
    import torch

    from lab.data.photo import open_photo, sample_photos

    photos = [open_photo(photo.path, longest_side_px=512) for photo in sample_photos()[:n]]
    images = torch.cat([preprocessing.tensor(photo) for photo in photos])
    return images, f"{len(photos)} sample photos"
