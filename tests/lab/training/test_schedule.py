from itertools import pairwise

import pytest
import torch

from lab.training.history import LrChange
from lab.training.schedule import lr_at, scheduled_lr

N_STEPS = 40


def torch_rates(make_scheduler):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.3)
    scheduler = make_scheduler(optimizer)
    rates = []
    for _ in range(N_STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


@pytest.mark.parametrize(
    ("name", "make_scheduler"),
    [
        ("constant", lambda optimizer: torch.optim.lr_scheduler.ConstantLR(optimizer, factor=1.0)),
        ("step", lambda optimizer: torch.optim.lr_scheduler.MultiStepLR(optimizer, [20, 30], gamma=0.1)),
        ("cosine", lambda optimizer: torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, N_STEPS)),
    ],
)
def test_the_schedule_is_the_one_of_torch(name, make_scheduler):
    rates = [scheduled_lr(name, 0.3, step, N_STEPS) for step in range(N_STEPS)]
    assert rates == pytest.approx(torch_rates(make_scheduler), rel=1e-6)


def test_one_cycle_rises_for_a_fifth_and_falls_to_zero_in_straight_lines():
    rates = [scheduled_lr("one-cycle", 0.4, step, N_STEPS) for step in range(N_STEPS)]
    assert rates.index(max(rates)) == 7  # the eighth of forty steps
    assert max(rates) == 0.4
    assert rates[-1] == 0
    rising, falling = rates[:8], rates[7:]
    assert [b - a for a, b in pairwise(rising)] == pytest.approx([0.05] * 7)
    assert [a - b for a, b in pairwise(falling)] == pytest.approx([0.4 / 32] * 32)


@pytest.mark.parametrize("name", ["constant", "step", "cosine", "one-cycle"])
@pytest.mark.parametrize("n_steps", [1, 2, 3, 7])
def test_the_shortest_runs_have_rates_between_zero_and_the_peak(name, n_steps):
    assert all(0 <= scheduled_lr(name, 0.3, step, n_steps) <= 0.3 for step in range(n_steps))


def test_the_rate_ordered_last_counts_even_when_an_older_order_was_for_a_later_step():
    # The second order was given after a kill, while steps before the first order's were repeated.
    changes = [LrChange(25, 0.001), LrChange(12, 0.01)]
    assert [lr_at("constant", 0.3, step, N_STEPS, changes) for step in (11, 12, 25, 39)] == [0.3, 0.01, 0.01, 0.01]
