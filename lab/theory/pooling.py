"""Pooling taken apart: every number by ``torch.nn.functional``, every gradient by autograd.

:func:`pool` is the layer; :func:`take_apart` follows each number of a small map; :func:`what_was_lost` looks at a
whole picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional as F

from lab.theory.pool_window import AxisWindows, PoolKind, PoolSpec, axis_windows

_RANDOM_SEED = 0  # of the weights that stand for a convolution before training


def pool(maps: Tensor, spec: PoolSpec) -> Tensor:
    """Make maps smaller, channel by channel.

    Args:
        maps: (N, C, H, W), floating point.
        spec: the setting; options that its kind does not have are ignored.

    Returns:
        (N, C, h, w).

    Raises:
        GeometryError: the window does not fit.

    Examples:
        >>> pool(torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]), PoolSpec(kind="average")).item()
        2.5
    """
    height, width = maps.shape[-2:]
    n_windows = spec.output_shape((height, width))  # our error, in plain words, before torch's
    one = spec.effective()
    if one.kind is PoolKind.MAX:
        pooled: Tensor = F.max_pool2d(maps, one.kernel_size, one.stride, one.padding, one.dilation, one.ceil_mode)
        return pooled
    if one.kind is PoolKind.AVERAGE:
        return F.avg_pool2d(maps, one.kernel_size, one.stride, one.padding, one.ceil_mode, one.count_include_pad)
    if one.kind is PoolKind.LP:
        return F.lp_pool2d(maps, float(one.norm_type), one.kernel_size, one.stride, one.ceil_mode)
    if one.kind is PoolKind.CONVOLUTION:
        return _convolve(maps, one, conv_weight(one, maps.dtype))
    if one.kind.takes_maximum:
        largest: Tensor = F.adaptive_max_pool2d(maps, n_windows)
        return largest
    return F.adaptive_avg_pool2d(maps, n_windows)


def conv_weight(spec: PoolSpec, dtype: torch.dtype = torch.float32) -> Tensor:
    """The kernel of the strided convolution, (kh, kw).

    ``mean`` weighs all pixels alike, ``first`` keeps the top left pixel alone (plain subsampling), ``blur`` is the
    binomial kernel, ``random`` what ``nn.Conv2d`` starts from before it is trained.

    Source:
        ``blur``: Zhang, "Making Convolutional Networks Shift-Invariant Again", arXiv:1904.11486, section 3.2.

    Examples:
        >>> conv_weight(PoolSpec(kernel_size=(1, 3), weights="blur")).tolist()
        [[0.25, 0.5, 0.25]]
    """
    shape = spec.kernel_size
    if spec.weights == "mean":
        return torch.full(shape, 1 / (shape[0] * shape[1]), dtype=dtype)
    if spec.weights == "first":
        weight = torch.zeros(shape, dtype=dtype)
        weight[0, 0] = 1
        return weight
    if spec.weights == "blur":
        return torch.outer(_binomial(shape[0], dtype), _binomial(shape[1], dtype))
    # kaiming_uniform(a=√5) as in nn.Conv2d.reset_parameters: between ±1/√(kh·kw) for one input channel.
    bound = (shape[0] * shape[1]) ** -0.5
    generator = torch.Generator().manual_seed(_RANDOM_SEED)
    return torch.empty(shape, dtype=dtype).uniform_(-bound, bound, generator=generator)


def _binomial(n: int, dtype: torch.dtype) -> Tensor:
    row = torch.ones(1, 1, 1, dtype=dtype)
    for _ in range(n - 1):
        row = F.conv1d(row, torch.full((1, 1, 2), 0.5, dtype=dtype), padding=1)
    return row[0, 0]


def _convolve(maps: Tensor, spec: PoolSpec, weight: Tensor) -> Tensor:
    """One kernel for every channel, the channels kept apart."""
    channels = maps.shape[1]
    kernels = weight.expand(channels, 1, *weight.shape)
    return F.conv2d(maps, kernels, stride=spec.stride, padding=spec.padding, dilation=spec.dilation, groups=channels)


def gain(spec: PoolSpec) -> float:
    """What a full window of ones gives: 1 for all kinds but LP pooling, which adds up.

    Dividing by it makes the pictures of all kinds comparable.

    Examples:
        >>> gain(PoolSpec(kind="lp", norm_type=1, kernel_size=(2, 2))), gain(PoolSpec(kind="average"))
        (4.0, 1.0)
    """
    if spec.kind is not PoolKind.LP:
        return 1.0
    ones = torch.ones(1, 1, *spec.kernel_size, dtype=torch.float64)
    return float(F.lp_pool2d(ones, float(spec.norm_type), spec.kernel_size))


def winners(maps: Tensor, spec: PoolSpec) -> Tensor | None:
    """Which pixel each window of a maximum took, PyTorch's own answer; of equal pixels the first, row by row.

    Returns:
        (N, C, h, w) int64, the flat position ``y * W + x``; ``None`` for kinds where no pixel wins.
    """
    if not spec.kind.takes_maximum:
        return None
    n_windows = spec.output_shape((maps.shape[-2], maps.shape[-1]))
    one = spec.effective()
    if one.kind is PoolKind.MAX:
        answer = F.max_pool2d(
            maps, one.kernel_size, one.stride, one.padding, one.dilation, one.ceil_mode, return_indices=True
        )
    else:
        answer = F.adaptive_max_pool2d(maps, n_windows, return_indices=True)
    positions: Tensor = answer[1]
    return positions


def passed_on(maps: Tensor, spec: PoolSpec) -> Tensor:
    """Which pixels have a say in any output: the winners of a maximum, else every pixel that some window weighs.

    Returns:
        (N, C, H, W) bool.
    """
    positions = winners(maps, spec)
    if positions is not None:
        flat = torch.zeros(*maps.shape[:2], maps.shape[-2] * maps.shape[-1], dtype=torch.bool)
        return flat.scatter_(2, positions.flatten(2), True).reshape(maps.shape)
    # No weight is negative and no pixel 0 on a picture of ones, so a gradient of 0 means: never weighed.
    ones = torch.ones(1, 1, *maps.shape[-2:], dtype=torch.float64, requires_grad=True)
    one = spec.effective()
    weighed = _convolve(ones, one, conv_weight(one, ones.dtype).abs()) if "weights" in one.options else pool(ones, one)
    (gradient,) = torch.autograd.grad(weighed.sum(), ones)
    return (gradient > 0).expand(maps.shape)


@dataclass(frozen=True, eq=False)
class Lost:
    """What a pooling did not keep of a picture.

    Args:
        passed: (C, H, W) bool, the pixels that have a say in any output.
        restored: (C, H, W), the output divided by :func:`gain` and enlarged to the old size by repeating its pixels.
        difference: mean of ``|restored − picture|`` over all pixels, in the picture's own units.
    """

    passed: Tensor
    restored: Tensor
    difference: float

    @property
    def share_lost(self) -> float:
        """Share of the pixels that were never passed on, 0 .. 1."""
        return 1.0 - float(self.passed.double().mean())


def what_was_lost(picture: Tensor, spec: PoolSpec, pooled: Tensor | None = None) -> Lost:
    """Compare a picture with what a pooling leaves of it.

    Args:
        picture: (C, H, W), floating point.
        spec: the setting.
        pooled: its output (C, h, w) where it is known already.

    Raises:
        GeometryError: the window does not fit.
    """
    batch = picture[None]
    output = pool(batch, spec) if pooled is None else pooled[None]
    restored = F.interpolate(output / gain(spec), size=picture.shape[-2:], mode="nearest")[0]
    difference = float((restored - picture).abs().mean())
    return Lost(passed_on(batch, spec)[0], restored, difference)


def gradient_at(picture: Tensor, spec: PoolSpec) -> Tensor:
    """The gradient that reaches a picture when every output is given the gradient 1, by autograd.

    Args:
        picture: (C, H, W), floating point.
        spec: the setting.

    Returns:
        (C, H, W).

    Examples:
        >>> gradient_at(torch.tensor([[[1.0, 5.0], [3.0, 2.0]]]), PoolSpec()).tolist()
        [[[0.0, 1.0], [0.0, 0.0]]]
    """
    values = picture[None].detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(pool(values, spec).sum(), values)
    return gradient[0]


@dataclass(frozen=True, eq=False)
class PoolingDetail:
    """A pooling of one small map with everything that a reader of the arithmetic asks for.

    Args:
        spec: the setting.
        picture: (H, W), float64.
        output: (h, w).
        rows, cols: which rows and columns each window reads.
        winners: (h, w) flat positions of the winning pixels, or ``None``.
        divisors: (h, w) what a mean divides by, or ``None``.
        weight: (kh, kw) of the convolution, or ``None``.
        gradients: (h, w, H, W): how much each output changes with each pixel, by autograd; after
            :meth:`with_upstream` times the gradient that arrives at the output.
        lost: what was not kept.
    """

    spec: PoolSpec
    picture: Tensor
    output: Tensor
    rows: AxisWindows
    cols: AxisWindows
    winners: Tensor | None
    divisors: Tensor | None
    weight: Tensor | None
    gradients: Tensor
    lost: Lost

    @property
    def gradient(self) -> Tensor:
        """(H, W): the gradient that reaches the map; without another one, every output is given the gradient 1."""
        return self.gradients.sum((0, 1))

    def with_upstream(self, upstream: Tensor) -> PoolingDetail:
        """The same with another gradient arriving at the output than 1 everywhere.

        Args:
            upstream: (h, w).

        Examples:
            >>> detail = take_apart(torch.tensor([[1.0, 5.0], [3.0, 2.0]]), PoolSpec())
            >>> detail.with_upstream(torch.tensor([[-4.0]])).gradient.tolist()
            [[0.0, -4.0], [0.0, 0.0]]
        """
        return replace(self, gradients=self.gradients * upstream[:, :, None, None])


def take_apart(picture: Tensor, spec: PoolSpec) -> PoolingDetail:
    """Pool one map and keep what each output cell was made of.

    Args:
        picture: (H, W).
        spec: the setting.

    Raises:
        GeometryError: the window does not fit.

    Examples:
        >>> detail = take_apart(torch.tensor([[1.0, 5.0], [3.0, 2.0]]), PoolSpec())
        >>> detail.output.tolist(), detail.winners.tolist(), detail.gradient.tolist()
        ([[5.0]], [[1]], [[0.0, 1.0], [0.0, 0.0]])
    """
    values = picture.double()
    size = (values.shape[0], values.shape[1])
    rows, cols = axis_windows(spec, size[0], 0), axis_windows(spec, size[1], 1)
    output = pool(values[None, None], spec)[0, 0]
    taken = winners(values[None, None], spec)
    return PoolingDetail(
        spec=spec,
        picture=values,
        output=output,
        rows=rows,
        cols=cols,
        winners=None if taken is None else taken[0, 0],
        divisors=_divisors(spec, rows, cols),
        weight=conv_weight(spec, values.dtype) if spec.kind is PoolKind.CONVOLUTION else None,
        gradients=_gradients(values, spec, (output.shape[0], output.shape[1])),
        lost=what_was_lost(values[None], spec, output[None]),
    )


def _divisors(spec: PoolSpec, rows: AxisWindows, cols: AxisWindows) -> Tensor | None:
    """What each mean divides by, read off PyTorch: the mean of ones over the window is its pixels over the divisor.

    For LP pooling it is the divisor of the mean of powers that PyTorch multiplies by the kernel's size again.
    """
    one = spec.effective()
    if spec.kind.takes_maximum or spec.kind is PoolKind.CONVOLUTION:
        return None
    kind = PoolKind.AVERAGE if one.kind is PoolKind.LP else one.kind
    mean_of_ones = pool(
        torch.ones(1, 1, rows.size, cols.size, dtype=torch.float64), one.model_copy(update={"kind": kind})
    )[0, 0]
    n_rows = torch.tensor([len(rows.inside(position)) for position in range(len(rows.taps))])
    n_cols = torch.tensor([len(cols.inside(position)) for position in range(len(cols.taps))])
    return (torch.outer(n_rows, n_cols) / mean_of_ones).round().long()


def _gradients(values: Tensor, spec: PoolSpec, shape: tuple[int, int]) -> Tensor:
    """All gradients at once: one copy of the map for each output cell, and of each copy only its own cell counts."""
    n_cells = shape[0] * shape[1]
    copies = values.repeat(n_cells, 1, 1, 1).requires_grad_(True)
    cells = pool(copies, spec).flatten(1).diagonal().sum()
    (gradients,) = torch.autograd.grad(cells, copies)
    return gradients.reshape(*shape, *values.shape)
