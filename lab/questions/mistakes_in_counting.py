"""The known mistakes about sizes, costs and networks: name, title, and what is told to whoever made it."""

from __future__ import annotations

COUNTING = (
    # Sizes
    ("padding-once", "Padding counted once", "Padding is added at both ends. So it counts twice: 2p, not p."),
    ("forgot-padding", "Padding left out", "You left the padding out. The padded picture is 2p pixels longer."),
    ("forgot-stride", "Stride left out", "You counted every position. With stride s only every s-th counts."),
    (
        "forgot-plus-one",
        "First position left out",
        "You counted the moves, not the positions. The first position comes before any move, so add 1.",
    ),
    (
        "rounded-up",
        "Rounded up",
        "You rounded up. A window that hangs over the edge is dropped, so PyTorch rounds down.",
    ),
    (
        "forgot-floor",
        "Not rounded down",
        "A number of positions is a whole number. The last window that hangs over the edge is dropped: round down.",
    ),
    (
        "forgot-dilation",
        "Dilation left out",
        "You left the dilation out. The kernel spans d(k − 1) + 1 pixels, not k.",
    ),
    (
        "dilation-from-zero",
        "Dilation counted from 0",
        "You counted dilation from 0. In PyTorch dilation 1 means no gaps, and d is the distance between two taps.",
    ),
    (
        "dilation-times-kernel",
        "Dilation times kernel",
        "The kernel does not span d · k pixels. There are k − 1 gaps between k taps: d(k − 1) + 1.",
    ),
    (
        "kernel-not-subtracted",
        "Kernel left out",
        "You left the kernel out. The window must fit in, so its span is subtracted first.",
    ),
    (
        "forgot-ceil-mode",
        "Ceil mode overlooked",
        "You rounded down. With ceil_mode a last window that hangs over the end is kept.",
    ),
    (
        "window-in-padding",
        "Window in the padding kept",
        "You kept a window that starts in the padding after the end. PyTorch drops it: it would see no pixel.",
    ),
    (
        "same-is-valid",
        "same taken for valid",
        "'same' adds padding so that the size stays. 'valid' is the one that adds none.",
    ),
    (
        "valid-is-same",
        "valid taken for same",
        "'valid' adds no padding, so the map shrinks. 'same' is the one that keeps the size.",
    ),
    (
        "padding-is-kernel",
        "Padding as large as the kernel",
        "The kernel has a centre. Only the pixels beside it hang over, so half of k − 1 is enough.",
    ),
    (
        "padding-total",
        "Total padding for one side",
        "That is the padding of both sides together. Each side gets half of it.",
    ),
    (
        "forward-size",
        "Forward formula used",
        "You used the formula of the ordinary convolution. A transposed convolution goes the other way and enlarges.",
    ),
    (
        "padding-added",
        "Padding added",
        "You added the padding. In a transposed convolution padding is cut away from the output.",
    ),
    (
        "size-times-stride",
        "Size times stride only",
        "You multiplied the size by the stride only. Kernel, padding and output padding count too.",
    ),
    (
        "forgot-output-padding",
        "Output padding left out",
        "You left the output padding out. It adds pixels at one end.",
    ),
    (
        "output-padding-twice",
        "Output padding counted twice",
        "Output padding is added at one end only. It counts once, not twice.",
    ),
    (
        "channels-of-input",
        "Channels of the input kept",
        "The output has one map for each kernel. Its channels are the layer's out_channels, not those that arrive.",
    ),
    (
        "pool-changes-channels",
        "Pooling merges channels",
        "Pooling works on each channel alone. It keeps their number.",
    ),
    (
        "layer-left-out",
        "A layer left out",
        "You left one layer out of the chain. Each layer changes the size that the next one sees.",
    ),
    (
        "half-kernel",
        "Half the kernel lost",
        "You took half the kernel away. Without padding (k − 1)/2 pixels are lost at each end, k − 1 in all.",
    ),
    (
        "same-is-full",
        "Padding that enlarges",
        "That is 'full' padding, which enlarges the map. 'same' adds just enough to keep the size.",
    ),
    ("one-too-many", "One too many", "That is one too many. Put it into the size formula and see what comes out."),
    ("extra-before", "Extra pixel before", "PyTorch puts the extra pixel after the end, not before the start."),
    (
        "first-position-spread",
        "Stride for every position",
        "You counted one stride too many. Between i positions there are i − 1 strides.",
    ),
    (
        "always-same",
        "Taken for same",
        "That padding would keep the size. Look at the sizes: this layer changes it.",
    ),
    (
        "size-over-size",
        "Size divided by size",
        "You divided the sizes. The window needs room, so divide what it can move by the number of moves.",
    ),
    (
        "moves-are-positions",
        "Positions taken for moves",
        "You divided by the positions. Between o positions there are o − 1 moves.",
    ),
    (
        "one-too-few",
        "One too few",
        "That stride is too small. Put it into the size formula: more positions come out.",
    ),
    (
        "span-for-dilation",
        "Span for dilation",
        "That is how many pixels the kernel spans. The dilation is the distance between two taps.",
    ),
    (
        "too-large-output-padding",
        "Output padding too large",
        "Output padding must be smaller than the stride; PyTorch refuses this one.",
    ),
    (
        "other-axis",
        "Height and width mixed up",
        "That is the other side of the map. Height follows from the height of the picture, width from its width.",
    ),
    # Costs
    ("forgot-bias", "Bias left out", "You left the bias out. Each output channel or neuron has one."),
    ("bias-anyway", "Bias counted though there is none", "You counted a bias, but this layer has none."),
    (
        "forgot-input-channels",
        "Input channels left out",
        "You left the input channels out. Every kernel has one slice for each channel that it reads.",
    ),
    (
        "macs-for-parameters",
        "MACs for parameters",
        "You counted multiplications. The same weights are used at every position, but they are learned once.",
    ),
    (
        "one-kernel-only",
        "One kernel only",
        "You counted one kernel only. The layer has one for each output channel.",
    ),
    (
        "bias-per-kernel-slice",
        "A bias for each slice",
        "You counted a bias for each slice of a kernel. There is one for each output channel.",
    ),
    ("bias-per-input", "A bias for each input", "You counted a bias for each input. There is one for each neuron."),
    (
        "neurons-added",
        "Neurons added up",
        "You added inputs and outputs. Every output is connected with every input, so multiply.",
    ),
    (
        "forgot-groups",
        "Groups left out",
        "You left the groups out. In g groups every kernel sees only the g-th part of the channels.",
    ),
    (
        "layer-left-out-of-sum",
        "A layer left out of the sum",
        "You counted one layer only. Both layers learn.",
    ),
    (
        "ordinary-convolution",
        "The other count",
        "That is the count of the other design. Read once more which of the two is asked for.",
    ),
    (
        "parameters-for-macs",
        "Parameters for MACs",
        "You counted what is learned. Every weight is used again at every position.",
    ),
    (
        "wrong-positions",
        "Positions of the wrong map",
        "You took the wrong map. A convolution computes at every output position, a transposed one at every input.",
    ),
    (
        "bias-counted",
        "Bias counted as MAC",
        "You counted the biases. A bias is only added, so it is no multiply-accumulate.",
    ),
    ("bytes-for-kib", "Bytes for KiB", "You counted bytes. One KiB has 1,024 of them."),
    ("values-for-bytes", "Values for bytes", "You counted values. Each of them takes several bytes."),
    ("bits-for-bytes", "Bits for bytes", "You counted bits. Eight bits are one byte."),
    ("forgot-channels", "Channels left out", "You counted one map only. There is one for each channel."),
    ("other-float", "Wrong size of a float", "You took the wrong float: float32 takes 4 bytes, float16 takes 2."),
    ("forgot-batch", "Batch left out", "You counted one picture only. The whole batch is kept at once."),
    # Chains and networks
    (
        "forgot-jump",
        "Strides before it left out",
        "You left the strides of earlier layers out. After a stride, neighbours lie further apart in the picture.",
    ),
    (
        "stride-too-early",
        "Own stride used too early",
        "You used a layer's own stride too early. It spreads only the layers after it.",
    ),
    (
        "kernels-added",
        "Kernel sizes added up",
        "You added the kernel sizes. The first pixel counts once: each layer adds k − 1, times the jump.",
    ),
    (
        "kernels-multiplied",
        "Kernel sizes multiplied",
        "You multiplied the kernel sizes. Fields grow by adding k − 1.",
    ),
    (
        "pooling-sees-nothing",
        "Window of the pooling left out",
        "You left the window of the pooling out. It looks at k pixels too, so it adds k − 1 times the jump.",
    ),
    (
        "last-layer-only",
        "Last layer only",
        "That is what the last layer sees in the map before it. Asked is what it sees in the picture.",
    ),
    ("one-axis-only", "One axis left out", "You left one axis out. A map has height times width values."),
    ("sizes-added", "Sizes added up", "You added the sizes. The number of values is their product."),
    (
        "last-layer-left-out",
        "Last layer left out",
        "You left the last layer out. The classifier's dense layer learns and computes too.",
    ),
    ("first-layer-only", "First layer only", "You counted the first layer only. Add up all of them."),
)
