"""The parts of the Classify page in the order in which they appear."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from pages.ui import messages, scheme, state
from pages.ui.classify.answer import N_CLASSES, show_answer
from pages.ui.classify.network import choose_network, chosen_classifier
from pages.ui.classify.state import ClassifyState
from pages.ui.classify.steps import show_steps
from pages.ui.feature_maps.state import RUN
from pages.ui.feature_maps.subject import checkpoint_sentence, data_of
from pages.ui.photo import Photo, photo_input, small_uri, suit_photo

if TYPE_CHECKING:
    from lab.prediction.classifier import Classifier, Prediction
    from lab.prediction.preprocessing import Step

PHOTO_WIDTH_PX = 460
TINY_PX, TINY_WIDTH_PX = 64, 330


@dataclass(frozen=True)
class Outcome:
    """A photo's way and the answer, together with what they belong to."""

    key: tuple[object, ...]
    title: str
    steps: tuple[Step, ...]
    prediction: Prediction
    knows_label: bool


def show_photo_panel() -> Photo | None:
    """Draw the chooser and the photo itself."""
    suit_photo(data_of(state.load(ClassifyState).source))
    photo = photo_input(empty="Choose a photo: a sample, an image of a data set, a file, or the camera.")
    if photo is None:
        return None
    st.html(photo_html(photo))
    st.caption(messages.escape(f"{photo.title}. {photo.note}"))
    return photo


def photo_html(photo: Photo) -> str:
    """Write the photo as it came; a tiny image is enlarged with sharp pixels."""
    is_tiny = max(photo.pixels.shape[:2]) <= TINY_PX
    width_px = TINY_WIDTH_PX if is_tiny else PHOTO_WIDTH_PX
    style = f"width:100%;max-width:{width_px}px;height:auto;border-radius:6px;display:block;"
    style += "image-rendering:pixelated;" if is_tiny else ""
    uri = small_uri(photo.pixels, 2 * PHOTO_WIDTH_PX)  # twice, for sharp screens
    return f'<img src="{uri}" alt="{escape(f"The photo: {photo.title}")}" style="{style}">'


def show_answer_panel(photo: Photo | None) -> Outcome | None:
    """Draw the choice of network and, where there is a photo, the answer."""
    with messages.guarded():
        choose_network()
        if photo is None:
            return None
        classifier = chosen_classifier()
        outcome = classify_photo(classifier, photo)
        if state.load(ClassifyState).source.startswith(RUN):
            st.caption(messages.escape(checkpoint_sentence(classifier)))
        show_answer(outcome.prediction, label=photo.label if outcome.knows_label else None, scheme=scheme.scheme())
        return outcome
    return None


def show_steps_panel(outcome: Outcome) -> None:
    """Draw what the network sees."""
    st.header("What the network sees", anchor=False)
    show_steps(outcome.steps)


def classify_photo(classifier: Classifier, photo: Photo) -> Outcome:
    """Ask the network once per photo; the session keeps the last outcome whole."""
    from lab.prediction.classifier import classify

    key = (classifier.name, classifier.epoch, classifier.spec, photo.key)
    kept = state.recall("classify.outcome")
    if isinstance(kept, Outcome) and kept.key == key:
        return kept
    outcome = Outcome(
        key,
        classifier.title,
        classifier.preprocessing.steps(photo.pixels, in_file=photo.in_file),
        classify(classifier, photo.pixels, top=N_CLASSES),
        photo.label in classifier.classes,
    )
    state.remember("classify.outcome", outcome)
    return outcome
