"""Which network is asked: the pretrained one, any run of one's own at one of its checkpoints, or the untrained one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.network.memory import kept, memory_bytes
from lab.network.spec import NetworkSpec
from lab.network.summary import summarize
from lab.training.run_folder import list_runs, open_run
from pages.ui import controls, network_choice, state
from pages.ui.classify.state import ClassifyState
from pages.ui.feature_maps.state import PRETRAINED, RUN, WORKBENCH
from pages.ui.feature_maps.subject import MAX_RUNS_LISTED, source_title

if TYPE_CHECKING:
    from lab.prediction.classifier import Classifier


def choose_network() -> None:
    """Draw the menu of networks, and for a run the slider over its checkpoints."""
    runs = {info.id: info for info in list_runs() if info.status != "damaged" and info.epoch > 0}
    listed = [RUN + run_id for run_id in list(runs)[:MAX_RUNS_LISTED]]
    current = state.load(ClassifyState).source
    if current.startswith(RUN) and current not in listed and current.removeprefix(RUN) in runs:
        listed.append(current)
    source = controls.select(
        ClassifyState,
        "source",
        choices=[PRETRAINED, *listed, WORKBENCH],
        format_func=lambda source: source_title(source, runs),
        on_change=lambda: network_choice.choose_network(state.load(ClassifyState).source),
    )
    if source.startswith(RUN):
        _choose_epoch(source.removeprefix(RUN))


def _choose_epoch(run_id: str) -> None:
    run = open_run(run_id)
    epochs = run.checkpoints()
    if not epochs:
        return  # deleted by hand; loading it says so
    if state.load(ClassifyState).epoch not in epochs:
        best = run.best_epoch()
        state.update(ClassifyState, epoch=epochs[-1] if best is None else best)
    if len(epochs) > 1:
        controls.select_slider(ClassifyState, "epoch", choices=epochs)


def chosen_classifier() -> Classifier:
    """Load the network that was chosen.

    Raises:
        LabError: the run is gone or damaged, the weights are missing, the network gives no class scores.
    """
    from lab.prediction.classifier import imagenet_classifier, run_classifier

    chosen = state.load(ClassifyState)
    if chosen.source.startswith(RUN):
        run_id = chosen.source.removeprefix(RUN)
        return run_classifier(run_id) if chosen.epoch < 0 else run_classifier(run_id, checkpoint=chosen.epoch)
    if chosen.source == WORKBENCH:
        return _untrained(state.workbench().network)
    return imagenet_classifier()


def _size_bytes(spec: NetworkSpec) -> int:
    return memory_bytes(summarize(spec))


@kept(_size_bytes, n_small=4)
def _untrained(spec: NetworkSpec) -> Classifier:
    from lab.prediction.classifier import untrained_classifier

    return untrained_classifier(spec)
