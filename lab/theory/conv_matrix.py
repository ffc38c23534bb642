"""A convolution written as one matrix product: the same sum, with every zero spelled out.

The input is unrolled into a long column, row by row and channel by channel; each output cell is one row of the matrix.
A kernel value appears in every row, which is weight sharing; almost all entries are 0, which is locality. The
transposed layer is the transposed matrix, hence its name.
"""

from __future__ import annotations

from torch import Tensor, arange, tensor

from lab.theory.convolution import ConvSetting, kernels_of


def conv_matrix(setting: ConvSetting, weight: Tensor) -> Tensor:
    """Write the layer as a matrix: ``output.flatten() == matrix @ image.flatten() + bias of each map``.

    Where padding repeats a pixel, several kernel values meet it at one position; its entry is their sum.

    Args:
        setting: what is convolved how.
        weight: ``setting.weight_shape``.

    Returns:
        (out_channels · output height · output width, in_channels · height · width).

    Source:
        Dumoulin & Visin, arXiv:1603.07285, section 4.1 (a 3×3 kernel on 4×4: the matrix is 4×16).

    Examples:
        >>> from torch import ones
        >>> conv_matrix(ConvSetting(size=(4, 4)), ones(1, 1, 3, 3)).shape
        torch.Size([4, 16])
    """
    height, width = setting.size
    out_height, out_width = setting.output_size
    # One row and one column more: the index NOTHING = -1 writes there, and they are cut off.
    matrix = weight.new_zeros(setting.out_channels, out_height, out_width, setting.in_channels, height + 1, width + 1)
    for out_channel in range(setting.out_channels):
        _write_rows(matrix[out_channel], setting, weight, out_channel)
    return matrix[..., :height, :width].reshape(setting.out_channels * out_height * out_width, -1)


def _write_rows(rows_of_map: Tensor, setting: ConvSetting, weight: Tensor, out_channel: int) -> None:
    """Add each kernel value to (output cell, input cell) for all the pairs that it joins."""
    kernels = kernels_of(setting, weight, out_channel)
    rows, columns = tensor(setting.rows.sources), tensor(setting.columns.sources)
    out_height, out_width = setting.output_size
    ys, xs = arange(out_height)[:, None], arange(out_width)[None, :]
    for offset, channel in enumerate(setting.channels_read(out_channel)):
        for i in range(setting.kernel_size[0]):
            for j in range(setting.kernel_size[1]):
                places = (ys, xs, tensor(channel), rows[:, i, None], columns[None, :, j])
                rows_of_map.index_put_(places, kernels[offset, i, j], accumulate=True)
