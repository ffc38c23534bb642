"""Which questions make up an exam or a sheet: topics in turn, levels in turn, no question twice."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence

from lab.errors import Code, LabError
from lab.questions.question import MAX_SEED, SAME_FORM, Question, make_question
from lab.questions.topics import topic_of

MAX_QUESTIONS = 60
_N_SEEDS = 40_000  # other numbers for the same slot: more than any class has students


def draw_questions(
    topics: Sequence[str], levels: Sequence[int], n: int, seed: int, *, person: str = ""
) -> tuple[Question, ...]:
    """Draw questions; with a ``person`` the same kinds of questions with that person's own numbers.

    Raises:
        LabError: an unknown topic or level, no topic, or a number out of range (``INPUT``).
    """
    if not topics or not levels:
        raise LabError(Code.INPUT, "there is nothing to ask", now="choose at least one topic and one level")
    if not 1 <= n <= MAX_QUESTIONS:
        raise LabError(Code.INPUT, f"{n} is no number of questions", now=f"choose 1 to {MAX_QUESTIONS}")
    if not 0 <= seed <= MAX_SEED:
        raise LabError(Code.INPUT, f"a seed is a number from 0 to {MAX_SEED:,}, got {seed}", where="seed")
    for name in topics:
        topic_of(name)
    lots = random.Random(f"lots:{seed}")
    turns = [name for _ in range(-(-n // len(topics))) for name in lots.sample(list(topics), len(topics))][:n]
    found: list[Question] = []
    for slot, topic in enumerate(turns):
        level, base = levels[slot % len(levels)], lots.randrange(SAME_FORM * _N_SEEDS)
        found.append(_unlike(found, topic, level, _own(base, seed, slot, person)))
    return tuple(found)


def _own(base: int, seed: int, slot: int, person: str) -> int:
    """Turn the seed of a slot into a person's own: the same form, other numbers."""
    if not person:
        return base
    digest = hashlib.sha256(f"{seed}:{slot}:{person}".encode()).digest()
    return base % SAME_FORM + SAME_FORM * (int.from_bytes(digest[:8], "big") % _N_SEEDS)


def _unlike(found: Sequence[Question], topic: str, level: int, seed: int) -> Question:
    """Make a question that is not on the list yet; small topics may run out of numbers."""
    question = make_question(topic, level, seed)
    texts = {other.plain_text for other in found}
    for _ in range(20):
        if question.plain_text not in texts:
            break
        seed += SAME_FORM
        question = make_question(topic, level, seed)
    return question
