"""The page as its script runs; what the browser draws is tested in tests/browser/test_convolution.py."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from lab.network.layers.convolution import ConvTranspose2d
from lab.network.presets import preset
from pages.ui import live
from pages.ui.convolution.state import ConvolutionState, LayerStageState
from pages.ui.photo import PhotoState
from pages.ui.state import Workbench

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


def png(grey: int) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.full((30, 30, 3), grey, np.uint8)).save(file, "PNG")
    return file.getvalue()


def test_the_patch_is_of_the_photo_that_was_just_uploaded_and_of_the_last_good_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[dict[str, Any]] = []

    def show(_stage: live.Stage, _model: type, *, key: str, picture: dict[str, Any], **_given: Any) -> None:
        if key == "_convolution.stage":
            shown.append(picture)

    monkeypatch.setattr(live.Stage, "show", show)
    at = AppTest.from_file(PAGE, default_timeout=60)
    at.session_state["lab:page:convolution"] = ConvolutionState(source="photo", padding=0)
    at.session_state["lab:page:photo"] = PhotoState(source="upload")
    at.run()
    for name, content, grey in (("a.png", png(40), 40), ("b.png", png(200), 200), ("c.png", b"no picture", 200)):
        at.file_uploader(key="_photo.upload").upload(name, content, "image/png").run()
        assert not at.exception
        assert shown[-1]["input"] == [[[grey] * 5] * 5], name
    assert "this is not a PNG" in at.error[0].value


def test_a_transposed_layer_of_the_network_opens_with_its_own_numbers() -> None:
    network = preset("student_cnn")
    up = ConvTranspose2d(id="up", out_channels=4, kernel_size=2, stride=2)
    at = AppTest.from_file(PAGE, default_timeout=60)
    at.session_state["lab:workbench"] = Workbench(network.model_copy(update={"layers": (up, *network.layers)}))
    at.session_state["lab:page:convolution-layer"] = LayerStageState(layer="workbench#up")
    at.run()
    assert not at.exception
    assert at.selectbox(key="_convolution-layer.layer").value == "workbench#up"


def test_a_layer_of_the_network_opens_with_its_own_numbers() -> None:
    at = AppTest.from_file(PAGE, default_timeout=60)
    at.session_state["lab:page:convolution-layer"] = LayerStageState(layer="workbench#conv1")
    at.run()
    assert not at.exception
    assert any("random weights" in caption.value for caption in at.caption)
