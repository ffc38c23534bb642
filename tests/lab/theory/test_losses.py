"""The losses against plain Python loops, against torch's modules, and against numbers from the papers."""

import math
import random
from typing import get_args

import pytest
import torch
from torch import nn

from lab.errors import LabError
from lab.theory.loss_names import LOSS_TITLES, LossName, LossSettings, ResidualName
from lab.theory.losses import checked_logits, focal_loss, image_losses, residual_losses

N_SETTINGS = 600
NAMES = get_args(LossName)


def random_settings(draw):
    return LossSettings(
        gamma=draw.choice([0.0, 0.5, 1.0, 2.0, 5.0]),
        smoothing=draw.uniform(0, 0.9),
        margin=draw.uniform(0, 3),
        delta=draw.uniform(0.05, 2),
    )


def random_case(draw):
    n_classes = draw.randint(2, 10)
    logits = [draw.uniform(-6, 6) for _ in range(n_classes)]
    return logits, draw.randrange(n_classes), random_settings(draw)


def softmax(z):
    powers = [math.exp(v - max(z)) for v in z]
    return [v / sum(powers) for v in powers]


def in_plain_python(name, z, t, s):
    """The published formula in a loop over classes, math.* only."""
    p = softmax(z)
    n = len(z)
    y = [float(k == t) for k in range(n)]
    q = [s.smoothing / n + (1 - s.smoothing) * v for v in y]
    d = [abs(a - b) for a, b in zip(p, y, strict=True)]
    sigmoid = [1 / (1 + math.exp(-v)) for v in z]
    bend = [v * v / 2 if v < s.delta else s.delta * (v - s.delta / 2) for v in d]
    return {
        "cross-entropy": lambda: -math.log(p[t]),
        "nll": lambda: -math.log(p[t]),
        "label-smoothing": lambda: -sum(a * math.log(b) for a, b in zip(q, p, strict=True)),
        "kl": lambda: sum(a * math.log(a / b) for a, b in zip(q, p, strict=True) if a > 0),
        "focal": lambda: -((1 - p[t]) ** s.gamma) * math.log(p[t]),
        "bce": lambda: -sum(math.log(v if k == t else 1 - v) for k, v in enumerate(sigmoid)) / n,
        "hinge": lambda: sum(max(0.0, s.margin - z[t] + v) for k, v in enumerate(z) if k != t) / n,
        "mse": lambda: sum(v * v for v in d) / n,
        "mae": lambda: sum(d) / n,
        "huber": lambda: sum(bend) / n,
        "smooth-l1": lambda: sum(bend) / n / s.delta,
    }[name]()


def of_torch(name, z, t, s):
    """The module of torch.nn, mean over its one image, where there is one."""
    one_hot = nn.functional.one_hot(t, z.shape[1]).to(z)
    p = nn.Softmax(dim=1)(z)
    return {
        "cross-entropy": lambda: nn.CrossEntropyLoss()(z, t),
        "nll": lambda: nn.NLLLoss()(nn.LogSoftmax(dim=1)(z), t),
        "label-smoothing": lambda: nn.CrossEntropyLoss(label_smoothing=s.smoothing)(z, t),
        "kl": lambda: nn.KLDivLoss(reduction="batchmean")(
            nn.LogSoftmax(dim=1)(z), one_hot * (1 - s.smoothing) + s.smoothing / z.shape[1]
        ),
        "focal": lambda: (1 - p[0, t[0]]) ** s.gamma * nn.CrossEntropyLoss()(z, t),
        "bce": lambda: nn.BCEWithLogitsLoss()(z, one_hot),
        "hinge": lambda: nn.MultiMarginLoss(margin=s.margin)(z, t),
        "mse": lambda: nn.MSELoss()(p, one_hot),
        "mae": lambda: nn.L1Loss()(p, one_hot),
        "huber": lambda: nn.HuberLoss(delta=s.delta)(p, one_hot),
        "smooth-l1": lambda: nn.SmoothL1Loss(beta=s.delta)(p, one_hot),
    }[name]()


