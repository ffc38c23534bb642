"""The Sheet page as its script runs; printing is tested in tests/browser/test_exam.py."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from lab.questions.sheet import asked, make_sheet, worked
from lab.questions.topics import TOPICS
from pages.ui.questions.exam_state import ExamState
from pages.ui.questions.sheet_state import MOST_STUDENTS, SheetState

PAGE = Path(__file__).parents[3] / "pages/questions/sheet.py"


def open_page(value: SheetState | None = None) -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=60)
    if value is not None:
        at.session_state["lab:page:sheet"] = value
    at.run()
    assert not at.exception
    return at


def text_of(at: AppTest) -> list[str]:
    return [block.value for block in at.markdown]


def state_of(at: AppTest) -> SheetState:
    kept = at.session_state["lab:page:sheet"]
    assert isinstance(kept, SheetState)
    return kept


def test_the_page_opens_with_a_whole_sheet() -> None:
    blocks = text_of(open_page())
    sheet = make_sheet(list(TOPICS), [1, 2], 10, SheetState().seed)
    assert [asked(number, question) for number, question in enumerate(sheet.questions, 1)] == blocks[-10:]


def test_the_usual_sheet_asks_nothing_that_the_usual_exam_asks() -> None:
    chosen, exam = SheetState(), ExamState().exam
    sheet = make_sheet(chosen.asked, chosen.levels, chosen.n, chosen.seed)
    assert not {question.plain_text for question in sheet.questions} & {row.plain_text for row in exam.questions}


def test_the_key_belongs_to_the_questions_shown() -> None:
    chosen = SheetState(topics=("macs", "parameters"), levels=(3,), n=4, seed=11)
    at = open_page(chosen.model_copy(update={"part": "key"}))
    sheet = make_sheet(["parameters", "macs"], [3], 4, 11)
    assert text_of(at)[-4:] == [worked(number, question) for number, question in enumerate(sheet.questions, 1)]
    assert at.header[0].value == "Answer key: Questions on convolutional networks"


def test_every_student_gets_a_paper_of_their_own() -> None:
    at = open_page(SheetState(n=3, class_code="8b"))
    at.text_area(key="_sheet.students").set_value("Mia *K*\n\nBen\nMia *K*").run()
    assert state_of(at).students == ("Mia *K*", "Ben")
    at.selectbox(key="_sheet.shown").set_value("\0all").run()
    assert not at.exception
    papers = [block for block in text_of(at) if block.startswith("Name: ")]
    assert [paper.split(" &emsp;")[0] for paper in papers] == [r"Name: **Mia \*K\***", "Name: **Ben**"]
    mia, ben = (block for block in text_of(at) if block.startswith("**1.**"))
    assert mia != ben


def test_a_student_who_is_taken_off_the_list_is_not_shown_any_more() -> None:
    at = open_page(SheetState(n=2, students=("Mia", "Ben"), shown="Ben"))
    at.text_area(key="_sheet.students").set_value("Mia\nZoe").run()
    assert not at.exception
    assert at.selectbox(key="_sheet.shown").value == "Mia"
    assert any(block.startswith("Name: **Mia**") for block in text_of(at))


def test_too_many_students_are_said_and_the_first_are_taken() -> None:
    at = open_page(SheetState(n=1))
    at.text_area(key="_sheet.students").set_value("\n".join(f"student {i}" for i in range(80))).run()
    assert len(state_of(at).students) == MOST_STUDENTS
    assert "at most 60 students" in at.session_state["lab:notices"][0]


def test_the_last_level_cannot_be_taken_away() -> None:
    at = open_page(SheetState(levels=(2,)))
    at.button_group(key="_sheet.levels").set_value([]).run()
    assert not at.exception
    assert state_of(at).levels == (2,)


def test_a_link_with_nonsense_still_gives_a_sheet() -> None:
    for values in ({"topics": ["no-such"]}, {"levels": []}, {"levels": [9]}, {"seed": -1}, {"n": 10**9}):
        at = AppTest.from_file(PAGE, default_timeout=60)
        at.session_state["lab:link_pages"] = {"sheet": values}
        at.run()
        assert not at.exception
        assert len([block for block in text_of(at) if block.startswith("**")]) == 10
