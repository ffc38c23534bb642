"""A layer of one's own: its numbers are those of the network, before and after it."""

from __future__ import annotations

import pytest
import torch
from streamlit.testing.v1 import AppTest

from lab.network.build import build_network
from lab.network.layers.convolution import ConvTranspose2d
from lab.network.presets import preset
from lab.training.loop import train
from lab.training.recipe import TrainSpec
from lab.training.run_folder import create_run


def show() -> None:
    from typing import ClassVar

    import streamlit as st

    from pages.ui import state
    from pages.ui.maths.your_network import choose_layer

    class Chosen(state.PageState):
        page: ClassVar[str] = "layer_test"
        layer: str = st.session_state.get("layer", "")

    st.session_state["found"] = choose_layer(Chosen, st.session_state.get("kinds", ("Conv2d", "MaxPool2d")))


def opened(**session: object) -> AppTest:
    at = AppTest.from_function(show, default_timeout=60)
    for name, value in session.items():
        at.session_state[name] = value
    return at.run()


def test_the_menu_offers_the_layers_of_these_kinds_and_begins_with_none() -> None:
    at = opened()
    ids = [row.id for row in preset("student_cnn").layers if row.kind in ("Conv2d", "MaxPool2d")]
    assert [option.split(" · ")[0] for option in at.selectbox[0].options] == ["Nothing chosen", *ids]
    assert at.session_state["found"] is None


@pytest.mark.parametrize("layer_id", ["conv1", "pool1", "conv2"])
def test_a_layers_input_and_output_are_the_networks_own(layer_id: str) -> None:
    at = opened(layer=f"workbench#{layer_id}")
    assert not at.exception
    found = at.session_state["found"]
    module = build_network(preset("student_cnn")).eval().get_submodule(layer_id)
    assert torch.equal(module(found.input[None])[0], found.output)
    assert (found.id, found.layer.id, found.source) == (layer_id, layer_id, "workbench")
    if layer_id.startswith("conv"):
        assert torch.equal(found.weight, module.weight)
        assert torch.equal(found.bias, module.bias)


def test_a_layer_that_is_no_longer_there_is_let_go_of() -> None:
    at = opened(layer="workbench#nowhere")
    assert not at.exception
    assert at.session_state["found"] is None


def test_where_there_is_no_such_layer_it_is_said() -> None:
    at = opened(kinds=("ConvTranspose2d",))
    assert "no layer of this kind" in at.caption[0].value


def test_a_trained_transposed_layer_brings_the_weights_that_it_learned() -> None:
    up = ConvTranspose2d(id="up", out_channels=2, kernel_size=2, stride=2)
    plain = preset("softmax_regression")
    network = plain.model_copy(update={"layers": (up, *plain.layers)})
    run = create_run(TrainSpec(network=network, epochs=1, n_train=64, batch_size=16, device="cpu"))
    list(train(run.spec(), run=run))
    at = opened(layer=f"run:{run.id}#up", kinds=("ConvTranspose2d",))
    assert not at.exception
    found, learned = at.session_state["found"], run.load_state(1)
    torch.testing.assert_close(found.weight, learned["up.weight"].float())
    expected = torch.nn.functional.conv_transpose2d(found.input[None], found.weight, found.bias, stride=2)[0]
    torch.testing.assert_close(found.output, expected)
