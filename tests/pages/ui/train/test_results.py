from __future__ import annotations

import pytest

from pages.ui.components.confusion import cell_of
from pages.ui.components.run_table import ticked_of
from pages.ui.train.results import cell_title, largest_confusion, most_confused
from pages.ui.train.words import WORDS, queue_text


@pytest.mark.parametrize(
    "value", [None, "3", [1], [1, 2, 3], [-1, 0], [0, 10], {"row": 1}, [None, 1], [float("nan"), 1]]
)
def test_what_is_no_cell_of_the_matrix_is_nothing(value: object) -> None:
    assert cell_of(value, 10) is None


def test_a_cell_is_row_and_column() -> None:
    assert cell_of([9, 0], 10) == (9, 0)


def test_only_runs_that_are_there_can_be_ticked() -> None:
    assert ticked_of({"chosen": ["a", "../../etc", 7]}, ["a", "b"]) == ("a",)


def test_without_mistakes_there_is_no_largest_confusion() -> None:
    assert largest_confusion(((5, 0), (0, 4))) is None


def test_the_right_answers_are_no_confusion() -> None:
    assert largest_confusion(((500, 1), (2, 400))) == (1, 0)


def test_all_classes_are_shown_in_their_order_where_they_fit() -> None:
    assert most_confused(((1, 9), (0, 9)), limit=40) == [0, 1]


def test_a_title_counts_in_words() -> None:
    assert cell_title("Bag", "Coat", 2) == "2 images of Bag taken for Coat"


def test_every_status_has_its_word_sign_and_icon() -> None:
    from typing import get_args

    from lab.training.run_status import Status

    assert set(WORDS) == set(get_args(Status))
    assert len({(words.word, words.tone) for words in WORDS.values()}) == len(WORDS)


def test_a_run_that_is_just_being_started_does_not_wait_for_another() -> None:
    assert queue_text(0).startswith("Starting")
    assert "1 waiting run is before it" in queue_text(2)
