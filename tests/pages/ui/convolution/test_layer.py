"""The controls describe a layer of the catalogue, and their bounds are exactly what has a result."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from lab.errors import LabError
from pages.ui import state
from pages.ui.convolution.change import _fit, implied
from pages.ui.convolution.layer import bounds, channel_counts, is_possible, layer_of, output_shape, setting_of
from pages.ui.convolution.state import ConvolutionState
from tests.pages.ui.convolution.random_states import RANGES, random_states


def test_no_control_reaches_a_setting_without_a_result_and_none_stops_before_one() -> None:
    for chosen in random_states(500):
        for field, (low, high) in RANGES.items():
            least, most = bounds(chosen, field)
            reachable = [is_possible(chosen, **{field: value}) for value in range(least, most + 1)]
            assert all(reachable), (field, chosen)
            assert least == low or not is_possible(chosen, **{field: least - 1}), (field, chosen)
            assert most == high or not is_possible(chosen, **{field: most + 1}), (field, chosen)
        for field in ("in_channels", "out_channels", "groups"):
            counts = channel_counts(chosen, field)
            assert getattr(chosen, field) in counts
            assert all(is_possible(chosen, **{field: count}) for count in counts)


def test_the_theory_and_the_catalogue_agree_on_the_size() -> None:
    for chosen in random_states(500, seed=4):
        assert setting_of(chosen).output_size == output_shape(chosen)[1:], chosen


def test_one_number_stands_for_both_axes_until_square_is_off() -> None:
    chosen = ConvolutionState(kernel_size=3, kernel_size_width=5)
    assert layer_of(chosen).kernel_size == (3, 3)
    assert layer_of(chosen.model_copy(update={"square": False})).kernel_size == (3, 5)


@pytest.mark.parametrize(
    ("kind", "padding", "size"),
    [("valid", "valid", 3), ("same", "same", 5), ("full", (2, 2), 7), ("numbers", (1, 1), 5)],
)
def test_padding_by_word_is_the_one_of_torch(kind: str, padding: object, size: int) -> None:
    chosen = ConvolutionState.model_validate({"padding_kind": kind})
    assert (layer_of(chosen).padding, output_shape(chosen)[1]) == (padding, size)


# --- what follows from a change ---------------------------------------------------------------------------------------


def test_an_old_link_with_a_kernel_larger_than_its_input_says_so_and_shows_the_usual_setting() -> None:
    fitted = _fit(None, ConvolutionState(size=2, kernel_size=7, padding=0))
    assert fitted.chosen == ConvolutionState()
    assert fitted.sentence == (
        "The window spans 7 px but the padded input has only 2 px. "
        "The link's setting has no result, so the usual one is shown."
    )


def test_a_switch_that_leads_nowhere_is_mended_with_a_sentence() -> None:
    before = ConvolutionState(size=3, padding=8)
    fitted = _fit(before, before.model_copy(update={"transposed": True}))
    assert fitted.chosen.transposed
    assert is_possible(fitted.chosen)
    assert fitted.sentence.endswith("so the padding was set to 0.")


def test_every_mended_setting_has_a_result() -> None:
    draw = random.Random(5)
    for before in random_states(200, seed=6):
        change = {draw.choice(("transposed", "square")): draw.random() < 0.5, "padding_mode": "reflect", "size": 1}
        fitted = _fit(before, before.model_copy(update=change))
        assert min(output_shape(fitted.chosen)) >= 1, fitted.chosen


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Say what the visitor has chosen when a control sends its new value."""

    def stand(**values: object) -> None:
        now = ConvolutionState.model_validate(values)
        monkeypatch.setattr(state, "load", lambda _model: now)

    return stand


def test_typed_numbers_go_with_the_kernel_or_the_input_that_they_were_typed_into(standing: Callable[..., None]) -> None:
    standing(kernel_edits=((0, 0, 1, 1, 7.0),), input_edits=((0, 0, 0, 2.0),))
    assert implied({"kernel": "blur"}) == {"kernel_edits": ()}
    assert implied({"source": "ramp"}) == {"input_edits": ()}
    assert implied({"kernel": ConvolutionState().kernel}) == implied({"stride": 2}) == {}


def test_a_rectangle_begins_as_the_square_that_it_was(standing: Callable[..., None]) -> None:
    standing(size=7, stride=2, size_width=4)
    now = ConvolutionState.model_validate({"size": 7, "stride": 2, "square": False, **implied({"square": False})})
    assert (now.pair("size"), now.pair("stride")) == ((7, 7), (2, 2))
    standing(size=7, size_width=4, square=False)
    assert implied({"square": False}) == {}, "it is one already"


def test_an_output_too_large_to_draw_is_refused_with_a_way_out() -> None:
    chosen = ConvolutionState(transposed=True, size=16, stride=5)
    with pytest.raises(LabError, match=r"the output has 78×78 cells and at most 24 on a side are drawn"):
        output_shape(chosen.model_copy(update={"padding": 0}))
