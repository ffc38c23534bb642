"""An exam on its way, and its result, kept on this machine: a page loaded anew goes on where it was.

One small JSON file a sitting, beside the learner's answers, replaced as a whole. Its name ends in a random key that
only the browser knows in which it was begun: two people who both answer as ``student`` do not meet in one exam.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lab.errors import Code, LabError
from lab.files import disk_errors_in_words, write_json
from lab.questions.checking import Reply
from lab.questions.progress import MAX_FILE_BYTES, progress_file, set_aside

_VERSION = 1
_KEY = re.compile(r"[0-9a-f]{32}")
_KEPT_S = 60 * 86_400.0  # an exam that nobody came back to for so long is thrown away when another one begins


@dataclass(frozen=True)
class Sitting:
    """One exam of one learner.

    Args:
        key: 32 hexadecimal digits, from :func:`new_key`.
        choice: what the exam is drawn from and its limit: ``topics``, ``levels``, ``n``, ``seed``, ``limit_min``.
        started_s: when it was begun, seconds since 1970.
        at: the question that is shown, counted from 0.
        replies: by position of the question, counted from 0.
        time_s: how long it took; ``None`` as long as it is written.
    """

    key: str
    choice: Mapping[str, Any]
    started_s: float
    at: int = 0
    replies: Mapping[int, Reply] = field(default_factory=dict)
    time_s: float | None = None


def new_key() -> str:
    """Make a key that nobody guesses."""
    return secrets.token_hex(16)


def keep_sitting(name: str, sitting: Sitting, *, home: Path | None = None, now_s: float | None = None) -> None:
    """Write a sitting, whole or not at all; its first writing throws away what was left behind long ago.

    One that has ended stays as it is: another tab, in which it still stands open, cannot take its result away.

    Raises:
        LabError: a bad name or key, or one that has ended (``INPUT``), a full disk (``DISK-FULL``), a folder that may
            not be written.
    """
    path = _file(name, sitting.key, home)
    with disk_errors_in_words(path.name):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _throw_old_ones_away(name, home, time.time() if now_s is None else now_s)
        elif _has_ended(path, sitting.key):
            now = "load the page anew to see its result"
            raise LabError(Code.INPUT, "this exam was finished in another tab", now=now)
    # A kill loses nothing; a power cut may cost the last answer, and waiting for the disk at every key costs time.
    write_json(path, {"version": _VERSION, **asdict(sitting)}, durable=sitting.time_s is not None)


def load_sitting(name: str, key: str, home: Path | None = None) -> tuple[Sitting | None, str]:
    """Read a sitting; a damaged file is kept aside.

    Returns:
        The sitting, ``None`` where there is none; and what has to be said about its file, mostly nothing.

    Raises:
        LabError: a bad name or key (``INPUT``), or a disk that refuses.
    """
    path = _file(name, key, home)
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_FILE_BYTES else b""
    except FileNotFoundError:
        return None, ""
    found = _read(data, key)
    if found is not None:
        return found, ""
    aside = set_aside(path)
    return None, f"The file of the exam was damaged. It is kept as {aside.name}; please begin the exam again."


def forget_sitting(name: str, key: str, home: Path | None = None) -> None:
    """Delete a sitting."""
    _file(name, key, home).unlink(missing_ok=True)


def sittings(name: str, home: Path | None = None) -> tuple[Path, ...]:
    """Find the files of all sittings of a learner."""
    path = progress_file(name, home)
    return tuple(path.parent.glob(f"{path.stem}.exam-*.json"))


def _file(name: str, key: str, home: Path | None) -> Path:
    if not _KEY.fullmatch(key):
        raise LabError(Code.INPUT, "that is no key of an exam", now="begin the exam again")
    path = progress_file(name, home)
    return path.with_name(f"{path.stem}.exam-{key}.json")


def _throw_old_ones_away(name: str, home: Path | None, now_s: float) -> None:
    for path in sittings(name, home):
        with suppress(OSError):  # somebody else clears up as well, and what stays behind keeps nobody from writing
            if now_s - path.stat().st_mtime > _KEPT_S:
                path.unlink()


def _has_ended(path: Path, key: str) -> bool:
    kept = _read(path.read_bytes(), key)
    return kept is not None and kept.time_s is not None


def _read(data: bytes, key: str) -> Sitting | None:
    """Read a file; ``None`` when it is no sitting of this key. The page checks what was chosen and answered."""
    try:
        value = json.loads(data)
        if value.pop("version") != _VERSION or value["key"] != key:
            return None
        value["replies"] = {int(index): reply for index, reply in value["replies"].items()}
        found = Sitting(**value)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    times = (found.started_s, 0.0 if found.time_s is None else found.time_s)
    is_time = all(isinstance(part, int | float) and 0 <= part < 1e11 for part in times)
    return found if is_time and isinstance(found.at, int) and isinstance(found.choice, dict) else None
