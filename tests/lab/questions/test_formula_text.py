"""Formulas for a terminal: nothing of LaTeX is left, and the numbers are the same."""

import re

import pytest

from lab.questions.formula_text import formula_text
from lab.questions.question import make_question
from lab.questions.topics import TOPICS


@pytest.mark.parametrize("topic", TOPICS)
def test_no_sign_of_latex_is_left_in_any_solution(topic):
    for level in TOPICS[topic].levels:
        for seed in range(10):
            for step in make_question(topic, level, seed).solution:
                text = formula_text(step.latex)
                assert not re.search(r"[\\{}&]", text), text
                said = re.sub(r"\\\\\[[^\]]*\]", "", step.latex)  # the room between two rows is no number of it
                assert re.findall(r"\d+", text) == re.findall(r"\d+", said)


def test_a_fraction_within_a_fraction_keeps_its_brackets():
    assert formula_text(r"\frac{1 + \frac{2}{3}}{4}") == "(1 + 2/3)/4"
