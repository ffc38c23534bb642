"""The page as its script runs; what the browser draws is tested in tests/browser/test_activation.py."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lab.network.catalogue import CATALOGUE
from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from pages.ui.activation.curves import _values
from pages.ui.activation.state import KINDS, CurvesState, DepthState
from pages.ui.activation.subject import Source, sources, subject
from pages.ui.feature_maps.state import WORKBENCH
from pages.ui.state import Workbench

PAGE = Path(__file__).parents[3] / "pages/maths/activation.py"


def open_page(*, network: NetworkSpec | None = None, **values: Any) -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=60)
    if network is not None:
        at.session_state["lab:workbench"] = Workbench(network)
    if values:
        at.session_state["lab:page:activation"] = CurvesState.model_validate(values)
    return at.run()


def kept(at: AppTest) -> CurvesState:  # type: ignore[valid-type]
    value = at.session_state["lab:page:activation"]
    assert isinstance(value, CurvesState)
    return value


def test_the_page_opens_with_its_stages_experiments_and_words() -> None:
    at = open_page()
    assert not at.exception
    assert [header.value for header in at.header] == [
        "Try this",
        "Through many layers",
        "Try this",
        "In your network",
        "The words",
    ]


@pytest.mark.parametrize("i", range(3))
def test_every_experiment_sets_up_its_stage_and_says_what_to_see(i: int) -> None:
    at = open_page()
    at.button(key=f"_activation.experiment_{i}").click().run()
    assert not at.exception
    assert kept(at) != CurvesState()
    at.button(key=f"_depth.experiment_{i}").click().run()
    assert not at.exception
    assert at.session_state["lab:page:depth"] != DepthState() or i == 0  # the first is how the page opens


def test_a_layer_of_ones_own_network_opens_on_the_stage() -> None:
    at = open_page(network=preset("lenet5"))
    at.selectbox(key="_activation.opened").set_value("workbench#tanh2").run()
    assert not at.exception
    assert (kept(at).source, kept(at).layer, kept(at).kinds[0]) == (WORKBENCH, "tanh2", "Tanh")
    assert any(re.search(r"tanh2 is Tanh.*of its 16 units are saturated", one.value) for one in at.markdown)


def test_every_formula_is_one_click_away() -> None:
    at = open_page()
    at.button(key="_activation.formulas").click().run()
    assert not at.exception
    (table,) = [one.value for one in at.markdown if "| Formula |" in one.value]
    assert all(f"| {CATALOGUE[kind].title} | $" in table for kind in KINDS)


def test_a_network_without_an_activation_is_no_obstacle() -> None:
    at = open_page(network=preset("softmax_regression"))
    assert not at.exception
    assert any("has no activation layer" in caption.value for caption in at.caption)


def own(network: NetworkSpec) -> Source:
    return Source(
        WORKBENCH,
        "Your network: mine, not trained",
        network,
        tuple(row for row in network.layers if row.kind == "ReLU"),
    )


def test_an_unknown_network_or_layer_from_a_link_falls_back_to_the_learners_first_activation() -> None:
    mine = own(preset("student_cnn"))
    found = subject((mine,), "run:gone", "nowhere")
    assert found is not None
    assert (found.source.name, found.layer.id) == (WORKBENCH, "relu1")


def test_a_network_that_does_not_fit_together_is_one_sentence() -> None:
    network = preset("student_cnn")
    layers = tuple(layer for layer in network.layers if layer.id != "flatten")
    broken = network.model_copy(update={"layers": layers})
    found = subject((own(broken),), WORKBENCH, "relu3")
    values, words = _values(found)
    assert values is None
    assert "fc1" in words


def test_what_reaches_a_layer_is_said_with_its_numbers() -> None:
    found = subject((own(preset("student_cnn")),), WORKBENCH, "relu3")
    values, words = _values(found)
    assert values is not None
    assert "What fc1 hands to relu3" in words
    assert "16 pictures of Fashion-MNIST" in words


def test_the_learners_network_stands_first_in_the_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.ui.state.workbench", lambda: Workbench(preset("lenet5")))
    listed = sources()
    assert listed[0].name == WORKBENCH
    assert [layer.kind for layer in listed[0].layers] == ["Tanh"] * 4
