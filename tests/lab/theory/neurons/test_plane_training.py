"""Training: against a loop as PyTorch's tutorial writes it, and exact to the bit however it is cut into plays."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import pytest
import torch
from torch import Generator, nn

from lab.errors import TrainingError
from lab.theory.neurons.plane_data import make_data
from lab.theory.neurons.plane_loss import penalty
from lab.theory.neurons.plane_network import PlaneNetwork
from lab.theory.neurons.plane_spec import HiddenLayer, PlaneSpec
from lab.theory.neurons.plane_training import MAX_HISTORY, MAX_STEPS_AT_ONCE, PlaneTrainer
from tests.lab.theory.neurons.plain_network import linears, plain_features, plain_loss, plain_network, random_spec


def state_of(trainer: PlaneTrainer) -> list[torch.Tensor]:
    return [value.clone() for value in trainer.network.state_dict().values()]


def equal(first: list[torch.Tensor], second: list[torch.Tensor]) -> bool:
    return all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


def plain_training(spec: PlaneSpec, n_steps: int) -> nn.Sequential:
    """The tutorial's loop: shuffled batches, zero_grad, forward, loss, backward, step; weight costs written out."""
    network, loss_of = plain_network(spec).train(), plain_loss(spec)
    makers = {
        "sgd": lambda p: torch.optim.SGD(p, spec.lr),
        "momentum": lambda p: torch.optim.SGD(p, spec.lr, momentum=0.9),
        "rmsprop": lambda p: torch.optim.RMSprop(p, spec.lr),
        "adam": lambda p: torch.optim.Adam(p, spec.lr),
    }
    optimizer = makers[spec.optimizer](network.parameters())
    data = make_data(spec).train
    features, step, epoch = plain_features(spec, data.points), 0, 0
    while True:
        order = torch.randperm(len(data), generator=Generator().manual_seed((spec.seed * 1_000_003 + epoch) * 4 + 1))
        for batch in order.split(spec.batch_size):
            if spec.batch_norm and len(batch) == 1:
                continue
            if step == n_steps:
                return network
            torch.manual_seed((spec.seed * 1_000_003 + step) * 4 + 2)
            optimizer.zero_grad()
            loss = loss_of(network(features[batch]), data.target[batch])
            for layer in linears(network):
                if spec.penalty == "L1":
                    loss = loss + spec.penalty_rate * layer.weight.abs().sum()
                if spec.penalty == "L2":
                    loss = loss + spec.penalty_rate * 0.5 * (layer.weight**2).sum()
            loss.backward()
            optimizer.step()
            step += 1
        epoch += 1


def test_training_is_that_of_the_plain_loop_in_80_random_settings() -> None:
    for number in range(80):
        spec = random_spec(10_000 + number)
        trainer, n_steps = PlaneTrainer(spec), 1 + number % 23
        trainer.step(n_steps)
        for ours, theirs in zip(trainer.network.linears, linears(plain_training(spec, n_steps)), strict=True):
            assert torch.allclose(ours.weight, theirs.weight, rtol=1e-3, atol=2e-4), f"{number}: {n_steps} of {spec}"


def test_single_steps_are_one_play_bit_for_bit_in_40_random_settings() -> None:
    for number in range(40):
        spec = random_spec(20_000 + number)
        n_steps, draw = 30, random.Random(number)
        single, played, cut = PlaneTrainer(spec), PlaneTrainer(spec), PlaneTrainer(spec)
        for _ in range(n_steps):
            single.step()
        played.step(n_steps)
        while cut.n_steps < n_steps:
            cut.step(min(draw.randint(1, 9), n_steps - cut.n_steps))
        assert equal(state_of(single), state_of(played)), f"{number}: {spec}"
        assert equal(state_of(single), state_of(cut)), f"{number}: {spec}"
        assert single.history == played.history == cut.history, f"{number}: {spec}"


def test_a_new_trainer_of_the_same_spec_begins_with_the_same_weights() -> None:
    trainer = PlaneTrainer(PlaneSpec())
    first = state_of(trainer)
    trainer.step(100)
    assert not equal(first, state_of(trainer))
    assert equal(first, state_of(PlaneTrainer(PlaneSpec())))
    assert not equal(first, state_of(PlaneTrainer(PlaneSpec(seed=6))))


def test_the_first_view_learns_its_circle() -> None:
    trainer = PlaneTrainer(PlaneSpec())
    trainer.step(500)
    now = trainer.now()
    assert now.epoch == pytest.approx(500 / 15)
    assert now.test.accuracy is not None
    assert now.test.accuracy > 0.95


