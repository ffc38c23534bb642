"""What the cells of the stage send, and what is kept of it."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from torch import nn

from lab.questions.question import question_of
from pages.ui.convolution.stage import controls
from pages.ui.convolution.state import ConvolutionState
from pages.ui.questions.on_convolution import by_hand


def drive() -> None:
    import streamlit as st

    from pages.ui import state
    from pages.ui.convolution.stage import follow
    from pages.ui.convolution.state import ConvolutionState

    state.load(ConvolutionState)
    for name, details in st.session_state.get("acts", ()):
        follow(name, details)
    st.session_state["kept"] = state.load(ConvolutionState)
    st.session_state["problem"] = state.recall("convolution.problem", "")


def after(*acts: tuple[str, dict[str, Any]], **values: Any) -> Any:
    at = AppTest.from_function(drive, default_timeout=60)
    at.session_state["acts"] = acts
    at.session_state["lab:page:convolution"] = ConvolutionState.model_validate(values)
    at.run()
    assert not at.exception
    return at.session_state


def test_a_number_dragged_through_many_values_is_one_edit_of_its_cell() -> None:
    acts = [("edit_input", {"channel": 0, "y": 1, "x": 2, "value": value, "final": value == 9}) for value in range(10)]
    assert after(*acts)["kept"].input_edits == ((0, 1, 2, 9.0),)


def test_a_typed_weight_belongs_to_the_map_that_is_shown() -> None:
    act = ("edit_kernel", {"channel": 0, "y": 0, "x": 0, "value": 0.5, "final": True})
    assert after(act, out_channels=2, out_channel=1)["kept"].kernel_edits == ((1, 0, 0, 0, 0.5),)
    assert after(act, out_channels=2, out_channel=3)["kept"].kernel_edits == ((1, 0, 0, 0, 0.5),)


def test_a_typed_bias_belongs_to_the_map_that_is_shown() -> None:
    act = ("edit_bias", {"value": -3, "final": True})
    assert after(act, out_channels=3, out_channel=2)["kept"].bias_values == (0, 0, -3, 0)


@pytest.mark.parametrize("value", ["ten", "", None, float("nan"), float("inf"), 1e9, [1]])
def test_what_is_no_number_leaves_the_cell_as_it_was_and_says_why(value: object) -> None:
    session = after(("edit_input", {"channel": 0, "y": 0, "x": 0, "value": value}))
    assert session["kept"].input_edits == ()
    assert session["problem"] == "A cell takes a number from −9,999 to 9,999. The last good one stays."


@pytest.mark.parametrize("details", [{}, {"channel": 9, "y": 0, "x": 0, "value": 1}, {"channel": 0, "y": -1, "x": 99}])
def test_a_cell_that_does_not_exist_changes_nothing(details: dict[str, Any]) -> None:
    assert after(("edit_input", details), ("edit_kernel", details))["kept"] == ConvolutionState()


def test_a_zero_of_the_padding_says_why_it_stays() -> None:
    assert "padding is always 0" in after(("padding", {}))["problem"]


def test_only_controls_that_the_layer_has_are_offered() -> None:
    forward = {control.field for control in controls(ConvolutionState())}
    backward = {control.field for control in controls(ConvolutionState(transposed=True))}
    assert {"padding_mode"} == forward - backward
    assert {"output_padding"} == backward - forward


def test_an_uneven_setting_has_one_control_for_each_axis() -> None:
    labels = {control.field: control.label for control in controls(ConvolutionState(square=False))}
    assert labels["size"] == "Height"
    assert labels["size_width"] == "Width"
    assert labels["stride_width"] == "Stride across"


# --- what is not the hand's: an experiment, undo ---------------------------------------------------------------------


def set_up_and_show() -> None:
    import streamlit as st

    from pages.ui import history
    from pages.ui.convolution.change import fitted
    from pages.ui.convolution.state import ConvolutionState
    from pages.ui.maths.experiments import Experiment, set_up

    history.of(ConvolutionState)
    shown = []
    for values in st.session_state["experiments"]:
        set_up(ConvolutionState, 0, Experiment("", "", "", values))
        shown.append(fitted())
    for _ in range(st.session_state.get("n_undo", 0)):
        history.undo(ConvolutionState)
        shown.append(fitted())
    st.session_state["shown"] = shown


def shown_after(*experiments: dict[str, Any], n_undo: int = 0) -> list[Any]:
    at = AppTest.from_function(set_up_and_show, default_timeout=60)
    at.session_state["experiments"], at.session_state["n_undo"] = experiments, n_undo
    at.run()
    assert not at.exception
    found: list[Any] = at.session_state["shown"]
    return found


RECTANGLE = {"square": False, "size": 6, "size_width": 9, "kernel_size": 3, "kernel_size_width": 1}
IMPOSSIBLE = {"size": 3, "padding": 8, "transposed": True}


def test_an_experiment_with_a_rectangle_and_the_way_back_to_it_keep_its_own_widths() -> None:
    experiment, square, back = shown_after(RECTANGLE, {"size": 7}, n_undo=1)
    assert square.chosen.square
    for found in (experiment, back):
        assert (found.chosen.pair("size"), found.chosen.pair("kernel_size"), found.sentence) == ((6, 9), (3, 1), "")


def test_typed_numbers_of_an_experiment_stay_whatever_kernel_was_there_before() -> None:
    typed = ((0, 0, 1, 1, 7.0),)
    before, after = shown_after({"kernel": "blur", "kernel_edits": typed}, {"kernel": "ones", "kernel_edits": typed})
    assert before.chosen.kernel_edits == after.chosen.kernel_edits == typed


def test_what_was_mended_is_said_until_the_setting_changes_and_not_of_one_that_was_chosen() -> None:
    mended_to = {"size": 3, "transposed": True, "padding": 0, "padding_width": 0}
    _, mended, again = shown_after({"size": 3}, IMPOSSIBLE, mended_to)
    assert mended.sentence.endswith("so the padding was set to 0.")
    assert again.chosen == mended.chosen
    assert again.sentence == ""


def _name(chosen: ConvolutionState, field: str) -> str:
    """What the menu reads at this setting."""
    control = next(row for row in controls(chosen) if row.field == field)
    return dict(control.choices or ())[getattr(chosen, field)]


def test_the_menus_say_what_stands_in_the_cells() -> None:
    assert _name(ConvolutionState(), "source") == "The guide's 5×5"
    assert _name(ConvolutionState(size=8), "source") == "Numbers as in the guide"
    assert _name(ConvolutionState(size=2, input_edits=((0, 0, 0, 7),)), "source") == "Numbers as in the guide, changed"
    assert _name(ConvolutionState(kernel_edits=((0, 0, 1, 1, 7),)), "kernel") == "Right Sobel, changed"
    assert _name(ConvolutionState(), "kernel") == "Right Sobel"


@pytest.mark.parametrize(
    ("changes", "is_offered", "why"),
    [
        ({}, True, ""),
        ({"stride": 2}, False, "a stride above 1 makes the output smaller"),
        ({"square": False, "stride_width": 3}, False, "a stride above 1 makes the output smaller"),
        ({"transposed": True}, False, "PyTorch's transposed layer takes numbers only"),
    ],
)
def test_same_is_offered_where_pytorch_takes_it_and_elsewhere_the_help_says_why_not(
    changes: dict[str, Any], is_offered: bool, why: str
) -> None:
    chosen = ConvolutionState.model_validate(changes)
    control = next(row for row in controls(chosen) if row.field == "padding_kind")
    assert ("same" in [value for value, _ in control.choices or ()]) is is_offered
    assert (f"“same” is not offered here: {why}" in control.help) is bool(why)
    if is_offered or chosen.transposed:
        return
    with pytest.raises(ValueError, match="not supported for strided"):
        nn.Conv2d(1, 1, chosen.pair("kernel_size"), chosen.pair("stride"), padding="same")


@pytest.mark.parametrize("seed", range(4))
def test_a_question_with_its_own_numbers_is_not_given_anothers_name(seed: int) -> None:
    chosen = by_hand(question_of(f"one-cell:3:{seed}"))
    assert chosen is not None
    assert (_name(chosen, "source"), _name(chosen, "kernel")) == ("Typed numbers", "Typed numbers")
