"""Dropout: switch parts off at random while training, so that no part is relied upon alone."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from lab.network.layers.base import LayerSpec, Shape

Probability = Annotated[float, Field(strict=True, ge=0, lt=1)]


class Dropout(LayerSpec):
    """Dropout of single values."""

    title: ClassVar[str] = "Dropout"
    group: ClassVar[str] = "Regularisation"
    sentence: ClassVar[str] = (
        "While training, sets single values to 0 at random and enlarges the rest; does nothing afterwards."
    )
    stem: ClassVar[str] = "drop"
    takes: ClassVar[Literal["maps", "vector", "either"]] = "either"

    kind: Literal["Dropout"] = "Dropout"
    p: Probability = Field(default=0.5, description="Share of the values that are switched off.")

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Write Keras's layer of the same name."""
        return (f'layers.Dropout({self.p}, name="{self.id}")({{x}})',)


class Dropout2d(LayerSpec):
    """Dropout of whole maps."""

    title: ClassVar[str] = "Dropout of maps"
    group: ClassVar[str] = "Regularisation"
    sentence: ClassVar[str] = (
        "While training, sets whole maps to 0 at random: neighbouring pixels carry the same news, "
        "so that a map would hardly miss single ones."
    )
    stem: ClassVar[str] = "drop"
    vector_twin: ClassVar[str | None] = "Dropout"

    kind: Literal["Dropout2d"] = "Dropout2d"
    p: Probability = Field(default=0.5, description="Share of the maps that are switched off.")

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Write Keras's name for it."""
        return (f'layers.SpatialDropout2D({self.p}, name="{self.id}")({{x}})',)
