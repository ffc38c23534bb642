"""The Build page: what its stage is given, what becomes of what a browser sends, and Streamlit's own widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lab.network.edit import remove_layer
from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from pages.ui import link, live, live_change

ROOT = Path(__file__).parents[3]
KEY = "_build.stage"


@dataclass
class Build:
    """The page, what its stage shows, and a browser's hand on it."""

    app: AppTest
    shown: dict[str, Any] = field(default_factory=dict)
    n_sent: int = 0

    @property
    def totals(self) -> dict[str, str]:
        return {row["label"]: row["value"] for row in self.shown["picture"]["totals"]}

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in self.shown["picture"]["network"]["rows"]}

    @property
    def network(self) -> NetworkSpec | None:
        """The network in the link."""
        value = self.app.query_params["s"]
        return link.decode_link(value if isinstance(value, str) else value[0]).network

    def values_of(self, name: str) -> Any:
        return self.shown["values"][name]

    def send(self, *acts: tuple[str, Mapping[str, Any]], final: bool = True, **values: Any) -> None:
        """Send values (``conv1__stride`` for ``conv1.stride``) and actions, and run until the page shows them."""
        self.n_sent += 1
        change = {
            "n": self.n_sent,
            "final": final,
            "values": {name.replace("__", "."): value for name, value in values.items()},
            "acts": [{"name": name, "details": details} for name, details in acts],
        }
        self.app.session_state[KEY] = {"change": {"changes": [change]}}
        self.app.run()
        self.app.run()
        assert not self.app.exception


@pytest.fixture
def open_build(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Build]:
    """Open the page with a network and choices, as a link would."""
    shown: dict[str, Any] = {}

    def show(_stage: live.Stage, subject: Any, *, key: str, on_action: Any, controls: Any = (), **given: Any) -> None:
        named = {control.field: control for control in controls}
        live_change.receive(subject, key, named, on_action)
        shown.update(given, controls=named, values=subject.values(), steps=subject.steps(), desk=live_change.desk(key))

    monkeypatch.setattr(live.Stage, "show", show)

    def opened(network: NetworkSpec | None = None, **fields: object) -> Build:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.query_params["s"] = link.encode_link({"build": fields}, network or preset("student_cnn"))
        app.switch_page("pages/network/build.py")
        app.run()
        assert not app.exception
        return Build(app, shown)

    return opened


OpenBuild = Callable[..., Build]


def test_the_totals_are_those_of_the_network(open_build: OpenBuild) -> None:
    assert open_build().totals == {
        "Parameters": "421,642",
        "MACs per image": "4.2 M",
        "Activations per image": "344 KiB",
        "Output": "10",
    }


def test_a_field_changes_the_network_its_totals_and_the_link(open_build: OpenBuild) -> None:
    build = open_build(selected="conv1")
    build.send(conv1__out_channels=8)
    assert build.network is not None
    assert build.network.layer("conv1").out_channels == 8  # type: ignore[attr-defined]
    assert build.totals["Parameters"] == f"{421_642 - 24 * 10 - 24 * 9 * 64:,}"


def test_while_a_field_is_dragged_everything_moves_and_one_undo_goes_back_over_all_of_it(open_build: OpenBuild) -> None:
    build = open_build(selected="conv1")
    for n in (24, 16, 8):
        build.send(conv1__out_channels=n, final=False)
    assert build.rows["conv1"]["output"] == "8×28×28"
    assert build.rows["conv2"]["n_params"] == "4,672"
    assert build.network == preset("student_cnn")  # the link waits for the release
    build.send(conv1__out_channels=8)
    build.send(("live:undo", {}))
    assert build.values_of("conv1.out_channels") == 32
    assert build.shown["steps"] == {"undo": False, "redo": True}


def test_undo_and_redo_bring_a_field_back_and_forth(open_build: OpenBuild) -> None:
    build = open_build(selected="conv1")
    assert build.shown["steps"] == {"undo": False, "redo": False}
    build.send(conv1__out_channels=8)
    assert build.shown["steps"] == {"undo": True, "redo": False}
    build.send(("live:undo", {}))
    assert build.values_of("conv1.out_channels") == 32
    assert build.totals["Parameters"] == "421,642"
    build.send(("live:redo", {}))
    assert build.values_of("conv1.out_channels") == 8


def test_a_pair_is_one_number_until_height_and_width_are_apart(open_build: OpenBuild) -> None:
    build = open_build(selected="conv1")
    build.send(conv1__kernel_size=5)
    assert build.network.layer("conv1").kernel_size == (5, 5)  # type: ignore[union-attr]
    build.send(split_axes=True)
    assert "conv1.kernel_size" not in build.shown["controls"]
    build.send(conv1__kernel_size__width=3)
    assert build.network.layer("conv1").kernel_size == (5, 3)  # type: ignore[union-attr]


