"""The Pooling page: every stage is drawn, a bad link costs one sentence, and a layer of the network opens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from lab.theory.pool_window import PoolSpec
from pages.ui import link, live
from pages.ui.pooling.layer_stage import MOST_SIDE, cut_patch
from pages.ui.pooling.state import LayerPoolState

ROOT = Path(__file__).parents[3]
Shown = dict[str, dict[str, Any]]
OpenPage = Callable[..., Shown]


@pytest.fixture
def open_pooling(monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Open the page with some of its states; returns what each stage was given to show."""
    shown: Shown = {}

    def show(_stage: live.Stage, _model: type, *, key: str, **given: Any) -> None:
        shown[key] = given

    monkeypatch.setattr(live.Stage, "show", show)

    def opened(network: NetworkSpec | None = None, **states: dict[str, object]) -> Shown:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        pages = {name.replace("_", "-"): chosen for name, chosen in states.items()}
        at.query_params["s"] = link.encode_link(pages, network or preset("student_cnn"))
        at.run()
        at.switch_page("pages/maths/pooling.py").run()
        at.run()  # whatever a stage has to say must outlive the next run
        assert not at.exception
        shown["notices"] = {"texts": [one.value for one in at.warning]}
        return shown

    return opened


def fields(stage: dict[str, Any]) -> set[str]:
    return {control.field for control in stage["controls"]}


def test_a_newcomer_finds_all_stages_with_something_on_them(open_pooling: OpenPage) -> None:
    shown = open_pooling()
    numbers = shown["_pooling.numbers"]["picture"]
    assert numbers["output"] == [[6, 9, 8], [8, 6, 7], [6, 9, 7]]
    assert numbers["cells"][0][0]["winner"] == [1, 1]
    assert len(shown["_pooling.photo"]["picture"]["cards"]) == 8
    assert [line["name"] for line in shown["_pooling.shift"]["picture"]["lines"]][:3] == [
        "No pooling",
        "Max",
        "Average",
    ]
    assert "_pooling.layer" not in shown


def test_a_kind_has_the_controls_that_it_has_in_pytorch(open_pooling: OpenPage) -> None:
    shown = open_pooling(pooling={"kind": "lp"})
    assert fields(shown["_pooling.numbers"]) >= {"kernel_size", "stride", "ceil_mode", "norm_type"}
    assert not fields(shown["_pooling.numbers"]) & {"padding", "dilation", "count_include_pad", "weights"}


def test_the_padding_ends_at_half_the_window(open_pooling: OpenPage) -> None:
    shown = open_pooling(pooling={"kernel_size": 5})
    controls = {control.field: control for control in shown["_pooling.numbers"]["controls"]}
    assert (controls["padding"].least, controls["padding"].most) == (0, 2)


def test_a_kernel_larger_than_the_map_of_an_old_link_is_cut_and_said_so(open_pooling: OpenPage) -> None:
    shown = open_pooling(pooling={"kernel_size": 6, "height": 1, "width": 1})
    stage = shown["_pooling.numbers"]
    assert stage["message"] == (
        "A window of 6 with padding 0 and dilation 1 does not fit a map of 1×1; the window is 1 with padding 0 now."
    )
    assert stage["picture"]["output"] == [[1.0]]


def test_a_gradient_that_arrives_goes_to_the_winners(open_pooling: OpenPage) -> None:
    usual = open_pooling()["_pooling.numbers"]["picture"]
    assert usual["upstream"] == [[1.0] * 3] * 3
    assert sum(map(sum, usual["gradient"])) == 9
    typed = open_pooling(pooling={"upstream_edits": [[0, 0, -4], [19, 19, 7]]})["_pooling.numbers"]["picture"]
    assert typed["upstream"][0] == [-4.0, 1.0, 1.0]
    y, x = typed["cells"][0][0]["winner"]
    assert typed["gradient"][y][x] == -4
    assert typed["cells"][0][0]["gradient"] == [[y, x, -4.0]]
    assert sum(map(sum, typed["gradient"])) == 4


@pytest.mark.parametrize("kind", ["max", "average", "lp", "convolution", "adaptive_max", "global_average"])
def test_a_map_of_one_number_is_pooled(open_pooling: OpenPage, kind: str) -> None:
    shown = open_pooling(pooling={"kind": kind, "height": 1, "width": 1, "kernel_size": 1, "output_size": 1})
    assert shown["_pooling.numbers"]["picture"]["output"] == [[1.0]]


def test_a_link_with_nonsense_costs_one_sentence_a_field(open_pooling: OpenPage) -> None:
    shown = open_pooling(pooling={"kernel_size": "wide", "edits": [["digits", 0, 0, "x"]], "stride": 1})
    assert shown["_pooling.numbers"]["picture"]["sizes"][0]["text"].endswith("= 5")
    assert "The link's value for kernel size cannot be used" in " ".join(shown["notices"]["texts"]).replace("\\", "")


def test_a_window_too_wide_for_the_photo_is_cut_and_said_so(open_pooling: OpenPage) -> None:
    shown = open_pooling(
        pooling_photo={"kernel_size": 32}, photo={"source": "set", "data": "fashion-mnist", "index": 0}
    )
    assert shown["_pooling.photo"]["message"].startswith("A window of 32 with padding 0 does not fit this picture")


def test_a_layer_of_the_network_opens_with_its_own_numbers(open_pooling: OpenPage) -> None:
    shown = open_pooling(pooling_layer={"layer": "workbench#pool1", "channel": 3})
    picture = shown["_pooling.layer"]["picture"]
    assert len(picture["map"]) == len(picture["map"][0]) == MOST_SIDE
    assert picture["facts"][0].startswith("In all ")
    assert picture["map_name"] == ""


def test_the_patch_of_a_layer_holds_what_the_network_computed(open_pooling: OpenPage) -> None:
    shown = open_pooling(pooling_layer={"layer": "workbench#pool1", "channel": 3, "top": 8, "left": 8})
    picture = shown["_pooling.layer"]["picture"]
    pooled = torch.nn.functional.max_pool2d(torch.tensor(picture["map"])[None, None], 2)
    torch.testing.assert_close(torch.tensor(picture["output"]), pooled[0, 0])
    assert "from row 8 and column 8 on" in " ".join(picture["facts"])


def test_a_small_map_is_shown_whole_and_a_patch_goes_without_padding() -> None:
    spec = PoolSpec(kernel_size=(3, 3), padding=(1, 1))
    small, large = torch.rand(8, 8), torch.rand(28, 28)
    assert cut_patch(small, spec, LayerPoolState()) == (small, spec, True)
    patch, patch_spec, is_whole = cut_patch(large, spec, LayerPoolState(top=5, left=21))
    assert patch.equal(large[4:14, 20:28])
    assert (patch_spec.padding, is_whole) == ((0, 0), False)
