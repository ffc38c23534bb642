from __future__ import annotations

import pytest

from pages.ui.messages import escape


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
