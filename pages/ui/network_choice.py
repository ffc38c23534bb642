"""The network that a learner chose goes along from Feature maps to Classify and back, as the photo does."""

from __future__ import annotations

from lab.training.run_folder import list_runs
from pages.ui import state
from pages.ui.classify.state import ClassifyState
from pages.ui.feature_maps.state import NOTHING, PRESET, RUN, FeatureMapsState


def choose_network(source: str) -> None:
    """Take this network on both pages, from its first view on; Classify keeps its own where it cannot ask this one."""
    state.update(FeatureMapsState, source=source, epoch=-1, layer="", channel=NOTHING)
    if can_be_asked(source):
        state.update(ClassifyState, source=source, epoch=-1)


def can_be_asked(source: str) -> bool:
    """Whether Classify offers this network: no preset, and no run that has not learned anything yet."""
    if source.startswith(RUN):
        return any(RUN + info.id == source and info.epoch > 0 and info.status != "damaged" for info in list_runs())
    return not source.startswith(PRESET)