def test_a_value_out_of_bounds_is_told_at_its_control_and_everything_stays(open_build: OpenBuild) -> None:
    build = open_build(selected="conv1")
    build.send(conv1__out_channels=0)
    assert build.shown["desk"].errors == {"conv1.out_channels": "out_channels is at least 1 here."}
    assert build.totals["Parameters"] == "421,642"
    assert build.shown["steps"]["undo"] is False


def test_an_impossible_value_is_told_at_its_layer_with_ways_out_and_what_is_before_it_stays(
    open_build: OpenBuild,
) -> None:
    build = open_build(selected="conv2")
    build.send(conv2__kernel_size=40)
    assert "the window spans 40 px" in build.rows["conv2"]["error"]
    assert build.rows["conv2"]["fixes"]
    assert build.rows["pool1"]["output"] == "32×14×14"
    assert build.totals["Output"] == "?"
    build.send(("fix", {"id": "conv2", "number": 0}))
    assert "error" not in build.rows["conv2"]
    assert build.totals["Output"] == "10"


def test_an_error_stands_at_its_layer_and_one_click_mends_it(open_build: OpenBuild) -> None:
    build = open_build(remove_layer(preset("student_cnn"), "flatten"), selected="fc1")
    assert "Linear takes a vector but pool2 gives maps" in build.rows["fc1"]["error"]
    assert build.totals["Output"] == "?"
    build.send(("fix", {"id": "fc1", "number": 0}))
    assert "error" not in build.rows["fc1"]
    assert build.totals["Parameters"] == "421,642"


def test_the_input_can_be_set_by_a_usual_size_or_by_numbers(open_build: OpenBuild) -> None:
    build = open_build()
    build.send(input__shape=[3, 64, 64])
    assert build.network.input == (3, 64, 64)  # type: ignore[union-attr]
    build.send(input__height=48)
    assert build.network.input == (3, 48, 64)  # type: ignore[union-attr]


def test_a_layer_gets_another_name_that_its_readers_follow(open_build: OpenBuild) -> None:
    build = open_build(preset("resnet_small"), selected="bn0")
    build.send(bn0__id="norm")
    assert build.network is not None
    assert build.network.layer("norm").kind == "BatchNorm2d"
    assert build.shown["picture"]["panel"]["id"] == "norm"
    build.send(norm__id="Not A Name")
    assert "id must start with a small letter" in build.shown["desk"].errors["norm.id"]
    assert build.values_of("norm.id") == "norm"


def test_the_name_is_kept_and_a_bad_one_is_told(open_build: OpenBuild) -> None:
    build = open_build()
    app = build.app
    app.text_input(key="_build.name").set_value("Mine").run()
    assert build.network.name == "Mine"  # type: ignore[union-attr]
    assert "Architecture of Mine" in build.shown["picture"]["label"]
    app.text_input(key="_build.name").set_value("").run()
    assert "name must not be empty" in app.toast[0].value.replace("\\", "")
    assert app.text_input(key="_build.name").value == "Mine"


def test_undoing_another_name_is_seen_above_the_stage(open_build: OpenBuild) -> None:
    build = open_build()
    build.app.text_input(key="_build.name").set_value("Mine").run()
    build.send(("live:undo", {}))
    assert build.app.text_input(key="_build.name").value == "student_cnn"


@pytest.mark.parametrize(
    ("language", "line"),
    [("PyTorch", "nn.Conv2d("), ("Keras", "layers.Conv2D("), ("Spec", '"kind": "Conv2d"')],
)
def test_the_code_is_shown_in_every_language(open_build: OpenBuild, language: str, line: str) -> None:
    build = open_build(view="Code", language=language)
    assert line in build.app.code[0].value
    assert build.shown["controls"] == {}


def test_the_code_follows_what_is_undone_above_it(open_build: OpenBuild) -> None:
    build = open_build(selected="conv1")
    assert not build.app.code
    build.send(conv1__out_channels=8)
    build.send(view="Code")
    assert "nn.Conv2d(1, 8," in build.app.code[0].value
    assert build.shown["spreads"]
    build.send(("live:undo", {}))
    assert "nn.Conv2d(1, 32," in build.app.code[0].value


def test_code_that_cannot_be_written_says_why(open_build: OpenBuild) -> None:
    broken = remove_layer(preset("student_cnn"), "flatten")
    build = open_build(broken, view="Code")
    assert "Linear takes a vector" in build.app.error[0].value.replace("\\", "")


@pytest.mark.parametrize("fields", [{"selected": "nobody"}, {"selected": "<script>"}, {"view": "Nothing"}, {"view": 3}])
def test_choices_that_do_not_exist_fall_back(open_build: OpenBuild, fields: dict[str, object]) -> None:
    build = open_build(**fields)
    assert build.totals["Parameters"] == "421,642"
    assert build.values_of("selected") == "input"
