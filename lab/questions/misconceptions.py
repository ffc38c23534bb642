"""The known mistakes: each with a name, and what it is told to whoever made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lab.questions.mistakes_in_counting import COUNTING
from lab.questions.mistakes_in_values import VALUES


@dataclass(frozen=True)
class Misconception:
    """A wrong idea.

    Args:
        name: as distractors and the progress file know it.
        title: the idea in a few words.
        sentence: what is wrong with it, and what is right.
    """

    name: str
    title: str
    sentence: str

    @property
    def inline(self) -> str:
        """The title inside a sentence; an abbreviation keeps its capitals.

        Examples:
            >>> MISCONCEPTIONS["forgot-bias"].inline, MISCONCEPTIONS["macs-for-parameters"].inline
            ('bias left out', 'MACs for parameters')
        """
        first = self.title.split()[0]
        return self.title if first[1:] != first[1:].lower() else self.title[:1].lower() + self.title[1:]


MISCONCEPTIONS: Mapping[str, Misconception] = MappingProxyType(
    {row[0]: Misconception(*row) for row in (*COUNTING, *VALUES)}
)
"""Every known mistake by name."""