@pytest.mark.parametrize(
    ("data", "features", "optimizer"),
    [("plane", ("x1", "x2"), "adam"), ("three_blobs", ("x1", "x2"), "adam"), ("xor", ("x1_x2",), "sgd")],
)
def test_each_kind_of_task_is_learned(data: str, features: tuple[str, ...], optimizer: str) -> None:
    changes = {"data": data, "features": features, "optimizer": optimizer, "lr": 0.03, "noise": 0.0}
    trainer = PlaneTrainer(PlaneSpec.model_validate(changes))
    trainer.step(450)
    now = trainer.now()
    assert now.train.loss is not None
    assert now.train.loss < (0.02 if data == "plane" else 0.2)
    assert now.train.accuracy is None if data == "plane" else now.train.accuracy > 0.95


def test_an_edited_weight_is_the_one_that_is_used_and_trained() -> None:
    trainer = PlaneTrainer(PlaneSpec(layers=(), optimizer="sgd", lr=1e-5))
    trainer.set_weight(0, 0, 0, 2.0)
    trainer.set_weight(0, 0, 1, -3.0)
    trainer.set_bias(0, 0, 0.5)
    output = trainer.network(torch.tensor([[1.0, 2.0]]))
    assert output.item() == pytest.approx(1 * 2 - 2 * 3 + 0.5)
    trainer.step()
    assert trainer.network.weights[0][0].tolist() == pytest.approx([2.0, -3.0], abs=1e-3)


def test_the_outputs_bias_can_be_edited_too() -> None:
    trainer = PlaneTrainer(PlaneSpec())
    trainer.set_bias(2, 0, 7.0)
    assert trainer.network.linear(2).bias.item() == 7.0


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e9, -1000.5])
def test_a_weight_must_be_a_number_and_nothing_changes_otherwise(value: float) -> None:
    trainer = PlaneTrainer(PlaneSpec())
    before = state_of(trainer)
    with pytest.raises(TrainingError, match="cannot be a weight; give a number within ±1000"):
        trainer.set_weight(0, 0, 0, value)
    with pytest.raises(TrainingError, match="cannot be a weight"):
        trainer.set_bias(0, 0, value)
    assert equal(before, state_of(trainer))


@pytest.mark.parametrize("place", [(3, 0, 0), (-1, 0, 0), (0, 4, 0), (0, -1, 0), (0, 0, 2), (0, 0, -1)])
def test_a_weight_that_is_not_there_cannot_be_edited(place: tuple[int, int, int]) -> None:
    with pytest.raises(TrainingError, match="there is no"):
        PlaneTrainer(PlaneSpec()).set_weight(*place, 1.0)


def test_bias_off_leaves_nothing_to_edit() -> None:
    with pytest.raises(TrainingError, match="has no bias; switch bias on"):
        PlaneTrainer(PlaneSpec(bias=False)).set_bias(0, 0, 1.0)


def test_gamma_and_beta_are_edited_used_and_trained_like_torchs() -> None:
    spec = PlaneSpec(layers=(HiddenLayer(n_neurons=3),), batch_norm=True, lr=1e-5)
    trainer = PlaneTrainer(spec)
    trainer.step(4)
    linear, norm, activation, last = (
        trainer.network.linear(0), trainer.network.norms[0], torch.nn.Tanh(), trainer.network.linear(1)
    )  # fmt: skip
    trainer.set_norm("gamma", 0, 2, 3.5)
    trainer.set_norm("beta", 0, 2, -0.25)
    plain = torch.nn.BatchNorm1d(3).eval()
    plain.load_state_dict(norm.state_dict())
    assert (plain.weight[2].item(), plain.bias[2].item()) == (3.5, -0.25)
    point = torch.tensor([[1.0, -2.0]])
    output = trainer.network.eval()(point)
    assert torch.equal(output, last(activation(plain(linear(point)))))
    trainer.step()
    assert norm.weight[2].item() == pytest.approx(3.5, abs=1e-3)


@pytest.mark.parametrize(
    ("batch_norm", "place"), [(False, (0, 0)), (True, (2, 0)), (True, (-1, 0)), (True, (0, 4)), (True, (0, -1))]
)
def test_where_there_is_no_batch_norm_there_is_nothing_to_edit(batch_norm: bool, place: tuple[int, int]) -> None:
    with pytest.raises(TrainingError, match="has no batch norm; switch batch norm on"):
        PlaneTrainer(PlaneSpec(batch_norm=batch_norm)).set_norm("gamma", *place, 1.0)


@pytest.mark.parametrize("kind", ["L1", "L2"])
def test_penalties_cost_and_pull_what_their_formulas_say(kind: str) -> None:
    rate = 0.37
    spec = PlaneSpec.model_validate({"penalty": kind, "penalty_rate": rate})
    network = PlaneNetwork(spec)
    cost = penalty(spec, network)
    cost.backward()
    flat = torch.cat([weight.detach().flatten() for weight in network.weights])
    pulls = torch.cat([weight.grad.flatten() for weight in network.weights])
    expected = rate * flat.abs().sum() if kind == "L1" else rate / 2 * (flat**2).sum()
    assert cost.item() == pytest.approx(expected.item(), rel=1e-6)
    assert torch.allclose(pulls, rate * (flat.sign() if kind == "L1" else flat))
    assert all(network.linear(layer).bias.grad is None for layer in range(3))


