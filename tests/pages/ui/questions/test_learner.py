"""One name for all question pages; a progress file that fails costs one sentence."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lab.questions.checking import check
from lab.questions.progress import add_answer, load_progress, progress_file
from lab.questions.question import question_of


def page() -> AppTest:
    def script() -> None:
        import streamlit as st

        from pages.ui.questions import learner

        learner.name_box("one")
        learner.name_box("two")
        learner.show_notice()
        st.caption(learner.kept_sentence())
        st.markdown(f"{learner.learner_name()} has {len(learner.progress().records)}")

    return AppTest.from_function(script, default_timeout=60)


def test_a_newcomer_is_called_student() -> None:
    at = page().run()
    assert not at.exception
    assert at.markdown[0].value == "student has 0"


def test_a_name_holds_on_every_page() -> None:
    at = page().run()
    at.text_input(key="_one.learner").set_value("  Mia   K. ").run()
    assert at.text_input(key="_two.learner").value == "Mia K."
    assert at.markdown[0].value == "Mia K. has 0"


def test_who_has_no_name_is_told_that_others_without_one_share_the_answers() -> None:
    at = page().run()
    assert "Everybody who gives no name here shares them" in at.caption[0].value
    at.text_input(key="_one.learner").set_value("Mia").run()
    assert at.caption[0].value == "The answers of Mia are kept on this machine only."


@pytest.mark.parametrize("name", ["", "   "])
def test_no_name_is_the_usual_one(name: str) -> None:
    at = page().run()
    at.text_input(key="_one.learner").set_value("Mia").run()
    at.text_input(key="_one.learner").set_value(name).run()
    assert at.markdown[0].value == "student has 0"


def test_a_name_that_cannot_be_kept_is_said_and_the_old_one_stays() -> None:
    at = page().run()
    at.text_input(key="_one.learner").set_value("a\u202eb").run()
    assert at.markdown[-1].value == "student has 0"
    assert "needs a name" in at.warning[0].value


def test_a_damaged_file_is_said_once_and_everything_goes_on() -> None:
    question = question_of("output-size:1:0")
    add_answer("student", question, check(question, question.answer.text))
    with progress_file("student").open("ab") as file:
        file.write(b"\xff{broken\n")
    at = page().run()
    at.run()
    assert "was damaged" in at.warning[0].value
    assert at.markdown[-1].value == "student has 1"
    at.button(key="_learner.dismiss").click().run()
    assert not at.warning
    assert load_progress("student").notice == ""
