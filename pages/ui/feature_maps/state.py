"""What a visitor has chosen on the Feature maps page."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from pages.ui.state import PageState

NOTHING = -2
ALL_MAPS = -1

WORKBENCH = "workbench"
PRETRAINED = "imagenet"
PRESET = "preset:"
RUN = "run:"
SOFTMAX = "__softmax__"


class FeatureMapsState(PageState):
    """The network, the checkpoint, and what is opened in the drawing."""

    page: ClassVar[str] = "maps"
    linked: ClassVar[frozenset[str]] = frozenset({"source", "epoch", "scale", "layer", "channel", "n_shown"})

    source: str = Field(
        "", max_length=90, title="Network", description="Yours as it is now, a run, the pretrained one, or a preset."
    )
    epoch: int = Field(-1, ge=-1, le=100_000, description="A run's checkpoint; the best one by itself.")
    scale: Literal["auto", "layer", "block", "global"] = "auto"
    n_shown: int = Field(
        10,
        ge=4,
        le=16,
        title="Maps per layer",
        description="Layers with more show their strongest; a click on the name shows all.",
    )
    layer: str = Field("", max_length=40)
    channel: int = Field(NOTHING, ge=NOTHING, le=1_000_000)
