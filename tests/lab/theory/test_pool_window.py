"""Windows and bounds against PyTorch's sizes and published corner cases."""

from __future__ import annotations

import random

import pytest
import torch
from torch.nn import functional as F

from lab.errors import GeometryError
from lab.theory.pool_window import (
    AxisWindows,
    DroppedWindow,
    PoolKind,
    PoolSpec,
    Range,
    axis_windows,
    bounds,
    nearest_possible,
)

KINDS = tuple(PoolKind)


def random_spec(chance: random.Random) -> PoolSpec:
    kernel = (chance.randint(1, 5), chance.randint(1, 5))
    return PoolSpec(
        kind=chance.choice(KINDS),
        kernel_size=kernel,
        stride=(chance.randint(1, 4), chance.randint(1, 4)),
        padding=(chance.randint(0, kernel[0] // 2), chance.randint(0, kernel[1] // 2)),
        dilation=(chance.randint(1, 3), chance.randint(1, 3)),
        ceil_mode=chance.random() < 0.5,
        count_include_pad=chance.random() < 0.5,
        norm_type=chance.randint(1, 8),
        output_size=(chance.randint(1, 7), chance.randint(1, 7)),
        weights=chance.choice(("mean", "first", "blur", "random")),
    )


def possible_case(seed: int) -> tuple[PoolSpec, tuple[int, int]]:
    """A random setting and a map that it fits."""
    chance = random.Random(seed)
    spec, size = random_spec(chance), (chance.randint(1, 9), chance.randint(1, 9))
    return nearest_possible(spec, size), size


def torch_shape(spec: PoolSpec, size: tuple[int, int]) -> tuple[int, int]:
    """The size as PyTorch's functions give it, each called here with its own options."""
    maps = torch.zeros(1, 1, *size)
    calls = {
        PoolKind.MAX: lambda: F.max_pool2d(
            maps, spec.kernel_size, spec.stride, spec.padding, spec.dilation, spec.ceil_mode
        ),
        PoolKind.AVERAGE: lambda: F.avg_pool2d(maps, spec.kernel_size, spec.stride, spec.padding, spec.ceil_mode),
        PoolKind.LP: lambda: F.lp_pool2d(maps, 2.0, spec.kernel_size, spec.stride, spec.ceil_mode),
        PoolKind.CONVOLUTION: lambda: F.conv2d(
            maps, torch.zeros(1, 1, *spec.kernel_size), None, spec.stride, spec.padding, spec.dilation
        ),
        PoolKind.ADAPTIVE_MAX: lambda: F.adaptive_max_pool2d(maps, spec.output_size),
        PoolKind.ADAPTIVE_AVERAGE: lambda: F.adaptive_avg_pool2d(maps, spec.output_size),
    }
    out = calls[spec.kind]().shape[-2:] if spec.kind in calls else (1, 1)
    return out[0], out[1]


def test_sizes_are_torchs_in_500_random_settings() -> None:
    for seed in range(600):
        spec, size = possible_case(seed)
        assert spec.output_shape(size) == torch_shape(spec, size), (seed, spec, size)
        windows = [axis_windows(spec, size[axis], axis) for axis in (0, 1)]
        assert tuple(len(one.taps) for one in windows) == spec.output_shape(size), (seed, spec, size)


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "floor", "ceil"),
    [(6, 3, 2, 0, 2, 3), (5, 2, 2, 0, 2, 3), (3, 2, 2, 1, 2, 2), (112, 3, 2, 1, 56, 57)],
)
def test_floor_and_ceil_sizes_as_in_the_documentation(
    size: int, kernel: int, stride: int, padding: int, floor: int, ceil: int
) -> None:
    # facts.md, "PyTorch-specific"; 112 → 56 is ResNet's max pool, 57 follows from its remainder of 1.
    spec = PoolSpec(kernel_size=(kernel,) * 2, stride=(stride,) * 2, padding=(padding,) * 2)
    assert spec.output_shape((size, size)) == (floor, floor)
    assert spec.model_copy(update={"ceil_mode": True}).output_shape((size, size)) == (ceil, ceil)


