"""What a visitor has chosen on the Runs page."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from pages.ui.state import PageState

MAX_CHOSEN = 50
ExportFormat = Literal["pytorch", "keras", "onnx", "spec", "weights", "zip"]


class RunsState(PageState):
    """The ticked runs, and the one whose details are shown (empty: the first of them)."""

    page: ClassVar[str] = "runs"
    linked: ClassVar[frozenset[str]] = frozenset({"chosen", "detail"})

    chosen: tuple[str, ...] = Field((), max_length=MAX_CHOSEN)
    detail: str = Field("", max_length=80)
    export: ExportFormat = Field("pytorch", title="Export as")
