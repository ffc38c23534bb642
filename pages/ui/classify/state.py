"""What a visitor has chosen on the Classify page; the photo itself is :mod:`pages.ui.photo`'s."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from pages.ui.feature_maps.state import PRETRAINED
from pages.ui.state import PageState


class ClassifyState(PageState):
    """The network that is asked: ``"imagenet"``, ``"run:<id>"`` or ``"workbench"``."""

    page: ClassVar[str] = "classify"
    linked: ClassVar[frozenset[str]] = frozenset({"source", "epoch"})

    source: str = Field(
        PRETRAINED,
        max_length=90,
        title="Network",
        description="The pretrained one knows 1,000 kinds of things; a run of yours knows the classes of its images.",
    )
    epoch: int = Field(-1, ge=-1, le=100_000, title="Epoch", description="The run as it was after this epoch.")
