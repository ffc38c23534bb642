"""What a run shows by its address: numbers, curves, evaluations, and what is missing or damaged."""

from __future__ import annotations

import json
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from lab.training.run_folder import Run
from tests.pages.page_texts import texts

OpenPage = Callable[..., AppTest]
TRAIN = "pages/training/train.py"


def test_a_link_to_a_run_shows_its_numbers_and_results(open_page: OpenPage, first_run: Run) -> None:
    at = open_page(TRAIN, train={"run": first_run.id})
    accuracy = first_run.history().epochs[-1].test_accuracy
    assert at.metric[0].value == f"{100 * accuracy:.1f} %"
    assert "After epoch 2" in texts(at)
    assert "Worst mistakes" in texts(at)


def test_damaged_lines_of_a_history_are_told_and_the_rest_is_drawn(open_page: OpenPage, first_run: Run) -> None:
    steps = first_run.path / "steps.jsonl"
    lines = steps.read_text().splitlines()
    steps.write_text("\n".join([lines[0], "{half", *lines[2:]]) + "\n")
    at = open_page(TRAIN, train={"run": first_run.id})
    assert "1 damaged line of this run's history is left out of the curves" in texts(at)
    assert at.get("vega_lite_chart")


def test_an_earlier_epoch_can_be_looked_at(open_page: OpenPage, first_run: Run) -> None:
    at = open_page(TRAIN, train={"run": first_run.id})
    at.select_slider(key="_train.epoch").set_value(0).run()
    before = first_run.evaluation(0).accuracy
    assert f"After epoch 0: **{100 * before:.1f} %**" in texts(at)


def test_the_x_axis_spans_all_planned_epochs(open_page: OpenPage, first_run: Run) -> None:
    at = open_page(TRAIN, train={"run": first_run.id})
    charts = [json.loads(chart.proto.spec) for chart in at.get("vega_lite_chart")]
    ticks = [chart["encoding"]["x"]["axis"]["values"] for chart in charts if "x" in chart.get("encoding", {})]
    assert [0, 1, 2] in ticks


def test_a_run_that_is_not_there_is_one_sentence_and_the_page_goes_on(open_page: OpenPage) -> None:
    at = open_page(TRAIN, train={"run": "20200101-000000-gone-0000"})
    assert "there is no run" in texts(at)
    assert not [button.key for button in at.button if button.key == "_train.again"], (
        "there are no settings to use again"
    )
    at.button(key="_train.another").click().run()
    assert not at.button(key="_train.start").disabled


def test_an_id_that_is_a_path_is_refused(open_page: OpenPage) -> None:
    assert "there is no run" in texts(open_page(TRAIN, train={"run": "../../etc"}))


def test_a_damaged_evaluation_is_one_sentence_and_the_curves_stay(open_page: OpenPage, first_run: Run) -> None:
    (first_run.path / "evaluations" / "epoch-0002.json").write_text("{")
    at = open_page(TRAIN, train={"run": first_run.id})
    assert "cannot be read" in texts(at)
    assert at.metric[0].value.endswith("%")
