"""The losses, ``torch.nn.functional``'s own: for one image or many, and for one number.

Each takes logits ``(N, K)`` and labels ``(N,)`` int64, as training has them. What torch has no function for (the focal
loss, and losses of probabilities against a one-hot target) is composed of torch's here, once; training uses these too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from lab.errors import Code, LabError
from lab.theory.loss_names import LOGIT_LIMIT, MAX_CLASSES, MIN_CLASSES, LossName, LossSettings, ResidualName

# --- what torch has no single function for ----------------------------------------------------------------------------


def one_hot(logits: Tensor, labels: Tensor) -> Tensor:
    """Write labels ``(N,)`` as rows of 0 with a single 1, in the shape and type of ``logits`` ``(N, K)``."""
    return torch.zeros_like(logits).scatter_(1, labels.unsqueeze(1), 1.0)


def smooth_target(logits: Tensor, labels: Tensor, smoothing: float) -> Tensor:
    """Mix the one-hot target with the even distribution, as ``F.cross_entropy(label_smoothing=…)`` does.

    Source:
        Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", arXiv:1512.00567, section 7.
    """
    return one_hot(logits, labels) * (1 - smoothing) + smoothing / logits.shape[1]


def focal_loss(logits: Tensor, labels: Tensor, *, gamma: float, reduction: str = "mean") -> Tensor:
    """Cross-entropy times ``(1 - p_t) ** gamma``: images already recognised count for less.

    Args:
        logits: (N, K).
        labels: (N,) int64.
        gamma: 0 is cross-entropy; the paper's best is 2.
        reduction: ``"mean"`` over the images or ``"none"``.

    Source:
        Lin et al., "Focal Loss for Dense Object Detection", arXiv:1708.02002, formula 4. (Formula 5 puts a weight α_t
        in front, which is 1 here.)

    Examples:
        >>> logits, label = torch.tensor([[2.0, 0.0]]), torch.tensor([0])
        >>> bool(focal_loss(logits, label, gamma=0.0) == F.cross_entropy(logits, label))
        True
    """
    cross_entropy = F.cross_entropy(logits, labels, reduction="none")
    probability = (-cross_entropy).exp()
    focal = (1 - probability) ** gamma * cross_entropy
    return focal.mean() if reduction == "mean" else focal


def one_vs_rest(logits: Tensor, labels: Tensor, *, reduction: str = "mean") -> Tensor:
    """Binary cross-entropy of each class against the rest; ``"none"`` gives (N, K)."""
    return F.binary_cross_entropy_with_logits(logits, one_hot(logits, labels), reduction=reduction)


def probability_mse(logits: Tensor, labels: Tensor, *, reduction: str = "mean") -> Tensor:
    """Squared error of the softmax against the one-hot target; ``"none"`` gives (N, K)."""
    return F.mse_loss(logits.softmax(dim=1), one_hot(logits, labels), reduction=reduction)


def probability_smooth_l1(logits: Tensor, labels: Tensor, *, beta: float = 1.0, reduction: str = "mean") -> Tensor:
    """Smooth L1 of the softmax against the one-hot target; ``"none"`` gives (N, K)."""
    return F.smooth_l1_loss(logits.softmax(dim=1), one_hot(logits, labels), beta=beta, reduction=reduction)


def _kl(logits: Tensor, labels: Tensor, smoothing: float) -> Tensor:
    target = smooth_target(logits, labels, smoothing)
    return F.kl_div(F.log_softmax(logits, dim=1), target, reduction="none").sum(dim=1)


# --- every loss by its name -------------------------------------------------------------------------------------------

_PER_IMAGE: dict[LossName, Callable[[Tensor, Tensor, LossSettings], Tensor]] = {
    "cross-entropy": lambda z, t, s: F.cross_entropy(z, t, reduction="none"),
    "label-smoothing": lambda z, t, s: F.cross_entropy(z, t, label_smoothing=s.smoothing, reduction="none"),
    "focal": lambda z, t, s: focal_loss(z, t, gamma=s.gamma, reduction="none"),
    "nll": lambda z, t, s: F.nll_loss(F.log_softmax(z, dim=1), t, reduction="none"),
    "kl": lambda z, t, s: _kl(z, t, s.smoothing),
    "bce": lambda z, t, s: one_vs_rest(z, t, reduction="none").mean(dim=1),
    "hinge": lambda z, t, s: F.multi_margin_loss(z, t, margin=s.margin, reduction="none"),
    "mse": lambda z, t, s: probability_mse(z, t, reduction="none").mean(dim=1),
    "mae": lambda z, t, s: F.l1_loss(z.softmax(dim=1), one_hot(z, t), reduction="none").mean(dim=1),
    "huber": lambda z, t, s: F.huber_loss(z.softmax(dim=1), one_hot(z, t), delta=s.delta, reduction="none").mean(dim=1),
    "smooth-l1": lambda z, t, s: probability_smooth_l1(z, t, beta=s.delta, reduction="none").mean(dim=1),
}


def image_losses(name: LossName, logits: Tensor, labels: Tensor, settings: LossSettings) -> Tensor:
    """Give the loss of each image, as torch would with a batch of that image alone.

    Args:
        name: which loss.
        logits: (N, K) float.
        labels: (N,) int64, each in [0, K).
        settings: what tunes it.

    Returns:
        (N,), at least 0.

    Examples:
        >>> image_losses("hinge", torch.tensor([[3.0, 0.0]]), torch.tensor([0]), LossSettings()).tolist()
        [0.0]
    """
    return _PER_IMAGE[name](logits, labels, settings)


def residual_losses(name: ResidualName, predictions: Tensor, targets: Tensor, settings: LossSettings) -> Tensor:
    """Give the loss of each predicted number; any equal shapes, and the same shape comes back."""
    if name == "mse":
        return F.mse_loss(predictions, targets, reduction="none")
    if name == "mae":
        return F.l1_loss(predictions, targets, reduction="none")
    if name == "huber":
        return F.huber_loss(predictions, targets, delta=settings.delta, reduction="none")
    return F.smooth_l1_loss(predictions, targets, beta=settings.delta, reduction="none")


def checked_logits(logits: Sequence[float], target: int) -> Tensor:
    """Turn typed numbers into float64 logits ``(K,)``.

    Raises:
        LabError: INPUT, fewer than 2 or more than 10 numbers, one that is not finite or too large, or a target that
            is none of the classes.
    """
    if not MIN_CLASSES <= len(logits) <= MAX_CLASSES:
        raise LabError(
            Code.INPUT, f"{len(logits)} logits were given", where="logits", now=f"give {MIN_CLASSES} to {MAX_CLASSES}"
        )
    for place, value in enumerate(logits, start=1):
        if not abs(value) <= LOGIT_LIMIT:  # false for NaN too
            raise LabError(
                Code.INPUT,
                f"logit {place} is {value:g}",
                where="logits",
                now=f"use a number between −{LOGIT_LIMIT:g} and {LOGIT_LIMIT:g}",
            )
    if not 0 <= target < len(logits):
        raise LabError(Code.INPUT, f"class {target + 1} is none of the {len(logits)} classes", where="target")
    return torch.tensor(logits, dtype=torch.float64)
