"""``python -m lab question`` as a person and a program meet it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab.cli import main
from lab.questions.question import question_of
from lab.questions.topics import TOPICS


def rows(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert main(["question", *arguments, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_json_object_a_question(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, "--count", "60", "--seed", "11")
    assert found == rows(capsys, "--count", "60", "--seed", "11")
    assert {row["level"] for row in found} == {1, 2, 3}
    for row in found:
        assert set(row) - {"options"} == {"id", "topic", "level", "question", "answer", "solution"}
        assert row["question"].startswith(question_of(row["id"]).text)
        assert "options" not in row or row["answer"] in row["options"]


def test_topic_level_and_seed_choose_the_question(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, "--topic", "macs", "--level", "2", "--seed", "5", "--count", "3")
    assert [row["id"] for row in found] == ["macs:2:5", "macs:2:6", "macs:2:7"]


@pytest.mark.parametrize("topic", list(TOPICS))
def test_every_topic_can_be_asked(capsys: pytest.CaptureFixture[str], topic: str) -> None:
    assert len(rows(capsys, "--topic", topic, "--seed", "1", "--count", "9")) == 9


def test_the_answer_is_printed_only_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    main(["question", "--topic", "parameters", "--level", "1", "--seed", "0"])
    assert "Answer:" not in capsys.readouterr().out
    main(["question", "--topic", "parameters", "--level", "1", "--seed", "0", "--answers"])
    assert "Answer: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["--topic", "nope"], "there is no topic 'nope'"), (["--level", "7"], "there is no level 7"),
     (["--seed", "-4"], "a seed is a number"), (["--count", "10001"], "at most 10,000 questions")],
)  # fmt: skip
def test_bad_input_is_one_sentence_and_status_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(["question", *arguments]) == 2
    assert sentence in capsys.readouterr().err
