"""What the visitor has chosen on the Build page; the network itself is on the workbench."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from pages.ui.state import PageState

View = Literal["Layers", "Code"]
Language = Literal["PyTorch", "Keras", "Spec"]


class BuildState(PageState):
    """The chosen layer, and which of the two views is open."""

    page: ClassVar[str] = "build"
    linked: ClassVar[frozenset[str]] = frozenset({"selected", "view", "language"})

    selected: str = Field(default="input", max_length=32)
    view: View = "Layers"
    language: Language = "PyTorch"
    apart: str = Field(default="", max_length=64)  # the field that was changed side by side last, ``"conv1.stride"``
    split_axes: bool = Field(
        default=False, title="Height and width apart", description="Show two numbers where height and width can differ."
    )
