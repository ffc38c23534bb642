"""What a visitor has chosen on the Train page; the recipe's fields are taken over from :class:`TrainSpec`."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field, create_model

from lab.data.augment import AugmentSpec
from lab.network.spec import NetworkSpec
from lab.training.recipe import TrainSpec
from pages.ui.state import PageState

_OF_THE_NETWORK = frozenset({"version", "network", "augment"})
AUGMENT = "augment_"  # AugmentSpec's fields stand beside the recipe's, with this before their names


class TrainChoice(PageState):
    """The run on screen and what is looked at in it; the recipe's fields come on top in :data:`TrainState`.

    ``run`` is empty while a recipe is being chosen; ``epoch`` −1 follows the latest evaluation; ``cell`` is the chosen
    cell of the confusion matrix, (is, taken for).
    """

    page: ClassVar[str] = "train"

    run: str = Field("", max_length=80)
    epoch: int = Field(-1, ge=-1, le=100_000, description="After which epoch to look; the latest by itself.")
    cell: tuple[int, int] | None = None

    def recipe_value(self, name: str) -> Any:
        """One field of the recipe."""
        return getattr(self, name)

    def recipe(self, network: NetworkSpec) -> TrainSpec:
        """Put the choices and the network together."""
        chosen = {name: getattr(self, name) for name in RECIPE_FIELDS}
        augment = AugmentSpec.model_validate({name: getattr(self, AUGMENT + name) for name in AugmentSpec.model_fields})
        return TrainSpec.model_validate({**chosen, "network": network, "augment": augment})


RECIPE_FIELDS = tuple(name for name in TrainSpec.model_fields if name not in _OF_THE_NETWORK)


def choices_of(spec: TrainSpec) -> dict[str, Any]:
    """Take a recipe apart into this page's fields: "train again with the same settings"."""
    chosen = {name: getattr(spec, name) for name in RECIPE_FIELDS}
    return chosen | {AUGMENT + name: getattr(spec.augment, name) for name in AugmentSpec.model_fields}


_fields: dict[str, Any] = {
    name: (TrainSpec.model_fields[name].annotation, TrainSpec.model_fields[name]) for name in RECIPE_FIELDS
}
_fields |= {AUGMENT + name: (field.annotation, field) for name, field in AugmentSpec.model_fields.items()}
TrainState: type[TrainChoice] = create_model("TrainState", __base__=TrainChoice, **_fields)
TrainState.linked = frozenset({"run", *_fields})
