"""The photo stage: nine numbers under the hand, and a whole photo that follows."""

from __future__ import annotations

from pages.ui import live, state
from pages.ui.convolution import photo_picture
from pages.ui.convolution.state import PhotoStageState
from pages.ui.photo import Photo

STAGE = live.Stage("convolution_photo", scripts=("convolution/photo",), styles=("convolution/photo",))
SHOWS = [("signed", "with its sign"), ("clipped", "as a picture")]
COLOURS = [("grey", "grey"), ("colour", "colour")]


@STAGE.fragment
def show_photo_stage(photo: Photo) -> None:
    """Draw the stage for one photo."""
    chosen = state.load(PhotoStageState)
    STAGE.show(
        PhotoStageState,
        key="_convolution.photo",
        controls=(
            live.choice(PhotoStageState, "shows", choices=SHOWS),
            live.choice(PhotoStageState, "colour", choices=COLOURS),
            live.slider(PhotoStageState, "bias", step=5),
            live.slider(PhotoStageState, "stride"),
            live.slider(PhotoStageState, "dilation"),
        ),
        picture=photo_picture.draw(chosen, photo),
    )
