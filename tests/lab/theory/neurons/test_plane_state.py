"""A trained state as text: comes back bit for bit, goes on bit for bit, and hostile text does nothing."""

from __future__ import annotations

import base64

import pytest
import torch

from lab.errors import TrainingError
from lab.theory.neurons.plane_spec import MAX_LAYERS, MAX_NEURONS, MAX_STATE_CHARS, HiddenLayer, PlaneSpec
from lab.theory.neurons.plane_state import belongs, read_state, written_state
from lab.theory.neurons.plane_training import PlaneTrainer
from tests.lab.theory.neurons.plain_network import random_spec


def weights(trainer: PlaneTrainer) -> list[torch.Tensor]:
    named = trainer.network.state_dict()
    return [value for name, value in named.items() if "num_batches" not in name]


def same(first: PlaneTrainer, second: PlaneTrainer) -> bool:
    return all(torch.equal(a, b) for a, b in zip(weights(first), weights(second), strict=True))


def test_a_read_state_goes_on_as_the_written_one_in_60_random_settings() -> None:
    for number in range(60):
        spec = random_spec(30_000 + number)
        trainer, twin = PlaneTrainer(spec), PlaneTrainer(spec)
        trainer.step(7)
        read_state(twin, written_state(trainer))
        assert same(trainer, twin), f"{number}: {spec}"
        trainer.step(9)
        twin.step(9)
        assert same(trainer, twin), f"{number}: {spec}"
        assert trainer.now() == twin.now(), f"{number}: {spec}"


def test_the_largest_network_fits() -> None:
    layers = (HiddenLayer(n_neurons=MAX_NEURONS),) * MAX_LAYERS
    features = ("x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2")
    spec = PlaneSpec(layers=layers, features=features, optimizer="adam", batch_norm=True, data="three_blobs")
    trainer = PlaneTrainer(spec)
    trainer.step()
    assert len(written_state(trainer)) < MAX_STATE_CHARS


def text_of(numbers: list[float], trainer: PlaneTrainer) -> str:
    raw = base64.urlsafe_b64decode(written_state(trainer) + "==")
    return base64.urlsafe_b64encode(raw[:17] + torch.tensor(numbers).numpy().tobytes()).decode().rstrip("=")


@pytest.mark.parametrize("text", ["x", "!!!!", "A" * 100_000, "AAAA", "A" * 16, "é" * 40])
def test_damaged_text_leaves_the_trainer_as_it_was(text: str) -> None:
    trainer, twin = PlaneTrainer(PlaneSpec(optimizer="adam")), PlaneTrainer(PlaneSpec(optimizer="adam"))
    with pytest.raises(TrainingError, match="the trained weights cannot be read"):
        read_state(trainer, text)
    trainer.step(3)
    twin.step(3)
    assert same(trainer, twin)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_numbers_that_are_none_are_refused(bad: float) -> None:
    trainer = PlaneTrainer(PlaneSpec(layers=()))
    with pytest.raises(TrainingError, match="belong to another network"):
        read_state(trainer, text_of([1.0, bad, 0.0], trainer))
    read_state(trainer, text_of([1.0, 2.0, 0.0], trainer))
    assert trainer.network.weights[0].tolist() == [[1.0, 2.0]]


def test_a_state_of_another_network_is_refused() -> None:
    text = written_state(PlaneTrainer(PlaneSpec()))
    with pytest.raises(TrainingError, match="belong to another network"):
        read_state(PlaneTrainer(PlaneSpec(layers=())), text)


def test_a_state_that_ran_away_is_not_written() -> None:
    trainer = PlaneTrainer(PlaneSpec(layers=()))
    with torch.no_grad():
        trainer.network.weights[0].fill_(float("inf"))
    assert written_state(trainer) == ""


def test_under_another_optimizer_the_weights_come_back_and_the_optimizer_begins_afresh() -> None:
    for before, after in (("adam", "sgd"), ("sgd", "adam"), ("momentum", "rmsprop")):
        trainer = PlaneTrainer(PlaneSpec.model_validate({"optimizer": before}))
        trainer.step(5)
        other = PlaneTrainer(PlaneSpec.model_validate({"optimizer": after}))
        read_state(other, written_state(trainer))
        assert same(trainer, other)
        assert other.n_steps == 5
        other.step(3)


def test_a_state_says_whose_it_is() -> None:
    text = written_state(PlaneTrainer(PlaneSpec()))
    assert belongs(PlaneSpec(data="xor", lr=1.0, optimizer="adam"), text)
    assert not belongs(PlaneSpec(seed=6), text)
    assert not belongs(PlaneSpec(bias=False), text)
    assert not belongs(PlaneSpec(), "nonsense")
