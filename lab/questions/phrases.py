"""Turns of phrase that questions share: sizes, settings of a layer, and formulas with their numbers put in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from lab.errors import GeometryError
from lab.network.layers.base import LayerSpec, Shape
from lab.network.layers.convolution import Conv2d, ConvTranspose2d
from lab.network.layers.dense import Linear
from lab.network.layers.pooling import AvgPool2d, MaxPool2d
from lab.network.layers.shape import Flatten
from lab.network.spec import NetworkSpec
from lab.network.summary import summarize
from lab.questions.answer import Value, value_latex
from lab.questions.question import Mistake

AXES = ("height", "width")


def count(number: int, noun: str) -> str:
    """Say how many: ``1 channel``, ``3 channels``, ``2 batches``, ``5 epochs``.

    Examples:
        >>> count(1, "channel"), count(61706, "parameter"), count(2, "batch"), count(5, "epoch")
        ('1 channel', '61,706 parameters', '2 batches', '5 epochs')
    """
    plural = f"{noun}es" if noun.endswith(("tch", "nch", "s", "x")) else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def article(noun: str) -> str:
    """Put the article before a noun or number: ``a 3×3``, ``an 8×8``, ``an average``.

    Examples:
        >>> [article(noun) for noun in ("8×8", "3×3", "11×11", "average", "upsampling", "unit")]
        ['an 8×8', 'a 3×3', 'an 11×11', 'an average', 'an upsampling', 'a unit']
    """
    sounds_open = noun[0] in "8aeio" or re.match(r"1[18]\b|up", noun)
    return f"{'an' if sounds_open else 'a'} {noun}"


def square(side: int) -> str:
    """Write a square window with its article: ``a 3×3``."""
    return article(f"{side}×{side}")


def size(pair: Iterable[int]) -> str:
    """Write a size: ``3×5``."""
    return "×".join(map(str, pair))


def short(pair: tuple[int, int]) -> str:
    """Write a setting: ``2``, or ``2×1`` where height and width differ."""
    return str(pair[0]) if pair[0] == pair[1] else size(pair)


def tex(value: Value) -> str:
    """Write a value in LaTeX."""
    return value_latex(value)


def listed(parts: Iterable[str]) -> str:
    """Join parts: ``a, b and c``."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def settings(layer: LayerSpec) -> str:
    """Put a window's settings into words, those that do nothing left out.

    Examples:
        >>> from lab.network.layers.convolution import Conv2d
        >>> settings(Conv2d(id="conv", out_channels=8, stride=2, padding=1))
        'a 3×3 kernel, stride 2 and padding 1'
    """
    window = "kernel" if "Conv" in layer.kind else "window"
    parts = [
        f"{article(size(layer_pair(layer, 'kernel_size')))} {window}",
        f"stride {short(layer_pair(layer, 'stride'))}",
    ]
    padding = getattr(layer, "padding", (0, 0))
    parts.append(f"padding '{padding}'" if isinstance(padding, str) else _padding(padding))
    if (dilation := getattr(layer, "dilation", (1, 1))) != (1, 1):
        parts.append(f"dilation {short(dilation)}")
    if (extra := getattr(layer, "output_padding", (0, 0))) != (0, 0):
        parts.append(f"output padding {short(extra)}")
    return listed(parts)


def pairs_told(layer: LayerSpec) -> str:
    """Say in which order pairs are written, where a layer has any; with a space behind it."""
    names = ("kernel_size", "stride", "padding", "dilation", "output_padding")
    values = (getattr(layer, name, None) for name in names)
    has_pairs = any(isinstance(value, tuple) and value[0] != value[1] for value in values)
    return "Pairs are height × width. " if has_pairs else ""


def padding_words(padding: int) -> str:
    """Say how much padding there is: ``no padding``, ``padding 1``."""
    return f"padding {padding}" if padding else "no padding"


def _padding(padding: tuple[int, int]) -> str:
    return "no padding" if padding == (0, 0) else f"padding {short(padding)}"


def layer_pair(layer: LayerSpec, field: str) -> tuple[int, int]:
    """Read a pair field of a layer; a pooling without a stride moves by its window."""
    value = getattr(layer, field) or layer.kernel_size  # type: ignore[attr-defined]
    return value[0], value[1]


def given(layer: LayerSpec, shape: Shape) -> dict[str, object]:
    """List what a question about one layer was made from, in PyTorch's spelling."""
    return {"input": shape, "kind": layer.kind, **layer.arguments((shape,))}


def mistake(name: str, compute: Callable[[], Value]) -> tuple[Mistake, ...]:
    """Compute a known wrong value; nothing where the mistake leads to no value at all."""
    try:
        return (Mistake(name, compute()),)
    except (GeometryError, ZeroDivisionError):
        return ()


def chain_lines(spec: NetworkSpec) -> str:
    """List the layers of a network as numbered lines of Markdown, each with what a size or a count needs."""
    return "\n".join(f"{n}. `{layer.id}`: {layer_words(layer)}" for n, layer in enumerate(spec.layers, 1))


def layer_words(layer: LayerSpec) -> str:
    """Put one layer into words.

    Examples:
        >>> from lab.network.layers.dense import Linear
        >>> layer_words(Linear(id="fc", out_features=10, bias=False))
        'dense layer (Linear), 10 outputs, no bias'
    """
    facts = [layer.title.lower()]
    match layer:
        case Linear():
            facts = ["dense layer (Linear)", count(layer.out_features, "output"), _bias(layer.bias)]
        case Conv2d() | ConvTranspose2d():
            facts += [count(layer.out_channels, "output channel"), settings(layer).replace(" and ", ", ")]
            facts += [] if layer.groups == 1 else [f"{layer.groups} groups"]
            facts.append(_bias(layer.bias))
        case Flatten():
            facts = ["flatten the maps into a vector"]
        case MaxPool2d() | AvgPool2d():
            facts.append(settings(layer).replace(" and ", ", "))
        case _:
            facts = [layer.title.lower() if layer.kind != "ReLU" else "ReLU"]
    return ", ".join(facts)


def _bias(has_bias: bool) -> str:
    return "with bias" if has_bias else "no bias"


def given_network(spec: NetworkSpec) -> dict[str, object]:
    """List what a question about a network was made from, each layer as its kind and its arguments in ``torch.nn``."""
    rows = summarize(spec).rows
    layers = [(layer.kind, layer.arguments(row.inputs)) for layer, row in zip(spec.layers, rows, strict=True)]
    return {"input": spec.input, "layers": layers}
