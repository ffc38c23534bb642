"""What is got ready in the background, and that tests can leave it out."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from lab.errors import Code, LabError
from lab.training import queue
from pages.ui import warmup

ROOT = Path(__file__).parents[3]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A queue that only writes down that it was asked, and a torch that is there already."""
    calls: list[str] = []
    monkeypatch.setattr(queue, "get_ready", lambda: calls.append("get ready"))
    imported = threading.Thread(target=lambda: None)
    imported.start()
    monkeypatch.setattr(warmup, "start", lambda: imported)
    warmup._readiness.clear()
    return calls


def _wait() -> None:
    for thread in threading.enumerate():
        if thread.name == "lab-get-ready":
            thread.join()


def test_a_training_process_is_asked_for_once_for_all_who_look_at_the_page(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_WARMUP", "1")
    for _ in range(3):
        warmup.get_ready_to_train()
    _wait()
    assert asked == ["get ready"]


def test_without_warm_up_no_process_is_started(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_WARMUP", "0")
    warmup.get_ready_to_train()
    _wait()
    assert asked == []


def test_a_queue_that_cannot_be_opened_costs_only_the_head_start(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> None:
        raise LabError(Code.DISK_FULL, "there is no space left")

    monkeypatch.setenv("LAB_WARMUP", "1")
    monkeypatch.setattr(queue, "get_ready", refuse)
    warmup.get_ready_to_train()
    _wait()
    assert "no training process could be kept ready" in caplog.text


def test_after_the_warm_up_an_optimizer_needs_no_further_import() -> None:
    script = (
        "import sys, torch; from pages.ui import warmup; warmup._take_a_step(); n = len(sys.modules);"
        "weight = torch.nn.Parameter(torch.ones(2)); weight.grad = weight.detach().clone();"
        "torch.optim.Adam([weight]).step(); print(len(sys.modules) - n)"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert int(ended.stdout) < 10
