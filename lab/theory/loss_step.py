"""One prediction under a loss: softmax in steps, the value, the gradient of each logit, and what one step does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from lab.theory.loss_names import LossName, LossSettings, ResidualName
from lab.theory.losses import checked_logits, image_losses, residual_losses

Numbers = tuple[float, ...]


@dataclass(frozen=True)
class SoftmaxSteps:
    """How logits become probabilities, one column a step.

    Attributes:
        logits: as given, K numbers.
        largest: the largest of them, taken off first so that no exponential is above 1.
        shifted: logits − largest.
        exponentials: e to the power of each.
        total: their sum, between 1 and K.
        probabilities: exponentials / total; they add up to 1.
        plain_exponentials: e to the power of the logits themselves, in float32 as on a graphics card: may be infinite.
        plain_probabilities: what would become of them without taking off the largest: may be NaN.
    """

    logits: Numbers
    largest: float
    shifted: Numbers
    exponentials: Numbers
    total: float
    probabilities: Numbers
    plain_exponentials: Numbers
    plain_probabilities: Numbers


@dataclass(frozen=True)
class Judgement:
    """What a loss makes of one prediction, and what one step of plain gradient descent on the logits makes of it.

    Attributes:
        name: the loss.
        value: before the step.
        gradient: of each logit, by autograd.
        logits: after the step: logits − lr · gradient.
        probabilities: after the step.
        value_after: the same loss after the step.
    """

    name: LossName
    value: float
    gradient: Numbers
    logits: Numbers
    probabilities: Numbers
    value_after: float


@dataclass(frozen=True)
class Curve:
    """A loss along one line.

    Attributes:
        name: the loss.
        losses: at each place of the line.
        slopes: of the number that moves (the target's logit, or the prediction), by autograd.
    """

    name: str
    losses: Numbers
    slopes: Numbers


@dataclass(frozen=True)
class ResidualJudgement:
    """What a loss makes of one predicted number; ``prediction`` and ``value_after`` are after one step."""

    name: ResidualName
    value: float
    gradient: float
    prediction: float
    value_after: float


def softmax_steps(logits: Sequence[float]) -> SoftmaxSteps:
    """Work softmax out: ``p_k = exp(z_k - max z) / sum of exp(z_j - max z)``.

    Source:
        Goodfellow, Bengio, Courville, "Deep Learning" (2016), formulas 4.1 and 6.33.

    Raises:
        LabError: INPUT, a logit that is not finite or too large.

    Examples:
        >>> softmax_steps([1.0, 1.0]).probabilities
        (0.5, 0.5)
    """
    z = checked_logits(logits, 0)
    shifted = z - z.max()
    exponentials = shifted.exp()
    total = exponentials.sum()
    plain = z.float().exp()
    return SoftmaxSteps(
        logits=_numbers(z),
        largest=float(z.max()),
        shifted=_numbers(shifted),
        exponentials=_numbers(exponentials),
        total=float(total),
        probabilities=_numbers(exponentials / total),
        plain_exponentials=_numbers(plain),
        plain_probabilities=_numbers(plain / plain.sum()),
    )


def judge(name: LossName, logits: Sequence[float], target: int, *, settings: LossSettings, lr: float) -> Judgement:
    """Take one prediction's loss, its gradient, and one step of plain gradient descent on the logits themselves.

    In a network the step is taken by the weights, and the logits follow; here nothing stands between.

    Args:
        name: the loss.
        logits: 2 to 10 numbers.
        target: the right class, from 0.
        settings: what tunes the loss.
        lr: length of the step as a multiple of the gradient, at least 0.

    Raises:
        LabError: INPUT, as :func:`lab.theory.losses.checked_logits` says.
    """
    return judge_all((name,), logits, target, settings=settings, lr=lr)[0]


def judge_all(
    names: Sequence[LossName], logits: Sequence[float], target: int, *, settings: LossSettings, lr: float
) -> tuple[Judgement, ...]:
    """Do what :func:`judge` does for several losses, each on its own, and ask autograd once for all of them."""
    rows = checked_logits(logits, target).repeat(len(names), 1).requires_grad_()
    label = torch.tensor([target])
    values = _each_loss(names, [row[None] for row in rows], label, settings)
    gradients = _slopes(values, rows)
    after = rows.detach() - lr * gradients
    columns = (
        [float(value.detach()) for value in values],
        _rows(gradients),
        _rows(after),
        _rows(after.softmax(dim=1)),
        [float(value) for value in _each_loss(names, [row[None] for row in after], label, settings)],
    )
    return tuple(Judgement(*row) for row in zip(names, *columns, strict=True))


def margin(logits: Sequence[float], target: int) -> float:
    """Say how far the right class is ahead of the best other one; below 0 the answer is wrong.

    Examples:
        >>> margin([3.0, 1.0, 2.5], 0)
        0.5
    """
    z = checked_logits(logits, target)
    others = torch.cat((z[:target], z[target + 1 :]))
    return float(z[target] - others.max())


def margin_curve(
    name: LossName, logits: Sequence[float], target: int, margins: Sequence[float], settings: LossSettings
) -> Curve:
    """Move the right class's logit through the given margins, the others staying; slopes are of that logit.

    Raises:
        LabError: INPUT, as :func:`lab.theory.losses.checked_logits` says.
    """
    return margin_curves((name,), logits, target, margins, settings)[0]


def margin_curves(
    names: Sequence[LossName], logits: Sequence[float], target: int, margins: Sequence[float], settings: LossSettings
) -> tuple[Curve, ...]:
    """Do what :func:`margin_curve` does for several losses, and ask autograd once for all of them."""
    z = checked_logits(logits, target)
    others = torch.cat((z[:target], z[target + 1 :]))
    moved = (others.max() + torch.tensor(margins, dtype=torch.float64)).repeat(len(names), 1).requires_grad_()
    rows = z.repeat(len(names), len(margins), 1)
    rows = torch.cat((rows[..., :target], moved[..., None], rows[..., target + 1 :]), dim=-1)
    values = _each_loss(names, rows.unbind(), torch.full((len(margins),), target), settings)
    slopes = _rows(_slopes(values, moved))
    return tuple(Curve(name, _numbers(value), slope) for name, value, slope in zip(names, values, slopes, strict=True))


def judge_number(
    name: ResidualName, prediction: float, target: float, *, settings: LossSettings, lr: float
) -> ResidualJudgement:
    """Take the loss of one predicted number, its gradient by the prediction, and one step of gradient descent."""
    y = torch.tensor(prediction, dtype=torch.float64, requires_grad=True)
    truth = torch.tensor(target, dtype=torch.float64)
    value = residual_losses(name, y, truth, settings)
    (gradient,) = torch.autograd.grad(value, y)
    after = y.detach() - lr * gradient
    return ResidualJudgement(
        name, float(value.detach()), float(gradient), float(after), float(residual_losses(name, after, truth, settings))
    )


def residual_curve(name: ResidualName, residuals: Sequence[float], settings: LossSettings) -> Curve:
    """Give the loss of each residual (prediction − target), and its slope there."""
    moved = torch.tensor(residuals, dtype=torch.float64, requires_grad=True)
    return _curve(name, residual_losses(name, moved, torch.zeros_like(moved), settings), moved)


def _each_loss(
    names: Sequence[LossName], rows: Sequence[Tensor], labels: Tensor, settings: LossSettings
) -> list[Tensor]:
    """Every loss of its own rows."""
    return [image_losses(name, own, labels, settings) for name, own in zip(names, rows, strict=True)]


def _slopes(values: Sequence[Tensor], moved: Tensor) -> Tensor:
    """The slopes of all values in one go: each depends on its own part of ``moved`` alone."""
    if not values:
        return torch.zeros_like(moved)
    (slopes,) = torch.autograd.grad(torch.cat(list(values)).sum(), moved)
    return slopes


def _rows(values: Tensor) -> list[Numbers]:
    return [tuple(row) for row in values.tolist()]


def _curve(name: str, values: Tensor, moved: Tensor) -> Curve:
    (slopes,) = torch.autograd.grad(values.sum(), moved)
    return Curve(name, _numbers(values), _numbers(slopes))


def _numbers(values: Tensor) -> Numbers:
    return tuple(values.detach().tolist())
