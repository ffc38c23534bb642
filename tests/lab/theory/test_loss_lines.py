"""What is written out is worked out again, as a reader with a calculator would, and must give the loss."""

import math
import random
import re
from typing import get_args

import pytest

from lab.theory.loss_lines import loss_line, number_text, residual_line
from lab.theory.loss_names import LossName, LossSettings, ResidualName
from lab.theory.loss_step import judge, judge_number

N_SETTINGS = 500


def calculated(text):
    """Work one written expression out, in plain Python."""
    code = text.replace("−", "-").replace("·", "*").replace("²", "**2").replace("^", "**").replace("½", "0.5")
    code = re.sub(r"ln (σ\([^()]*\)|[\d.e-]+)", r"ln(\1)", code)
    names = {"ln": math.log, "σ": lambda v: 1 / (1 + math.exp(-v)), "max": max}
    return eval(code, {"__builtins__": {}}, names)  # noqa: S307 - our own text, from our own numbers


def check(line, value, setting):
    *written, result = line.split(" = ")
    assert written, setting
    assert calculated(result) == pytest.approx(value, rel=1e-3, abs=1e-9), (line, setting)
    for part in written:
        assert calculated(part) == pytest.approx(value, rel=6e-3, abs=2e-3), (line, setting)


@pytest.mark.parametrize("name", get_args(LossName))
def test_the_line_under_a_loss_gives_that_loss(name):
    draw = random.Random(f"line {name}")
    for _ in range(N_SETTINGS):
        z = [round(draw.uniform(-5, 5), 2) for _ in range(draw.randint(2, 10))]
        t = draw.randrange(len(z))
        s = LossSettings(
            gamma=draw.choice([0.0, 0.5, 2.0, 3.0]),
            smoothing=round(draw.uniform(0, 0.9), 2),
            margin=round(draw.uniform(0, 3), 2),
            delta=round(draw.uniform(0.05, 2), 2),
        )
        check(loss_line(name, z, t, s), judge(name, z, t, settings=s, lr=0).value, (z, t, s))


@pytest.mark.parametrize("name", get_args(ResidualName))
def test_the_line_under_a_residual_gives_its_loss(name):
    draw = random.Random(f"residual line {name}")
    for _ in range(N_SETTINGS):
        y, target = (round(draw.uniform(-9, 9), 1) for _ in range(2))
        s = LossSettings(delta=round(draw.uniform(0.1, 3), 1))
        check(residual_line(name, y, target, s), judge_number(name, y, target, settings=s, lr=0).value, (y, target, s))


@pytest.mark.parametrize("name", get_args(LossName))
def test_huge_logits_are_written_without_a_logarithm_of_nought(name):
    line = loss_line(name, [1000.0, -1000.0], 1, LossSettings())
    assert "ln 0 " not in line
    assert "nan" not in line
    assert "∞" not in line


def test_a_probability_of_nearly_one_is_written_as_what_is_missing():
    assert loss_line("cross-entropy", [20.0, 0.0], 0, LossSettings()) == "−ln(1 − 2.061e−9) = 2.061e−9"


def test_numbers_have_a_true_minus_and_no_padding():
    assert number_text(-1.5) == "−1.5"
    assert number_text(-0.0) == "0"
    assert number_text(math.nan) == "not a number"
    assert number_text(math.inf) == "∞"
