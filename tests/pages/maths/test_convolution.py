"""The page as its script runs; what the browser draws is tested in tests/browser/test_convolution.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.convolution.state import ConvolutionState, LayerStageState

PAGE = Path(__file__).parents[3] / "pages/maths/convolution.py"


def open_page(**values: Any) -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=60)
    if values:
        at.session_state["lab:page:convolution"] = ConvolutionState.model_validate(values)
    return at.run()


def kept(at: AppTest) -> ConvolutionState:
    value = at.session_state["lab:page:convolution"]
    assert isinstance(value, ConvolutionState)
    return value


def test_the_page_opens_with_its_stages_experiments_and_words() -> None:
    at = open_page()
    assert not at.exception
    assert [header.value for header in at.header] == ["Try this", "On a photo", "In your network", "The words"]


@pytest.mark.parametrize("i", range(3))
def test_every_experiment_sets_up_a_setting_that_has_a_result(i: int) -> None:
    at = open_page()
    at.button(key=f"_convolution.experiment_{i}").click().run()
    assert not at.exception
    chosen = kept(at)
    assert chosen != ConvolutionState()
    at.run()
    assert kept(at) == chosen, "nothing had to be mended"


def test_an_impossible_setting_is_replaced_by_one_that_has_a_result() -> None:
    at = open_page(size=1, kernel_size=7, padding=0)
    assert not at.exception
    assert kept(at) == ConvolutionState()


@pytest.mark.parametrize("view", ["sum", "matrix", "backward"])
@pytest.mark.parametrize(
    "values", [{"size": 1, "kernel_size": 1}, {"source": "photo", "in_channels": 4, "groups": 2, "out_channels": 4}]
)
def test_odd_settings_are_drawn(view: str, values: dict[str, Any]) -> None:
    assert not open_page(view=view, **values).exception


def test_a_layer_of_the_network_opens_with_its_own_numbers() -> None:
    at = AppTest.from_file(PAGE, default_timeout=60)
    at.session_state["lab:page:convolution-layer"] = LayerStageState(layer="workbench#conv1")
    at.run()
    assert not at.exception
    assert any("random weights" in caption.value for caption in at.caption)
