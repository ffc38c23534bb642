"""The button opens the page; what was there before can be had back."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lab.network.presets import preset
from lab.network.summary import summarize
from lab.questions.question import question_of
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
    assert any("Undo brings yours back" in one.value for one in at.info)


def test_the_question_is_still_there_on_the_way_back() -> None:
    at = opened("one-cell:3:0")
    at.switch_page("pages/questions/practise.py").run()
    assert at.session_state["lab:page:practise"].question == "one-cell:3:0"


@pytest.mark.parametrize("question", ["one-cell:3:0", "pooling-map:3:0", "grouped-parameters:3:1"])
def test_the_page_says_what_it_shows_and_no_other_page_does(question: str) -> None:
    at = opened(question)
    assert [one.value.split(" of the question")[0] for one in at.info] in (
        ["This is the setting"],
        ["This is the network"],
    )
    at.switch_page("pages/questions/practise.py").run()
    assert not [one for one in (*at.info, *at.warning) if "of the question" in one.value]


def test_the_address_of_the_opened_page_is_whole_at_once() -> None:
    at = opened("grouped-parameters:3:1")
    address = at.query_params["s"]
    content = link.decode_link(address if isinstance(address, str) else address[0])
    assert content.network == at.session_state["lab:workbench"].network


def test_where_a_layer_is_compared_with_another_the_page_says_how_to_see_that_one() -> None:
    seed = next(n for n in range(20) if question_of(f"grouped-parameters:3:{n}").given["saving"])
    question = question_of(f"grouped-parameters:3:{seed}")
    told = opened(question.id).info[0].value
    assert question.shows is not None
    assert question.shows.network is not None
    depth, point = question.shows.network.layers
    ordinary = depth.model_copy(update={"groups": 1, "out_channels": point.out_channels})
    assert f"1 group and {point.out_channels} output channels, and delete the 1×1 layer" in told
    picture = question.shows.network.input
    saved = ordinary.n_params((picture,)) - summarize(question.shows.network).n_params
    assert question.answer.value == saved
