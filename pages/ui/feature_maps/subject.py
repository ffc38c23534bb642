"""Which network is looked into: the learner's own, a run at one of its checkpoints, the pretrained one, or a preset."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.data.catalogue import data_sets
from lab.errors import Code, LabError
from lab.network.memory import kept, memory_bytes
from lab.network.presets import PRESETS, preset
from lab.network.spec import NetworkSpec
from lab.network.summary import summarize
from lab.training.run_folder import RunInfo, list_runs, open_run
from pages.ui import controls, network_choice, state, units
from pages.ui.feature_maps.state import PRESET, PRETRAINED, RUN, WORKBENCH, FeatureMapsState

if TYPE_CHECKING:
    from lab.network.build import Network
    from lab.prediction.classifier import Classifier
    from lab.prediction.preprocessing import Preprocessing

MAX_RUNS_LISTED = 30
MAX_NAME = 18  # letters of a network in a run's title


@dataclass(frozen=True)
class Subject:
    """A network ready to be shown a picture.

    Attributes:
        source: as in :class:`FeatureMapsState`.
        network: built, in evaluation mode, shared: never changed.
        classes: names of its outputs; may be fewer than there are.
        preprocessing: how a photo becomes its input.
        epochs, epoch: a run's checkpoints and the one shown; empty and ``None`` for all others.
        sentence: what kind of network this is.
        classifier: what it comes from, where it is trained.
    """

    source: str
    network: Network
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    sentence: str
    epochs: tuple[int, ...] = ()
    epoch: int | None = None
    classifier: Classifier | None = None


def choose_source() -> str:
    """Draw the menu of networks; return the choice."""
    runs = {info.id: info for info in list_runs() if info.status != "damaged"}
    listed = dict(list(runs.items())[:MAX_RUNS_LISTED])
    choices = [PRETRAINED, WORKBENCH, *(RUN + run_id for run_id in listed), *(PRESET + name for name in PRESETS)]
    current = state.load(FeatureMapsState).source
    if current not in choices:
        state.update(FeatureMapsState, source=first_source(runs))
    return str(
        controls.select(
            FeatureMapsState,
            "source",
            choices=choices,
            format_func=lambda source: source_title(source, runs),
            on_change=lambda: network_choice.choose_network(state.load(FeatureMapsState).source),
        )
    )


def first_source(runs: dict[str, RunInfo]) -> str:
    """What is shown before anybody chose: the newest run that has learned something, else the learner's network."""
    return next((RUN + run_id for run_id, info in runs.items() if info.epoch > 0), WORKBENCH)


def data_of(source: str) -> str | None:
    """The name of the set that a run was trained on; ``None`` for all others, and for a run that cannot be read."""
    if source.startswith(RUN):
        with suppress(LabError):
            return open_run(source.removeprefix(RUN)).spec().data
    return None


def source_title(source: str, runs: dict[str, RunInfo]) -> str:
    """The menu's text for a source: what tells it from the others comes first, as a narrow menu cuts the end off."""
    if source == WORKBENCH:
        return f"Your network: {state.workbench().network.name}, not trained"
    if source == PRETRAINED:
        return "EfficientNet-Lite0, trained on 1.28 million photos"
    if source.startswith(RUN):
        return run_title(source.removeprefix(RUN), runs)
    name = source.removeprefix(PRESET)
    return f"Not trained: {PRESETS[name].title}" if name in PRESETS else name


def run_title(run_id: str, runs: dict[str, RunInfo]) -> str:
    """A run by network, images, accuracy and time; runs that agree in all of these also by the end of their id."""
    info = runs.get(run_id)
    if info is None:
        return "A run that is no longer here"
    title = _run_facts(info)
    is_only_one = [_run_facts(other) for other in runs.values()].count(title) == 1
    return title if is_only_one else f"{title} · {run_id[-4:]}"


def _run_facts(info: RunInfo) -> str:
    name = info.network if len(info.network) <= MAX_NAME else info.network[: MAX_NAME - 1] + "…"
    row = data_sets().get(info.data)
    # Without what stands in brackets: "(bundled part)" would take the place of the accuracy.
    data = row.title.split(" (")[0] if row else info.data
    accuracy = [] if info.best_test_accuracy is None else [units.percent(info.best_test_accuracy)]
    return " · ".join([name, data, *accuracy, moment(info.created_at)])


def moment(at_s: float, now_s: float | None = None) -> str:
    """When something was, as short as today allows, by the server's clock."""
    then, now = time.localtime(at_s), time.localtime(now_s)
    return time.strftime("%H:%M" if then[:3] == now[:3] else "%Y-%m-%d %H:%M", then)


def checkpoint_sentence(classifier: Classifier) -> str:
    """Say which checkpoint of a run is shown, and what marks it out.

    Returns:
        Such as "tiny, trained on MNIST, epoch 15 of 20, the best on the test images." For a network that is no run,
        its title.
    """
    if classifier.run is None:
        return f"{classifier.title}."
    is_best = classifier.epoch > 0 and classifier.epoch == classifier.run.best_epoch()
    planned = f" of {classifier.run.spec().epochs}"
    return f"{classifier.title}{planned}{', the best on the test images' if is_best else ''}."


def load_subject(source: str, epoch: int) -> Subject:
    """Build or fetch the network.

    Raises:
        LabError: the network does not fit together, the run is gone or damaged, the weights are missing.
    """
    if source == PRETRAINED:
        return _pretrained()
    if source.startswith(RUN):
        return _of_run(source, epoch)
    spec = preset(source.removeprefix(PRESET)) if source.startswith(PRESET) else state.workbench().network
    return _untrained(source, spec)


def _size_bytes(_source: str, spec: NetworkSpec) -> int:
    return memory_bytes(summarize(spec))


@kept(_size_bytes, n_small=6)
def _untrained(source: str, spec: NetworkSpec) -> Subject:
    from lab.network.build import build_network
    from lab.prediction.preprocessing import Preprocessing

    if spec.input[0] not in (1, 3):
        raise LabError(
            Code.NETWORK_SHAPE,
            f"the network takes {spec.input[0]} channels, but a picture has 1 (grey) or 3 (colour)",
            where="input",
            now="set the input to 1 or 3 channels",
        )
    half = (0.5,) * spec.input[0]
    return Subject(
        source,
        build_network(spec).eval(),
        (),
        Preprocessing(spec.input, half, half),
        "Not trained: random weights.",
    )


def _pretrained() -> Subject:
    from lab.prediction.classifier import imagenet_classifier

    it = imagenet_classifier()
    return Subject(PRETRAINED, it.network, it.classes, it.preprocessing, "Trained on ImageNet.", classifier=it)


def _of_run(source: str, epoch: int) -> Subject:
    from lab.prediction.classifier import run_classifier

    run = open_run(source.removeprefix(RUN))
    epochs = run.checkpoints()
    wanted = epoch if epoch in epochs else run.best_epoch()
    it = run_classifier(run.id, checkpoint="last" if wanted is None else wanted)
    return Subject(source, it.network, it.classes, it.preprocessing, checkpoint_sentence(it), epochs, wanted, it)
