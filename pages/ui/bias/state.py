"""What the visitor has chosen on the Bias page: one state per stage, so that each stage has an undo of its own."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator

from lab.theory.kernels import NAMED_KERNELS
from pages.ui.state import PageState

N_STEPS = 120  # gradient steps of the training side by side
MAX_DEGREE, MIN_POINTS = 12, 13  # as lab.theory.bias_variance has them; a test compares

Real = Annotated[float, Field(allow_inf_nan=False)]
# Named here, because reading them from the image set would load torch before the page shows.
PAIRS: dict[str, tuple[int, int]] = {
    "Pullover or coat": (2, 4),
    "T-shirt or shirt": (0, 6),
    "Sandal or sneaker": (5, 7),
    "Trouser or bag": (1, 8),
}


class NeuronState(PageState):
    """One neuron with two inputs."""

    page: ClassVar[str] = "bias"
    linked: ClassVar[frozenset[str]] = frozenset({"w1", "w2", "bias", "activation", "shift"})

    w1: Real = Field(1.0, ge=-3, le=3, title="w1", description="The weight of x1: how much x1 counts.")
    w2: Real = Field(1.0, ge=-3, le=3, title="w2", description="The weight of x2: how much x2 counts.")
    bias: Real = Field(-1.0, ge=-10, le=10, title="Bias b", description="Added to the sum: it moves the line.")
    activation: Literal["step", "sigmoid", "tanh", "relu", "identity"] = Field(
        "sigmoid", title="Activation", description="What is done with the sum; it never moves the line."
    )
    shift: Real = Field(
        2.0,
        ge=0,
        le=2.5,
        title="Points from origin",
        description="How far the middle of the two clouds lies from the point (0, 0).",
    )


class FilterState(PageState):
    """One filter on one photo."""

    page: ClassVar[str] = "bias-filter"
    linked: ClassVar[frozenset[str]] = frozenset({"bias", "kernel"})

    bias: Real = Field(-0.5, ge=-3, le=3, title="Bias b", description="Added to every sum, before ReLU.")
    kernel: str = Field(NAMED_KERNELS[1].name, max_length=40, title="Filter")

    @field_validator("kernel")
    @classmethod
    def _known_kernel(cls, name: str) -> str:
        return _one_of(name, [kernel.name for kernel in NAMED_KERNELS], "filter")


class TrainingState(PageState):
    """Two trainings side by side."""

    page: ClassVar[str] = "bias-training"
    linked: ClassVar[frozenset[str]] = frozenset({"task", "shift", "spread", "lr", "seed", "step"})

    task: Literal["classes", "line"] = Field("classes", title="Learn", description="Two classes, or a line.")
    shift: Real = Field(
        2.0,
        ge=-2.5,
        le=2.5,
        title="Away from origin",
        description="How far the clouds lie from (0, 0), or how high the line crosses the y axis.",
    )
    spread: Real = Field(0.5, ge=0, le=1.5, title="Noise", description="How much the points scatter.")
    lr: Real = Field(0.3, ge=0.01, le=1, title="Learning rate", description="How far one step goes.")
    seed: int = Field(0, ge=0, le=99, title="Seed", description="Other starting weights and other points.")
    step: int = Field(N_STEPS, ge=0, le=N_STEPS, title="Step", description="Which step of training is shown.")


class NormState(PageState):
    """A convolution with a bias, and batch normalisation after it."""

    page: ClassVar[str] = "bias-norm"
    linked: ClassVar[frozenset[str]] = frozenset({"bias", "mode", "n_batches", "beta"})

    bias: Real = Field(1.5, ge=-3, le=3, title="Bias b", description="Of the convolution.")
    mode: Literal["training", "evaluation"] = Field(
        "training",
        title="BatchNorm is in",
        description="Training subtracts the batch's mean, evaluation the running mean.",
    )
    n_batches: int = Field(
        5, ge=0, le=60, title="Batches seen before", description="How many batches the running mean has taken in."
    )
    beta: Real = Field(0.0, ge=-2, le=2, title="BatchNorm's beta", description="BatchNorm's own shift, added last.")


class SampleState(PageState):
    """A sample in which colour goes with the class."""

    page: ClassVar[str] = "bias-sample"
    linked: ClassVar[frozenset[str]] = frozenset({"pair", "share", "seed"})

    pair: str = Field("Pullover or coat", max_length=40, title="Tell apart")
    share: int = Field(
        95,
        ge=50,
        le=100,
        title="Training pictures in the usual colour, %",
        description="50 is a fair sample: both colours equally often in both classes.",
    )
    seed: int = Field(0, ge=0, le=99, title="Seed", description="Another choice of which pictures get which colour.")

    @field_validator("pair")
    @classmethod
    def _known_pair(cls, name: str) -> str:
        return _one_of(name, list(PAIRS), "pair of classes")


class VarianceState(PageState):
    """Polynomials fitted to noisy points again and again."""

    page: ClassVar[str] = "bias-variance"
    linked: ClassVar[frozenset[str]] = frozenset({"truth", "degree", "noise", "n_points", "n_draws", "seed"})

    truth: Literal["wave", "cubic", "step"] = Field("wave", title="The truth", description="The curve without noise.")
    degree: int = Field(
        3, ge=0, le=MAX_DEGREE, title="Degree", description="Of the polynomial; it has one number more to learn."
    )
    noise: Real = Field(0.4, ge=0, le=1, title="Noise", description="Standard deviation of each point.")
    n_points: int = Field(16, ge=MIN_POINTS, le=60, title="Points in a draw")
    n_draws: int = Field(
        100,
        ge=2,
        le=200,
        title="Draws",
        description="How often new points are drawn and fitted; with few of them the mean is itself uncertain.",
    )
    seed: int = Field(0, ge=0, le=99, title="Seed", description="Other noise.")


def _one_of(name: str, known: list[str], what: str) -> str:
    """The name, if the lab has it: links carry names, and a later version may have others."""
    if name not in known:
        raise ValueError(f"there is no {what} of this name here")
    return name
