"""Questions about memory: how many bytes the maps of a layer take."""

from __future__ import annotations

from math import prod

from lab.network.layers.convolution import Conv2d
from lab.network.spec import NetworkSpec
from lab.network.summary import FLOAT_BYTES, summarize
from lab.questions.answer import integer
from lab.questions.phrases import count, given, settings, size, tex
from lab.questions.question import Draft, Draw, Mistake, Show, Step
from lab.questions.topic import Topic

_KIB = 1024
_SIDES = (4, 5, 6, 7, 8, 10, 12, 14, 15, 16, 20)  # pixels: products of these can be done on paper


def memory(draw: Draw) -> Draft:
    """Ask how much memory activations take: one picture, a batch, after a layer; in KiB where that is whole."""
    batch = 1 if draw.level == 1 else draw.of(2, 4, 8, 10, 16, 32)
    bits = 32 if draw.level == 1 else draw.kind(32, 16)
    channels, sides = draw.of(1, 2, 3, 4, 6, 8, 10, 16), (draw.choice(_SIDES), draw.choice(_SIDES))
    k, s, p, kernels = 1, 1, 0, channels
    if draw.level == 2:
        channels = kernels = draw.of(1, 3, 4, 8)
    if draw.level == 3:
        k, s, p, kernels = draw.of(3, 5), draw.of(1, 2), draw.of(0, 1, 2), draw.of(4, 8, 16)
        channels, sides = draw.of(1, 3, 4, 8), (draw.randint(16, 40),) * 2
    layer = Conv2d(id="conv", out_channels=kernels, kernel_size=k, stride=s, padding=p)
    picture = (channels, *sides)
    spec = NetworkSpec(name="memory", input=picture, layers=(layer,))
    row = summarize(spec).row("conv")
    n_bytes = bits // 8
    total = row.activation_bytes * n_bytes // FLOAT_BYTES * batch
    in_kib = draw.level > 1 and total % _KIB == 0
    many = f"A batch of {count(batch, 'picture')} runs through it. " if batch > 1 else ""
    if draw.level == 3:
        has = f"{count(kernels, 'output channel')}, {settings(layer)}"
        what = f"A convolution has {has}. It reads {size(picture)}. {many}"
    else:
        what = f"A layer gives maps of {size(picture)} for each picture. {many}"
    unit = "KiB (1,024 bytes)" if in_kib else "bytes"
    text = f"{what}Every value is a float{bits}. How many {unit} does the output take?"
    steps = [] if draw.level < 3 else [Step("The shape of the output:", rf"C \times H \times W = {tex(row.output)}")]
    steps += _memory_steps(row.output, batch, bits, in_kib=in_kib)
    scale = _KIB if in_kib else 1
    wrong = [
        Mistake("values-for-bytes", total // n_bytes // scale),
        Mistake("bits-for-bytes", total * 8 // scale),
        Mistake("forgot-channels", total // kernels // scale),
        Mistake("other-float", (total * 2 if bits == 16 else total // 2) // scale),
    ]
    if batch > 1:
        wrong.insert(0, Mistake("forgot-batch", total // batch // scale))
    if in_kib:
        wrong.insert(0, Mistake("bytes-for-kib", total))
    return Draft(
        text,
        {**given(layer, picture), "batch": batch, "bits": bits},
        tuple(steps),
        integer(total // scale, unit="KiB" if in_kib else "bytes"),
        mistakes=tuple(wrong),
        hints=("Count the values, then the bytes of one value.", "Eight bits are one byte."),
        shows=Show("build", network=spec),
    )


def _memory_steps(output: tuple[int, ...], batch: int, bits: int, *, in_kib: bool) -> list[Step]:
    """Count the values, then the bytes of them all."""
    n_bytes, n_values = bits // 8, prod(output)
    total = n_bytes * batch * n_values
    product = r" \cdot ".join(map(str, output))
    steps = [Step("Values for one picture:", rf"{product} = {tex(n_values)}")]
    if batch > 1:
        steps.append(Step("Values for the batch:", rf"{batch} \cdot {tex(n_values)} = {tex(batch * n_values)}"))
    told = f"A float{bits} has {bits} bits, which are {n_bytes} bytes."
    steps.append(Step(told, rf"{n_bytes} \cdot {tex(batch * n_values)} = {tex(total)}"))
    if in_kib:
        steps.append(Step("One KiB has 1,024 bytes.", rf"{tex(total)} / {tex(_KIB)} = {tex(total // _KIB)}"))
    return steps


MEMORY = (
    Topic(
        "memory",
        "Memory of activations",
        "How many bytes do the maps take?",
        "Costs",
        memory,
        (30_000, 1_000_000, 4_000_000),
    ),
)
