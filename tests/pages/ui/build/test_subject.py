"""What the stage of Build changes: fields and choices, all or none; a drag is one step; late ones do no harm."""

from __future__ import annotations

from typing import Any

import pytest

from lab.network.edit import set_field
from lab.network.presets import preset
from pages.ui import link, state
from pages.ui.build import actions
from pages.ui.build.state import BuildState
from pages.ui.build.subject import NetworkSubject

pytestmark = pytest.mark.usefixtures("session")
FIRST = preset("student_cnn")


@pytest.fixture
def subject(session: dict[str, object]) -> NetworkSubject:
    assert session == {}
    actions.choose("conv1")
    return NetworkSubject()


def test_the_values_are_the_fields_of_the_chosen_layer(subject: NetworkSubject) -> None:
    values = subject.values()
    assert (values["selected"], values["conv1.out_channels"], values["conv1.kernel_size"]) == ("conv1", 32, 3)
    assert values["conv1.id"] == "conv1"
    assert not [name for name in values if name.startswith("conv2")]
    subject.take({"selected": "input"})
    assert subject.values()["input.height"] == 28


def test_a_whole_drag_is_one_step_and_undo_goes_back_over_it(subject: NetworkSubject) -> None:
    for n in range(8, 31):
        assert subject.take({"conv1.out_channels": n}) == {}
    assert subject.steps() == {"undo": True, "redo": False}
    subject.settle(["conv1.out_channels"])
    assert state.workbench().past == (FIRST,)
    subject.step("undo")
    assert state.workbench().network == FIRST
    assert subject.steps() == {"undo": False, "redo": True}
    subject.step("redo")
    assert subject.values()["conv1.out_channels"] == 30


def test_a_choice_that_is_settled_in_the_middle_of_a_drag_makes_no_step_of_it(subject: NetworkSubject) -> None:
    subject.take({"conv1.out_channels": 8})
    subject.take({"selected": "conv2"})
    subject.settle(["selected"])
    assert state.workbench().past == ()
    assert state.link_text() == link.encode_link({"build": {"selected": "conv2"}}, FIRST)
    subject.settle(["conv1.out_channels"])
    assert state.workbench().past == (FIRST,)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"conv1.out_channels": 0}, "conv1.out_channels: "),
        ({"conv1.out_channels": "many"}, "conv1.out_channels: "),
        ({"conv1.id": "Not A Name"}, "id must start with a small letter"),
        ({"conv1.id": "fc1"}, "two layers have the id fc1"),
        ({"conv1.kind": "ReLU"}, "the kind cannot be changed"),
        ({"conv1.nothing": 1}, "no field nothing"),
        ({"conv1.inputs": ["fc2"]}, "which comes only after it"),
        ({"input.height": 5000}, ""),
        ({"split_axes": "perhaps"}, "Height and width apart"),
        ({"view": "Nothing", "conv1.out_channels": 8}, "View"),
    ],
)
def test_what_does_not_fit_is_one_sentence_and_changes_nothing(
    subject: NetworkSubject, values: dict[str, Any], sentence: str
) -> None:
    errors = subject.take(values)
    assert list(errors) == [next(iter(values))]
    assert sentence in errors[next(iter(values))]
    assert state.workbench().network == FIRST


def test_a_value_of_a_layer_that_is_gone_by_now_is_passed_over(subject: NetworkSubject) -> None:
    assert subject.take({"gone.out_channels": 3, "selected": "gone", "rest": "?"}) == {}
    assert subject.take({"selected": ["conv2"]}) == {}
    assert (actions.chosen(), state.workbench().network) == ("conv1", FIRST)


def test_a_layer_with_another_name_stays_the_chosen_one_and_its_readers_follow(subject: NetworkSubject) -> None:
    state.set_network(preset("resnet_small"))
    subject.take({"selected": "bn0"})
    assert subject.take({"bn0.id": "norm"}) == {}
    assert actions.chosen() == "norm"
    assert state.workbench().network.layer("norm").kind == "BatchNorm2d"


@pytest.mark.parametrize("order", [1, -1])
def test_a_name_and_a_field_that_change_in_the_same_moment_are_both_kept(subject: NetworkSubject, order: int) -> None:
    values = [("conv1.id", "stem"), ("conv1.out_channels", 8), ("selected", "conv1")]
    assert subject.take(dict(values[::order])) == {}
    assert (actions.chosen(), subject.values()["stem.out_channels"]) == ("stem", 8)


def test_height_and_width_stay_apart_while_they_are_changed_until_something_else_is_chosen(
    subject: NetworkSubject,
) -> None:
    state.set_network(set_field(FIRST, "conv1", "kernel_size", (5, 3)))
    subject.take({"conv1.kernel_size.width": 5})
    values = subject.values()
    assert (values["conv1.kernel_size.height"], values["conv1.kernel_size.width"], values["conv1.stride"]) == (5, 5, 1)
    subject.take({"selected": "conv2"})
    subject.take({"selected": "conv1"})
    assert subject.values()["conv1.kernel_size"] == 5


def test_reading_another_layer_and_the_one_before_again(subject: NetworkSubject) -> None:
    subject.take({"relu3.inputs": ["flatten"]})
    assert state.workbench().network.layer("relu3").inputs == ("flatten",)
    subject.take({"relu3.inputs": ["fc1"]})
    assert state.workbench().network == FIRST


def test_what_is_shown_ahead_is_never_that_of_another_network(subject: NetworkSubject) -> None:
    before = subject.values()["rest"]
    subject.take({"conv1.out_channels": 8})
    assert subject.values()["rest"] == before
    for changed in (set_field(FIRST, "conv2", "out_channels", 8), set_field(FIRST, "input", "shape", (1, 32, 32))):
        state.set_network(changed)
        assert subject.values()["rest"] != before


def test_the_other_view_and_another_name_are_drawn_by_the_whole_page(subject: NetworkSubject) -> None:
    subject.take({"selected": "conv2"})
    assert not state.recall("page.owed")
    subject.take({"view": "Code"})
    assert state.recall("page.owed")
    assert state.load(BuildState).view == "Code"
    state.begin_page()
    actions.rename("Mine")
    state.begin_page()
    subject.step("undo")
    assert state.workbench().network.name == "student_cnn"
    assert state.recall("page.owed")
