from __future__ import annotations

import base64
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from lab.network.build import build_network
from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from lab.training.run_folder import list_runs, open_run
from pages.ui.feature_maps.drawing import Drawn, Shown, class_of, draw, fields_of, letter
from pages.ui.feature_maps.state import ALL_MAPS, NOTHING, PRESET, RUN, SOFTMAX, WORKBENCH
from pages.ui.feature_maps.subject import Subject, load_subject, moment, source_title
from pages.ui.feature_maps.table import table_html

OpenMaps = Callable[..., AppTest]
PIXELS = np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def tiny_vgg() -> tuple[Subject, Drawn]:
    subject = load_subject(PRESET + "tiny_vgg", -1)
    return subject, draw(subject, Shown("noise", PIXELS), 10)


def floats(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype="<f4")


def test_the_first_screen_shows_the_learners_network_on_a_sample_without_asking(
    open_maps: OpenMaps, tiny_spec: NetworkSpec
) -> None:
    at = open_maps(tiny_spec)
    assert not at.exception
    assert at.selectbox(key="_maps.source").value == WORKBENCH
    table = next(one.proto.body for one in at.get("html") if "lab-layers" in one.proto.body)
    assert "3×10×10" in table


def test_a_trained_run_is_what_is_shown_first_once_there_is_one(
    open_maps: OpenMaps, tiny_spec: NetworkSpec, trained: str
) -> None:
    at = open_maps(tiny_spec)
    assert not at.exception
    assert at.selectbox(key="_maps.source").value == RUN + trained
    assert at.segmented_control(key="_photo.source").value == "set"
    assert not at.warning  # a test image of the run's own set


@pytest.mark.parametrize("source", ["preset:lenet5", "preset:inception_small", "workbench"])
def test_any_network_can_be_chosen(open_maps: OpenMaps, tiny_spec: NetworkSpec, source: str) -> None:
    at = open_maps(tiny_spec, source=source)
    assert not at.exception
    assert not at.error
    assert at.selectbox(key="_maps.source").value == source


def test_a_run_that_is_gone_is_replaced_by_what_is_there(open_maps: OpenMaps, tiny_spec: NetworkSpec) -> None:
    at = open_maps(tiny_spec, source="run:20260101-000000-gone-0000", layer="conv1", channel=1)
    assert not at.exception
    assert at.selectbox(key="_maps.source").value == WORKBENCH


def test_a_network_that_does_not_fit_together_is_one_sentence(open_maps: OpenMaps, tiny_spec: NetworkSpec) -> None:
    broken = tiny_spec.model_dump()
    broken["layers"][0]["kernel_size"] = (31, 31)
    at = open_maps(NetworkSpec.model_validate(broken))
    assert not at.exception
    assert any("conv1" in error.value for error in at.error)


def test_a_network_of_two_channels_is_told_what_a_picture_has(open_maps: OpenMaps, tiny_spec: NetworkSpec) -> None:
    at = open_maps(NetworkSpec.model_validate(tiny_spec.model_dump() | {"input": (2, 12, 12)}))
    assert not at.exception
    assert any("takes 2 channels" in error.value.replace("\\", "") for error in at.error)


@pytest.mark.parametrize("n_layers", [0, 1, 3, 4])
def test_a_network_that_does_not_end_in_classes_is_shown_all_the_same(
    open_maps: OpenMaps, tiny_spec: NetworkSpec, n_layers: int
) -> None:
    cut = tiny_spec.model_dump() | {"layers": tiny_spec.model_dump()["layers"][:n_layers]}
    at = open_maps(NetworkSpec.model_validate(cut))
    assert not at.exception
    assert not at.error


