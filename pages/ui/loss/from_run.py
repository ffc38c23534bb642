"""In your network: an image of a run's test set gives the logits of the first stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lab.theory.loss_names import LOGIT_LIMIT, MAX_CLASSES
from lab.training.run_folder import list_runs, open_run
from pages.ui import controls, history, messages, state, units
from pages.ui.components.photo_strip import Thumbnail, photo_strip, picked_name
from pages.ui.feature_maps.subject import run_title
from pages.ui.loss.state import LossState

if TYPE_CHECKING:
    from lab.prediction.logits import ImageLogits

N_SHOWN = 12
NOTHING = ""
MAX_RUNS = 12
MAX_NAME = 60
STRIP = "_loss.images"


def show_from_run() -> None:
    """Draw the menu of runs, their test images, and what the network says of the chosen one."""
    st.header("In your network", anchor=False)
    runs = {info.id: info for info in list_runs() if info.status != "damaged" and info.epoch > 0}
    if not runs:
        st.caption("Train a network on the page Train: then its test images give the logits here.")
        return
    choices = [NOTHING, *list(runs)[:MAX_RUNS]]
    if state.load(LossState).run not in choices:
        state.update(LossState, run=NOTHING)
    titles = {NOTHING: "Nothing chosen"} | {name: run_title(name, runs) for name in choices[1:]}
    run_id = controls.select(LossState, "run", choices=choices, label="Run", format_func=titles.get)
    if run_id == NOTHING:
        st.caption("Choose a run, and one of its test images gives the logits of the first stage.")
        return
    with messages.guarded():
        _show_images(run_id)


def _show_images(run_id: str) -> None:
    from lab.prediction.classifier import run_classifier
    from lab.prediction.logits import logits_of_test_image

    data = open_run(run_id).spec().data
    found = logits_of_test_image(run_classifier(run_id), state.load(LossState).image, most=MAX_CLASSES)
    first = found.index // N_SHOWN * N_SHOWN
    photo_strip(_thumbnails(data, first), chosen=str(found.index), label="Test images", key=STRIP, on_picked=_pick)
    st.markdown(messages.escape(_sentence(found)))
    with st.container(horizontal=True):
        st.button(
            "Use its logits above",
            key="_loss.take",
            type="primary",
            icon=":material/vertical_align_top:",
            on_click=_take,
            args=(run_id, found),
        )
        st.button(
            "Other images", key="_loss.next", icon=":material/refresh:", on_click=_turn, args=(data, first + N_SHOWN)
        )


def _sentence(found: ImageLogits) -> str:
    from lab.theory.loss_step import softmax_steps

    shares = softmax_steps(_bounded(found)).probabilities
    best = max(range(len(shares)), key=shares.__getitem__)
    said = f"the network says {found.names[best]} with {units.percent(shares[best])}"
    right = "and is right" if best == found.target else "and is wrong"
    left = f" Of its classes {found.n_left_out} with small logits are left out." if found.n_left_out else ""
    return f"Test image {found.index} is of class {found.names[found.target]}; {said} {right}.{left}"


def _bounded(found: ImageLogits) -> tuple[float, ...]:
    return tuple(max(-LOGIT_LIMIT, min(LOGIT_LIMIT, round(value, 4))) for value in found.logits)


def _take(run_id: str, found: ImageLogits) -> None:
    """Put the image's logits into the first stage, as a step that can be taken back."""
    logits = {f"z{k}": value for k, value in enumerate(_bounded(found), start=1)}
    with state.uninterrupted():
        state.update(
            LossState,
            **logits,
            n_classes=len(found.names),
            target=found.target,
            reach=10 if max(map(abs, _bounded(found))) <= 10 else 100,
            names=tuple(name[:MAX_NAME] for name in found.names),
            origin=f"The logits of test image {found.index}, from your run.",
        )
        history.settle(LossState)


def _pick() -> None:
    picked = picked_name(STRIP)
    if picked is not None and picked.isascii() and picked.isdigit() and len(picked) < 8:
        state.update(LossState, image=int(picked))


def _turn(data: str, index: int) -> None:
    """Show the next images of a data set; after the last ones the first again."""
    from lab.data.catalogue import data_sets

    row = data_sets().get(data)
    state.update(LossState, image=0 if row is not None and index >= row.n_test else index)


def _thumbnails(data: str, first: int) -> tuple[Thumbnail, ...]:
    from pages.ui.photo import set_image, small_uri

    photos = {photo.key: (index, photo) for index in range(first, first + N_SHOWN) if (photo := set_image(data, index))}
    return tuple(
        Thumbnail(str(index), f"Test image {index}: {photo.label}", small_uri(photo.pixels))
        for index, photo in photos.values()
    )
