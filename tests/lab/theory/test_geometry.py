"""Sizes of convolution and pooling, against the published table and against torch itself."""

import itertools

import pytest
import torch
from torch.nn import functional as F

from lab.errors import GeometryError
from lab.theory.geometry import (
    adaptive_window,
    conv_output_size,
    effective_kernel_size,
    padded_output_size,
    pool_output_size,
    receptive_field_step,
    same_padding,
    transposed_output_size,
)

# Dumoulin & Visin, arXiv:1603.07285, the figures: name, i, k, s, p, d, o.
FIGURES = [
    ("no padding, no strides", 4, 3, 1, 0, 1, 2),
    ("arbitrary padding", 5, 4, 1, 2, 1, 6),
    ("half padding", 5, 3, 1, 1, 1, 5),
    ("full padding", 5, 3, 1, 2, 1, 7),
    ("no padding, strides", 5, 3, 2, 0, 1, 2),
    ("padding, strides", 5, 3, 2, 1, 1, 3),
    ("padding, strides (odd)", 6, 3, 2, 1, 1, 3),
    ("dilation", 7, 3, 1, 0, 2, 3),
]


@pytest.mark.parametrize(("figure", "i", "k", "s", "p", "d", "o"), FIGURES)
def test_sizes_are_those_of_the_published_figures(figure, i, k, s, p, d, o):
    assert conv_output_size(i, k, stride=s, padding=p, dilation=d) == o, figure


# The same figures read backwards; a is the output padding.
@pytest.mark.parametrize(
    ("o", "i", "k", "s", "p", "a"),
    [
        (2, 4, 3, 1, 0, 0),
        (6, 5, 4, 1, 2, 0),
        (5, 5, 3, 1, 1, 0),
        (7, 5, 3, 1, 2, 0),
        (2, 5, 3, 2, 0, 0),
        (3, 5, 3, 2, 1, 0),
        (3, 6, 3, 2, 1, 1),
    ],
)
def test_transposed_sizes_are_those_of_the_published_figures(o, i, k, s, p, a):
    assert transposed_output_size(o, k, stride=s, padding=p, output_padding=a) == i


CASES = list(itertools.product((5, 6, 9), (1, 2, 3, 4), (1, 2, 3), (0, 1, 2), (1, 2, 3)))


@pytest.mark.parametrize(("size", "kernel", "stride", "padding", "dilation"), CASES)
def test_convolution_is_as_long_as_torch_makes_it(size, kernel, stride, padding, dilation):
    row, taps = torch.zeros(1, 1, size), torch.zeros(1, 1, kernel)

    def ours():
        return conv_output_size(size, kernel, stride=stride, padding=padding, dilation=dilation)

    try:
        theirs = F.conv1d(row, taps, stride=stride, padding=padding, dilation=dilation).shape[2]
    except RuntimeError:
        with pytest.raises(GeometryError, match="the window spans"):
            ours()
    else:
        assert ours() == theirs


@pytest.mark.parametrize(("size", "kernel", "stride", "padding", "dilation"), CASES)
@pytest.mark.parametrize("ceil_mode", [False, True])
def test_pooling_is_as_long_as_torch_makes_it(size, kernel, stride, padding, dilation, ceil_mode):
    row = torch.zeros(1, 1, size)

    def ours():
        return pool_output_size(size, kernel, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode)

    if dilation * (kernel - 1) + 1 > size + 2 * padding:  # with ceil_mode torch gives a window of padding alone
        with pytest.raises(GeometryError):
            ours()
        return
    try:
        theirs = F.max_pool1d(row, kernel, stride, padding, dilation, ceil_mode).shape[2]
    except RuntimeError:
        with pytest.raises(GeometryError, match="more than half the pooling window"):
            ours()
    else:
        assert ours() == theirs


@pytest.mark.parametrize(("size", "kernel", "stride", "padding", "dilation"), CASES)
@pytest.mark.parametrize("output_padding", [0, 1, 2])
def test_transposed_convolution_is_as_long_as_torch_makes_it(size, kernel, stride, padding, dilation, output_padding):
    row, taps = torch.zeros(1, 1, size), torch.zeros(1, 1, kernel)

    def ours():
        return transposed_output_size(
            size, kernel, stride=stride, padding=padding, output_padding=output_padding, dilation=dilation
        )

    try:
        theirs = F.conv_transpose1d(
            row, taps, stride=stride, padding=padding, output_padding=output_padding, dilation=dilation
        ).shape[2]
    except RuntimeError:
        with pytest.raises(GeometryError):
            ours()
    else:
        assert ours() == theirs


