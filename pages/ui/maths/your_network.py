"""A layer of the network that was built or trained in this lab, with a real picture on its way through it.

A page of the section "The maths" ends with "In your network": the learner chooses a layer, and the page opens its stage
on that layer's own numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from lab.errors import LabError
from lab.network.layers.base import LayerSpec
from lab.network.spec import INPUT, NetworkSpec
from lab.training.run_folder import list_runs, open_run
from pages.ui import controls, messages, state
from pages.ui.feature_maps.state import RUN, WORKBENCH
from pages.ui.feature_maps.subject import load_subject, run_title
from pages.ui.photo import sample, set_image
from pages.ui.state import PageState

if TYPE_CHECKING:
    from torch import Tensor

NOTHING = ""
MAX_RUNS = 8
SAMPLE_PHOTO = "cat"
SAMPLE_SET = "fashion-mnist"
# Networks for images this small and grey were made for garments or digits, not for photos.
SMALL_PX = 40


@dataclass(frozen=True, eq=False)
class YourLayer:
    """One layer of the learner's, and what a picture is before and after it.

    Attributes:
        source: ``"workbench"`` or ``"run:<id>"``, as on the Feature maps page.
        id: the layer's id.
        layer: its spec.
        input: what it takes, float32 ``(C, H, W)`` or ``(F,)``; of several inputs the first.
        weight, bias: copies of its parameters, where it has them.
        output: what it makes of that, ``(C, H, W)`` or ``(F,)``.
        sentence: which network this is, trained or not.
    """

    source: str
    id: str
    layer: LayerSpec
    input: Tensor
    weight: Tensor | None
    bias: Tensor | None
    output: Tensor
    sentence: str


def choose_layer(model: type[PageState], kinds: Sequence[str], *, field: str = "layer") -> YourLayer | None:
    """Draw "In your network" with a menu of the layers of these kinds; return the one chosen.

    Args:
        model: the page's state.
        kinds: catalogue names, such as ``("Conv2d",)``.
        field: a text field of the state, with room for 120 letters and ``""`` as default.
    """
    st.header("In your network", anchor=False)
    found = layers_of(kinds)
    if not found:
        st.caption(f"Your network has no layer of this kind ({', '.join(kinds)}), and neither has a run.")
        return None
    choices = [NOTHING, *found]
    if getattr(state.load(model), field) not in choices:
        state.update(model, **{field: NOTHING})
    chosen = controls.select(model, field, choices=choices, label="Layer", format_func=partial(_title, found))
    if chosen == NOTHING:
        st.caption("Choose a layer of the network that you built, or of a run, to see the same with its own numbers.")
        return None
    with messages.guarded():
        return read_layer(chosen)
    return None


def layers_of(kinds: Sequence[str]) -> dict[str, str]:
    """The layers on offer.

    Returns:
        Keys ``"<source>#<layer id>"`` with a title each: the workbench's first, then the newest runs' that have
        learned something.
    """
    network = state.workbench().network
    found = _titles(WORKBENCH, network, f"Your network, {network.name}", kinds)
    runs = {info.id: info for info in list_runs() if info.status != "damaged" and info.epoch > 0}
    for run_id in list(runs)[:MAX_RUNS]:
        with suppress(LabError):  # a run that cannot be read is told of on the page Runs
            found |= _titles(RUN + run_id, open_run(run_id).spec().network, run_title(run_id, runs), kinds)
    return found


def _titles(source: str, network: NetworkSpec, name: str, kinds: Sequence[str]) -> dict[str, str]:
    return {f"{source}#{row.id}": f"{row.id} · {name}" for row in network.layers if row.kind in kinds}


def _title(found: dict[str, str], choice: str) -> str:
    return found.get(choice, "Nothing chosen")


def read_layer(choice: str) -> YourLayer:
    """Send a picture through the network and keep what the layer took and made.

    Raises:
        LabError: the network does not fit together, or the run is gone.
    """
    import torch

    source, _, layer_id = choice.rpartition("#")
    subject = load_subject(source, -1)
    spec: NetworkSpec = subject.network.spec
    with torch.no_grad():
        values = subject.network.trace(subject.preprocessing.tensor(_pixels(source, spec)))
    module = subject.network.get_submodule(layer_id)
    reads = spec.sources().get(layer_id, (INPUT,))
    return YourLayer(
        source=source,
        id=layer_id,
        layer=spec.layer(layer_id),
        input=values[reads[0]][0].float().clone(),
        weight=_copy(getattr(module, "weight", None)),
        bias=_copy(getattr(module, "bias", None)),
        output=values[layer_id][0].float().clone(),
        sentence=subject.sentence,
    )


def _copy(values: object) -> Tensor | None:
    import torch

    return values.detach().float().clone() if isinstance(values, torch.Tensor) else None


def _pixels(source: str, spec: NetworkSpec) -> np.ndarray:
    """A picture that the network knows something about: uint8 (H, W, 3)."""
    small = spec.input[0] == 1 and max(spec.input[1:]) <= SMALL_PX
    data = SAMPLE_SET if small else ""
    if source.startswith(RUN):
        with suppress(LabError):
            data = open_run(source.removeprefix(RUN)).spec().data
    if data:
        with suppress(LabError):  # a set that is no longer on this machine: any photo does
            return set_image(data, 0).pixels
    return sample(SAMPLE_PHOTO).pixels
