"""The bias that batch normalisation takes away again: convolution + b, then BatchNorm, shown by numbers.

In training BatchNorm subtracts the mean of the batch. A bias shifts every value and the mean alike, so nothing of it is
left::

    (y + b) - mean(y + b) = y - mean(y)

So the output is the same for every bias, and the gradient of the bias is zero. In evaluation BatchNorm subtracts the
running mean, which has taken the bias in, batch by batch.

Source: Ioffe & Szegedy, "Batch Normalization", arXiv:1502.03167, section 3.2: "the bias b can be ignored since its
effect will be canceled by the subsequent mean subtraction"; its place is taken by beta.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

MOMENTUM = 0.1  # of nn.BatchNorm2d: how much of each batch goes into the running mean


@dataclass(frozen=True, eq=False)
class NormedConv:
    """One convolution with a bias, and BatchNorm after it.

    Attributes:
        before: ``(N, O, H', W')`` what the convolution gives, bias included.
        after: ``(N, O, H', W')`` what BatchNorm makes of it.
        after_without: the same with the bias at zero from the start.
        gap: the largest difference between the two, of either sign.
        batch_mean: ``(O,)`` mean of ``before``.
        running_mean: ``(O,)`` BatchNorm's running mean after the batches it has seen.
        running_mean_without: the same with the bias at zero.
        weight_gradient: largest size of a gradient among the kernel's weights.
        bias_gradient: ``(O,)`` gradient of the bias.
        beta_gradient: ``(O,)`` gradient of BatchNorm's own shift, which does the bias's work.
    """

    before: Tensor
    after: Tensor
    after_without: Tensor
    gap: float
    batch_mean: Tensor
    running_mean: Tensor
    running_mean_without: Tensor
    weight_gradient: float
    bias_gradient: Tensor
    beta_gradient: Tensor


def normed_conv(
    batch: Tensor, weight: Tensor, bias: Tensor, *, training: bool, n_batches: int = 0, beta: float = 0.0
) -> NormedConv:
    """Run a batch through convolution and BatchNorm, with the bias and without, forward and backward.

    Args:
        batch: ``(N, C, H, W)`` float.
        weight: ``(O, C, K, L)``, in the batch's type.
        bias: ``(O,)``.
        training: subtract the batch's mean; otherwise the running one.
        n_batches: how many times BatchNorm has seen this batch before, at least 0; its running mean starts at 0.
        beta: BatchNorm's own shift.

    Returns:
        The result; gradients are those of the mean squared distance to a target that is brighter by 1: the answer
        without bias and beta, upside down, plus 1. A shift is what it asks for.
    """
    with torch.no_grad():
        _, other = _layers(weight, torch.zeros_like(bias), beta)
        plain = _see(batch, weight, torch.zeros_like(bias), other, training, n_batches)
        target = (plain - beta).flip(-2) + 1
    conv, norm = _layers(weight, bias, beta)
    with torch.no_grad():
        _warm(conv(batch), norm, n_batches)
    norm.train(training)
    before = conv(batch)
    running_mean = _copy(norm.running_mean)
    after = norm(before)
    (after - target).square().mean().backward()
    return NormedConv(
        before=before.detach(),
        after=after.detach(),
        after_without=plain,
        gap=float((after.detach() - plain).abs().max()),
        batch_mean=before.detach().mean(dim=(0, 2, 3)),
        running_mean=running_mean,
        running_mean_without=_copy(other.running_mean),
        weight_gradient=float(_gradient(conv.weight).abs().max()),
        bias_gradient=_gradient(conv.bias),
        beta_gradient=_gradient(norm.bias),
    )


def _layers(weight: Tensor, bias: Tensor, beta: float) -> tuple[nn.Conv2d, nn.BatchNorm2d]:
    out_channels, in_channels, height, width = weight.shape
    conv = nn.Conv2d(in_channels, out_channels, (height, width), dtype=weight.dtype)
    norm = nn.BatchNorm2d(out_channels, momentum=MOMENTUM, dtype=weight.dtype)
    with torch.no_grad():
        conv.weight.copy_(weight)
        _bias_of(conv).copy_(bias)
        norm.bias.fill_(beta)
    return conv, norm


def _bias_of(conv: nn.Conv2d) -> Tensor:
    if conv.bias is None:
        raise ValueError("this convolution has no bias")
    return conv.bias


def _see(batch: Tensor, weight: Tensor, bias: Tensor, norm: nn.BatchNorm2d, training: bool, n_batches: int) -> Tensor:
    """The output of BatchNorm; its running mean afterwards is the one from before this batch."""
    sums = nn.functional.conv2d(batch, weight, bias)
    _warm(sums, norm, n_batches)
    kept = {name: value.clone() for name, value in norm.state_dict().items()}
    norm.train(training)
    output: Tensor = norm(sums)
    norm.load_state_dict(kept)
    return output


def _warm(sums: Tensor, norm: nn.BatchNorm2d, n_batches: int) -> None:
    """Show BatchNorm the same values many times, as training would."""
    norm.train()
    for _ in range(n_batches):
        norm(sums)


def _copy(value: Tensor | None) -> Tensor:
    return torch.empty(0) if value is None else value.detach().clone()


def _gradient(parameter: Tensor | None) -> Tensor:
    if parameter is None or parameter.grad is None:
        raise ValueError("nothing was sent back to this parameter")
    return parameter.grad.detach().clone()


def absorbed_share(n_batches: int, momentum: float = MOMENTUM) -> float:
    """How much of a bias the running mean has taken in after some batches: ``1 - (1 - momentum) ** n``.

    Examples:
        >>> absorbed_share(1), round(absorbed_share(22), 3), round(absorbed_share(44), 3)
        (0.1, 0.902, 0.99)
    """
    return 1.0 - float((1.0 - momentum) ** n_batches) if n_batches != 1 else momentum
