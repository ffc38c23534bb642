"""What a visitor has chosen on the Activation page. Parameters and their bounds come from the layer catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, create_model, field_validator

from lab.network.catalogue import CATALOGUE, FieldRow, field_rows, groups
from lab.theory.init_names import InitName
from pages.ui.feature_maps.state import WORKBENCH
from pages.ui.state import PageState

GROUP = "Activation"
KINDS = tuple(row.__name__ for row in groups()[GROUP])
MAX_CHOSEN = 8  # as many colours as the palette tells apart
# These look at several channels at once: their curve is that of the first of two, while the other is held.
OVER_CHANNELS = frozenset({"GLU", "Softmax", "Softmin", "LogSoftmax"})


@dataclass(frozen=True)
class Parameter:
    """One parameter of an activation: its field in the page's state, and what the catalogue says about it."""

    field: str
    kind: str
    row: FieldRow


def _parameters() -> tuple[Parameter, ...]:
    # num_parameters counts channels: on one curve there is one slope.
    rows = ((kind, row) for kind in KINDS for row in field_rows(kind) if row.form in ("float", "choice"))
    return tuple(Parameter(f"{kind}_{row.name}", kind, row) for kind, row in rows)


PARAMETERS = _parameters()
PARAMETER_FIELDS = frozenset(parameter.field for parameter in PARAMETERS)


def _fields() -> dict[str, Any]:
    """The parameters as fields of a state, with the catalogue's types, bounds, defaults and sentences."""
    made: dict[str, Any] = {}
    for parameter in PARAMETERS:
        info = CATALOGUE[parameter.kind].model_fields[parameter.row.name]
        annotation = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
        made[parameter.field] = (
            annotation,
            Field(default=info.default, title=parameter.row.name, description=info.description),
        )
    return made


def parameters_of(chosen: PageState, kind: str) -> dict[str, object]:
    """One kind's parameters as the visitor has set them, by the catalogue's names."""
    return {row.row.name: getattr(chosen, row.field) for row in PARAMETERS if row.kind == kind}


def parameter_values(kind: str, values: Mapping[str, object]) -> dict[str, object]:
    """A layer's own parameters as fields of a state; what a state has no field for is left out."""
    return {f"{kind}_{name}": value for name, value in values.items() if f"{kind}_{name}" in PARAMETER_FIELDS}


class Curves(PageState):
    """The chosen activations, where they are looked at, and the layer whose values go through them."""

    page: ClassVar[str] = "activation"
    linked: ClassVar[frozenset[str]] = PARAMETER_FIELDS | {
        "kinds",
        "x",
        "span",
        "other",
        "source",
        "layer",
        "gain",
        "shift",
        "opened",
    }

    kinds: tuple[str, ...] = Field(("ReLU", "GELU", "Sigmoid", "Tanh"), min_length=1, max_length=MAX_CHOSEN)
    x: float = Field(1.0, ge=-10, le=10, title="Input x", description="Drag it, or the points on the curves.")
    span: float = Field(4.0, ge=1, le=10, title="Shown from −x to x", description="How far the curves are drawn.")
    other: float = Field(
        0.0,
        ge=-6,
        le=6,
        title="The other channel",
        description="Softmax and GLU look at several channels: this is what the second of two is held at.",
    )
    source: str = Field(WORKBENCH, max_length=90, title="Network")
    layer: str = Field("", max_length=40, title="Layer")
    gain: float = Field(
        1.0, ge=0.1, le=10, title="Times", description="Multiplies what reaches the layer, as larger weights would."
    )
    shift: float = Field(
        0.0, ge=-5, le=5, title="Plus", description="Is added to what reaches the layer, as a bias would be."
    )

    opened: str = Field("", max_length=120, title="Layer", description="The stage opens on it.")

    @field_validator("kinds")
    @classmethod
    def _are_activations(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [kind for kind in value if kind not in KINDS]:
            raise ValueError(f"there is no activation {unknown[0][:30]!r}")
        if len(set(value)) < len(value):
            raise ValueError("each activation is shown once")
        return value


class Depth(PageState):
    """The stack of the depth experiment."""

    page: ClassVar[str] = "depth"
    linked: ClassVar[frozenset[str]] = PARAMETER_FIELDS | {
        "kind",
        "depth",
        "width",
        "init",
        "scale",
        "std",
        "bias",
        "seed",
    }

    kind: str = Field("Sigmoid", max_length=20, title="Activation")
    depth: int = Field(20, ge=1, le=50, title="Layers")
    width: Literal[8, 16, 32, 64, 128, 256] = Field(64, title="Width", description="Numbers in each layer.")
    init: InitName = Field("xavier_normal", title="Initialisation")
    scale: float = Field(
        1.0, ge=0.1, le=4, title="Weights times", description="Multiplies the weights that were drawn."
    )
    std: float = Field(0.1, ge=0.001, le=1, title="Standard deviation", description="Of the normal numbers.")
    bias: float = Field(0.0, ge=-3, le=3, title="Bias", description="Every bias of every layer; usually 0 at first.")
    seed: int = Field(0, ge=0, le=9999, title="Seed", description="Other random numbers, the same rule.")

    @field_validator("kind")
    @classmethod
    def _is_an_activation(cls, value: str) -> str:
        if value not in KINDS:
            raise ValueError(f"there is no activation {value[:30]!r}")
        return value


CurvesState: type[Curves] = create_model("CurvesState", __base__=Curves, **_fields())
"""``Curves`` with a field for every parameter of every activation."""

DepthState: type[Depth] = create_model("DepthState", __base__=Depth, **_fields())
"""``Depth`` with a field for every parameter of every activation."""
