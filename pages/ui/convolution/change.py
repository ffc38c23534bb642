"""What follows from a change: typed numbers go with their kernel, and a setting without a result is mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab.errors import LabError
from pages.ui import state
from pages.ui.convolution.layer import is_possible, output_shape
from pages.ui.convolution.state import ConvolutionState
from pages.ui.maths.mended import keep_mended, mended_sentence

_KEPT = "convolution.good"
_PAIRS = ("size", "kernel_size", "stride", "padding", "dilation", "output_padding")
# In this order, the first that helps: what a learner would try.
_REPAIRS: tuple[tuple[dict[str, object], str], ...] = (
    ({"output_padding": 0, "output_padding_width": 0}, "the output padding was set to 0"),
    ({"padding_mode": "zeros"}, "the padding was set to zeros"),
    ({"padding_kind": "numbers"}, "the padding was set to numbers"),
    ({"padding_kind": "numbers", "padding": 0, "padding_width": 0}, "the padding was set to 0"),
    ({"padding_kind": "numbers", "padding": 1, "padding_width": 1}, "the padding was set to 1"),
    ({"stride": 1, "stride_width": 1}, "the stride was set to 1"),
    ({"dilation": 1, "dilation_width": 1}, "the dilation was set to 1"),
    ({"groups": 1}, "the groups were set to 1"),
)


@dataclass(frozen=True)
class Fitted:
    """A setting that has a result, and the sentence that says what had to be changed for it."""

    chosen: ConvolutionState
    sentence: str = ""


def fitted() -> Fitted:
    """Take the visitor's setting; where it has no result, mend it or go back to the last good one, and say so."""
    now = state.load(ConvolutionState)
    found = _fit(state.recall(_KEPT), now)
    if found.sentence:
        keep_mended(found.chosen, found.sentence)
    state.remember(_KEPT, found.chosen)
    return Fitted(found.chosen, mended_sentence(found.chosen))


def implied(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a control's new value implies for its neighbours; undo, links and experiments bring theirs along.

    Typed numbers go with the kernel or the input that they were typed into, and a rectangle begins as the square that
    it was.
    """
    now = state.load(ConvolutionState)
    changes: dict[str, Any] = {}
    if values.get("kernel", now.kernel) != now.kernel:
        changes["kernel_edits"] = ()
    if values.get("source", now.source) != now.source:
        changes["input_edits"] = ()
    if now.square and values.get("square") is False:
        changes |= {f"{name}_width": getattr(now, name) for name in _PAIRS}
    return changes


def _fit(before: ConvolutionState | None, now: ConvolutionState) -> Fitted:
    try:
        output_shape(now)
    except LabError as error:
        problem = f"{error.what[:1].upper()}{error.what[1:]}"
    else:
        return Fitted(now)
    if before is None:  # a link: nothing of this visitor is lost by showing another setting
        return Fitted(ConvolutionState(), f"{problem}. The link's setting has no result, so the usual one is shown.")
    for changes, words in _REPAIRS:
        if is_possible(now, **changes):
            return Fitted(now.model_copy(update=changes), f"{problem}, so {words}.")
    return Fitted(before, f"{problem}. The last setting that has a result stays.")