# facts.md, from the documentation of torch.nn.MaxPool2d.
@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "floor", "ceil"),
    [(6, 3, 2, 0, 2, 3), (5, 2, 2, 0, 2, 3), (3, 2, 2, 1, 2, 2), (112, 3, 2, 1, 56, 57)],
)
def test_ceil_mode_keeps_a_window_that_hangs_over_unless_it_starts_outside(size, kernel, stride, padding, floor, ceil):
    assert pool_output_size(size, kernel, stride=stride, padding=padding) == floor
    assert pool_output_size(size, kernel, stride=stride, padding=padding, ceil_mode=True) == ceil


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_same_padding_keeps_the_size(kernel, dilation):
    assert padded_output_size(11, kernel, padding=same_padding(kernel, dilation), dilation=dilation) == 11


def test_all_sizes_of_one_stride_give_the_same_output():
    assert {conv_output_size(size, 3, stride=2, padding=1) for size in (11, 12)} == {6}
    assert transposed_output_size(6, 3, stride=2, padding=1) == 11
    assert transposed_output_size(6, 3, stride=2, padding=1, output_padding=1) == 12


@pytest.mark.parametrize(("size", "out"), [(7, 3), (6, 3), (5, 5), (3, 7), (10, 4), (1, 3)])
def test_adaptive_windows_are_those_of_torch(size, out):
    row = torch.arange(float(size)).reshape(1, 1, size)

    got = [
        sum(range(first, last + 1)) / (last - first + 1)
        for first, last in (adaptive_window(size, out, i) for i in range(out))
    ]

    torch.testing.assert_close(torch.tensor(got), F.adaptive_avg_pool1d(row, out)[0, 0])


# Araujo et al., Distill 2019: LeNet-5's convolutions and poolings.
def test_receptive_field_grows_as_published():
    size, jump, sizes = 1, 1, []
    for kernel, stride in ((5, 1), (2, 2), (5, 1), (2, 2), (5, 1)):
        size, jump = receptive_field_step(size, jump, kernel, stride)
        sizes.append(size)

    assert sizes == [5, 6, 14, 16, 32]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: conv_output_size(8, 9),
            "the window spans 9 px but the padded input has only 8 px; raise the padding to 1",
        ),
        (lambda: conv_output_size(0, 1), "size: size is 0, but it must be at least 1"),
        (lambda: conv_output_size(8, 3, stride=0), "stride: stride is 0, but it must be at least 1"),
        (lambda: conv_output_size(8, 3, padding=-1), "padding: padding is -1, but it must be at least 0"),
        (lambda: effective_kernel_size(3, 0), "dilation: dilation is 0, but it must be at least 1"),
        (
            lambda: pool_output_size(8, 2, padding=2),
            "more than half the pooling window of 2 px; set the padding to 1 or less",
        ),
        (lambda: transposed_output_size(4, 3, output_padding=1), "not below the stride 1 or the dilation 1"),
        (lambda: transposed_output_size(1, 1, padding=2), "the padding of 2 px cuts away all 1 px of the output"),
    ],
)
def test_an_impossible_size_says_how_to_fix_it(call, sentence):
    with pytest.raises(GeometryError) as caught:
        call()

    assert sentence in str(caught.value)
    assert str(caught.value).endswith("(GEO-SIZE)")


def test_the_advice_really_helps():
    with pytest.raises(GeometryError, match="raise the padding to 3"):
        conv_output_size(5, 10)

    assert conv_output_size(5, 10, padding=3) == 2


def test_a_pooling_window_of_padding_alone_is_refused() -> None:
    # The taps of the first window are pixels -1 and 2 of a map of two: no maximum, and PyTorch's backward pass aborts.
    with pytest.raises(GeometryError, match="reads nothing but padding on 2 px; set the dilation to 2 or less"):
        pool_output_size(2, 2, padding=1, dilation=3)
    assert pool_output_size(3, 2, padding=1, dilation=3) == 1
