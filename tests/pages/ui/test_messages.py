from __future__ import annotations

import pytest

from lab.errors import Code, LabError
from pages.ui.messages import escape, said, without_code


@pytest.mark.parametrize("code", Code)
def test_every_code_stands_small_behind_its_sentence(code: Code) -> None:
    sentence = LabError(code, "it cannot be done", where="conv1", now="do something else").sentence
    shown = said(sentence).replace("\\", "")
    assert shown == f"conv1: it cannot be done; do something else :small[:gray[code {code}]]"
    assert without_code(sentence) == "conv1: it cannot be done; do something else"


def test_what_only_looks_like_a_code_stays() -> None:
    assert said("Trained on (A-B)").replace("\\", "") == without_code("Trained on (A-B)") == "Trained on (A-B)"


@pytest.mark.parametrize("address", ["https://a.example/x", "HTTP://a.example", "www.a.example", "me@a.example"])
def test_an_address_stays_text_and_reads_the_same(address: str) -> None:
    escaped = escape(address)
    assert address not in escaped.replace("\\", "")
    assert escaped.replace("\\", "").replace("\u2060", "") == address


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("    four spaces", "four spaces"),
        ("one\r\n\r\ntwo", "one two"),
        ("photo\u202egnp.exe", "photo gnp.exe"),
        ("a\x00b\u2028c", "a b c"),
        ("ﷺ 🐈 é", "ﷺ 🐈 é"),
    ],
)
def test_blanks_and_marks_that_change_the_reading_become_one_space(text: str, shown: str) -> None:
    assert escape(text).replace("\\", "") == shown
