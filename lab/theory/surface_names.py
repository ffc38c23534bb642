"""The loss surfaces and the optimizers that walk down them, as a menu reads them: without torch.

The functions are in :mod:`lab.theory.surfaces`, the walks in :mod:`lab.theory.descent`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SurfaceName = Literal["bowl", "valley", "saddle", "rosenbrock", "beale", "logistic", "neuron"]
OptimizerName = Literal["sgd", "momentum", "rmsprop", "adam"]

MAX_STEPS = 300


@dataclass(frozen=True)
class SurfaceRow:
    """A loss of two numbers.

    Attributes:
        name: as in :data:`SurfaceName`.
        title: for a menu.
        formula: in plain symbols.
        sentence: what to notice.
        axes: the names of the two numbers.
        x_range: shown range of the first.
        y_range: shown range of the second.
        start: a good place to begin.
        lr: a good learning rate for SGD and momentum.
        adaptive_lr: a good one for RMSprop and Adam.
        lowest: the smallest loss there is; for the fits to data, of the best fit (found by L-BFGS).
        has_data: whether it is the mean over examples, so that SGD may look at a few at a time.
    """

    name: SurfaceName
    title: str
    formula: str
    sentence: str
    axes: tuple[str, str]
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    start: tuple[float, float]
    lr: float
    adaptive_lr: float
    lowest: float
    has_data: bool = False


_ROWS = (
    SurfaceRow(
        "bowl",
        "Round bowl",
        "½(x² + y²)",
        "The same in every direction, so the gradient points straight at the bottom.",
        ("x", "y"),
        (-4, 4),
        (-3, 3),
        (-3.2, 2.2),
        0.1,
        0.1,
        0.0,
    ),
    SurfaceRow(
        "valley",
        "Narrow valley",
        "½(x² + 30y²)",
        "Thirty times as steep across as along: a rate that suits one direction is wrong for the other.",
        ("x", "y"),
        (-4, 4),
        (-3, 3),
        (-3.5, 1.8),
        0.06,
        0.1,
        0.0,
    ),
    SurfaceRow(
        "saddle",
        "Saddle",
        "½x² − ½y² + ¹⁄₁₆y⁴",
        "Flat in the middle, though it is no minimum: two lower places lie to the sides.",
        ("x", "y"),
        (-4, 4),
        (-3, 3),
        (-3.2, 0.02),
        0.15,
        0.1,
        -1.0,
    ),
    SurfaceRow(
        "rosenbrock",
        "Rosenbrock's banana",
        "(1 − x)² + 100(y − x²)²",
        "A curved gorge: the way down into it is short, the way along it is long and almost flat.",
        ("x", "y"),
        (-2, 2),
        (-1, 3),
        (-1.2, 1.0),
        0.001,
        0.05,
        0.0,
    ),
    SurfaceRow(
        "beale",
        "Beale's function",
        "(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²",
        "A flat plain between cliffs: the gradient is tiny here and enormous there.",
        ("x", "y"),
        (-4.5, 4.5),
        (-4.5, 4.5),
        (-1.5, -1.0),
        0.005,
        0.1,
        0.0,
    ),
    SurfaceRow(
        "logistic",
        "Logistic regression",
        "mean of −ln p(right answer), p = σ(wx + b)",
        "Sixteen students, hours of study, passed or not: cross-entropy of a real model with a weight and a bias.",
        ("weight w", "bias b"),
        (-4, 8),
        (-6, 6),
        (-3.0, 4.0),
        0.5,
        0.2,
        0.3064438687307335,
        True,
    ),
    SurfaceRow(
        "neuron",
        "One neuron, squared error",
        "mean of (σ(wx + b) − answer)²",
        "The same students and the same neuron under MSE: where it is sure and wrong, the ground is flat.",
        ("weight w", "bias b"),
        (-4, 8),
        (-6, 6),
        (-3.0, 4.0),
        0.5,
        0.2,
        0.09917947193964365,
        True,
    ),
)

SURFACES: dict[SurfaceName, SurfaceRow] = {row.name: row for row in _ROWS}

OPTIMIZERS: dict[OptimizerName, str] = {
    "sgd": "SGD",
    "momentum": "SGD with momentum",
    "rmsprop": "RMSprop",
    "adam": "Adam",
}


class DescentSettings(BaseModel):
    """How the optimizers are set; names and meanings are ``torch.optim``'s."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lr: float = Field(
        0.06,
        ge=1e-5,
        le=10,
        allow_inf_nan=False,
        title="Learning rate of SGD and momentum",
        description="Each step is this many times the gradient (with momentum: times the velocity).",
    )
    adaptive_lr: float = Field(
        0.1,
        ge=1e-5,
        le=10,
        allow_inf_nan=False,
        title="Learning rate of RMSprop and Adam",
        description="These divide the gradient by its usual size, so a step is about this long.",
    )
    momentum: float = Field(
        0.9,
        ge=0,
        le=0.999,
        allow_inf_nan=False,
        title="Momentum",
        description="The share of the last step's velocity that is kept.",
    )
    nesterov: bool = Field(
        False, title="Nesterov", description="Look at the slope where momentum is about to carry us."
    )
    alpha: float = Field(
        0.99,
        ge=0,
        le=0.9999,
        allow_inf_nan=False,
        title="α of RMSprop",
        description="How slowly it forgets the size of former gradients.",
    )
    beta1: float = Field(0.9, ge=0, le=0.999, allow_inf_nan=False, title="β₁ of Adam", description="Adam's momentum.")
    beta2: float = Field(
        0.999,
        ge=0,
        le=0.9999,
        allow_inf_nan=False,
        title="β₂ of Adam",
        description="How slowly Adam forgets the size of former gradients.",
    )
    n_steps: int = Field(40, ge=1, le=MAX_STEPS, title="Steps", description="How many steps each path has.")
    batch_size: int = Field(
        0,
        ge=0,
        le=16,
        title="Examples per step",
        description="0 takes all sixteen; fewer make the gradient noisy, the S of SGD.",
    )
