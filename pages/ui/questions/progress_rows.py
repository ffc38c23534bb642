"""What the Progress page says about each topic, from the answers so far."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from lab.questions.misconceptions import MISCONCEPTIONS, Misconception
from lab.questions.progress import Mastery, Progress, Record, mastery
from lab.questions.topics import TOPICS
from pages.ui.questions.exam_choice import title_of

_DAY_S = 86_400
_MASTERED = 0.8  # of the last answers, weighted by level
_WATCHED = 3  # a short list is read


@dataclass(frozen=True)
class TopicRow:
    """One topic, ready to read.

    Args:
        topic: its name.
        title: as the menu shows it.
        percent: 0 to 100, how well it is known.
        answers: right answers of all.
        level: what to practise next.
        due: when it comes back.
        is_due: it is time to repeat it.
        mistake: the known mistake that was made most often, as it stands in a sentence; empty if none was made twice.
    """

    topic: str
    title: str
    percent: int
    answers: str
    level: str
    due: str
    is_due: bool
    mistake: str


@dataclass(frozen=True)
class TopicGroup:
    """Topics that stand together in the menu."""

    title: str
    rows: tuple[TopicRow, ...]


def topic_groups(progress: Progress, now_s: float) -> tuple[TopicGroup, ...]:
    """Put all topics into rows, by group, in the order of the menu."""
    found = mastery(progress)
    groups = dict.fromkeys(topic.group for topic in TOPICS.values())
    return tuple(
        TopicGroup(name, tuple(_row(found[topic.name], now_s) for topic in TOPICS.values() if topic.group == name))
        for name in groups
    )


def _row(row: Mastery, now_s: float) -> TopicRow:
    known = MISCONCEPTIONS.get(row.misconception or "")
    return TopicRow(
        topic=row.topic,
        title=title_of(row.topic),
        percent=round(100 * row.share),
        answers=f"{row.n_right} of {row.n_answers} right" if row.n_answers else "",
        level=f"level {row.level}",
        due=due_text(row, now_s),
        is_due=bool(row.n_answers) and row.due_s <= now_s,
        mistake=known.inline if known and row.n_misconception > 1 else "",
    )


def due_text(row: Mastery, now_s: float) -> str:
    """Say when a topic comes back.

    Examples:
        >>> row = Mastery("macs", 1, 1, 0.3, 1, 1, due_s=100_000.0)
        >>> due_text(row, 200_000.0), due_text(row, 90_000.0), due_text(row, 0.0)
        ('now', 'tomorrow', 'in 2 days')
    """
    if not row.n_answers:
        return "new"
    days = math.ceil((row.due_s - now_s) / _DAY_S)
    return "now" if days <= 0 else "tomorrow" if days == 1 else f"in {days} days"


def summary(progress: Progress, now_s: float) -> str:
    """Sum up all answers in one sentence.

    Examples:
        >>> summary(Progress("Mia"), 0.0)
        'No answers yet. Practise or write an exam, and this page fills up.'
    """
    if not progress.records:
        return "No answers yet. Practise or write an exam, and this page fills up."
    n, n_right = len(progress.records), sum(record.is_right for record in progress.records)
    found = mastery(progress).values()
    n_known = sum(row.share >= _MASTERED for row in found)
    n_due = sum(bool(row.n_answers) and row.due_s <= now_s for row in found)
    answers = "1 answer" if n == 1 else f"{n} answers"
    return (
        f"{answers}, {n_right} right. {n_known} of {len(TOPICS)} topics known well. "
        f"{n_due} {'is' if n_due == 1 else 'are'} to be repeated now."
    )


def frequent_mistakes(progress: Progress) -> tuple[tuple[Misconception, int], ...]:
    """Find the known mistakes that were made most often, with how often; the latest first among equals."""
    latest = [record.misconception for record in reversed(progress.records) if record.misconception in MISCONCEPTIONS]
    counted: Mapping[str, int] = Counter(name for name in latest if name)
    ranked = sorted(counted, key=lambda name: -counted[name])[:_WATCHED]
    return tuple((MISCONCEPTIONS[name], counted[name]) for name in ranked)


def record_row(record: Record) -> tuple[str, str, str]:
    """Write one answer for the list of the last ones: topic, level, what was said to it."""
    known = MISCONCEPTIONS.get(record.misconception or "")
    said = "right" if record.is_right else f"not right: {known.inline}" if known else "not right"
    hints = f", {record.n_hints} hint{'s' if record.n_hints > 1 else ''}" if record.n_hints else ""
    return title_of(record.topic), str(record.level), said + hints
