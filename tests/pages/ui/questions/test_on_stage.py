"""What "Show me" opens is exactly the question: the stage's own numbers equal the answer wherever it is asked for."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from lab.network.summary import summarize
from lab.questions.question import Question, make_question
from lab.questions.topics import TOPICS
from lab.theory.loss_step import judge, judge_number, softmax_steps
from lab.theory.pooling import pool, take_apart
from pages.ui.convolution.layer import layer_of, shape_of
from pages.ui.convolution.picture import draw
from pages.ui.neurons.state import spec_of
from pages.ui.photo import sample
from pages.ui.places import place
from pages.ui.pooling.maps import numbers, upstream_numbers
from pages.ui.questions.on_stage import Target, target_of

N_SEEDS = 24


def right_value(question: Question) -> Any:
    """The right answer; of a choice what its right option stands for, as typed questions have it."""
    if question.answer.kind != "choice":
        return question.answer.value
    text = question.answer.text.replace(",", "").replace("−", "-")
    return tuple(map(int, text.split("×"))) if "×" in text else float(text)


def opened(question: Question) -> tuple[Target, Any]:
    target = target_of(question)
    assert target is not None
    return target, target.value() if target.value else None


def questions(topic: str, *levels: int) -> list[Question]:
    return [make_question(topic, level, seed) for level in levels or (1, 2, 3) for seed in range(N_SEEDS)]


@pytest.mark.parametrize("topic", TOPICS)
def test_every_question_opens_a_page_with_a_setting_that_it_accepts(topic: str) -> None:
    for question in questions(topic):
        target, value = opened(question)
        assert place(target.page).title, question.id
        if target.network is not None:
            assert summarize(target.network).rows, question.id
        else:
            assert value == type(value).model_validate(dict(value)), question.id
            assert value.page == target.page, question.id


def shown_size(target: Target, chosen: Any) -> tuple[int, ...]:
    """Height and width of what the opened page gives."""
    if target.network is not None:
        return tuple(summarize(target.network).rows[0].output[1:])
    if target.page == "pooling":
        maps = torch.tensor([numbers(chosen, sample("cat"))], dtype=torch.float64)
        return tuple(pool(maps, chosen.spec).shape[1:])
    return tuple(layer_of(chosen).output_shape((shape_of(chosen),))[1:])


@pytest.mark.parametrize("topic", ["output-size", "transposed-size", "pooling-size"])
def test_a_size_that_is_asked_for_is_the_size_shown(topic: str) -> None:
    for question in questions(topic):
        size, right = shown_size(*opened(question)), right_value(question)
        if isinstance(right, tuple):
            assert size == right[-2:], question.id
        else:
            assert right == size[int("pixels wide is" in question.text)], question.id


ON_STAGE = ("output-size", "pooling-size", "same-valid", "transposed-size", "dilation", "missing-setting")


@pytest.mark.parametrize("topic", [*ON_STAGE, "parameters", "grouped-parameters", "macs"])
def test_most_first_questions_about_a_layer_open_on_its_moving_stage(topic: str) -> None:
    """One that is too large for the stage opens as a layer in Build, where nothing moves."""
    pages = [opened(question)[0].page for question in questions(topic, 1)]
    least = 0.6 if topic in ON_STAGE else 0.4
    assert sum(page in ("convolution", "pooling") for page in pages) >= least * len(pages)


@pytest.mark.parametrize("topic", ["parameters", "macs"])
def test_a_cost_that_is_asked_for_is_the_cost_shown(topic: str) -> None:
    for question in questions(topic):
        target, chosen = opened(question)
        if target.network is not None:
            row = summarize(target.network)
            cost = row.n_params if topic == "parameters" else row.n_macs
        else:
            layer, shape = layer_of(chosen), shape_of(chosen)
            cost = layer.n_params((shape,)) if topic == "parameters" else layer.n_macs((shape,))
        assert cost == right_value(question), question.id


def test_a_missing_setting_gives_the_map_that_the_question_tells() -> None:
    for question in questions("missing-setting"):
        target, chosen = opened(question)
        given: Any = question.given
        shape = (
            summarize(target.network).rows[0].output
            if target.network is not None
            else layer_of(chosen).output_shape((shape_of(chosen),))
        )
        assert shape[-1] == given["output"], question.id


@pytest.mark.parametrize("topic", ["one-cell", "small-map", "two-channels"])
def test_a_convolution_by_hand_has_its_numbers_in_the_cells_and_its_answer_in_the_output(topic: str) -> None:
    for question in questions(topic):
        _, chosen = opened(question)
        output, right = draw(chosen, None)["output"], right_value(question)
        if topic == "one-cell":
            assert output[0][chosen.row][chosen.column] == right, question.id
        elif isinstance(right, tuple):
            assert output[chosen.out_channel] == [list(map(float, row)) for row in right], question.id
        else:
            assert output == [[[right]]], question.id


@pytest.mark.parametrize("topic", ["pooling-map", "relu-pool"])
def test_a_pooling_by_hand_has_its_answer_in_the_output(topic: str) -> None:
    for question in questions(topic):
        _, chosen = opened(question)
        maps = torch.tensor([numbers(chosen, sample("cat"))], dtype=torch.float64)
        expected = torch.tensor([[float(cell) for cell in row] for row in right_value(question)], dtype=torch.float64)
        assert torch.allclose(pool(maps, chosen.spec)[0], expected), question.id


def test_a_gradient_through_a_pooling_is_the_gradient_shown() -> None:
    for question in questions("pool-gradient"):
        _, chosen = opened(question)
        given: Any = question.given
        rows = numbers(chosen, sample("cat"))
        assert rows == [list(map(float, row)) for row in given["rows"]], question.id
        detail = take_apart(torch.tensor(rows, dtype=torch.float64), chosen.spec)
        upstream = upstream_numbers(chosen, tuple(detail.output.shape))
        assert upstream == [list(map(float, row)) for row in given["upstream"]], question.id
        shown = detail.with_upstream(torch.tensor(upstream, dtype=torch.float64)).gradient
        right = torch.tensor([[float(cell) for cell in row] for row in right_value(question)], dtype=torch.float64)
        assert torch.allclose(shown, right), question.id


def test_a_gradient_through_a_convolution_is_the_gradient_shown() -> None:
    for question in questions("weight-gradient"):
        _, chosen = opened(question)
        given: Any = question.given
        shown, right = draw(chosen, None)["backward"], right_value(question)
        assert shown["upstream"] == [list(map(float, row)) for row in given["upstream"]], question.id
        if given["what"] == "bias":
            assert shown["bias"] == right, question.id
        else:
            place = "input" if given["what"] == "input" else "kernel"
            assert shown[place] == [[list(map(float, row)) for row in right]], question.id


def test_a_softmax_is_the_softmax_shown_also_at_a_temperature() -> None:
    for question in questions("softmax", 2, 3):
        if question.given["gradient"] or question.answer.kind != "matrix":
            continue
        _, chosen = opened(question)
        right: Any = question.answer.value
        assert softmax_steps(chosen.logits()).probabilities == pytest.approx(right[0], abs=1e-6), question.id


def test_a_cross_entropy_of_one_picture_is_the_loss_shown() -> None:
    for question in questions("cross-entropy"):
        given: Any = question.given
        if len(given.get("rows", [0])) > 1:
            continue
        _, chosen = opened(question)
        found = judge("cross-entropy", chosen.logits(), chosen.target, settings=chosen.settings(), lr=1.0)
        smoothed = judge("label-smoothing", chosen.logits(), chosen.target, settings=chosen.settings(), lr=1.0)
        shown = smoothed.value if given.get("smoothing") else found.value
        assert shown == pytest.approx(float(right_value(question)), abs=0.006), question.id


def test_a_step_of_sgd_ends_where_the_question_does() -> None:
    for question in questions("sgd-step"):
        target, chosen = opened(question)
        if target.page == "loss":
            step = judge_number(
                "mse", chosen.prediction, chosen.truth, settings=chosen.number_settings(), lr=chosen.number_lr
            )
            assert step.prediction == pytest.approx(float(right_value(question)), abs=1e-5), question.id


def test_an_activation_is_looked_at_in_the_questions_input() -> None:
    for question in questions("activation"):
        _, chosen = opened(question)
        given: Any = question.given
        assert (chosen.kinds, chosen.x) == ((given["kind"],), given["x"]), question.id
        assert abs(chosen.x) <= chosen.span, question.id


def test_a_network_of_neurons_gives_the_answer_in_the_questions_point() -> None:
    from lab.theory.neurons.plane_features import make_features
    from lab.theory.neurons.plane_state import read_state
    from lab.theory.neurons.plane_training import PlaneTrainer

    n_compared = 0
    for question in [*questions("neuron"), *questions("sgd-step", 3)]:
        target, chosen = opened(question)
        if target.page != "neurons":
            continue
        trainer = PlaneTrainer(spec_of(chosen))
        read_state(trainer, chosen.trained)
        point = make_features(torch.tensor([chosen.probe]), chosen.inputs)
        output = trainer.network(point).item()
        given: Any = question.given
        right = given["weight"] * given["x"] if question.topic == "sgd-step" else float(right_value(question))
        assert output == pytest.approx(right, abs=0.006), question.id
        n_compared += 1
    assert n_compared > N_SEEDS


def test_a_neuron_of_three_inputs_is_a_kernel_that_sees_all_of_them() -> None:
    for question in questions("neuron", 1):
        target, chosen = opened(question)
        if target.page == "convolution":
            assert draw(chosen, None)["output"] == [[[float(right_value(question))]]], question.id


def test_a_training_has_the_questions_batches() -> None:
    for question in questions("batches"):
        _, chosen = opened(question)
        given: Any = question.given
        assert (chosen.batch_size, chosen.epochs) == (given["batch_size"], given["epochs"]), question.id
