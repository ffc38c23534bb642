"""The click that deletes a set of images; the buttons around it are tested in tests/pages/training/test_train.py."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from lab.data.storage import set_folder


def _interrupted() -> None:
    """A page on which every access to the session finds a newer request while the click is handled."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from pages.ui import state
    from pages.ui.train import delete_images
    from pages.ui.train.state import TrainState

    state.update(TrainState, data="my-cats")
    kept = get_script_run_ctx().session_state  # type: ignore[union-attr]
    looked: list[str] = []
    object.__setattr__(kept, "_yield_callback", lambda: looked.append("looked"))
    delete_images._delete("my-cats")
    n = len(looked)
    st.text(f"{n} {state.load(TrainState).recipe_value('data')}")


def test_a_click_on_delete_is_never_given_up_half_way() -> None:
    set_folder("my-cats").mkdir(parents=True)
    app = AppTest.from_function(_interrupted, default_timeout=60).run()
    assert not app.exception
    assert app.text[0].value == "0 fashion-mnist"
    assert not set_folder("my-cats").exists()
