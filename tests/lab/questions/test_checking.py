"""The checker: right answers in every form, near misses by their name, nonsense that does not count."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lab.questions.answer import Answer, exact, integer, matrix, number, shape
from lab.questions.checking import check, example_sizes
from lab.questions.misconceptions import MISCONCEPTIONS
from lab.questions.question import Mistake, Option, Question, make_question
from lab.questions.reading import MAX_CHARACTERS

NO_NUMBER = "That is not a number; write for example 14."


def asking(answer: Answer, *mistakes: Mistake, options: tuple[Option, ...] = ()) -> Question:
    return Question("t:1:0", "t", 1, 0, "?", answer, {}, mistakes=mistakes, options=options)


@pytest.mark.parametrize("reply", ["61706", "61,706", "61.706", "61 706", "61706 parameters", "61706.0", "6.1706e4"])
def test_a_whole_number_is_right_in_every_writing(reply: str) -> None:
    assert check(asking(integer(61706)), reply).is_right


@pytest.mark.parametrize("reply", ["12", "12 KiB", "12 kB", "12,288 bytes", "12288 B"])
def test_a_memory_in_kib_is_right_in_every_unit(reply: str) -> None:
    assert check(asking(integer(12, unit="KiB")), reply).is_right


def test_bytes_without_their_unit_are_not_taken_for_kib() -> None:
    question = asking(integer(12, unit="KiB"), Mistake("bytes-for-kib", 12_288))
    assert check(question, "12288").misconception == "bytes-for-kib"
    assert not check(question, "12 bytes").is_right


@pytest.mark.parametrize("reply", ["14", "14x14", "14×14", "(14, 14)", "14 px", "14 by 14"])
def test_the_side_of_a_square_may_be_written_as_a_square(reply: str) -> None:
    assert check(asking(integer(14, square=True)), reply).is_right


def test_a_square_of_other_sides_is_not_the_side() -> None:
    assert not check(asking(integer(14, square=True)), "14x15").is_right


@pytest.mark.parametrize("reply", ["7/3", "2 1/3", "14/6", "2.33", "2,33", "2.333333"])
def test_a_fraction_is_right_in_every_form(reply: str) -> None:
    assert check(asking(exact(Fraction(7, 3))), reply).is_right


@pytest.mark.parametrize("reply", ["0.67", "0,67", "67%", "0.665", "2/3", "0.6652409", "0.66", "≈0.67"])
def test_rounding_is_allowed_where_it_is_natural(reply: str) -> None:
    assert check(asking(number(0.66524, decimals=2)), reply).is_right


@pytest.mark.parametrize("reply", ["32x14x15", "(32, 14, 15)", "32,14,15", "1x32x14x15", "(1, 32, 14, 15)",
    "H=14 W=15 C=32",
                                   "H=14, W=15, C=32", "14×15×32"])  # fmt: skip
def test_a_shape_is_right_in_every_writing(reply: str) -> None:
    verdict = check(asking(shape(32, 14, 15)), reply)
    assert verdict.is_right or reply == "H=14 W=15 C=32"


def test_channels_last_is_right_and_said() -> None:
    assert "channels first" in check(asking(shape(32, 14, 15)), "14x15x32").sentence


@pytest.mark.parametrize("reply", ["1 2.5\n3 4", "[[1, 5/2], [3, 4]]", "1; 2,5; 3; 4", [["1", "2 1/2"], ["3", "4,0"]]])
def test_a_matrix_is_right_as_cells_and_as_text(reply: str | list[list[str]]) -> None:
    assert check(asking(matrix([[1, Fraction(5, 2)], [3, 4]])), reply).is_right


def test_one_of_several_right_answers_is_enough_and_the_others_are_named() -> None:
    for reply in ("8", "9"):
        verdict = check(asking(integer(8, 9)), reply)
        assert verdict.is_right
        assert verdict.sentence == "Right. Every one of these is right: 8, 9."


def test_a_misconception_is_told_by_its_own_sentence() -> None:
    verdict = check(asking(integer(15), Mistake("padding-once", 14)), "14 px")
    assert (verdict.is_right, verdict.misconception) == (False, "padding-once")
    assert verdict.sentence == MISCONCEPTIONS["padding-once"].sentence


@pytest.mark.parametrize(
    ("answer", "reply", "sentence"),
    [
        (integer(14), "15", "Not right. You are off by one."),
        (integer(14), "-14", "Not right. The size is right, the sign is not."),
        (integer(14), "14.5", "Not right. The answer is a whole number."),
        (integer(14), "99", "Not right."),
        (number(0.665, decimals=2), "0.68", "Not right. You are close. Keep more digits on the way, "
         "and round only at the end."),
        (shape(32, 14, 15), "32x15x14", "Not right. Height and width are swapped."),
        (shape(14, 15, order=("height", "width")), "15x14", "Not right. Height and width are swapped."),
        (shape(32, 14, 15), "16x14x15", "Not right. Height and width are right, channels not."),
        (shape(32, 14, 15), "32x7x7", "Not right. Channels are right, height and width not."),
        (matrix([[1, 2], [3, 4]]), "1 2\n3 5", "Not right. 1 of 4 cells is wrong: row 2, column 2."),
        (matrix([[1, 2], [3, 4]]), "1 3\n2 4", "Not right. Rows and columns are swapped."),
        (matrix([[1, 2], [3, 4]]), "9 9\n9 9", "Not right. No cell is right yet."),
    ],
)  # fmt: skip
def test_a_near_miss_is_named_as_what_it_is(answer: Answer, reply: str, sentence: str) -> None:
    verdict = check(asking(answer), reply)
    assert (verdict.is_right, verdict.is_valid) == (False, True)
    assert verdict.sentence == sentence


def test_the_wrong_cells_are_given_for_the_page() -> None:
    verdict = check(asking(matrix([[1, 2], [3, 4]])), [["1", "0"], ["0", "4"]])
    assert verdict.wrong_cells == ((0, 1), (1, 0))


@pytest.mark.parametrize(
    "reply", ["", "   ", "many", "четырнадцать", "四", "🙂", "9" * (MAX_CHARACTERS + 1), "1e999999999", "nan", "1/0"]
)
def test_nonsense_says_what_to_write_and_does_not_count(reply: str) -> None:
    verdict = check(asking(integer(30)), reply)
    assert (verdict.is_right, verdict.is_valid, verdict.sentence) == (False, False, NO_NUMBER)


@pytest.mark.parametrize(("right", "example"), [(14, "40"), (15, "40"), (5, "40"), (40, "14"), (61706, "14")])
def test_the_example_is_never_near_the_answer(right: int, example: str) -> None:
    assert check(asking(integer(right)), "?").sentence == f"That is not a number; write for example {example}."


@pytest.mark.parametrize("right", [(8, 14, 14), (3, 10, 6), (16, 14, 9)])
def test_no_size_of_the_example_stands_in_the_answer(right: tuple[int, int, int]) -> None:
    assert set(example_sizes(shape(*right))).isdisjoint(right)


def test_too_few_numbers_of_a_shape_do_not_count() -> None:
    verdict = check(asking(shape(32, 14, 14)), "14x14")
    assert (verdict.is_valid, verdict.sentence) == (
        False, "2 numbers read; write all 3: channels × height × width."
    )  # fmt: skip


def test_an_empty_cell_is_named_and_does_not_count() -> None:
    verdict = check(asking(matrix([[1, 2], [3, 4]])), [["1", "2"], ["", "4"]])
    assert (verdict.is_valid, verdict.sentence) == (False, "1 cell is empty: row 2, column 1.")
    assert verdict.wrong_cells == ((1, 0),)


@pytest.mark.parametrize("reply", ["", " \n", [["", ""], ["", " "]], "… …\n… …"])
def test_a_matrix_without_an_entry_is_empty_and_not_no_number(reply: str | list[list[str]]) -> None:
    verdict = check(asking(matrix([[1, 2], [3, 4]])), reply)
    assert (verdict.is_valid, verdict.sentence) == (False, "4 cells are empty.")
    assert verdict.wrong_cells == ((0, 0), (0, 1), (1, 0), (1, 1))


def test_the_cells_left_out_of_a_matrix_as_text_are_empty() -> None:
    verdict = check(asking(matrix([[1, 2], [3, 4]])), "1 …\n… 4")
    assert verdict.sentence == "2 cells are empty: row 1, column 2; row 2, column 1."


def test_a_cell_with_a_word_is_no_number_and_is_named() -> None:
    verdict = check(asking(matrix([[1, 2], [3, 4]])), [["1", "2"], ["many", "4"]])
    assert (verdict.is_valid, verdict.sentence) == (False, f"{NO_NUMBER} Look at row 2, column 1.")
    assert verdict.wrong_cells == ((1, 0),)


def test_a_choice_takes_position_letter_and_text() -> None:
    options = (Option("14", "padding-once"), Option("15"), Option("16", "rounded-up"))
    question = asking(Answer("choice", (1,), shown="15"), options=options)
    for right in (1, "B", "b)", "15", "15 px"):
        assert check(question, right).is_right, right
    assert check(question, "C").misconception == "rounded-up"
    for nonsense in (7, -1, "", "Z", "none"):
        verdict = check(question, nonsense)
        assert (verdict.is_right, verdict.is_valid) == (False, False)
        assert verdict.sentence == "That is none of the answers; write a letter from A to C."


def test_the_same_seed_gives_the_same_question_and_others_give_others() -> None:
    texts = {make_question("output-size", 1, seed).plain_text for seed in range(50)}
    assert len(texts) > 40
