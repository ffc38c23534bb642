"""What is chosen before a training: images, network, recipe, and what does not fit together."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from lab.network.edit import with_classes
from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from lab.training.recipe import TrainSpec
from lab.training.run_folder import Run
from pages.ui.fields import facts
from pages.ui.train.recipe_panel import ON_STAGE
from pages.ui.train.setup import has_changed_around
from pages.ui.train.state import TrainState
from tests.pages.page_texts import texts

OpenPage = Callable[..., AppTest]
TRAIN = "pages/training/train.py"
RECIPE = {"epochs": 1, "n_train": 100, "batch_size": 50, "device": "cpu", "lr": 0.01}


def test_the_first_screen_offers_images_network_recipe_and_start(open_page: OpenPage) -> None:
    at = open_page(TRAIN)
    assert at.selectbox(key="_train.data").value == "fashion-mnist"
    assert "student_cnn" in str(at.selectbox(key="_train.preset").value)
    assert not at.button(key="_train.start").disabled


def test_every_control_of_the_recipe_has_its_hint(open_page: OpenPage) -> None:
    at = open_page(TRAIN)
    at.session_state["_train.more"] = True
    at.run()
    widgets = [*at.slider, *at.select_slider, *at.selectbox, *at.number_input, *at.toggle]
    recipe = [one for one in widgets if str(one.key).startswith("_train.")]
    assert len(recipe) >= 12
    assert not [one.key for one in recipe if not one.help]
    assert not [name for name in ON_STAGE if not facts(TrainState, name).help]


def test_a_network_for_another_number_of_classes_is_fixed_by_one_click(open_page: OpenPage, tiny: NetworkSpec) -> None:
    at = open_page(TRAIN, with_classes(tiny, 7))
    assert at.button(key="_train.start").disabled
    assert "7 numbers" in texts(at)
    at.button(key="_train.fix0").click().run()
    assert not at.exception
    assert not at.button(key="_train.start").disabled


def test_a_missing_activation_is_told_before_the_training_and_put_in_by_one_click(open_page: OpenPage) -> None:
    bare = NetworkSpec.model_validate(
        {
            "name": "bare",
            "input": (1, 28, 28),
            "layers": [
                {"id": "conv1", "kind": "Conv2d", "out_channels": 4},
                {"id": "flatten1", "kind": "Flatten"},
                {"id": "fc1", "kind": "Linear", "out_features": 10},
            ],
        }
    )
    at = open_page(TRAIN, bare)
    assert "fc1: it follows conv1 without an activation" in texts(at)
    assert not at.button(key="_train.start").disabled
    at.button(key="_train.advice").click().run()
    assert not at.exception
    assert "without an activation" not in texts(at)
    kinds = [layer.kind for layer in at.session_state["lab:workbench"].network.layers]
    assert kinds == ["Conv2d", "ReLU", "Flatten", "Linear"]


def test_pictures_of_another_size_are_announced_and_can_be_taken_as_they_are(open_page: OpenPage) -> None:
    at = open_page(TRAIN)
    assert "are made" not in texts(at)
    at.selectbox(key="_train.data").set_value("shapes").run()
    assert "The 3×32×32 pictures are made 1×28×28 for this network: colour becomes grey" in texts(at)
    at.button(key="_train.take_input").click().run()
    assert not at.exception
    assert "are made" not in texts(at)
    assert "3×32×32 in, 10 out" in texts(at)


def test_undo_beyond_the_recipe_draws_the_page_anew_and_within_it_does_not() -> None:
    first = TrainState()
    assert not has_changed_around(first, TrainState(epochs=9, lr=0.3, batch_size=32, optimizer="Adam"))
    assert has_changed_around(first, TrainState(data="shapes"))
    assert has_changed_around(first, TrainState(augment_flip=True))


def test_a_preset_becomes_the_network_of_all_pages(open_page: OpenPage) -> None:
    at = open_page(TRAIN)
    at.selectbox(key="_train.preset").set_value("softmax_regression").run()
    assert "7,850 parameters" in texts(at)


def test_the_settings_of_a_run_can_be_taken_again(open_page: OpenPage, first_run: Run) -> None:
    at = open_page(TRAIN, train={"run": first_run.id})
    at.button(key="_train.again").click().run()
    assert not at.exception
    assert state_of(at, "n_train") == first_run.spec().n_train
    assert state_of(at, "epochs") == first_run.spec().epochs


def state_of(at: AppTest, field: str) -> object:
    return getattr(at.session_state["lab:page:train"], field)


def test_the_recipe_state_has_every_field_of_the_recipe() -> None:
    from pages.ui.train.state import AUGMENT, RECIPE_FIELDS, TrainState, choices_of

    assert {*RECIPE_FIELDS} == {*TrainSpec.model_fields} - {"version", "network", "augment"}
    assert all(name in TrainState.model_fields for name in RECIPE_FIELDS)
    assert f"{AUGMENT}flip" in TrainState.linked
    spec = TrainSpec.model_validate({"network": preset("softmax_regression"), **RECIPE})
    assert TrainState(**choices_of(spec)).recipe(spec.network) == spec
