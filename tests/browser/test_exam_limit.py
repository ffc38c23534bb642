"""An exam with a time limit in a real Chromium: the clock counts down, and at its end the result stands there."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bench.server import Server
from lab.network.presets import preset
from lab.questions.exam import make_exam
from pages.ui import link

pytestmark = pytest.mark.browser

CHOICE = {"topics": ["macs"], "levels": [1], "n": 2, "seed": 12, "limit_min": 1}


def test_when_the_time_is_up_the_exam_ends_by_itself(fresh_server: Server, new_page: Callable[..., Page]) -> None:
    page, (first, _) = new_page(), make_exam(["macs"], [1], 2, 12).questions
    page.goto(f"{fresh_server.url}/exam?s={link.encode_link({'exam': CHOICE}, preset('student_cnn'))}")
    page.get_by_role("button", name="Start the exam").click()
    clock = page.get_by_role("timer", name="Time left")
    expect(clock).to_be_visible()
    # At once, or the answer would be told twice, and the second time would write the file once more.
    page.locator(f".reply-box[data-at='{first.id}'] input").fill(first.answer.text)
    expect(page.locator(".exam-bar .count")).to_have_text("1 of 2 answered")
    # A page loaded anew finds the exam in its file: one that began 50 s ago, so that nobody waits for a minute here.
    (path,) = (fresh_server.home / "progress").rglob("*.exam-*.json")
    path.write_text(json.dumps({**json.loads(path.read_text()), "started_s": time.time() - 50}))
    page.reload()
    expect(page.get_by_text("The time was up after 1 minute.")).to_be_visible()
    expect(page.get_by_role("heading", name="Result: 1 of 2 right (50 %). 1 was left open.")).to_be_visible()
    expect(clock).to_have_count(0)
