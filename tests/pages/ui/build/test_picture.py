"""What travels to the browser is small, is what the analysis says, and is only what has changed."""

from __future__ import annotations

import json

import pytest

from lab.network.catalogue import CATALOGUE
from lab.network.edit import remove_layer
from lab.network.presets import PRESETS, preset
from lab.network.spec import INPUT
from lab.network.summary import summarize
from pages.ui.build.picture import USUAL_INPUTS, constants, picture
from pages.ui.build.rows import drawing

MAX_CHARS = 60_000  # mobilenet_v2 with its 153 layers takes 38,000


@pytest.mark.parametrize("name", PRESETS)
def test_the_picture_is_the_summary_and_small_enough_to_travel_while_dragging(name: str) -> None:
    network, summary = preset(name), summarize(preset(name))
    shown = picture(network, network.layers[0].id, "Layers")
    assert len(json.dumps(shown)) < MAX_CHARS
    totals = {row["label"]: row["value"] for row in shown["totals"]}
    assert totals["Parameters"] == f"{summary.n_params:,}"
    assert totals["Output"] == "×".join(map(str, summary.output))
    assert [row["id"] for row in shown["network"]["rows"]] == [INPUT, *(row.id for row in summary.rows)]


def test_a_block_is_its_front_and_the_way_to_its_back() -> None:
    network = preset("resnet_small")
    for drawn, block in zip(
        drawing(network).blocks, picture(network, INPUT, "Layers")["network"]["blocks"], strict=True
    ):
        left, top, right, bottom, back, up, label_x = block
        assert drawn.front == ((left, top), (right, top), (right, bottom), (left, bottom))
        assert drawn.top[2] == pytest.approx((right + back, top - up), abs=0.151)
        assert drawn.side[2] == pytest.approx((right + back, bottom - up), abs=0.151)
        assert (abs(label_x), label_x > 0) == (drawn.label_x, drawn.has_label)


def test_another_choice_changes_the_panel_alone() -> None:
    network = preset("student_cnn")
    before, after = (picture(network, name, "Layers") for name in ("conv1", "fc1"))
    assert {name for name in before if before[name] != after[name]} == {"panel"}
    assert before["network"] is after["network"]


def test_the_panel_says_what_comes_in_what_it_costs_and_its_line_of_pytorch() -> None:
    panel = picture(preset("student_cnn"), "conv2", "Layers")["panel"]
    assert panel["arriving"] == "32×14×14"
    assert panel["costs"].startswith("18,496 parameters · 3,612,672 MACs · ")
    assert panel["code"].startswith("nn.Conv2d(32, 64, kernel_size=3")
    assert panel["sources"] == ("pool1",)


def test_a_broken_layer_keeps_what_is_known_before_it() -> None:
    broken = remove_layer(preset("student_cnn"), "flatten")
    shown = picture(broken, "fc1", "Layers")
    rows = {row["id"]: row for row in shown["network"]["rows"]}
    assert "Linear takes a vector but pool2 gives maps of 64×7×7" in rows["fc1"]["error"]
    assert "Insert Flatten before fc1" in rows["fc1"]["fixes"]
    assert rows["conv2"]["output"] == "64×14×14"
    assert {row["label"]: row["value"] for row in shown["totals"]}["Output"] == "?"
    assert (shown["panel"]["arriving"], shown["panel"]["code"]) == ("", "")


def test_the_browser_knows_every_kind_and_the_usual_inputs() -> None:
    known = constants()
    assert [kind["kind"] for group in known["CATALOGUE"] for kind in group["kinds"]] == list(CATALOGUE)
    assert [tuple(row["shape"]) for row in known["USUAL_INPUTS"]] == list(USUAL_INPUTS)
