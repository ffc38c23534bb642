"""The Build page: what can be done with Streamlit's own widgets; the browser tests do the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lab.network.edit import remove_layer
from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from pages.ui import link

ROOT = Path(__file__).parents[3]


def open_build(network: NetworkSpec | None = None, **fields: object) -> AppTest:
    """Open the page with a network and choices, as a link would."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["s"] = link.encode_link({"build": fields}, network or preset("student_cnn"))
    app.switch_page("pages/network/build.py")
    app.run()
    assert not app.exception
    return app


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def shared_network(app: AppTest) -> NetworkSpec | None:
    value = app.query_params["s"]
    return link.decode_link(value if isinstance(value, str) else value[0]).network


def test_the_totals_are_those_of_the_network() -> None:
    assert metrics(open_build()) == {
        "Parameters": "421,642",
        "MACs per image": "4.2 M",
        "Activations per image": "344 KiB",
        "Output": "10",
    }


def test_a_field_changes_the_network_its_totals_and_the_link() -> None:
    app = open_build(selected="conv1")
    app.number_input(key="_build.conv1.out_channels").set_value(8).run()
    network = shared_network(app)
    assert network is not None
    assert network.layer("conv1").out_channels == 8  # type: ignore[attr-defined]
    assert metrics(app)["Parameters"] == f"{421_642 - 24 * 10 - 24 * 9 * 64:,}"


def test_undo_and_redo_bring_a_field_back_and_forth() -> None:
    app = open_build(selected="conv1")
    app.number_input(key="_build.conv1.out_channels").set_value(8).run()
    app.button(key="_build.undo").click().run()
    assert app.number_input(key="_build.conv1.out_channels").value == 32
    assert metrics(app)["Parameters"] == "421,642"
    app.button(key="_build.redo").click().run()
    assert app.number_input(key="_build.conv1.out_channels").value == 8


def test_a_pair_is_one_number_until_height_and_width_are_apart() -> None:
    app = open_build(selected="conv1")
    app.number_input(key="_build.conv1.kernel_size").set_value(5).run()
    assert shared_network(app).layer("conv1").kernel_size == (5, 5)  # type: ignore[union-attr]
    app.toggle(key="_build.split_axes").set_value(True).run()
    app.number_input(key="_build.conv1.kernel_size.width").set_value(3).run()
    assert shared_network(app).layer("conv1").kernel_size == (5, 3)  # type: ignore[union-attr]


def test_padding_can_be_a_name_or_pixels() -> None:
    app = open_build(selected="conv1")
    app.selectbox(key="_build.conv1.padding.mode").set_value("same").run()
    assert shared_network(app).layer("conv1").padding == "same"  # type: ignore[union-attr]
    app.selectbox(key="_build.conv1.padding.mode").set_value("in pixels").run()
    assert shared_network(app).layer("conv1").padding == (0, 0)  # type: ignore[union-attr]


def test_an_empty_box_means_automatic() -> None:
    app = open_build(selected="pool1")
    app.number_input(key="_build.pool1.stride").set_value(1).run()
    assert shared_network(app).layer("pool1").stride == (1, 1)  # type: ignore[union-attr]
    app.number_input(key="_build.pool1.stride").set_value(None).run()
    assert shared_network(app) == preset("student_cnn")


def test_an_error_stands_at_its_layer_and_one_click_mends_it() -> None:
    app = open_build(remove_layer(preset("student_cnn"), "flatten"), selected="fc1")
    assert "Linear takes a vector but pool2 gives maps" in app.error[0].value.replace("\\", "")
    assert metrics(app)["Output"] == "?"
    app.button(key="_build.fix.fc1.0").click().run()
    assert not app.error
    assert metrics(app)["Parameters"] == "421,642"


def test_the_input_can_be_set_by_a_usual_size_or_by_numbers() -> None:
    app = open_build()
    app.selectbox(key="_build.input.usual").set_value((3, 64, 64)).run()
    assert shared_network(app).input == (3, 64, 64)  # type: ignore[union-attr]
    app.number_input(key="_build.input.height").set_value(48).run()
    assert shared_network(app).input == (3, 48, 64)  # type: ignore[union-attr]


def test_a_layer_can_read_another_one() -> None:
    app = open_build(selected="relu3")
    app.selectbox(key="_build.relu3.inputs").set_value("flatten").run()
    assert shared_network(app).layer("relu3").inputs == ("flatten",)  # type: ignore[union-attr]


def test_a_layer_gets_another_name_that_its_readers_follow() -> None:
    app = open_build(preset("resnet_small"), selected="bn0")
    app.text_input(key="_build.bn0.id").set_value("norm").run()
    network = shared_network(app)
    assert network is not None
    assert network.layer("norm").kind == "BatchNorm2d"
    app.text_input(key="_build.norm.id").set_value("Not A Name").run()
    assert "id must start with a small letter" in app.toast[0].value.replace("\\", "")
    assert app.text_input(key="_build.norm.id").value == "norm"


def test_the_name_is_kept_and_a_bad_one_is_told() -> None:
    app = open_build()
    app.text_input(key="_build.name").set_value("Mine").run()
    assert shared_network(app).name == "Mine"  # type: ignore[union-attr]
    app.text_input(key="_build.name").set_value("").run()
    assert "name must not be empty" in app.toast[0].value.replace("\\", "")
    assert app.text_input(key="_build.name").value == "Mine"


@pytest.mark.parametrize(
    ("language", "line"),
    [("PyTorch", "nn.Conv2d("), ("Keras", "layers.Conv2D("), ("Spec", '"kind": "Conv2d"')],
)
def test_the_code_is_shown_in_every_language(language: str, line: str) -> None:
    app = open_build(view="Code", language=language)
    assert line in app.code[0].value


def test_code_that_cannot_be_written_says_why() -> None:
    broken = remove_layer(preset("student_cnn"), "flatten")
    app = open_build(broken, view="Code")
    assert "Linear takes a vector" in app.error[0].value.replace("\\", "")


@pytest.mark.parametrize("fields", [{"selected": "nobody"}, {"selected": "<script>"}, {"view": "Nothing"}, {"view": 3}])
def test_choices_that_do_not_exist_fall_back(fields: dict[str, object]) -> None:
    app = open_build(**fields)
    assert metrics(app)["Parameters"] == "421,642"
