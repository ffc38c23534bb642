"""Exams: the same for the same seed, graded at the end."""

from __future__ import annotations

import pytest

from lab.errors import LabError
from lab.questions.answer import value_text
from lab.questions.exam import grade, make_exam
from lab.questions.topics import TOPICS


def test_an_exam_asks_each_topic_in_turn_and_nothing_twice() -> None:
    exam = make_exam(list(TOPICS), [1, 2, 3], 58, seed=1)
    assert exam == make_exam(list(TOPICS), [1, 2, 3], 58, seed=1) != make_exam(list(TOPICS), [1, 2, 3], 58, seed=2)
    assert sorted(question.topic for question in exam.questions) == sorted([*TOPICS, *TOPICS][:58])
    assert len({question.plain_text for question in exam.questions}) == 58


def test_right_wrong_and_open_answers_are_counted() -> None:
    exam = make_exam(["macs", "parameters"], [1], 4, seed=3)
    replies = {index: question.answer.value if question.options else value_text(question.answer.value)
               for index, question in enumerate(exam.questions)}  # fmt: skip
    assert grade(exam, replies).sentence == "4 of 4 right (100 %)."  # type: ignore[arg-type]
    result = grade(exam, {0: replies[0], 1: "many", 2: ""})  # type: ignore[dict-item]
    assert (result.n_right, result.share) == (1, 0.25)
    assert result.sentence == "1 of 4 right (25 %). 2 were left open."
    assert sum(n for _, n in result.by_topic().values()) == 4
    assert result.rows[3].verdict.sentence == "No answer was given."


@pytest.mark.parametrize(
    ("topics", "levels", "n", "seed", "sentence"),
    [([], [1], 3, 0, "there is nothing to ask"), (["macs"], [], 3, 0, "there is nothing to ask"),
     (["macs"], [1], 0, 0, "0 is no number of questions"), (["macs"], [1], 61, 0, "choose 1 to 60"),
     (["nope"], [1], 3, 0, "there is no topic 'nope'"), (["macs"], [4], 3, 0, "there is no level 4"),
     (["macs"], [1], 3, -1, "a seed is a number")],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(topics: list[str], levels: list[int], n: int, seed: int, sentence: str) -> None:
    with pytest.raises(LabError, match=sentence):
        make_exam(topics, levels, n, seed)
