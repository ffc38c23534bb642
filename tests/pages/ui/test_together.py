"""Results that are computed several at a time: each once, the longest unused the first to go."""

from __future__ import annotations

import pytest

from pages.ui.together import Together


def counting(most: int) -> tuple[Together[int, int], list[list[int]]]:
    asked: list[list[int]] = []

    def squares(numbers: object) -> list[int]:
        asked.append(list(numbers))  # type: ignore[call-overload]
        return [n * n for n in asked[-1]]

    return Together(squares, most), asked


def test_what_was_prepared_is_not_computed_again() -> None:
    squares, asked = counting(9)
    squares.prepare([3, 4, 3])
    squares.prepare([4, 5])
    assert [squares(n) for n in (3, 4, 5, 6, 6)] == [9, 16, 25, 36, 36]
    assert asked == [[3, 4], [5], [6]]


def test_the_longest_unused_goes_first() -> None:
    squares, asked = counting(2)
    squares.prepare([1, 2])
    assert (squares(1), squares(3), squares(1)) == (1, 9, 1)
    assert asked == [[1, 2], [3]]
    assert squares(2) == 4
    assert asked[-1] == [2]


def test_nothing_is_kept_of_a_computation_that_fails() -> None:
    halves = Together(lambda numbers: [1 / n for n in numbers], most=4)
    with pytest.raises(ZeroDivisionError):
        halves.prepare([1, 0])
    assert halves(1) == 1
