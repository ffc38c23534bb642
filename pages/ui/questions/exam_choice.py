"""Which questions an exam or a sheet is made of: topics, levels, how many, and the seed."""

from __future__ import annotations

import random
from collections.abc import Callable

import streamlit as st
from pydantic import Field, ValidationError, field_validator

from lab.questions.topics import TOPICS
from pages.ui import controls, state
from pages.ui.state import PageState

MOST_QUESTIONS = 30
# Short enough to be read out in a classroom.
SEEDS = range(1, 10_000)
LEVELS = {1: "1 easy", 2: "2 medium", 3: "3 hard"}


class Choice(PageState):
    """What to draw questions from; no topic chosen means all of them."""

    topics: tuple[str, ...] = Field((), max_length=len(TOPICS), description="Nothing chosen means a mix of all.")
    levels: tuple[int, ...] = Field((1, 2), min_length=1, max_length=3, description="Questions take turns.")
    n: int = Field(10, ge=1, le=MOST_QUESTIONS, title="Questions")
    seed: int = Field(1, ge=0, le=10**12, description="The same seed gives the same questions.")

    @field_validator("topics")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [name for name in names if name not in TOPICS]
        if unknown:
            raise ValueError(f"there is no topic {unknown[0][:40]}")
        return tuple(name for name in TOPICS if name in names)

    @field_validator("levels")
    @classmethod
    def _levels(cls, levels: tuple[int, ...]) -> tuple[int, ...]:
        if not set(levels) <= set(LEVELS):
            raise ValueError("a level is 1, 2 or 3")
        return tuple(sorted(set(levels)))

    @property
    def asked(self) -> tuple[str, ...]:
        """The topics to draw from."""
        return self.topics or tuple(TOPICS)


def show_choice(model: type[Choice], *, on_change: Callable[[], None] | None = None) -> None:
    """Draw the controls of a choice."""
    _show_topics(model, on_change)
    _show_levels(model, on_change)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        controls.number(model, "n", on_change=on_change, width=130)
        controls.number(model, "seed", on_change=on_change, width=150)
        st.button(
            "Other questions",
            key=f"_{model.page}.draw",
            icon=":material/shuffle:",
            on_click=_draw,
            args=(model, on_change),
        )


def title_of(topic: str) -> str:
    """A topic's name as the menu shows it."""
    return TOPICS[topic].title if topic in TOPICS else topic.replace("-", " ").capitalize()


def _show_topics(model: type[Choice], then: Callable[[], None] | None) -> None:
    topics = list(state.load(model).topics)
    key = state.bind(f"_{model.page}.topics", topics)
    st.multiselect(
        "Topics",
        list(TOPICS),
        topics,
        format_func=lambda name: f"{TOPICS[name].group}: {TOPICS[name].title}",
        key=key,
        placeholder="All topics, mixed",
        on_change=_keep,
        args=(model, "topics", then),
    )


def _show_levels(model: type[Choice], then: Callable[[], None] | None) -> None:
    levels = list(state.load(model).levels)
    key = state.bind(f"_{model.page}.levels", levels)
    st.segmented_control(
        "Levels",
        list(LEVELS),
        default=levels,
        selection_mode="multi",
        # Streamlit's own colour of what is chosen is too pale to read in the dark; grey is not.
        format_func=lambda level: f":gray[{LEVELS[level]}]",
        key=key,
        on_change=_keep,
        args=(model, "levels", then),
    )


def _keep(model: type[Choice], field: str, then: Callable[[], None] | None) -> None:
    """Take over what was chosen; the last level cannot be taken away."""
    try:
        with state.uninterrupted():
            state.update(model, **{field: tuple(state.widget_value(f"_{model.page}.{field}") or ())})
    except ValidationError:
        return  # the widget is bound, so it shows the kept choice again
    if then is not None:
        then()


def _draw(model: type[Choice], then: Callable[[], None] | None) -> None:
    with state.uninterrupted():
        state.update(model, seed=random.choice(SEEDS))
    if then is not None:
        then()
