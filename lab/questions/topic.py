"""A topic as a declared object: its name, what it trains, how one question is drawn, how large its numbers get."""

from __future__ import annotations

from dataclasses import dataclass

from lab.questions.question import Maker


@dataclass(frozen=True)
class Topic:
    """One kind of question.

    Args:
        name: as the command line and the ids know it.
        title: as the menu shows it.
        sentence: what it trains.
        group: topics of one group stand together.
        make: draws one question.
        largest: the largest number that a right answer reaches at each level, so that paper is enough.
        levels: what there is to choose: 1 clean divisions and small numbers; 2 floors, rectangles, dilation; 3 groups,
            transposed convolutions, chains.
    """

    name: str
    title: str
    sentence: str
    group: str
    make: Maker
    largest: tuple[int, int, int]
    levels: tuple[int, ...] = (1, 2, 3)