def test_other_rates_and_points_keep_the_weights_and_go_on() -> None:
    trainer = PlaneTrainer(PlaneSpec())
    trainer.step(40)
    before = state_of(trainer)
    trainer.adopt(PlaneSpec(lr=0.5, batch_size=3, data="xor", penalty="L2", dropout=0.2))
    assert equal(before, state_of(trainer))
    trainer.step(5)
    assert trainer.optimizer.param_groups[0]["lr"] == 0.5
    assert trainer.n_steps == 45


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_twin_under_other_settings_leaves_the_training_as_it_is(optimizer: str) -> None:
    alone, looked_at = (PlaneTrainer(PlaneSpec(optimizer="adam", lr=0.01)) for _ in range(2))
    for trainer in (alone, looked_at):
        trainer.step(7)
    twin = looked_at.twin()
    twin.adopt(PlaneSpec.model_validate({"optimizer": optimizer, "lr": 3.0, "data": "spiral", "n_points": 60}))
    assert len(twin.data.train) == 30
    assert twin.network is looked_at.network
    for trainer in (alone, looked_at):
        trainer.step(9)
    assert equal(state_of(alone), state_of(looked_at))
    assert looked_at.history == alone.history


def test_another_shape_needs_another_trainer() -> None:
    with pytest.raises(ValueError, match="another shape"):
        PlaneTrainer(PlaneSpec()).adopt(PlaneSpec(layers=(HiddenLayer(n_neurons=3),)))


def test_points_taken_away_in_the_middle_of_an_epoch_do_no_harm() -> None:
    trainer = PlaneTrainer(PlaneSpec(n_points=500))
    trainer.step(20)
    trainer.adopt(PlaneSpec(n_points=20))
    trainer.step(20)
    assert trainer.n_steps == 40


def test_no_points_is_said_in_one_sentence() -> None:
    with pytest.raises(TrainingError, match="there are no points to train on; click some into the picture"):
        PlaneTrainer(PlaneSpec(data="own")).step()


def test_batch_norm_on_single_points_is_said_in_one_sentence() -> None:
    with pytest.raises(TrainingError, match="at least 2 points in a batch"):
        PlaneTrainer(PlaneSpec(batch_norm=True, batch_size=1)).step()


def test_a_single_point_left_over_waits_under_batch_norm() -> None:
    trainer = PlaneTrainer(PlaneSpec(batch_norm=True, batch_size=10, n_points=22))  # 11 to train on
    trainer.step(3)
    assert (trainer.n_steps, trainer.n_epochs) == (3, 3)


def test_a_single_point_left_over_by_fewer_points_does_no_harm_under_batch_norm() -> None:
    spec = PlaneSpec(n_points=60, test_share=0.5, batch_norm=True)
    trainer = PlaneTrainer(spec)
    trainer.step(2)
    trainer.adopt(spec.model_copy(update={"test_share": 0.65}))
    assert (trainer.n_seen, len(trainer.data.train)) == (20, 21)
    trainer.step()
    assert trainer.n_seen == 10


def test_weights_that_run_away_are_said_in_one_sentence() -> None:
    spec = PlaneSpec(data="plane", lr=10.0, layers=(HiddenLayer(activation="Identity"),) * 3)
    trainer = PlaneTrainer(spec)
    with pytest.raises(TrainingError, match="no longer numbers; lower the learning rate"):
        trainer.step(500)
    with pytest.raises(TrainingError, match="no longer numbers"):
        trainer.step()


def test_one_request_can_take_only_so_much() -> None:
    trainer = PlaneTrainer(PlaneSpec(layers=()))
    assert trainer.step(10**12) == MAX_STEPS_AT_ONCE
    assert trainer.step(10**12, limit_s=0.0) == 1
    assert trainer.step(-5) == 1


def test_the_rest_of_an_epoch_is_counted() -> None:
    trainer = PlaneTrainer(PlaneSpec(batch_size=20))  # 150 points: 7 batches and one of 10
    assert trainer.steps_to_epoch_end() == 8
    trainer.step(7)
    assert trainer.steps_to_epoch_end() == 1
    trainer.step()
    assert (trainer.n_epochs, trainer.steps_to_epoch_end()) == (1, 8)


def test_curves_stay_short_and_evenly_spaced() -> None:
    trainer = PlaneTrainer(PlaneSpec(layers=(), batch_size=500, n_points=20))
    for _ in range(3):
        trainer.step(500)
    epochs = [moment.epoch for moment in trainer.history]
    assert len(epochs) <= MAX_HISTORY + 1
    assert epochs[:3] == [0.0, 8.0, 16.0]
    assert all(b - a == 8 for a, b in pairwise(epochs))
