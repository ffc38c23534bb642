"""What a visitor of the Loss page has chosen: one prediction, one number, a wild point, a walk down a surface."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints, field_validator

from lab.theory.loss_names import (
    LOGIT_LIMIT,
    MAX_CLASSES,
    MIN_CLASSES,
    LossName,
    LossSettings,
    ResidualName,
)
from lab.theory.surface_names import SURFACES, DescentSettings, OptimizerName, SurfaceName
from pages.ui.state import PageState

FIRST = SURFACES["valley"]
ClassName = Annotated[str, StringConstraints(max_length=60)]


def _logit(value: float) -> float:
    field: float = Field(value, ge=-LOGIT_LIMIT, le=LOGIT_LIMIT, allow_inf_nan=False)
    return field


def _like(model: type[LossSettings] | type[DescentSettings], name: str, value: float | None = None) -> float:
    """A field with the bounds and words of ``lab``'s own."""
    info = model.model_fields[name]
    field: float = Field(
        info.default if value is None else value,
        title=info.title,
        description=info.description,
        ge=_bound(info.metadata, "ge"),
        le=_bound(info.metadata, "le"),
        allow_inf_nan=False,
    )
    return field


def _bound(metadata: list[object], name: str) -> float | None:
    return next((getattr(row, name) for row in metadata if getattr(row, name, None) is not None), None)


class LossState(PageState):
    """Everything on the page, so that one link brings it all back."""

    page: ClassVar[str] = "loss"

    # one prediction
    n_classes: int = Field(3, ge=MIN_CLASSES, le=MAX_CLASSES, title="Classes")
    target: int = Field(0, ge=0, lt=MAX_CLASSES, title="Right class")
    z1: float = _logit(1.0)
    z2: float = _logit(3.0)
    z3: float = _logit(0.2)
    z4: float = _logit(-0.5)
    z5: float = _logit(-1.0)
    z6: float = _logit(0.5)
    z7: float = _logit(-2.0)
    z8: float = _logit(1.5)
    z9: float = _logit(-1.5)
    z10: float = _logit(0.0)
    reach: int = Field(
        10,
        ge=1,
        le=int(LOGIT_LIMIT),
        title="Logits up to",
        description="How far the sliders go. At 100 and more, softmax needs its trick.",
    )
    names: tuple[ClassName, ...] = Field((), max_length=MAX_CLASSES)
    origin: str = Field("", max_length=200)
    shown: tuple[LossName, ...] = Field(("cross-entropy", "focal", "hinge", "mse", "mae"), max_length=11)
    lr: float = Field(
        1.0,
        ge=0,
        le=10,
        allow_inf_nan=False,
        title="Length of the step",
        description="The new logits are the old ones less this many times the gradient.",
    )
    gamma: float = _like(LossSettings, "gamma")
    smoothing: float = _like(LossSettings, "smoothing")
    margin: float = _like(LossSettings, "margin")
    delta: float = _like(LossSettings, "delta")

    # a run's image, for the logits
    run: str = Field("", max_length=90)
    image: int = Field(0, ge=0, le=10_000_000)

    # one number
    prediction: float = Field(3.5, ge=-10, le=10, allow_inf_nan=False, title="Prediction")
    truth: float = Field(1.0, ge=-10, le=10, allow_inf_nan=False, title="Right number")
    number_lr: float = Field(
        0.5, ge=0, le=2, allow_inf_nan=False, title="Length of the step", description="As many times the gradient."
    )
    number_delta: float = _like(LossSettings, "delta", 1.5)
    wild_x: float = Field(8.0, ge=0, le=10, allow_inf_nan=False, title="Wild point, x")
    wild_y: float = Field(-4.0, ge=-10, le=10, allow_inf_nan=False, title="Wild point, y")

    # the walk
    surface: SurfaceName = Field(FIRST.name, title="Surface")
    start_x: float = Field(FIRST.start[0], ge=-10, le=10, allow_inf_nan=False, title="Start, first number")
    start_y: float = Field(FIRST.start[1], ge=-10, le=10, allow_inf_nan=False, title="Start, second number")
    walkers: tuple[OptimizerName, ...] = Field(("sgd", "momentum", "rmsprop", "adam"), max_length=4)
    walk_lr: float = _like(DescentSettings, "lr", FIRST.lr)
    walk_adaptive_lr: float = _like(DescentSettings, "adaptive_lr", FIRST.adaptive_lr)
    momentum: float = _like(DescentSettings, "momentum")
    nesterov: bool = Field(
        False, title="Nesterov", description=DescentSettings.model_fields["nesterov"].description or ""
    )
    alpha: float = _like(DescentSettings, "alpha")
    beta1: float = _like(DescentSettings, "beta1")
    beta2: float = _like(DescentSettings, "beta2")
    n_steps: int = _like(DescentSettings, "n_steps")  # type: ignore[assignment]
    batch_size: int = _like(DescentSettings, "batch_size")  # type: ignore[assignment]

    @field_validator("shown", "walkers")
    @classmethod
    def _once_each(cls, chosen: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(chosen))

    def logits(self) -> tuple[float, ...]:
        """The logits of the classes there are."""
        return tuple(getattr(self, f"z{k}") for k in range(1, self.n_classes + 1))

    def right_class(self) -> int:
        """The target, or the last class where there are too few."""
        return min(self.target, self.n_classes - 1)

    def class_names(self) -> tuple[str, ...]:
        """A run's names where the logits come from one, else numbers."""
        if len(self.names) == self.n_classes:
            return self.names
        return tuple(f"class {k}" for k in range(1, self.n_classes + 1))

    def settings(self) -> LossSettings:
        """What tunes the losses of a prediction."""
        return LossSettings(gamma=self.gamma, smoothing=self.smoothing, margin=self.margin, delta=self.delta)

    def number_settings(self) -> LossSettings:
        """What tunes the losses of a number."""
        return LossSettings(delta=self.number_delta)

    def walk_settings(self) -> DescentSettings:
        """How the optimizers are set."""
        return DescentSettings(
            lr=self.walk_lr,
            adaptive_lr=self.walk_adaptive_lr,
            momentum=self.momentum,
            nesterov=self.nesterov,
            alpha=self.alpha,
            beta1=self.beta1,
            beta2=self.beta2,
            n_steps=self.n_steps,
            batch_size=self.batch_size,
        )


LossState.linked = frozenset(LossState.model_fields)

RESIDUALS: tuple[tuple[ResidualName, str], ...] = (
    ("mse", "MSE"),
    ("mae", "MAE"),
    ("huber", "Huber"),
    ("smooth-l1", "Smooth L1"),
)
