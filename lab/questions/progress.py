"""What a learner has answered so far: kept on this machine, one file a name, and what to practise next.

A file has one JSON object a line, and lines are only ever added. A file that cannot be read is kept aside, and what is
readable in it goes on in a new one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from lab.errors import Code, LabError
from lab.files import disk_errors_in_words, lab_home, write_atomically
from lab.questions.checking import Verdict
from lab.questions.question import Question
from lab.questions.topics import TOPICS

MAX_NAME = 60
MAX_FILE_BYTES = 20_000_000
_VERSION = 1
_DAY_S = 86_400
# Days until a topic comes back after 0, 1, 2, … right answers in a row: about doubling, as in Leitner's boxes.
_INTERVALS_DAYS = (0, 1, 2, 4, 8, 16, 32)
_WINDOW = 8  # answers that mastery looks back on
_TO_PASS = 3  # right answers in a row at a level before the next level is suggested


@dataclass(frozen=True)
class Record:
    """One answer.

    Args:
        time_s: when, seconds since 1970.
        id: the question.
        topic: its topic.
        level: its level.
        is_right: whether the answer was right.
        misconception: the known mistake it came from.
        n_hints: hints that were looked at before.
    """

    time_s: float
    id: str
    topic: str
    level: int
    is_right: bool
    misconception: str | None = None
    n_hints: int = 0


@dataclass(frozen=True)
class Progress:
    """All answers of one learner.

    Args:
        learner: the name chosen.
        records: the answers, oldest first.
        notice: what has to be said about the file, if it was damaged; else empty.
    """

    learner: str
    records: tuple[Record, ...] = ()
    notice: str = ""

    def of(self, topic: str) -> tuple[Record, ...]:
        """Give the answers of one topic."""
        return tuple(record for record in self.records if record.topic == topic)


@dataclass(frozen=True)
class Mastery:
    """How well a topic is known.

    Args:
        topic: its name.
        n_answers: answers so far.
        n_right: right ones among them.
        share: 0 to 1: right answers among the last ones, weighted by level, and growing with their number.
        level: the level to practise next.
        streak: right answers in a row, the latest ones.
        due_s: when it should be practised again; 0 for a topic that was never asked.
        misconception: the known mistake made most often, if any.
        n_misconception: how often it was made.
    """

    topic: str
    n_answers: int
    n_right: int
    share: float
    level: int
    streak: int
    due_s: float
    misconception: str | None = None
    n_misconception: int = 0


@dataclass(frozen=True)
class Suggestion:
    """What to practise next, and why."""

    topic: str
    level: int
    reason: str


def slug_of(name: str) -> str:
    """Turn a learner's name into a safe file name; different names get different ones.

    Raises:
        LabError: no name, or one that is too long (``INPUT``).

    Examples:
        >>> slug_of("Mia K."), slug_of("../../etc")
        ('mia-k-b6989501', 'etc-74ccf3c5')
    """
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name or not name.isprintable():
        raise LabError(Code.INPUT, "a learner needs a name", where="name", now="write any name or nickname")
    if len(name) > MAX_NAME:
        raise LabError(Code.INPUT, f"a name has at most {MAX_NAME} characters", where="name", now="shorten it")
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:30].strip("-")
    return f"{words or 'learner'}-{hashlib.sha256(name.lower().encode()).hexdigest()[:8]}"


def progress_file(name: str, home: Path | None = None) -> Path:
    """Say where a learner's answers are kept."""
    return lab_home(home) / "progress" / f"{slug_of(name)}.jsonl"


def add_answer(
    name: str,
    question: Question,
    verdict: Verdict,
    *,
    n_hints: int = 0,
    now_s: float | None = None,
    home: Path | None = None,
) -> None:
    """Add one answer to the file; a reply that could not be read is no attempt and is not added.

    Raises:
        LabError: a bad name (``INPUT``), a full disk (``DISK-FULL``), a folder that may not be written.
    """
    if not verdict.is_valid:
        return
    record = Record(
        time_s=round(time.time() if now_s is None else now_s, 3),
        id=question.id,
        topic=question.topic,
        level=question.level,
        is_right=verdict.is_right,
        misconception=verdict.misconception,
        n_hints=n_hints,
    )
    path = progress_file(name, home)
    with disk_errors_in_words(path.name):
        path.parent.mkdir(parents=True, exist_ok=True)
        header = b"" if path.exists() else _line({"version": _VERSION, "learner": " ".join(name.split())})
        # One write of whole lines to the end: two open pages cannot mix their lines.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(descriptor, header + _line(asdict(record)))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def load_progress(name: str, home: Path | None = None) -> Progress:
    """Read a learner's answers; a damaged file is kept aside, and a new one starts with what could be read.

    Raises:
        LabError: a bad name (``INPUT``), or a disk that refuses.
    """
    path = progress_file(name, home)
    learner = " ".join(name.split())
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_FILE_BYTES else b"\0"
    except FileNotFoundError:
        return Progress(learner)
    lines = data.split(b"\n")
    records = [_record(line) for line in lines[1:] if line]
    good = tuple(record for record in records if record is not None)
    if _is_header(lines[0]) and len(good) == len(records) and data.endswith(b"\n"):
        return Progress(learner, good)
    return Progress(learner, good, _keep_aside(path, learner, good))