def test_the_values_sent_for_an_opened_map_are_the_networks_own(tiny_vgg: tuple[Subject, Drawn]) -> None:
    subject, drawn = tiny_vgg
    told = letter(subject, drawn, "conv_2_1", 4)
    trace = subject.network.trace(subject.preprocessing.tensor(PIXELS))
    expected = trace["conv_2_1"][0, 4].detach().numpy()
    assert np.array_equal(floats(told["output"]["f32"]).reshape(28, 28), expected)
    total = sum(floats(term["result"]["f32"]) for term in told["terms"]) + told["bias"]
    np.testing.assert_allclose(total.reshape(28, 28), expected, atol=1e-5)


def test_the_overview_is_quantised_on_each_layers_own_scale(tiny_vgg: tuple[Subject, Drawn]) -> None:
    _, drawn = tiny_vgg
    column = next(one for one in drawn.payload["columns"] if one["id"] == "relu_1_1")
    largest = float(drawn.maps.layer("relu_1_1").activation.abs().max())
    assert column["limits"]["layer"] == pytest.approx(largest, rel=1e-5)
    assert column["limits"]["layer"] <= column["limits"]["block"] <= column["limits"]["global"]


def test_nothing_is_told_about_maps_that_the_network_does_not_have(tiny_vgg: tuple[Subject, Drawn]) -> None:
    subject, drawn = tiny_vgg
    for layer, channel in [("", 0), ("nowhere", 0), ("conv_1_1", 10), ("conv_1_1", NOTHING), ("output", ALL_MAPS)]:
        assert letter(subject, drawn, layer, channel)["what"] == "none", (layer, channel)


def test_the_picture_can_be_opened_where_the_network_has_no_layers_yet() -> None:
    empty = NetworkSpec(name="new", input=(1, 32, 32))
    subject = replace(load_subject(PRESET + "lenet5", -1), network=build_network(empty).eval())
    drawn = draw(subject, Shown("noise", PIXELS), 10)

    told = letter(subject, drawn, "input", 0)

    assert (told["what"], told["className"]) == ("map", None)


def test_all_maps_of_a_layer_and_softmax_can_be_asked_for(tiny_vgg: tuple[Subject, Drawn]) -> None:
    subject, drawn = tiny_vgg
    everything = letter(subject, drawn, "conv_1_1", ALL_MAPS)
    assert (everything["what"], len(everything["strongest"])) == ("all", 10)
    steps = letter(subject, drawn, SOFTMAX, 0)
    assert sum(row[3] for row in steps["rows"]) == pytest.approx(1.0, abs=1e-4)
    assert sum(row[2] for row in steps["rows"]) == pytest.approx(steps["total"], rel=1e-4)


def test_a_value_that_is_not_finite_does_not_break_the_drawing() -> None:
    subject = load_subject(PRESET + "lenet5", -1)
    broken = torch.nn.Parameter(torch.full_like(subject.network.get_submodule("conv1").bias, float("nan")))
    kept = subject.network.get_submodule("conv1").bias
    subject.network.get_submodule("conv1").bias = broken
    try:
        drawn = draw(subject, Shown("shorter", PIXELS[:39]), 10)
        assert drawn.payload["columns"][1]["stats"]["max"] is None
        assert letter(subject, drawn, "conv1", 0)["what"] == "map"
    finally:
        subject.network.get_submodule("conv1").bias = kept


def test_a_checkpoint_shows_the_weights_of_its_epoch_and_the_same_channels(trained: str) -> None:
    first, last = (load_subject(RUN + trained, epoch) for epoch in (0, 2))
    assert first.epochs == (0, 1, 2)
    state = open_run(trained).load_state(0)
    assert torch.equal(first.network.get_submodule("conv1").weight, state["conv1.weight"])
    drawings = [draw(subject, Shown("noise", PIXELS), 2) for subject in (first, last)]
    rows = [[anchor[0] for anchor in one.payload["columns"][1]["anchors"]] for one in drawings]
    assert rows[0] == rows[1]
    assert drawings[0].key != drawings[1].key


