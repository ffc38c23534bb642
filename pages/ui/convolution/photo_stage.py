"""The photo stage: nine numbers under the hand, and a whole photo that follows."""

from __future__ import annotations

import streamlit as st

from pages.ui import live, state
from pages.ui.convolution import photo_picture
from pages.ui.convolution.state import PhotoStageState
from pages.ui.photo import Photo, photo_input

STAGE = live.Stage("convolution_photo", scripts=("convolution/photo",), styles=("convolution/photo",))
SHOWS = [("signed", "with its sign"), ("clipped", "as a picture")]
COLOURS = [("grey", "grey"), ("colour", "colour")]


def show_photo_stage() -> None:
    """Draw the photo's chooser and the stage below it."""
    st.header("On a photo", anchor=False)
    photo = photo_input(empty="Choose a photo, or take one, and the kernel runs over it.")
    if photo is not None:
        _stage(photo)


@STAGE.fragment
def _stage(photo: Photo) -> None:
    chosen = state.load(PhotoStageState)
    STAGE.show(
        PhotoStageState,
        key="_convolution.photo",
        controls=(
            live.choice(PhotoStageState, "shows", choices=SHOWS),
            live.choice(PhotoStageState, "colour", choices=COLOURS),
            live.slider(PhotoStageState, "bias", step=1),
            live.slider(PhotoStageState, "stride"),
            live.slider(PhotoStageState, "dilation"),
        ),
        picture=photo_picture.draw(chosen, photo),
    )
