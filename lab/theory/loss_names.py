"""Which losses there are, what they are called and which number tunes them: read without torch.

The losses themselves are in :mod:`lab.theory.losses`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

LossName = Literal[
    "cross-entropy", "label-smoothing", "focal", "nll", "kl", "bce", "hinge", "mse", "mae", "huber", "smooth-l1"
]
ResidualName = Literal["mse", "mae", "huber", "smooth-l1"]

MIN_CLASSES, MAX_CLASSES = 2, 10
# Beyond this even float64's exponential underflows to 0 for every other class, and nothing more can be learnt.
LOGIT_LIMIT = 1000.0


class LossSettings(BaseModel):
    """The numbers that tune some of the losses."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    gamma: float = Field(
        2.0, ge=0, le=8, allow_inf_nan=False, title="γ of focal", description="How much easy images are turned down."
    )
    smoothing: float = Field(
        0.1,
        ge=0,
        le=0.9,
        allow_inf_nan=False,
        title="ε of smoothing and KL",
        description="The share of the target that is spread evenly over all classes.",
    )
    margin: float = Field(
        1.0,
        ge=0,
        le=10,
        allow_inf_nan=False,
        title="Margin of hinge",
        description="The lead the right class must have.",
    )
    delta: float = Field(
        1.0,
        ge=0.01,
        le=10,
        allow_inf_nan=False,
        title="Bend δ",
        description="Where the square turns into a straight line: δ of Huber, β of smooth L1.",
    )


@dataclass(frozen=True)
class LossTitle:
    """What a reader is told of a loss.

    Attributes:
        name: as in :data:`LossName`.
        title: short, for a heading.
        formula: in plain symbols: z logits, p = softmax(z), t the target, K classes, q the target distribution.
        sentence: what it does.
        torch_line: the line of PyTorch.
        parameter: the field of :class:`LossSettings` that tunes it; empty when none does.
    """

    name: LossName
    title: str
    formula: str
    sentence: str
    torch_line: str
    parameter: str = ""


_TITLES = (
    LossTitle(
        "cross-entropy",
        "Cross-entropy",
        "−ln p_t",
        "Minus the logarithm of the probability given to the right class. Its gradient: p − 1 there, p elsewhere.",
        "F.cross_entropy(logits, target)",
    ),
    LossTitle(
        "label-smoothing",
        "Label smoothing",
        "−Σ q_k ln p_k",
        "Cross-entropy towards a target that leaves a little for every class, so being ever surer stops paying.",
        "F.cross_entropy(logits, target, label_smoothing=ε)",
        "smoothing",
    ),
    LossTitle(
        "focal",
        "Focal",
        "−(1 − p_t)^γ ln p_t",
        "Cross-entropy turned down where the answer is already right, so that the hard images count.",
        "(1 - p_t) ** γ * F.cross_entropy(logits, target)",
        "gamma",
    ),
    LossTitle(
        "nll",
        "NLL",
        "−(z_t − ln Σ e^z)",
        "The negative log-likelihood of log-probabilities. After log_softmax it is cross-entropy, in two calls.",
        "F.nll_loss(F.log_softmax(logits, 1), target)",
    ),
    LossTitle(
        "kl",
        "KL divergence",
        "Σ q_k (ln q_k − ln p_k)",
        "How far p is from the smoothed target q: label smoothing less a constant, so the gradient is the same.",
        'F.kl_div(F.log_softmax(logits, 1), q, reduction="batchmean")',
        "smoothing",
    ),
    LossTitle(
        "bce",
        "Binary cross-entropy",
        "−(ln σ(z_t) + Σ ln(1 − σ(z_k))) / K",
        "A yes-or-no question for each class on its own: σ instead of softmax, and no class knows of the others.",
        "F.binary_cross_entropy_with_logits(logits, one_hot)",
    ),
    LossTitle(
        "hinge",
        "Hinge (multi-margin)",
        "Σ max(0, margin − z_t + z_k) / K",
        "Wants the right class ahead of each other one by the margin. Once it is, the gradient is exactly 0.",
        "F.multi_margin_loss(logits, target, margin=margin)",
        "margin",
    ),
    LossTitle(
        "mse",
        "MSE of p",
        "Σ (p_k − y_k)² / K",
        "The squared distance of the probabilities to 1 and 0. Sure and wrong: hardly any gradient.",
        "F.mse_loss(logits.softmax(1), one_hot)",
    ),
    LossTitle(
        "mae",
        "MAE of p",
        "Σ |p_k − y_k| / K",
        "The distance itself. It is 2(1 − p_t) / K, and its gradient too dies where softmax is saturated.",
        "F.l1_loss(logits.softmax(1), one_hot)",
    ),
    LossTitle(
        "huber",
        "Huber of p",
        "½d² up to δ, then δ(d − ½δ)",
        "The square for small distances, a straight line of slope δ for large ones.",
        "F.huber_loss(logits.softmax(1), one_hot, delta=δ)",
        "delta",
    ),
    LossTitle(
        "smooth-l1",
        "Smooth L1 of p",
        "½d²/β up to β, then d − ½β",
        "Huber divided by δ: the straight part always has slope 1.",
        "F.smooth_l1_loss(logits.softmax(1), one_hot, beta=β)",
        "delta",
    ),
)

LOSS_TITLES: dict[LossName, LossTitle] = {row.name: row for row in _TITLES}
