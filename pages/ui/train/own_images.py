"""A learner's own images: a zip with one folder of pictures a class becomes a data set like the others."""

from __future__ import annotations

import streamlit as st

from lab.files import lab_home
from pages.ui import messages, state, units
from pages.ui.train.state import TrainState

SIZES_PX = (28, 32, 48, 64, 96, 128)


def show_own_images() -> None:
    """Draw the folded form; a taken set becomes the chosen one."""
    with st.expander("Use your own images", icon=":material/upload_file:", key="_train.own", on_change="rerun") as form:
        if form.open:
            _show_form()


def _show_form() -> None:
    st.caption(
        "A zip with one folder of pictures for each class, for example cats and dogs. A fifth of each class is "
        "kept for testing. The pictures stay on this machine."
    )
    uploaded = st.file_uploader("Zip of class folders", type="zip", key="_train.zip")
    name = st.text_input("Name of the data set", key="_train.zip_name", max_chars=60, placeholder="my pictures")
    size_px = st.select_slider(
        "Size of the pictures",
        SIZES_PX,
        key="_train.zip_size",
        format_func=lambda size: f"{size} px",
        help="Each picture's centred square is shrunk to this. Larger shows more and trains more slowly.",
    )
    pressed = st.button("Take them in", key="_train.zip_take", icon=":material/check:", disabled=uploaded is None)
    if pressed and uploaded is not None:
        _take_in(uploaded.getvalue(), name.strip() or uploaded.name.rsplit(".", 1)[0], size_px)


def _take_in(content: bytes, name: str, size_px: int) -> None:
    """Read the zip with a bar that shows how far it is; what is wrong with it is one sentence."""
    from lab.data.archive import import_archive

    bar = st.progress(0.0, text="Reading the pictures")

    def show(n_done: int, n_pictures: int) -> None:
        bar.progress(n_done / max(1, n_pictures), text=f"{units.count(n_done)} of {units.count(n_pictures)} pictures")

    with messages.guarded():
        taken = import_archive(content, name, lab_home(), size_px=size_px, on_progress=show)
        n_images = len(taken.train_images) + len(taken.test_images)
        state.notify(f"{taken.name} is ready: {units.count(n_images)} pictures in {len(taken.classes)} classes.")
        state.update(TrainState, data=taken.name)
        st.rerun()
    bar.empty()
