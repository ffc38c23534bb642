"""The Progress page as its script runs; its board is drawn in tests/browser/test_exam.py."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lab.questions.checking import Verdict
from lab.questions.progress import add_answer, load_progress, next_topic, progress_file
from lab.questions.question import make_question
from lab.questions.sitting import Sitting, keep_sitting, new_key, sittings
from lab.questions.topics import TOPICS
from pages.ui.questions.progress_rows import frequent_mistakes, summary, topic_groups

APP = Path(__file__).parents[3] / "app.py"
PAGE = Path(__file__).parents[3] / "pages/questions/progress.py"
WRONG = Verdict(False, True, "", "forgot-bias")


def answer(topic: str, seed: int, *, is_right: bool, now_s: float = 1e9, name: str = "student") -> None:
    verdict = Verdict(True, True, "Right.") if is_right else WRONG
    add_answer(name, make_question(topic, 1, seed), verdict, now_s=now_s)


def open_page() -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not at.exception
    return at


def words(at: AppTest) -> str:
    return "\n".join(str(block.value) for block in (*at.markdown, *at.caption, *at.warning, *at.header))


def test_a_new_learner_is_told_what_to_begin_with() -> None:
    at = open_page()
    assert "No answers yet." in words(at)
    assert "**Next: Output size of a convolution**, level 1" in words(at)
    assert not [button for button in at.button if button.key == "_progress.erase"]


def test_what_is_due_and_weak_comes_next_and_opens_practise_set_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    answer("macs", 1, is_right=False)
    answer("memory", 1, is_right=True)
    opened: list[str] = []
    monkeypatch.setattr("streamlit.switch_page", lambda file, query_params: opened.append(file))
    at = open_page()
    assert next_topic(load_progress("student")).topic == "macs"
    assert "**Next: Multiply-accumulates**, level 1" in words(at)
    at.button(key="_progress.next").click().run()
    assert opened == ["pages/questions/practise.py"]
    assert at.session_state["lab:page:practise"].topic == "macs"


def test_the_mistakes_made_most_often_are_explained() -> None:
    for seed in range(3):
        answer("parameters", seed, is_right=False)
    (mistake, n), *_ = frequent_mistakes(load_progress("student"))
    assert (mistake.name, n) == ("forgot-bias", 3)
    assert f"**{mistake.title}** (3 times). {mistake.sentence}" in words(open_page())


def test_a_mistake_is_the_usual_one_only_when_it_was_made_twice() -> None:
    for seed, told in ((1, ""), (2, "bias left out")):
        answer("parameters", seed, is_right=False)
        rows = {row.topic: row for group in topic_groups(load_progress("student"), 2001.0) for row in group.rows}
        assert rows["parameters"].mistake == told


def test_each_topic_has_its_row_with_the_answers_so_far() -> None:
    answer("macs", 1, is_right=True, now_s=1000.0)
    answer("macs", 2, is_right=False, now_s=2000.0)
    rows = {row.topic: row for group in topic_groups(load_progress("student"), 2001.0) for row in group.rows}
    assert set(rows) == set(TOPICS)
    assert (rows["macs"].answers, rows["macs"].due, rows["macs"].is_due) == ("1 of 2 right", "now", True)
    assert rows["macs"].percent == round(100 * 0.5 * 2 / 3)
    assert rows["memory"].due == "new"
    assert summary(load_progress("student"), 2001.0).startswith("2 answers, 1 right. 0 of ")


def test_erasing_asks_first() -> None:
    answer("macs", 1, is_right=True)
    at = open_page()
    at.button(key="_progress.erase").click().run()
    assert "Erase one answer of **student**?" in words(at)
    at.button(key="_progress.keep").click().run()
    assert len(load_progress("student").records) == 1
    at.button(key="_progress.erase").click().run()
    at.button(key="_progress.erase_now").click().run()
    assert not at.exception
    assert load_progress("student").records == ()
    assert "No answers yet." in words(at)


def test_another_name_has_answers_of_its_own() -> None:
    answer("macs", 1, is_right=True, name="Mia *K*")
    at = open_page()
    at.text_input(key="_progress.learner").set_value("Mia *K*").run()
    assert "1 answer, 1 right." in words(at)
    assert r"The answers of Mia \*K\*" in words(at)


def test_an_exam_that_is_kept_is_erased_with_the_answers() -> None:
    keep_sitting("student", Sitting(new_key(), {}, 1.0))
    at = open_page()
    at.button(key="_progress.erase").click().run()
    assert "Erase 1 exam kept here of **student**? This cannot be undone." in words(at)
    at.button(key="_progress.erase_now").click().run()
    assert sittings("student") == ()


def erase_during_an_exam(erased: str) -> AppTest:
    """Begin an exam as Mia, erase a learner's answers on Progress, and go back to the exam."""
    at = AppTest.from_file(APP, default_timeout=60)
    at.session_state["lab:object:learner.name"] = "Mia"
    at.switch_page("pages/questions/exam.py").run()
    at.button(key="_exam.start").click().run()
    at.switch_page("pages/questions/progress.py").run()
    at.text_input(key="_progress.learner").set_value(erased).run()
    at.button(key="_progress.erase").click().run()
    at.button(key="_progress.erase_now").click().run()
    at.text_input(key="_progress.learner").set_value("Mia").run()
    at.switch_page("pages/questions/exam.py").run()
    assert not at.exception
    return at


def test_an_exam_under_way_ends_with_the_erasing_and_is_not_written_again() -> None:
    at = erase_during_an_exam("Mia")
    assert at.button(key="_exam.start")
    assert sittings("Mia") == ()
    assert at.session_state["lab:page:exam"].started_s is None


def test_erasing_another_learners_answers_leaves_an_exam_alone() -> None:
    answer("macs", 1, is_right=True, name="Ben")
    at = erase_during_an_exam("Ben")
    assert at.header[0].value.startswith("Question 1 of ")
    assert len(sittings("Mia")) == 1


def test_a_question_to_erase_does_not_move_on_to_another_name() -> None:
    answer("macs", 1, is_right=True)
    answer("macs", 1, is_right=True, name="Ben")
    at = open_page()
    at.button(key="_progress.erase").click().run()
    at.text_input(key="_progress.learner").set_value("Ben").run()
    assert "Erase one answer" not in words(at)


def test_a_damaged_file_is_kept_aside_and_said() -> None:
    answer("macs", 1, is_right=True)
    path = progress_file("student")
    path.write_bytes(path.read_bytes() + b'{"broken\n')
    at = open_page()
    assert "The progress file was damaged" in words(at)
    assert "1 answer, 1 right." in words(at)
    assert list(path.parent.glob("*.damaged-1"))


def test_answers_of_a_later_version_do_no_harm() -> None:
    answer("macs", 1, is_right=True)
    path = progress_file("student")
    row = json.loads(path.read_text().splitlines()[1])
    path.write_text(
        path.read_text() + json.dumps({**row, "topic": "no-such-topic", "misconception": "no-such-mistake"}) + "\n"
    )
    at = open_page()
    assert "2 answers, 2 right." in words(at)