def test_the_table_says_in_words_what_the_drawing_shows(tiny_vgg: tuple[Subject, Drawn]) -> None:
    _, drawn = tiny_vgg
    html = table_html(drawn.maps, fields_of(preset("tiny_vgg")))
    assert html.count("<tr>") == 1 + len(drawn.maps.layers)
    assert "10×28×28" in html
    assert "10×10</td>" in html  # the receptive field of conv_2_1


def warnings_of(at: AppTest) -> str:
    return " ".join(str(one.value) for one in at.warning).replace("\\", "")


def test_a_picture_unlike_a_runs_images_is_warned_of_in_the_words_of_classify(
    open_maps: OpenMaps, tiny_spec: NetworkSpec, trained: str
) -> None:
    at = open_maps(tiny_spec, {"sample": "coffee"}, source=RUN + trained)
    assert "This photo is unlike the images that the network was trained on." in warnings_of(at)
    at = open_maps(tiny_spec, {"source": "set", "data": "fashion-mnist", "index": 3}, source=RUN + trained)
    assert not at.warning


def test_a_run_before_training_is_said_to_have_random_weights(
    open_maps: OpenMaps, tiny_spec: NetworkSpec, trained: str
) -> None:
    assert "its weights are random numbers" in warnings_of(open_maps(tiny_spec, source=RUN + trained, epoch=0))


def test_the_opened_run_says_which_checkpoint_it_shows_and_why(trained: str) -> None:
    best = open_run(trained).best_epoch()
    sentence = load_subject(RUN + trained, -1).sentence
    assert sentence == (
        f"tiny, trained on Fashion-MNIST (bundled part), epoch {best} of 2, the best on the test images."
    )
    assert load_subject(RUN + trained, 0).sentence.endswith("epoch 0 of 2.")


def test_a_run_in_the_menu_begins_with_what_tells_it_from_the_others(trained: str) -> None:
    info = next(iter(list_runs()))
    other = replace(info, id="20260101-000000-tiny-0001", best_test_accuracy=0.5, network="a" * 60)
    same = replace(info, id="20260101-000000-tiny-0002")
    first = source_title(RUN + info.id, {info.id: info, other.id: other})
    accuracy = f"{100 * (info.best_test_accuracy or 0):.1f} %"
    assert first == f"tiny · Fashion-MNIST · {accuracy} · {moment(info.created_at)}"
    assert source_title(RUN + other.id, {other.id: other}).startswith("aaaaaaaaaaaaaaaaa… · Fashion-MNIST · 50.0 %")
    assert source_title(RUN + same.id, {info.id: info, same.id: same}) == f"{first} · 0002"


def test_a_moment_is_a_time_today_and_a_date_before() -> None:
    noon = time.mktime((2026, 3, 5, 12, 30, 0, 0, 0, -1))
    assert moment(noon, noon + 60) == "12:30"
    assert moment(noon, noon + 86400) == "2026-03-05 12:30"


def test_the_pretrained_network_is_found_before_its_untrained_preset(
    open_maps: OpenMaps, tiny_spec: NetworkSpec
) -> None:
    options = open_maps(tiny_spec).selectbox(key="_maps.source").options
    assert options[0] == "EfficientNet-Lite0, trained on 1.28 million photos"
    assert [option for option in options if option.startswith("Eff")] == options[:1]
    assert "Not trained: EfficientNet-Lite0" in options


def test_only_the_units_at_the_end_have_the_name_of_a_class(trained: str, tiny_vgg: tuple[Subject, Drawn]) -> None:
    subject = load_subject(RUN + trained, -1)
    assert [class_of(subject, layer, 3) for layer in ("fc1", "flatten", "conv1")] == ["Dress", None, None]
    assert class_of(tiny_vgg[0], "output", 3) is None  # its classes are not known


def test_an_opened_map_knows_the_receptive_field_that_no_edge_cuts(tiny_vgg: tuple[Subject, Drawn]) -> None:
    subject, drawn = tiny_vgg
    assert letter(subject, drawn, "conv_2_1", 4)["receptiveField"] == [10, 10]
    assert letter(subject, drawn, "input", 0)["receptiveField"] is None
