from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from lab.data.decoder import MAX_BYTES, MAX_PIXELS
from lab.data.photo import TakenPhoto, take_photo
from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from lab.prediction.imagenet import CatDog
from lab.prediction.preprocessing import Step
from lab.training.run_folder import open_run
from pages.ui import link
from pages.ui.classify.answer import table_html, totals_html
from pages.ui.classify.steps import steps_html
from tests.pages.page_texts import texts

ROOT = Path(__file__).parents[3]
OpenPage = Callable[..., AppTest]
MAPS_ONLY = {
    "name": "maps",
    "input": (1, 8, 8),
    "layers": [{"id": "conv1", "kind": "Conv2d", "out_channels": 2, "kernel_size": 3}],
}


@pytest.fixture
def open_classify() -> OpenPage:
    """Open the page with some of its state, a photo, and a network on the workbench."""

    def opened(
        network: NetworkSpec | None = None, *, photo: dict[str, object] | None = None, **chosen: object
    ) -> AppTest:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        at.query_params["s"] = link.encode_link({"classify": chosen, "photo": photo or {}}, network or preset("mlp"))
        at.run()
        return at.switch_page("pages/look/classify.py").run()

    return opened


def html(at: AppTest) -> str:
    return " ".join(str(one.proto.body) for one in at.get("html"))


