"""The numbers stage: controls, cells and sums of one convolution, live."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.ui import history, live, state
from pages.ui.convolution import change, picture
from pages.ui.convolution.layer import bounds, channel_counts, possible
from pages.ui.convolution.state import KERNEL_NAMES, SOURCES, ConvolutionState
from pages.ui.fields import facts
from pages.ui.photo import Photo

SCRIPTS = tuple(
    f"convolution/{name}" for name in ("grids", "pointing", "sum", "matrix_view", "facts", "patch", "stage")
)
STAGE = live.Stage("convolution", scripts=SCRIPTS, styles=("convolution/stage",))


@STAGE.fragment
def show_stage(photo: Photo) -> None:
    """Draw the stage; its controls cannot reach a setting without a result.

    Args:
        photo: what a patch is taken from, where the input is one.
    """
    fitted = change.fitted()
    chosen = fitted.chosen
    STAGE.show(
        ConvolutionState,
        key="_convolution.stage",
        controls=controls(chosen),
        picture=picture.draw(chosen, photo),
        on_action=follow,
        also=change.implied,
        message=fitted.sentence or _problem(),
    )


def _problem() -> str:
    """What was wrong with the last number, said once."""
    sentence = str(state.recall("convolution.problem", ""))
    state.forget("convolution.problem")
    return sentence


def controls(chosen: ConvolutionState) -> tuple[live.Control, ...]:
    """The controls that this setting has, each with the bounds that it has here."""
    return (*_input(chosen), *_kernel(chosen), *_steps(chosen), *_channels(chosen))


def _input(chosen: ConvolutionState) -> list[live.Control]:
    here = [live.choice(ConvolutionState, "source", choices=_sources(chosen), group="Input")]
    if chosen.source == "photo":
        shrunk = [(24, "24 px"), (48, "48 px"), (96, "96 px"), (192, "192 px")]
        here.append(live.slider(ConvolutionState, "patch_px", choices=shrunk, group="Input"))
    return [*here, *_axes(chosen, "size", "Input")]


def _kernel(chosen: ConvolutionState) -> list[live.Control]:
    return [
        live.choice(ConvolutionState, "kernel", choices=_kernels(chosen), group="Kernel"),
        *_axes(chosen, "kernel_size", "Kernel"),
        live.switch(ConvolutionState, "flipped", group="Kernel"),
    ]


def _steps(chosen: ConvolutionState) -> list[live.Control]:
    group = "Steps"
    here = [live.switch(ConvolutionState, "transposed", group=group), *_axes(chosen, "stride", group)]
    kinds = _paddings(chosen)
    words = _padding_help(chosen, kinds)
    here.append(live.choice(ConvolutionState, "padding_kind", choices=kinds, help=words, group=group))
    if chosen.padding_kind == "numbers":
        here += _axes(chosen, "padding", group)
    if chosen.transposed:
        here += _axes(chosen, "output_padding", group)
    else:
        modes = possible(chosen, "padding_mode", facts(ConvolutionState, "padding_mode").choices)
        here.append(live.choice(ConvolutionState, "padding_mode", choices=modes, group=group))
    return [*here, *_axes(chosen, "dilation", group), live.switch(ConvolutionState, "square", group=group)]


def _paddings(chosen: ConvolutionState) -> tuple[object, ...]:
    """The words for a padding that this layer takes; a transposed one takes no "same", as in PyTorch."""
    kinds = facts(ConvolutionState, "padding_kind").choices
    return possible(chosen, "padding_kind", tuple(kind for kind in kinds if kind != "same" or not chosen.transposed))


def _padding_help(chosen: ConvolutionState, kinds: tuple[object, ...]) -> str:
    """What the words mean, and why "same" is not among them where it is not."""
    words = facts(ConvolutionState, "padding_kind").help
    if "same" in kinds:
        return words
    if chosen.transposed:
        return f"{words} “same” is not offered here: PyTorch's transposed layer takes numbers only."
    if max(chosen.pair("stride")) > 1:
        return f"{words} “same” is not offered here: a stride above 1 makes the output smaller, so PyTorch refuses it."
    return words


def _channels(chosen: ConvolutionState) -> list[live.Control]:
    counts = [
        live.choice(
            ConvolutionState,
            name,
            choices=[(n, str(n)) for n in channel_counts(chosen, name)],
            help="",
            group="Channels",
        )
        for name in ("in_channels", "out_channels", "groups")
    ]
    return [*counts, live.switch(ConvolutionState, "bias", group="Channels")]


def _axes(chosen: ConvolutionState, field: str, group: str) -> list[live.Control]:
    """One slider for both axes, or one for each."""
    fields = [field] if chosen.square else [field, f"{field}_width"]
    made = []
    for name in fields:
        least, most = bounds(chosen, name)
        label = None if chosen.square or name != field else _HEIGHTS[field]
        made.append(live.slider(ConvolutionState, name, least=least, most=most, label=label, group=group))
    return made


_HEIGHTS = {
    "size": "Height",
    "kernel_size": "Kernel height",
    "stride": "Stride down",
    "padding": "Padding top and bottom",
    "dilation": "Dilation down",
    "output_padding": "Output padding bottom",
}


_TYPED = "Typed numbers"


def _sources(chosen: ConvolutionState) -> list[tuple[str, str]]:
    """The inputs by name; where numbers were typed, or a question brought them, the name says so."""
    height, width = chosen.pair("size")
    names = dict(SOURCES)
    if (height, width) != (5, 5):
        names["guide"] = "Numbers as in the guide"  # fewer of them, or more of the same kind
    here = {edit[:3] for edit in chosen.input_edits if edit[1] < height and edit[2] < width}
    n_typed = sum(channel < chosen.in_channels for channel, _, _ in here)
    names[chosen.source] = _name_with(n_typed, chosen.in_channels * height * width, names[chosen.source])
    return list(names.items())


def _kernels(chosen: ConvolutionState) -> list[tuple[str, str]]:
    """The kernels by name; where numbers were typed, the name says so."""
    height, width = chosen.pair("kernel_size")
    names, n_read = dict(KERNEL_NAMES), chosen.in_channels // chosen.groups
    here = {edit[:4] for edit in chosen.kernel_edits if edit[2] < height and edit[3] < width}
    n_typed = sum(out < chosen.out_channels and at < n_read for out, at, _, _ in here)
    n_weights = chosen.out_channels * n_read * height * width
    names[chosen.kernel] = _name_with(n_typed, n_weights, names[chosen.kernel])
    return list(names.items())


def _name_with(n_typed: int, n_cells: int, name: str) -> str:
    """What numbers are called of which some, or all, were typed."""
    if n_typed == n_cells:
        return _TYPED
    return f"{name}, changed" if n_typed else name


def follow(name: str, details: Mapping[str, Any]) -> None:
    """Put a number that was typed or dragged into its cell; what cannot be used is left aside."""
    chosen = state.load(ConvolutionState)
    shown = min(chosen.out_channel, chosen.out_channels - 1)
    if name == "edit_input":
        edit = (*_places(details, "channel", "y", "x"), details.get("value"))
        _keep_edit("input_edits", chosen.input_edits, edit)
    elif name == "edit_kernel":
        edit = (shown, *_places(details, "channel", "y", "x"), details.get("value"))
        _keep_edit("kernel_edits", chosen.kernel_edits, edit)
    elif name == "padding":
        state.remember(
            "convolution.problem", "A cell of the padding is always 0; set another padding or change the input."
        )
    elif name == "edit_bias":
        values: list[Any] = list(chosen.bias_values)
        values[shown] = details.get("value")
        _keep(bias_values=tuple(values))
    if details.get("final") is True:
        history.settle(ConvolutionState)


def _places(details: Mapping[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(details.get(name) for name in names)


def _keep_edit(field: str, edits: tuple[tuple[Any, ...], ...], edit: tuple[Any, ...]) -> None:
    """Replace the cell's earlier number, so that a drag does not pile them up."""
    _keep(**{field: (*(old for old in edits if old[:-1] != edit[:-1]), edit)})


def _keep(**changes: Any) -> None:
    from pydantic import ValidationError

    try:
        state.keep(ConvolutionState.model_validate({**dict(state.load(ConvolutionState)), **changes}))
    except ValidationError:
        state.remember("convolution.problem", "A cell takes a number from −9,999 to 9,999. The last good one stays.")
