"""What the visitor has chosen on Neurons: the network on the plane, its trained state, and what is looked at."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from lab.theory.neurons.plane_spec import MAX_LAYERS, MAX_NEURONS, MAX_STATE_CHARS, Coordinate, PlaneSpec
from pages.ui.state import PageState


class NeuronsState(PlaneSpec, PageState):
    """One whole experiment. ``trained`` is the exact state of the training (empty: the first weights), so that a link
    restores it bit for bit; it is a few hundred characters for the first view and 8,000 for the largest network.
    """

    page: ClassVar[str] = "neurons"

    trained: str = Field(
        default="", max_length=MAX_STATE_CHARS, pattern=r"^[A-Za-z0-9_-]*$", title="Trained state",
        description="Weights, biases, optimizer and counters, as text.",
    )  # fmt: skip
    neuron: tuple[Annotated[int, Field(ge=0, le=MAX_LAYERS)], Annotated[int, Field(ge=0, lt=MAX_NEURONS)]] = Field(
        default=(0, 0), title="Neuron", description="The neuron that is worked out: its layer and its place."
    )
    probe: tuple[Coordinate, Coordinate] = Field(
        default=(1.5, 1.0), title="Point", description="The point at which the neuron is worked out: x1 and x2."
    )
    show_test: bool = Field(
        default=False, title="Show test points", description="Draw the points that are kept for testing, too, hollow."
    )
    hard: bool = Field(
        default=False, title="Only the decision", description="Draw which class wins, not how sure the network is."
    )
    layer: str = Field(default="", max_length=120, title="Layer", description="A dense layer of your network.")
    unit: int = Field(default=1, ge=1, le=65_536, title="Neuron", description="Which neuron of that layer.")


NeuronsState.linked = frozenset(NeuronsState.model_fields)


def spec_of(chosen: NeuronsState) -> PlaneSpec:
    """The part that ``lab`` computes with."""
    return PlaneSpec.model_construct(**{name: getattr(chosen, name) for name in PlaneSpec.model_fields})
