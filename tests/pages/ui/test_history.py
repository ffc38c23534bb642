"""Undo and redo of a page's state: steps are what was settled on, not what was passed on the way."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def drive() -> None:
    import streamlit as st

    from bench.apps.live_stage import LiveExample
    from pages.ui import history, state

    history.of(LiveExample)
    for order in st.session_state.get("orders", ()):
        if isinstance(order, tuple):
            state.keep(LiveExample(height=order[0]))
        else:
            getattr(history, order)(LiveExample)
    st.session_state["height"] = state.load(LiveExample).height
    st.session_state["steps"] = (len(history.of(LiveExample).past), len(history.of(LiveExample).future))


@pytest.mark.parametrize(
    ("orders", "height", "steps"),
    [
        ([(2.0,), "settle"], 2.0, (1, 0)),
        ([(1.5,), (1.7,), (2.0,), "settle"], 2.0, (1, 0)),
        ([(2.0,), "settle", "settle"], 2.0, (1, 0)),
        ([(2.0,), "settle", (3.0,), "settle", "undo"], 2.0, (1, 1)),
        ([(2.0,), "settle", "undo", "undo", "undo"], 1.0, (0, 1)),
        ([(2.0,), "settle", "undo", "redo", "redo"], 2.0, (1, 0)),
        ([(2.0,), "settle", "undo", (0.5,), "settle", "redo"], 0.5, (1, 0)),
        ([(2.0,), "undo"], 1.0, (0, 1)),
        ([(2.0,), "settle", "reset"], 1.0, (2, 0)),
        ([(2.0,), "settle", "reset", "undo"], 2.0, (1, 1)),
    ],
)
def test_every_settled_value_is_one_step_back_and_forth(orders: list, height: float, steps: tuple[int, int]) -> None:
    at = AppTest.from_function(drive, default_timeout=60)
    at.session_state["orders"] = orders
    at.run()
    assert not at.exception
    assert at.session_state["height"] == height
    assert at.session_state["steps"] == steps