def _keep_aside(path: Path, learner: str, good: tuple[Record, ...]) -> str:
    """Move a damaged file out of the way, start a new one, and say so."""
    aside = set_aside(path)
    lines = [_line({"version": _VERSION, "learner": learner}), *(_line(asdict(record)) for record in good)]
    write_atomically(path, b"".join(lines))
    saved = "no answer in it could be read" if not good else f"{len(good)} of its answers could be read and go on"
    return f"The progress file was damaged. It is kept as {aside.name}, and a new one was started: {saved}."


def set_aside(path: Path) -> Path:
    """Move a damaged file out of the way, beside where it was; returns its new place."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}")).exists():
        number += 1
    with disk_errors_in_words(path.name):
        os.replace(path, aside)
    return aside


def learners(home: Path | None = None) -> tuple[str, ...]:
    """List the names that have answered on this machine."""
    names = set()
    for path in (lab_home(home) / "progress").glob("*.jsonl"):
        with path.open("rb") as file:
            header = file.readline(1000)
        if _is_header(header.strip()):
            names.add(str(json.loads(header)["learner"]))
    return tuple(sorted(names, key=str.lower))


def export_progress(name: str, home: Path | None = None) -> str:
    """Give a learner's answers as JSON text, to take along.

    Raises:
        LabError: a bad name (``INPUT``).
    """
    progress = load_progress(name, home)
    rows = [asdict(record) for record in progress.records]
    return json.dumps({"version": _VERSION, "learner": progress.learner, "answers": rows}, ensure_ascii=False, indent=1)


def erase_progress(name: str, home: Path | None = None) -> int:
    """Delete a learner's answers and exams, files kept aside included; return how many files there were."""
    path = progress_file(name, home)
    existing = [file for file in (path, *path.parent.glob(f"{path.stem}.*-*")) if file.exists()]
    for file in existing:
        file.unlink()
    return len(existing)


def mastery_of(progress: Progress, topic: str) -> Mastery:
    """Judge one topic from the answers so far."""
    records = progress.of(topic)
    latest = records[-_WINDOW:]
    weights = sum(record.level for record in latest)
    share = sum(record.level for record in latest if record.is_right) / weights if weights else 0.0
    streak = _streak(records)
    wrong = [record.misconception for record in records if record.misconception]
    most = max(wrong, key=wrong.count) if wrong else None
    days = _INTERVALS_DAYS[min(streak, len(_INTERVALS_DAYS) - 1)]
    return Mastery(
        topic=topic,
        n_answers=len(records),
        n_right=sum(record.is_right for record in records),
        share=share * min(1.0, len(latest) / _TO_PASS),
        level=_next_level(records, TOPICS[topic].levels if topic in TOPICS else (1, 2, 3)),
        streak=streak,
        due_s=records[-1].time_s + days * _DAY_S if records else 0.0,
        misconception=most,
        n_misconception=wrong.count(most) if most else 0,
    )


def mastery(progress: Progress) -> dict[str, Mastery]:
    """Judge every topic, in the order of the menu."""
    return {name: mastery_of(progress, name) for name in TOPICS}


def next_topic(progress: Progress, *, now_s: float | None = None, topics: Iterable[str] = ()) -> Suggestion:
    """Say what to practise next: what is due and weakest, then something new, then what is due soonest.

    Args:
        progress: the answers so far.
        now_s: the time, seconds since 1970.
        topics: choose among these only; none means all.
    """
    now = time.time() if now_s is None else now_s
    chosen = tuple(topics) or tuple(TOPICS)
    found = [mastery_of(progress, name) for name in chosen]
    due = [row for row in found if row.n_answers and row.due_s <= now]
    if due:
        row = min(due, key=lambda one: (one.share, one.due_s))
        last = progress.of(row.topic)[-1]
        reason = "It is time to repeat it." if last.is_right else "The last answer was not right yet."
        return Suggestion(row.topic, row.level, reason)
    new = [row for row in found if not row.n_answers]
    if new:
        return Suggestion(new[0].topic, new[0].level, "You have not tried it yet.")
    row = min(found, key=lambda one: one.due_s)
    return Suggestion(row.topic, row.level, "Nothing is due today. This one comes back first.")


def _streak(records: tuple[Record, ...]) -> int:
    streak = 0
    for record in reversed(records):
        if not record.is_right:
            return streak
        streak += 1
    return streak


def _next_level(records: tuple[Record, ...], levels: tuple[int, ...]) -> int:
    """Find the first level whose latest answers were not all right."""
    for level in levels:
        latest = [record.is_right for record in records if record.level == level][-_TO_PASS:]
        if len(latest) < _TO_PASS or not all(latest):
            return level
    return levels[-1]


def _line(value: dict[str, object]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _is_header(line: bytes) -> bool:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and value.get("version") == _VERSION and isinstance(value.get("learner"), str)


def _record(line: bytes) -> Record | None:
    """Read one line; ``None`` when it is no answer."""
    try:
        value = json.loads(line)
        record = Record(**value)
    except (ValueError, TypeError, RecursionError):
        return None
    types = (record.id, str), (record.topic, str), (record.level, int), (record.is_right, bool), (record.n_hints, int)
    is_time = isinstance(record.time_s, int | float) and 0 <= record.time_s < 1e11
    is_named = record.misconception is None or isinstance(record.misconception, str)
    return record if is_time and is_named and all(isinstance(part, kind) for part, kind in types) else None
