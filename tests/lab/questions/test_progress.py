"""Progress on disk: added to, read back, damaged and kept aside, exported, erased; and what comes next."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.questions.checking import Verdict, check
from lab.questions.progress import (
    Progress,
    Record,
    add_answer,
    erase_progress,
    export_progress,
    learners,
    load_progress,
    mastery,
    mastery_of,
    next_topic,
    progress_file,
    slug_of,
)
from lab.questions.question import make_question
from lab.questions.topics import TOPICS

DAY = 86_400
RIGHT, WRONG = Verdict(True, True, "Right."), Verdict(False, True, "Not right.", "forgot-bias")


def answered(*rights: bool, topic: str = "parameters", level: int = 1, start: float = 0) -> tuple[Record, ...]:
    return tuple(Record(start + n, f"{topic}:{level}:{n}", topic, level, right) for n, right in enumerate(rights))


def test_answers_are_kept_and_read_back(tmp_path: Path) -> None:
    question = make_question("parameters", 1, 0)
    add_answer("Mia", question, RIGHT, now_s=5, n_hints=1, home=tmp_path)
    add_answer("Mia", question, WRONG, now_s=6, home=tmp_path)
    progress = load_progress("Mia", tmp_path)
    assert progress.records == (
        Record(5, question.id, "parameters", 1, True, None, 1),
        Record(6, question.id, "parameters", 1, False, "forgot-bias"),
    )
    assert (progress.notice, learners(tmp_path)) == ("", ("Mia",))


def test_a_reply_that_is_no_number_does_not_count(tmp_path: Path) -> None:
    question = make_question("parameters", 1, 0)
    add_answer("Mia", question, check(question, "many"), home=tmp_path)
    assert load_progress("Mia", tmp_path) == Progress("Mia")


@pytest.mark.parametrize("damage", [b"\x00\xff garbage", b"[]\n{}\n", b"", b'{"version": 1}\n', b"[" * 100_000])
def test_a_damaged_file_is_kept_aside_and_a_new_one_started(tmp_path: Path, damage: bytes) -> None:
    path = progress_file("Mia", tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(damage)
    progress = load_progress("Mia", tmp_path)
    assert progress.records == ()
    assert progress.notice.startswith("The progress file was damaged. It is kept as mia-")
    assert [file.read_bytes() for file in path.parent.glob("*.damaged-1")] == [damage]
    add_answer("Mia", make_question("parameters", 1, 0), RIGHT, home=tmp_path)
    assert len(load_progress("Mia", tmp_path).records) == 1


def test_a_line_cut_off_by_a_kill_costs_only_itself(tmp_path: Path) -> None:
    for _ in range(3):
        add_answer("Mia", make_question("parameters", 1, 0), RIGHT, home=tmp_path)
    path = progress_file("Mia", tmp_path)
    path.write_bytes(path.read_bytes()[:-20])
    progress = load_progress("Mia", tmp_path)
    assert len(progress.records) == 2
    assert "2 of its answers could be read and go on" in progress.notice
    assert load_progress("Mia", tmp_path).notice == ""


@pytest.mark.parametrize("name", ["../../etc/passwd", "Zoë/..", "CON", "a" * 60, "名前", "🙂", "-rf"])
def test_any_name_is_a_safe_file(tmp_path: Path, name: str) -> None:
    path = progress_file(name, tmp_path)
    assert path.resolve().parent == (tmp_path / "progress").resolve()
    assert path.name.removesuffix(".jsonl").replace("-", "").isalnum()
    assert path.name.isascii()


def test_two_names_never_share_a_file_and_spaces_do_not_matter() -> None:
    assert len({slug_of(name) for name in ("Zoë", "Zoe", "名前", "名", "Zo e")}) == 5
    assert slug_of(" Mia  K. ") == slug_of("Mia K.")


@pytest.mark.parametrize("name", ["", "  ", "a" * 61, "a\x00b"])
def test_no_name_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(LabError, match=r"a learner needs a name|at most 60 characters"):
        slug_of(name)


def test_progress_can_be_exported_and_erased(tmp_path: Path) -> None:
    add_answer("Mia", make_question("parameters", 1, 0), RIGHT, now_s=5, home=tmp_path)
    exported = json.loads(export_progress("Mia", tmp_path))
    assert (exported["learner"], exported["answers"][0]["id"]) == ("Mia", "parameters:1:0")
    assert erase_progress("Mia", tmp_path) == 1
    assert (erase_progress("Mia", tmp_path), learners(tmp_path)) == (0, ())


def test_mastery_grows_with_right_answers_and_names_the_usual_mistake() -> None:
    assert mastery_of(Progress("Mia"), "parameters").share == 0
    one = mastery_of(Progress("Mia", answered(True)), "parameters")
    full = mastery_of(Progress("Mia", answered(True, True, True)), "parameters")
    half = mastery_of(Progress("Mia", answered(True, False, True, False)), "parameters")
    assert (one.share, full.share, half.share) == (pytest.approx(1 / 3), 1.0, 0.5)
    assert (one.level, full.level, half.level, full.streak, half.streak) == (1, 2, 1, 3, 0)
    wrong = Record(0, "parameters:1:0", "parameters", 1, False, "forgot-bias")
    assert mastery_of(Progress("Mia", (wrong,)), "parameters").misconception == "forgot-bias"
    assert list(mastery(Progress("Mia"))) == list(TOPICS)


def test_a_topic_comes_back_after_ever_longer_pauses() -> None:
    days = [mastery_of(Progress("M", answered(*[True] * n)), "parameters").due_s // DAY for n in (1, 2, 3, 4)]
    assert days == [1, 2, 4, 8]
    assert mastery_of(Progress("M", answered(True, True, False)), "parameters").due_s < DAY


def test_what_is_due_comes_before_what_is_new_and_the_weakest_first() -> None:
    known, weak = answered(True, True, True, topic="macs"), answered(False, topic="softmax")
    assert next_topic(Progress("M", (*known, *weak)), now_s=100).topic == "softmax"
    assert next_topic(Progress("M", known), now_s=100).topic == next(iter(TOPICS))
    later = next_topic(Progress("M", known), now_s=5 * DAY)
    assert (later.topic, later.level, later.reason) == ("macs", 2, "It is time to repeat it.")
    alone = next_topic(Progress("M", known), now_s=100, topics=["macs"])
    assert alone.reason == "Nothing is due today. This one comes back first."