def test_floor_drops_the_window_that_hangs_over_the_end() -> None:
    spec = PoolSpec(kernel_size=(2, 2), stride=(2, 2))
    assert axis_windows(spec, 5, 0) == AxisWindows(5, ((0, 1), (2, 3)), DroppedWindow((4, 5), in_padding=False))
    assert axis_windows(spec, 5, 0).unread == (4,)
    kept = axis_windows(spec.model_copy(update={"ceil_mode": True}), 5, 0)
    assert kept == AxisWindows(5, ((0, 1), (2, 3), (4, 5)), None)


def test_ceil_mode_drops_the_window_that_would_start_in_the_padding() -> None:
    spec = PoolSpec(kernel_size=(2, 2), stride=(2, 2), padding=(1, 1), ceil_mode=True)
    assert axis_windows(spec, 3, 0) == AxisWindows(3, ((-1, 0), (1, 2)), DroppedWindow((3, 4), in_padding=True))


def test_adaptive_windows_are_uneven_and_overlap_by_one() -> None:
    windows = axis_windows(PoolSpec(kind="adaptive_max", output_size=(3, 4)), 7, 1)
    assert windows.taps == ((0, 1), (1, 2, 3), (3, 4, 5), (5, 6))
    assert windows.shared == (1, 3, 5)
    assert axis_windows(PoolSpec(kind="adaptive_max", output_size=(4, 4)), 10, 0).taps == (
        (0, 1, 2),
        (2, 3, 4),
        (5, 6, 7),
        (7, 8, 9),
    )


def test_overlapping_windows_share_pixels() -> None:
    # AlexNet's 3×3 windows with stride 2.
    assert axis_windows(PoolSpec(kernel_size=(3, 3)), 7, 0).shared == (2, 4)


def test_a_pixel_between_windows_is_never_read() -> None:
    assert axis_windows(PoolSpec(kernel_size=(1, 1), stride=(3, 3)), 5, 0).unread == (1, 2, 4)


def test_every_value_in_bounds_fits_and_the_next_does_not() -> None:
    for seed in range(500):
        spec, size = possible_case(seed)
        if not spec.kind.slides:
            continue
        square = spec.model_copy(
            update={name: (getattr(spec, name)[0],) * 2 for name in ("kernel_size", "stride", "padding", "dilation")}
        )
        square = nearest_possible(square, (min(size), min(size)))
        for name, found in bounds(square, size).items():
            for value in range(found.least, found.most + 1):
                assert min(square.model_copy(update={name: (value, value)}).output_shape(size)) >= 1, (seed, name)
        padding = bounds(square, size)["padding"].most
        if "padding" in square.options:
            too_much = square.model_copy(update={"padding": (padding + 1,) * 2})
            with pytest.raises(GeometryError, match="more than half the pooling window"):
                too_much.output_shape(size)


def test_bounds_keep_padding_at_half_the_kernel() -> None:
    spec = PoolSpec(kernel_size=(5, 5), padding=(2, 2))
    assert bounds(spec, (8, 8))["padding"] == Range(0, 2)
    assert bounds(spec, (8, 8))["kernel_size"] == Range(4, 12)


def test_a_link_with_too_large_a_kernel_is_brought_back_to_the_map() -> None:
    for seed in range(500):
        chance = random.Random(seed)
        size = (chance.randint(1, 6), chance.randint(1, 6))
        spec = random_spec(chance).model_copy(
            update={"kernel_size": (chance.randint(1, 16), 16), "padding": (chance.randint(0, 9), 3)}
        )
        assert min(nearest_possible(spec, size).output_shape(size)) >= 1, (seed, spec, size)


def test_a_possible_setting_is_left_alone() -> None:
    spec = PoolSpec(kernel_size=(3, 3), padding=(1, 1))
    assert nearest_possible(spec, (6, 6)) is spec


def test_too_large_a_window_says_how_to_fix_it() -> None:
    with pytest.raises(GeometryError, match="the window spans 3 px but the padded input has only 1 px"):
        PoolSpec(kernel_size=(3, 3)).output_shape((1, 1))
