"""Sheets: the same seed the same sheet, each student other numbers of the same kind, the key apart."""

from __future__ import annotations

import pytest

from lab.cli import main
from lab.errors import LabError
from lab.questions.sheet import make_sheet
from lab.questions.topics import TOPICS

ALL = list(TOPICS)


def test_the_same_seed_gives_the_same_sheet_and_key() -> None:
    first, again, other = (make_sheet(ALL, [1, 2], 20, seed) for seed in (7, 7, 8))
    assert (first.markdown, first.key_markdown) == (again.markdown, again.key_markdown)
    assert first.markdown != other.markdown


def test_each_student_gets_other_numbers_of_the_same_kind() -> None:
    mia, ben = (make_sheet(ALL, [1, 2, 3], 58, 7, class_code="8b", student=name) for name in ("Mia", "Ben"))
    assert mia == make_sheet(ALL, [1, 2, 3], 58, 7, class_code="8b", student="Mia")
    kinds = [[(question.topic, question.level) for question in sheet.questions] for sheet in (mia, ben)]
    assert kinds[0] == kinds[1]
    same = sum(a.plain_text == b.plain_text for a, b in zip(mia.questions, ben.questions, strict=True))
    assert same <= 4  # a small topic may give two students the same numbers
    assert make_sheet(ALL, [1], 3, 7, class_code="8B", student=" mia ").questions == (
        make_sheet(ALL, [1], 3, 7, class_code="8b", student="Mia").questions
    )


def test_the_questions_do_not_tell_the_answers_and_the_key_does() -> None:
    sheet = make_sheet(["parameters"], [1], 5, 3)
    assert sheet.markdown.count("Answer: ____") == 5
    for number, question in enumerate(sheet.questions, 1):
        assert f"**{number}.** {question.text}" in sheet.markdown
        assert question.id not in sheet.markdown
        assert question.id in sheet.key_markdown
        assert question.solution[-1].latex in sheet.key_markdown


def test_the_key_says_how_its_ids_ask_a_question_again(capsys: pytest.CaptureFixture[str]) -> None:
    sheet = make_sheet(["pool-gradient"], [1], 1, 3)
    assert "`python -m lab question --topic … --level … --seed …`" in sheet.key_markdown
    topic, level, seed = sheet.questions[0].id.split(":")
    assert main(["question", "--topic", topic, "--level", level, "--seed", seed]) == 0
    assert sheet.questions[0].plain_text.split("\n")[0] in capsys.readouterr().out


def test_a_students_text_is_shown_as_it_is() -> None:
    sheet = make_sheet(["macs"], [1], 1, 3, class_code="<b>", student="*Mia*\n# x", title="$x$ [a](b)")
    assert r"\*Mia\* \# x" in sheet.markdown
    assert r"\<b\>" in sheet.markdown
    assert sheet.markdown.startswith(r"# \$x\$ \[a\]\(b\)")


def test_too_long_a_text_is_refused() -> None:
    with pytest.raises(LabError, match="at most 80 characters fit on the sheet"):
        make_sheet(["macs"], [1], 1, 3, student="x" * 81)


def test_a_matrix_is_answered_in_an_empty_matrix() -> None:
    sheet = make_sheet(["pooling-map"], [1], 1, 0)
    rows = sheet.questions[0].answer.value
    assert isinstance(rows, tuple)
    assert sheet.markdown.count(r"\underline{\hspace{2em}}") == sum(len(row) for row in rows if isinstance(row, tuple))
