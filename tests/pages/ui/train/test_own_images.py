from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from tests.pages.page_texts import texts

ROOT = Path(__file__).parents[4]


@pytest.fixture
def train_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("LAB_HOME", str(tmp_path))
    monkeypatch.setenv("LAB_WARMUP", "0")
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.switch_page("pages/training/train.py")
    at.session_state["_train.own"] = True
    return at.run()


def zip_of(classes: dict[str, int]) -> bytes:
    """A zip with so many noise pictures in each class folder."""
    random = np.random.default_rng(0)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        for label, n_pictures in classes.items():
            for number in range(n_pictures):
                picture = io.BytesIO()
                Image.fromarray(random.integers(0, 255, (32, 32, 3), np.uint8)).save(picture, "PNG")
                zipped.writestr(f"{label}/{number}.png", picture.getvalue())
    return buffer.getvalue()


def take_in(at: AppTest, content: bytes) -> AppTest:
    at.file_uploader(key="_train.zip").upload("garden.zip", content, "application/zip").run()
    return at.button(key="_train.zip_take").click().run()


def test_a_zip_of_class_folders_becomes_the_chosen_data_set(train_page: AppTest) -> None:
    at = take_in(train_page, zip_of({"cats": 10, "dogs": 10}))
    assert not at.exception
    assert at.selectbox(key="_train.data").value == "garden"
    assert "20 pictures in 2 classes" in texts(at)
    assert "2 classes :small[:gray[code TRAIN-RECIPE]]" in texts(at), "a network of ten classes does not fit"
    at.button(key="_train.fix0").click().run()
    assert not at.button(key="_train.start").disabled


def test_what_is_no_zip_is_one_sentence_and_the_page_goes_on(train_page: AppTest) -> None:
    at = take_in(train_page, b"not a zip")
    assert "not a complete zip file" in texts(at)
    assert not at.button(key="_train.start").disabled
