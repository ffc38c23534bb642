"""The first page tells a newcomer what this is and where to begin."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[3]


def test_it_says_what_the_lab_is_and_what_the_machine_has() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert app.title[0].value == "See how a network sees"
    assert (
        "Build a convolutional network" in app.markdown[0].value
        or "Build a convolutional network" in app.main.markdown[0].value
    )
    captions = [caption.value for caption in app.main.caption]
    assert any("core" in caption and "memory" in caption for caption in captions)
    assert any(caption.startswith("None yet.") for caption in captions)
