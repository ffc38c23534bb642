"""What a network sees of a photo: for a set's own images exactly what training showed it, for others each step."""

import numpy as np
import pytest
import torch
from PIL import Image

from lab.data.image_set import fit_images, load_image_set
from lab.data.photo import open_photo, sample_photos
from lab.prediction.preprocessing import Preprocessing, border_brightness
from lab.training.batches import BatchSource

FASHION = Preprocessing((1, 28, 28), (0.286,), (0.353,), is_dark_ground=True)
IMAGENET = Preprocessing((3, 224, 224), (0.5,) * 3, (0.5,) * 3, resize_px=256)
CAT = open_photo(sample_photos()[0].path)


def as_photo(image):
    return image.permute(1, 2, 0).numpy()


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("fashion-mnist", (1, 28, 28)),
        ("shapes", (3, 32, 32)),
        ("shapes", (1, 28, 28)),
        ("fashion-mnist", (3, 40, 40)),
    ],
)
def test_a_sets_own_image_arrives_exactly_as_in_training(name, shape):
    image_set = load_image_set(name)
    mean, std = (0.3,) * shape[0], (0.25,) * shape[0]
    source = BatchSource(image_set.test_images[:20], image_set.test_labels[:20], shape, mean, std, torch.device("cpu"))
    preprocessing = Preprocessing(shape, mean, std)
    seen = torch.cat([preprocessing.tensor(as_photo(image)) for image in image_set.test_images[:20]])
    assert torch.allclose(seen, source.slice(0, 20), atol=1e-5)


def test_dark_ground_leaves_fashion_mnists_own_images_alone():
    images = load_image_set("fashion-mnist").test_images[:200]
    changed = sum("Invert" in [step.title for step in FASHION.steps(as_photo(image))] for image in images)
    assert changed <= 4  # garments that fill the picture to its border


def test_a_photo_with_a_light_ground_is_inverted_for_a_network_that_learned_a_dark_one():
    photo = np.full((100, 100, 3), 240, np.uint8)
    photo[30:70, 30:70] = 20
    steps = {step.title: step for step in FASHION.steps(photo)}
    assert border_brightness(steps["Invert"].picture) == 15
    assert steps["Invert"].picture[14, 14, 0] == 235
    assert FASHION.tensor(photo)[0, 0, 14, 14].item() == pytest.approx((235 / 255 - 0.286) / 0.353, abs=1e-4)
    assert "Invert" not in [step.title for step in Preprocessing((1, 28, 28), (0.5,), (0.3,)).steps(photo)]


def test_the_steps_of_a_run_are_told_in_order_with_their_numbers():
    steps = FASHION.steps(CAT)
    assert [step.title for step in steps][:4] == ["Photo", "Cut", "Grey", "Resize"]
    assert steps[0].sentence == "451 × 300 px, three numbers of 0 to 255 each."
    assert "The middle 300 × 300 px stay" in steps[1].sentence
    assert steps[-1].title == "What the network sees"
    assert all(step.picture.dtype == np.uint8 and step.picture.shape[2] == 3 for step in steps)
    assert steps[-1].picture.shape == (28, 28, 3)
    assert (steps[-1].picture.min(), steps[-1].picture.max()) == (0, 255)


def test_the_pretrained_network_sees_the_middle_of_the_resized_photo():
    resized = Image.fromarray(CAT).resize((385, 256), Image.Resampling.BICUBIC)
    expected = np.asarray(resized)[16:240, 80:304].astype(np.float32) / 127.5 - 1
    seen = IMAGENET.tensor(CAT)[0].permute(1, 2, 0).numpy()
    assert seen.shape == (224, 224, 3)
    assert np.abs(seen - expected).max() < 1e-5


def test_a_tall_network_gets_a_tall_cut():
    tall = Preprocessing((3, 64, 32), (0.5,) * 3, (0.5,) * 3)
    assert tall.tensor(CAT).shape == (1, 3, 64, 32)
    assert tall.steps(CAT)[1].picture.shape == (300, 150, 3)


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (40_000, 2), (1, 5_000_000)])
@pytest.mark.parametrize("preprocessing", [FASHION, IMAGENET], ids=["run", "imagenet"])
def test_extreme_sizes_still_arrive(size, preprocessing):
    photo = np.full((*size, 3), 200, np.uint8)
    assert preprocessing.tensor(photo).shape == (1, *preprocessing.shape)


def test_grey_by_luma_then_average():
    photo = np.zeros((2, 2, 3), np.uint8)
    photo[..., 0] = 100  # 0.299 x 100 = 29.9
    step = {step.title: step for step in FASHION.steps(photo)}["Grey"]
    assert (step.picture == 30).all()
    assert torch.equal(
        fit_images(torch.from_numpy(photo).permute(2, 0, 1)[None], (1, 2, 2)),
        torch.full((1, 1, 2, 2), 30, dtype=torch.uint8),
    )
