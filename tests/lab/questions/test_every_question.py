"""What holds for each question of each topic and level: one right answer, a way that ends in it, fair numbers."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from lab.questions.answer import Number, value_text
from lab.questions.checking import check
from lab.questions.misconceptions import MISCONCEPTIONS
from lab.questions.question import Question, question_of
from lab.questions.topics import TOPICS

Asked = Callable[[str, int], list[Question]]
# Two lines of a step on a phone of 375 px: 293 px each, at 12.4 px for a character in the widest formulas. KaTeX breaks
# a formula between its pieces, of which the widest took 202 px. tests/browser/test_formulas.py measures both.
PHONE_CHARACTERS = 42
LEAST_DIFFERENT = 150

every_topic_and_level = pytest.mark.parametrize(
    ("topic", "level"), [(topic.name, level) for topic in TOPICS.values() for level in topic.levels]
)


def numbers_of(value: object) -> list[Number]:
    if isinstance(value, tuple):
        return [number for part in value for number in numbers_of(part)]
    return [value]  # type: ignore[list-item]


def shown_width(latex: str) -> int:
    """Count the characters that a line of LaTeX shows; a fraction is as wide as its wider half."""
    latex = re.sub(r"\\begin\{bmatrix\}.*?\\end\{bmatrix\}", "", latex)
    latex = re.sub(r"\\text\{([^{}]*)\}|\\mathrm\{([^{}]*)\}|\\operatorname\{([^{}]*)\}", r"\1\2\3", latex)
    fraction = re.compile(r"\\[dt]?frac\{((?:[^{}]|\{[^{}]*\})*)\}\{((?:[^{}]|\{[^{}]*\})*)\}")
    while match := fraction.search(latex):
        latex = latex[: match.start()] + max(match.groups(), key=len) + latex[match.end() :]
    latex = re.sub(r"\\(?:left|right|,|;|quad)", "", latex)
    latex = re.sub(r"_\{([^{}]*)\}|\^\{([^{}]*)\}", r"\1\2", latex)
    return len(re.sub(r"\\[a-zA-Z]+", "m", latex).replace("{", "").replace("}", "").replace(" ", ""))


@every_topic_and_level
def test_a_question_is_made_again_from_its_id(asked: Asked, topic: str, level: int) -> None:
    for question in asked(topic, level)[:5]:
        assert question_of(question.id) == question


@every_topic_and_level
def test_whoever_practises_meets_new_questions(asked: Asked, topic: str, level: int) -> None:
    """Of 200 seeds at least 150 ask something else, so that one is seldom asked twice."""
    texts = {question.plain_text for question in asked(topic, level)}
    assert len(texts) >= LEAST_DIFFERENT


@every_topic_and_level
def test_no_two_options_are_equal_and_exactly_one_is_right(asked: Asked, topic: str, level: int) -> None:
    for question in asked(topic, level):
        texts = [option.text for option in question.options]
        assert len(set(texts)) == len(texts), question.id
        if question.options:
            right = [option.text for option in question.options if option.misconception is None]
            assert right == [question.answer.text], question.id
            assert len(question.options) >= 3, question.id
            assert [check(question, index).is_right for index in range(len(texts))].count(True) == 1


@every_topic_and_level
def test_the_solution_ends_in_the_answer(asked: Asked, topic: str, level: int) -> None:
    for question in asked(topic, level):
        last = question.solution[-1]
        if last.latex and question.answer.latex:
            end = last.latex
            assert end.endswith(question.answer.latex), (question.id, end)
            assert not end.removesuffix(question.answer.latex)[-1:].isdigit(), (question.id, end)
        else:
            assert last.text.removesuffix(".").endswith(question.answer.text.removesuffix(".")), (question.id, last)


@every_topic_and_level
def test_numbers_stay_within_the_bounds_of_the_level(asked: Asked, topic: str, level: int) -> None:
    largest = TOPICS[topic].largest[level - 1]
    for question in asked(topic, level):
        for value in () if question.options else question.answer.accepted:
            assert all(abs(number) <= largest for number in numbers_of(value)), question.id
        if question.answer.kind == "choice" and re.fullmatch(r"[\d,]+", question.answer.text):
            assert int(question.answer.text.replace(",", "")) <= largest, question.id


@every_topic_and_level
def test_formulas_fit_a_phone_and_texts_are_whole_sentences(asked: Asked, topic: str, level: int) -> None:
    for question in asked(topic, level):
        for step in question.solution:
            assert step.text, question.id
            assert step.text[:1].isupper() or not step.text[:1].isalpha(), (question.id, step.text)
            assert shown_width(step.latex) <= PHONE_CHARACTERS, (question.id, shown_width(step.latex), step.latex)
            assert step.latex.count("{") == step.latex.count("}"), (question.id, step.latex)
        assert question.text.rstrip()[-1] in ".?", question.id
        assert question.text.count("$") % 2 == 0, question.id
        assert question.hints, question.id
        assert not re.search(
            r"\b1 (?!by\b|is\b|was\b)[a-z]+(?<!s)s\b|[!]|  |\b(?:0|[2-9]) (?:pixel|channel|bias|row)\b", question.text
        )


@every_topic_and_level
def test_the_right_answer_is_right_as_it_is_shown(asked: Asked, topic: str, level: int) -> None:
    for question in asked(topic, level):
        verdict = check(question, question.answer.text)
        assert verdict.is_right, (question.id, question.answer.text, verdict)
        assert verdict.is_valid


@every_topic_and_level
def test_each_misconception_gets_its_own_explanation(asked: Asked, topic: str, level: int) -> None:
    for question in asked(topic, level):
        if question.options:
            for index, option in enumerate(question.options):
                verdict = check(question, index)
                assert verdict.misconception == option.misconception, question.id
                known = MISCONCEPTIONS.get(option.misconception or "")
                assert known is None or verdict.sentence == (option.sentence or known.sentence), question.id
            continue
        for mistake in question.mistakes:
            assert not isinstance(mistake.value, str)
            verdict = check(question, value_text(mistake.value, decimals=question.answer.decimals))
            assert (verdict.is_right, verdict.is_valid) == (False, True), (question.id, mistake)
            assert verdict.misconception is not None, (question.id, mistake, verdict)


@every_topic_and_level
def test_nonsense_does_not_count(asked: Asked, topic: str, level: int) -> None:
    for question in asked(topic, level)[:4]:
        for nonsense in (
            "",
            "   ",
            "many",
            "четырнадцать",
            "9" * 5000,
            "1e999999",
            "nan",
            "🙂",
            "1/0",
            "--",
            "x",
            "()",
        ):
            verdict = check(question, nonsense)
            assert (verdict.is_right, verdict.is_valid) == (False, False), (question.id, nonsense, verdict)