@pytest.mark.parametrize("name", NAMES)
def test_a_loss_is_what_its_formula_and_torchs_module_say(name):
    draw = random.Random(f"value {name}")
    for _ in range(N_SETTINGS):
        z, t, s = random_case(draw)
        logits, label = torch.tensor([z], dtype=torch.float64), torch.tensor([t])
        value = float(image_losses(name, logits, label, s))
        assert value == pytest.approx(in_plain_python(name, z, t, s), rel=1e-7, abs=1e-12), (z, t, s)
        assert value == pytest.approx(float(of_torch(name, logits, label, s)), rel=1e-9, abs=1e-14), (z, t, s)


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_is_judged_image_by_image(name):
    logits = torch.randn(5, 4, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    labels = torch.tensor([0, 1, 2, 3, 0])
    together = image_losses(name, logits, labels, LossSettings())
    alone = [image_losses(name, logits[i : i + 1], labels[i : i + 1], LossSettings()) for i in range(5)]
    assert torch.equal(together, torch.cat(alone))


@pytest.mark.parametrize("name", get_args(ResidualName))
def test_the_loss_of_a_number_is_what_its_formula_says(name):
    draw = random.Random(f"residual {name}")
    for _ in range(N_SETTINGS):
        y, target, s = draw.uniform(-20, 20), draw.uniform(-20, 20), random_settings(draw)
        d = abs(y - target)
        bend = d * d / 2 if d < s.delta else s.delta * (d - s.delta / 2)
        expected = {"mse": d * d, "mae": d, "huber": bend, "smooth-l1": bend / s.delta}[name]
        found = residual_losses(
            name, torch.tensor(y, dtype=torch.float64), torch.tensor(target, dtype=torch.float64), s
        )
        assert float(found) == pytest.approx(expected, rel=1e-9), (y, target, s)


def test_focal_loss_is_formula_5_of_lin_et_al_with_alpha_one():
    """FL(p_t) = −α_t (1 − p_t)^γ log(p_t), arXiv:1708.02002, and γ = 0 is cross-entropy."""
    draw = random.Random("focal")
    for _ in range(N_SETTINGS):
        p_t, gamma = draw.uniform(0.001, 0.999), draw.choice([0.0, 0.1, 0.5, 1.0, 2.0, 5.0])
        logits = torch.tensor([[math.log(p_t / (1 - p_t)), 0.0]], dtype=torch.float64)
        found = float(focal_loss(logits, torch.tensor([0]), gamma=gamma))
        assert found == pytest.approx(-1 * (1 - p_t) ** gamma * math.log(p_t), rel=1e-9), (p_t, gamma)


@pytest.mark.parametrize(("p_t", "times_lower"), [(0.9, 100), (0.968, 1000)])
def test_focal_loss_turns_easy_examples_down_as_the_paper_says(p_t, times_lower):
    """Section 3.2: "with γ = 2, an example classified with p_t = 0.9 would have 100× lower loss … 0.968 … 1000×"."""
    logits = torch.tensor([[math.log(p_t / (1 - p_t)), 0.0]], dtype=torch.float64)
    label = torch.tensor([0])
    ratio = nn.CrossEntropyLoss()(logits, label) / focal_loss(logits, label, gamma=2.0)
    assert float(ratio) == pytest.approx(times_lower, rel=0.03)


def test_huge_logits_give_finite_losses_and_gradients():
    logits = torch.tensor([[1000.0, -1000.0, 0.0]], dtype=torch.float64, requires_grad=True)
    for name in NAMES:
        value = image_losses(name, logits, torch.tensor([1]), LossSettings())
        (gradient,) = torch.autograd.grad(value.sum(), logits)
        assert value.isfinite().all(), name
        assert gradient.isfinite().all(), name


@pytest.mark.parametrize(
    ("logits", "target", "sentence"),
    [
        ([0.0, math.nan], 0, "logit 2 is nan"),
        ([math.inf, 0.0], 0, "logit 1 is inf"),
        ([0.0, 2000.0], 0, "logit 2 is 2000; use a number between −1000 and 1000"),
        ([0.0], 0, "1 logits were given; give 2 to 10"),
        ([0.0] * 11, 0, "11 logits were given"),
        ([0.0, 0.0], 2, "class 3 is none of the 2 classes"),
    ],
)
def test_numbers_that_cannot_be_logits_are_named(logits, target, sentence):
    with pytest.raises(LabError, match=sentence):
        checked_logits(logits, target)


def test_every_loss_has_a_title_a_formula_and_a_line_of_pytorch():
    assert set(LOSS_TITLES) == set(NAMES)
    for row in LOSS_TITLES.values():
        assert row.sentence.endswith(".")
        assert row.formula
        assert row.torch_line
        assert row.parameter == "" or row.parameter in LossSettings.model_fields
