"""Three short experiments a page: a click sets the stage, a second one tells what there was to see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from pages.ui import history, state
from pages.ui.components.stage_in_sight import stage_in_sight
from pages.ui.maths.mended import forget_mended
from pages.ui.messages import escape
from pages.ui.state import PageState


@dataclass(frozen=True)
class Experiment:
    """One thing to try.

    Args:
        title: a few words, as a question or an order.
        do: what the learner does: one or two sentences.
        see: what happens and why, told when it has been set up and the learner asks; it spoils the surprise.
        values: fields of the page's state that set it up; all others go back to their defaults.
    """

    title: str
    do: str
    see: str
    values: Mapping[str, Any] = field(default_factory=dict)


def show_experiments(model: type[PageState], experiments: tuple[Experiment, ...]) -> None:
    """Draw the cards under "Try this"; call it outside the stages' fragments, so that all of them follow a click."""
    st.header("Try this", anchor=False)
    opened = state.recall(_name(model))
    # Few elements: Streamlit goes through all of a page's at every answer while something is dragged.
    columns = st.columns(len(experiments), border=True)
    for i, (column, experiment) in enumerate(zip(columns, experiments, strict=True)):
        with column:
            st.markdown(f"**{i + 1}. {escape(experiment.title)}**\n\n{escape(experiment.do)}")
            if opened == i:
                show_answer(experiment)
            st.button(
                "Set it up again" if opened == i else "Set it up",
                key=f"_{model.page}.experiment_{i}",
                icon=":material/science:",
                on_click=set_up,
                args=(model, i, experiment),
            )
    keep_in_sight(model)


def show_answer(experiment: Experiment) -> None:
    """Say what there is to see, once the learner has looked and asks."""
    with st.expander("What happens", icon=":material/visibility:"):
        st.markdown(escape(experiment.see))


def keep_in_sight(model: type[PageState]) -> None:
    """Have the page move to the stage above at every experiment; call it behind the button that sets one up."""
    stage_in_sight(state.recall(_count(model)) or 0, key=f"_{model.page}.in_sight")


def set_up(model: type[PageState], i: int, experiment: Experiment) -> None:
    """Put the experiment's values into the page's state, as a step that can be taken back."""
    with state.uninterrupted():
        history.settle(model)
        state.keep(model.model_validate({**dict(model()), **experiment.values}))
        history.settle(model)
        forget_mended(model)
        state.remember(_name(model), i)
        state.remember(_count(model), (state.recall(_count(model)) or 0) + 1)
        state.owe_page()


def _name(model: type[PageState]) -> str:
    return f"experiment.{model.page}"


def _count(model: type[PageState]) -> str:
    return f"experiment.n_set.{model.page}"
