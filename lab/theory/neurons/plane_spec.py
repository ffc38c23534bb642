"""What is chosen for a network on the plane: data, inputs, layers, training. Frozen and checked; no torch here."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

DataName = Literal["circle", "xor", "gauss", "spiral", "moons", "three_blobs", "three_spirals", "plane", "hills", "own"]
FeatureName = Literal["x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2"]
# torch.nn's own classes with their defaults. RReLU is left out: it draws from the generator that all visitors share.
ActivationName = Literal[
    "Tanh", "ReLU", "Sigmoid", "LeakyReLU", "ELU", "SELU", "GELU", "SiLU", "Mish", "Softplus", "Softsign", "Hardtanh",
    "Identity",
]  # fmt: skip
OptimizerName = Literal["sgd", "momentum", "rmsprop", "adam"]
PenaltyName = Literal["none", "L1", "L2"]

REGRESSION: frozenset[str] = frozenset({"plane", "hills"})
FEATURES: tuple[FeatureName, ...] = get_args(FeatureName)
ACTIVATIONS: tuple[ActivationName, ...] = get_args(ActivationName)

HALF_WIDTH = 6.0
"""The plane that is drawn reaches from −6 to 6 on both axes, as TensorFlow Playground's does."""
MAX_LAYERS = 6
MAX_NEURONS = 8
MAX_CLASSES = 3
MAX_OWN_POINTS = 300
MAX_SEED = 9_999
MAX_STATE_CHARS = 12_000
"""Of a trained state as text: room for the largest network with Adam and batch norm."""

Coordinate = Annotated[float, Field(ge=-HALF_WIDTH, le=HALF_WIDTH, allow_inf_nan=False)]
OwnPoint = tuple[Coordinate, Coordinate, Annotated[int, Field(ge=0, lt=MAX_CLASSES)]]


class HiddenLayer(BaseModel):
    """One hidden layer: how many neurons, and the function that each puts its sum through."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    n_neurons: int = Field(default=4, ge=1, le=MAX_NEURONS, description="Neurons in this layer.")
    activation: ActivationName = Field(default="Tanh", description="The function each neuron of this layer ends in.")


class PlaneSpec(BaseModel):
    """Everything that decides a network on the plane and its training: the same spec, the same weights.

    Every combination of allowed values is allowed, so that a link can be read field by field.

    Examples:
        >>> PlaneSpec().n_outputs, PlaneSpec(data="three_blobs").n_outputs
        (1, 3)
        >>> PlaneSpec(layers=[{"n_neurons": 10**9}])
        Traceback (most recent call last):
        pydantic_core._pydantic_core.ValidationError: 1 validation error for PlaneSpec
        layers.0.n_neurons
        ...
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: DataName = Field(default="circle", title="Data", description="The points to learn from.")
    n_points: int = Field(default=300, ge=20, le=500, title="Points", description="How many points are drawn.")
    noise: float = Field(
        default=0.05, ge=0, le=0.5, title="Noise",
        description="How far points are moved at random (targets of a regression: changed), as a share of the radius.",
    )  # fmt: skip
    test_share: float = Field(
        default=0.5, ge=0.1, le=0.9, title="Test share",
        description="Share of the points that is kept for testing and never trained on.",
    )  # fmt: skip
    data_seed: int = Field(default=1, ge=0, le=MAX_SEED, title="Data seed", description="Which points are drawn.")
    points: tuple[OwnPoint, ...] = Field(
        default=(), max_length=MAX_OWN_POINTS, title="Own points",
        description="Points of your own, as x1, x2 and class; they are trained on.",
    )  # fmt: skip
    features: tuple[FeatureName, ...] = Field(
        default=("x1", "x2"), min_length=1, max_length=len(FEATURES), title="Inputs", description="What is fed in."
    )
    layers: tuple[HiddenLayer, ...] = Field(
        default=(HiddenLayer(n_neurons=4), HiddenLayer(n_neurons=2)), max_length=MAX_LAYERS, title="Hidden layers",
        description="The layers between inputs and output.",
    )  # fmt: skip
    bias: bool = Field(
        default=True, title="Bias", description="Each neuron adds a number of its own, whatever its inputs are."
    )
    batch_norm: bool = Field(
        default=False, title="Batch norm",
        description="Each hidden neuron's sum is brought to mean 0 and variance 1 within the batch.",
    )  # fmt: skip
    dropout: float = Field(
        default=0.0, ge=0, le=0.9, title="Dropout",
        description="Chance of each hidden neuron to be left out of a training step.",
    )  # fmt: skip
    optimizer: OptimizerName = Field(default="sgd", title="Optimizer", description="How a gradient becomes a step.")
    lr: float = Field(
        default=0.1, ge=1e-5, le=10, allow_inf_nan=False, title="Learning rate", description="How far one step goes."
    )
    batch_size: int = Field(default=10, ge=1, le=500, title="Batch size", description="Points per step.")
    penalty: PenaltyName = Field(
        default="none",
        title="Penalty",
        description="L1 adds rate · Σ|w| to the loss, L2 adds rate / 2 · Σw²; no biases.",
    )
    penalty_rate: float = Field(
        default=0.001, ge=0, le=10, allow_inf_nan=False, title="Penalty rate", description="How much weights cost."
    )
    seed: int = Field(
        default=5, ge=0, le=MAX_SEED, title="Seed", description="Decides the first weights, the batches and dropout."
    )

    @property
    def is_regression(self) -> bool:
        """Whether a number is learned rather than a class."""
        return self.data in REGRESSION

    @property
    def n_classes(self) -> int:
        """Classes of the data, 2 or 3; 0 for a regression. One's own points of a third class make a third output."""
        if self.is_regression:
            return 0
        drawn = 3 if self.data.startswith("three_") else 2
        return max([drawn, *(label + 1 for _, _, label in self.points)])

    @property
    def n_outputs(self) -> int:
        """Output neurons: 1 for a number and for two classes (its sigmoid is the chance of class 1), else 1 a class."""
        return self.n_classes if self.n_classes > 2 else 1

    @property
    def inputs(self) -> tuple[FeatureName, ...]:
        """The chosen inputs, each once, in their fixed order."""
        return tuple(name for name in FEATURES if name in self.features)

    @property
    def shape(self) -> tuple[object, ...]:
        """What decides the network's tensors; a trainer goes on with its weights as long as this stays the same."""
        return (self.inputs, self.layers, self.bias, self.batch_norm, self.n_outputs, self.is_regression)
