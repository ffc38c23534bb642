"""Taking a data set off this machine: a learner's own pictures, or a set that was fetched."""

from __future__ import annotations

import streamlit as st

from lab.data.catalogue import DATA_SETS, data_sets
from lab.data.storage import delete_set, is_stored
from lab.errors import LabError
from pages.ui import messages, state
from pages.ui.train.state import TrainState

_ASKED = "train.asked_to_delete"


def show_delete_images(name: str) -> None:
    """Offer to delete a set that lies on this machine; what comes with the lab stays."""
    if not is_stored(name):
        return
    if st.button("Delete these images", key="_train.delete_images", icon=":material/delete:", type="tertiary"):
        state.remember(_ASKED, name)
    # Asked anew by every run of the page; a question that is not asked again would vanish under the hand.
    if state.recall(_ASKED) == name:
        _ask_before_deleting(name)


def _forget_question() -> None:
    state.forget(_ASKED)


@st.dialog("Delete these images?", on_dismiss=_forget_question)
def _ask_before_deleting(name: str) -> None:
    known = data_sets().get(name)
    title = known.title if known else name
    again = "It can be fetched again." if name in DATA_SETS else "To have it again, its zip has to be taken in again."
    st.markdown(
        f"**{messages.escape(title)}** goes from this machine. {again} Runs that were trained on it keep their curves "
        "and weights, but cannot show its images or go on training."
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Keep", key="_train.keep_images", on_click=_forget_question):
            st.rerun()
        if st.button(
            ":red[Delete]", key="_train.delete_images_now", icon=":material/delete:", on_click=_delete, args=(name,)
        ):
            st.rerun()  # closes the question


def _delete(name: str) -> None:
    """Delete the set; where it was the chosen one and is not on offer any more, the first one is."""
    with state.uninterrupted():
        _forget_question()
        try:
            delete_set(name)
        except LabError as error:
            state.notify(error.sentence)
            return
        if name not in data_sets():
            state.update(TrainState, data=next(iter(DATA_SETS)))