def picture(colour: str, size: tuple[int, int] = (60, 40)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def test_the_first_screen_shows_a_sample_photo_already_classified(open_classify: OpenPage) -> None:
    at = open_classify()
    assert not at.exception
    shown = html(at)
    names = re.findall(r'<th scope="row">(.*?)</th>', shown)
    assert set(names[:3]) == {"tiger cat", "Egyptian cat", "tabby"}
    assert 'alt="The photo: Cat"' in shown
    assert "Most probable of 1,000 classes" in shown
    assert "Cat <b>91.6" in shown
    assert "4. What the network sees" in shown
    assert "451 × 300 px" in shown
    assert "Stefan van der Walt" in texts(at)


def test_another_sample_comes_by_link(open_classify: OpenPage) -> None:
    at = open_classify(photo={"sample": "coffee"})
    assert "espresso" in html(at)
    assert "Cup of coffee" in texts(at)


def test_an_unknown_sample_shows_the_first(open_classify: OpenPage) -> None:
    at = open_classify(photo={"sample": "../../etc/passwd"})
    assert not at.exception
    assert "tiger cat" in html(at)


def test_a_run_names_the_classes_of_its_images_and_tells_the_truth(open_classify: OpenPage, trained: str) -> None:
    at = open_classify(source=f"run:{trained}", photo={"source": "set", "data": "fashion-mnist", "index": 3})
    assert not at.exception
    assert "Most probable of 10 classes" in html(at)
    assert "Cat or dog?" not in texts(at)
    assert "This test image is of class **" in texts(at)
    best = open_run(trained).best_epoch()
    said = f"tiny, trained on Fashion-MNIST (bundled part), epoch {best} of 2, the best on the test images."
    assert said in texts(at)
    at.select_slider(key="_classify.epoch").set_value(0).run()
    assert "epoch 0 of 2." in texts(at)


def test_a_photo_unlike_a_runs_images_is_warned_of(open_classify: OpenPage, trained: str) -> None:
    at = open_classify(source=f"run:{trained}", photo={"sample": "coffee"})
    assert "This photo is unlike the images that the network was trained on." in texts(at)


def test_the_slider_goes_through_a_runs_epochs(open_classify: OpenPage, trained: str) -> None:
    at = open_classify(source=f"run:{trained}")
    slider = at.select_slider(key="_classify.epoch")
    assert slider.value == open_run(trained).best_epoch()
    slider.set_value(0).run()
    assert not at.exception
    assert "weights are random numbers" in texts(at)


def test_a_run_without_its_weights_is_one_sentence(open_classify: OpenPage, trained: str) -> None:
    shutil.rmtree(open_run(trained).path / "checkpoints")
    at = open_classify(source=f"run:{trained}")
    assert not at.exception
    assert "this run has no checkpoint yet" in texts(at)


def test_a_run_that_only_got_worse_is_asked_as_it_was_before_training(open_classify: OpenPage, trained: str) -> None:
    path = open_run(trained).path / "epochs.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    path.write_text("".join(json.dumps({**row, "test_accuracy": 0.5 - 0.1 * row["epoch"]}) + "\n" for row in rows))
    assert open_classify(source=f"run:{trained}").select_slider(key="_classify.epoch").value == 0


def test_the_learners_own_untrained_network_says_so(open_classify: OpenPage) -> None:
    at = open_classify(source="workbench")
    assert not at.exception
    assert "has not been trained" in texts(at)
    assert "class 0" in html(at)


def test_a_network_that_gives_no_classes_is_one_sentence(open_classify: OpenPage) -> None:
    at = open_classify(NetworkSpec.model_validate(MAPS_ONLY), source="workbench")
    assert not at.exception
    assert "conv1: the network ends with maps of 2 × 6 × 6" in texts(at)


def test_a_run_that_is_gone_gives_way_to_the_pretrained_network(open_classify: OpenPage) -> None:
    at = open_classify(source="run:20260101-000000-gone-0000")
    assert not at.exception
    assert at.selectbox(key="_classify.source").value == "imagenet"


def test_an_uploaded_photo_is_classified_and_kept_when_the_page_is_left(open_classify: OpenPage) -> None:
    at = open_classify(photo={"source": "upload"})
    assert "Choose a photo" in texts(at)
    at.file_uploader(key="_photo.upload").upload("my *red* photo.png", picture("red"), "image/png").run()
    assert not at.exception
    assert "my *red* photo.png" in texts(at)
    before = html(at)
    assert "60 × 40 px" in before
    at.switch_page("pages/network/build.py").run()
    at.switch_page("pages/look/classify.py").run()
    assert "my *red* photo.png" in texts(at)
    assert "60 × 40 px" in html(at)


def test_the_upload_says_what_is_too_large_before_it_is_refused(open_classify: OpenPage) -> None:
    at = open_classify(photo={"source": "upload"})
    limits = re.search(r"up to (\d+) MB and (\d+) megapixels", at.file_uploader(key="_photo.upload").label)
    assert limits
    assert [int(limit) * 10**6 for limit in limits.groups()] == [MAX_BYTES, MAX_PIXELS]


def test_a_large_upload_is_told_with_its_own_size_and_the_kept_one(open_classify: OpenPage) -> None:
    at = open_classify(photo={"source": "upload"})
    at.file_uploader(key="_photo.upload").upload("big.png", picture("red", (1200, 900)), "image/png").run()
    assert "1200 × 900 px, kept at 1024 × 768 px, three numbers" in html(at)


def test_a_refused_upload_is_one_sentence_and_no_old_answer_stays(open_classify: OpenPage) -> None:
    at = open_classify(photo={"source": "upload"})
    at.file_uploader(key="_photo.upload").upload("ok.png", picture("red"), "image/png").run()
    at.file_uploader(key="_photo.upload").upload("evil.png", b"<script>alert(1)</script>", "image/png").run()
    assert not at.exception
    assert "evil.png: this is not a PNG, JPEG, WEBP, GIF, BMP or TIFF picture" in texts(at)
    assert "Most probable" not in html(at)
    assert len(at.error) == 1
    assert not at.info


def test_a_refused_upload_is_decoded_once_and_again_when_it_is_chosen_again(
    open_classify: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def counted(content: bytes, *, longest_side_px: int, name: str) -> TakenPhoto:
        tried.append(name)
        return take_photo(content, longest_side_px=longest_side_px, name=name)

    monkeypatch.setattr("pages.ui.photo.take_photo", counted)
    at = open_classify(photo={"source": "upload"})
    for n_times in (1, 2):
        at.file_uploader(key="_photo.upload").upload("evil.png", b"not a picture", "image/png").run()
        at.run()
        assert tried == ["evil.png"] * n_times
        assert "evil.png: this is not a PNG" in texts(at)
        assert len(at.error) == 1


def test_as_long_as_nothing_was_chosen_a_run_is_shown_an_image_of_its_own_set(
    open_classify: OpenPage, trained: str
) -> None:
    at = open_classify(source=f"run:{trained}")
    assert "Test image 0. Its class:" in texts(at)
    assert not at.warning
    at.selectbox(key="_classify.source").set_value("imagenet").run()
    assert 'alt="The photo: Cat"' in html(at)
    at.segmented_control(key="_photo.source").set_value("set").run()
    at.segmented_control(key="_photo.source").set_value("sample").run()
    at.selectbox(key="_classify.source").set_value(f"run:{trained}").run()
    assert not at.exception
    assert 'alt="The photo: Cat"' in html(at)


def test_a_sample_taken_for_a_run_is_still_there_behind_its_link(open_classify: OpenPage, trained: str) -> None:
    at = open_classify(source=f"run:{trained}")
    at.segmented_control(key="_photo.source").set_value("sample").run()
    text = at.query_params["s"]
    pages = link.decode_link(text if isinstance(text, str) else text[0]).pages
    again = open_classify(photo=pages["photo"], **pages["classify"])
    assert 'alt="The photo: Cat"' in html(again)
    assert again.warning, "a colour photo is unlike the images of the set"


def test_the_camera_is_asked_for_only_when_chosen(open_classify: OpenPage) -> None:
    at = open_classify()
    assert not at.get("camera_input")
    at = open_classify(photo={"source": "camera"})
    assert len(at.get("camera_input")) == 1
    assert "an upload works as well" in texts(at)


def test_other_images_of_a_set_are_offered_by_a_button(open_classify: OpenPage) -> None:
    at = open_classify(photo={"source": "set", "data": "shapes", "index": 7})
    assert "Test image 7. Its class:" in texts(at)
    at.button(key="_photo.next").click().run()
    assert "Test image 18. Its class:" in texts(at)


def test_a_set_or_index_that_is_not_there_shows_what_is(open_classify: OpenPage) -> None:
    at = open_classify(photo={"source": "set", "data": "cifar10", "index": 99_999})
    assert not at.exception
    assert "Test image 1999. Its class:" in texts(at)


def test_the_bars_are_a_table_with_numbers_and_escaped_names() -> None:
    text = table_html((("<b>cat</b>", 0.75), ("dog", 0.25)), n_classes=2, scheme="light")
    assert '<th scope="row">&lt;b&gt;cat&lt;/b&gt;</th>' in text
    assert "<caption>Most probable of 2 classes</caption>" in text
    assert "width:75.0%" in text
    assert text.count("<tr>") == 2


def test_the_divided_bar_has_its_numbers_beneath() -> None:
    text = totals_html(CatDog(0.5, 0.2, 0.3), scheme="dark")
    assert [text.index(f"{name} <b>{share}") for name, share in (("Cat", 50), ("Dog", 20), ("Neither", 30))]
    assert "flex:0.5000 1 0" in text


def test_small_steps_keep_their_pixels_and_every_picture_has_a_text() -> None:
    steps = [Step("<i>", "a & b", np.zeros((side, side, 3), np.uint8)) for side in (28, 300)]
    text = steps_html(steps)
    assert text.count("class=sharp") == 1
    assert 'alt="After step 1, &lt;i&gt;: 28 by 28 pixels"' in text
    assert "a &amp; b" in text
