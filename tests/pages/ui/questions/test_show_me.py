"""The button opens the page; what was there before can be had back."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lab.network.presets import preset
from pages.ui import link

ROOT = Path(__file__).parents[4]


def opened(question: str, **pages: dict[str, object]) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params["s"] = link.encode_link({"practise": {"question": question}, **pages}, preset("lenet5"))
    at.run()
    at.switch_page("pages/questions/practise.py").run()
    at.button(key="_practise.show_me").click().run()
    assert not at.exception
    return at


def test_the_stage_holds_the_numbers_of_the_question() -> None:
    at = opened("one-cell:3:0")
    assert at.title[0].value == "Convolution"
    chosen = at.session_state["lab:page:convolution"]
    assert (chosen.size, chosen.kernel_size, chosen.stride, chosen.bias_values[0]) == (5, 3, 2, 2)
    assert (0, 1, 0, 4) in chosen.input_edits


def test_what_stood_on_the_stage_before_comes_back_with_undo() -> None:
    at = opened("pooling-map:3:0", pooling={"kernel_size": 3, "stride": 1})
    history = at.session_state["lab:object:history.pooling"]
    assert (history.past[-1].kernel_size, history.past[-1].stride) == (3, 1)
    assert history.settled.ceil_mode


def test_a_rectangle_stays_one_although_the_stage_was_square() -> None:
    at = opened("neuron:2:0", convolution={"size": 7})
    chosen = at.session_state["lab:page:convolution"]
    assert (chosen.size, chosen.size_width, chosen.square) == (1, 3, False)


@pytest.mark.parametrize("question", ["output-size:2:0", "flatten:3:0"])
def test_a_network_of_a_question_takes_the_place_of_the_learners_until_undo(question: str) -> None:
    at = opened(question)
    assert at.title[0].value == "Build"
    bench = at.session_state["lab:workbench"]
    assert bench.network.name == "question"
    assert bench.past[-1] == preset("lenet5")
    assert any("Undo brings yours back" in one.value for one in at.warning)


def test_the_question_is_still_there_on_the_way_back() -> None:
    at = opened("one-cell:3:0")
    at.switch_page("pages/questions/practise.py").run()
    assert at.session_state["lab:page:practise"].question == "one-cell:3:0"
