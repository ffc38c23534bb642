import subprocess
import sys

import pytest
import torch
from torch import nn

from lab.training.optimizers import make_optimizer, optimizer_tensors, restore_optimizer, take_step


def parameters():
    random = torch.Generator().manual_seed(3)
    maps = torch.randn(4, 3, 3, 3, generator=random).contiguous(memory_format=torch.channels_last)
    return [nn.Parameter(maps), nn.Parameter(torch.randn(5, generator=random))]


def step(optimizer, weights, seed):
    random = torch.Generator().manual_seed(seed)
    for weight in weights:
        # As autograd does: a gradient lies in memory like its weight. The fused steps rely on it.
        weight.grad = torch.empty_like(weight).copy_(torch.randn(weight.shape, generator=random))
    take_step(optimizer)


PLAIN = {
    "SGD": lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.8, weight_decay=0.01, nesterov=True, foreach=False),
    "Adam": lambda w: torch.optim.Adam(w, lr=0.1, weight_decay=0.01, foreach=False),
    "AdamW": lambda w: torch.optim.AdamW(w, lr=0.1, weight_decay=0.01, foreach=False),
    "RMSprop": lambda w: torch.optim.RMSprop(w, lr=0.1, momentum=0.8, weight_decay=0.01, foreach=False),
}


@pytest.fixture
def spec(tiny_spec):
    return tiny_spec.model_copy(update={"lr": 0.1, "momentum": 0.8, "weight_decay": 0.01})


@pytest.mark.parametrize("name", list(PLAIN))
def test_the_optimizer_steps_as_torchs_plain_one(spec, name):
    ours, theirs = parameters(), parameters()
    optimizer, plain = make_optimizer(spec.model_copy(update={"optimizer": name}), ours), PLAIN[name](theirs)
    for seed in range(4):
        step(optimizer, ours, seed)
        step(plain, theirs, seed)
    for mine, expected in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", list(PLAIN))
def test_a_restored_optimizer_goes_on_bit_for_bit(spec, name):
    spec = spec.model_copy(update={"optimizer": name})
    whole, resumed = parameters(), parameters()
    first, second = make_optimizer(spec, whole), make_optimizer(spec, resumed)
    for seed in range(3):
        step(first, whole, seed)
    with torch.no_grad():
        for weight, saved in zip(resumed, whole, strict=True):
            weight.copy_(saved)
    saved = {key: value.contiguous().clone() for key, value in optimizer_tensors(first).items()}
    restore_optimizer(second, saved | {"network.conv": torch.zeros(1)})
    for seed in range(3, 6):
        step(first, whole, seed)
        step(second, resumed, seed)
    assert all(torch.equal(a, b) for a, b in zip(whole, resumed, strict=True))


def test_without_momentum_sgd_is_plain_gradient_descent(spec):
    weights = parameters()
    before = weights[1].detach().clone()
    step(make_optimizer(spec.model_copy(update={"momentum": 0.0, "weight_decay": 0.0}), weights), weights, 0)
    torch.testing.assert_close(weights[1].detach(), before - 0.1 * weights[1].grad)


_FIRST_STEP = """
import sys, torch
from lab.network.presets import preset
from lab.training.optimizers import make_optimizer, optimizer_tensors, restore_optimizer, take_step
from lab.training.recipe import TrainSpec
spec = TrainSpec(network=preset("mlp"), optimizer=sys.argv[1])
weight = torch.nn.Parameter(torch.ones(3))
optimizer = make_optimizer(spec, [weight])
for _ in range(2):
    optimizer.zero_grad()
    weight.sum().backward()
    take_step(optimizer)
restore_optimizer(optimizer, optimizer_tensors(optimizer))
sys.exit("torch._dynamo" in sys.modules or "sympy" in sys.modules)
"""


@pytest.mark.parametrize("name", ["SGD", "AdamW"])
def test_the_first_step_does_not_wait_for_torchs_compiler_to_be_imported(name):
    assert subprocess.run([sys.executable, "-c", _FIRST_STEP, name], check=False).returncode == 0
