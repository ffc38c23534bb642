"""The sets that need no network: what is promised of them, and that a damaged file is noticed."""

import numpy as np
import pytest
import torch
from PIL import Image

from lab.data import assets, image_set
from lab.data.catalogue import DATA_SETS, data_set, data_sets
from lab.data.image_set import channel_statistics, fit_images, load_image_set
from lab.errors import DataError

BUNDLED = [name for name, row in DATA_SETS.items() if row.bundled]


@pytest.fixture(params=BUNDLED)
def bundled(request):
    return load_image_set(request.param)


def test_a_bundled_set_is_what_its_catalogue_row_says(bundled):
    row = DATA_SETS[bundled.name]
    assert bundled.train_images.shape == (row.n_train, *row.shape)
    assert bundled.test_images.shape == (row.n_test, *row.shape)
    assert bundled.train_images.dtype == bundled.test_images.dtype == torch.uint8
    assert bundled.train_labels.dtype == torch.int64
    assert bundled.classes == row.classes
    assert bundled.licence == row.licence
    assert bundled.shape == row.shape


def test_every_class_is_equally_frequent(bundled):
    for labels in (bundled.train_labels, bundled.test_labels):
        assert labels.bincount().tolist() == [len(labels) // len(bundled.classes)] * len(bundled.classes)


def test_classes_come_in_mixed_order(bundled):
    assert bundled.train_labels[:100].unique().numel() == len(bundled.classes)


def test_no_test_image_is_a_training_image(bundled):
    train = {image.numpy().tobytes() for image in bundled.train_images}
    shared = sum(image.numpy().tobytes() in train for image in bundled.test_images)
    assert shared <= 1  # Fashion-MNIST itself holds a few doubles across its two parts


def test_mean_and_std_are_those_of_the_training_pixels(bundled):
    pixels = bundled.train_images.double() / 255
    assert bundled.mean == pytest.approx(pixels.mean((0, 2, 3)).tolist())
    assert bundled.std == pytest.approx(pixels.std((0, 2, 3), correction=0).tolist())


def test_the_bundled_part_has_the_statistics_of_the_whole():
    fashion = load_image_set("fashion-mnist")
    # 0.2860 and 0.3530 are the published mean and deviation of all 60,000 training images.
    assert fashion.mean[0] == pytest.approx(0.2860, abs=0.002)
    assert fashion.std[0] == pytest.approx(0.3530, abs=0.002)


def test_a_set_is_loaded_once():
    assert load_image_set("fashion-mnist") is load_image_set("fashion-mnist")


def test_an_unknown_name_names_the_known_ones():
    with pytest.raises(DataError, match=r"no data set named 'fashion'; known: fashion-mnist, shapes.*DATA-UNKNOWN"):
        load_image_set("fashion")


@pytest.mark.parametrize("name", ["../../etc", "a/b", "", "x" * 5000, "\x00"])
def test_a_name_that_is_no_name_is_unknown(name, tmp_path):
    with pytest.raises(DataError, match="DATA-UNKNOWN") as caught:
        load_image_set(name, home=tmp_path)
    assert len(str(caught.value)) < 400


def test_a_set_that_is_not_here_is_not_fetched_against_ones_will(tmp_path):
    with pytest.raises(DataError, match=r"mnist: this set is not on this machine yet.*DATA-DOWNLOAD"):
        load_image_set("mnist", home=tmp_path, download=False)


def test_a_damaged_bundled_file_is_noticed(tmp_path, monkeypatch):
    good = (assets.ASSETS / "fashion-mnist.npz").read_bytes()
    (tmp_path / "fashion-mnist.npz").write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    assets.assets()
    monkeypatch.setattr(assets, "ASSETS", tmp_path)
    image_set.forget_loaded_sets()
    with pytest.raises(DataError, match=r"assets/fashion-mnist.npz: .* missing or damaged.*DATA-DAMAGED"):
        load_image_set("fashion-mnist")


def test_every_file_in_assets_is_listed_with_its_checksum():
    listed = set(assets.assets())
    present = {
        path.relative_to(assets.ASSETS).as_posix()
        for path in assets.ASSETS.rglob("*")
        if path.is_file() and path.suffix in (".npz", ".jpg", ".txt")
    }
    assert listed == present
    for file in listed:
        assert assets.read_asset(file)


def test_the_catalogue_without_own_sets_is_the_catalogue(tmp_path):
    assert data_sets(tmp_path) == DATA_SETS
    assert data_set("shapes").shape == (3, 32, 32)


def test_statistics_of_known_pixels():
    images = torch.tensor([0, 0, 255, 255, 51, 51, 51, 51], dtype=torch.uint8).view(1, 2, 2, 2)
    mean, std = channel_statistics(images)
    assert mean == pytest.approx((0.5, 0.2))
    assert std == pytest.approx((0.5, 0.0))


def test_colour_becomes_grey_as_pillow_does_it():
    colour = torch.randint(0, 256, (3, 3, 16, 16), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    grey = fit_images(colour, (1, 16, 16))
    pillow = np.stack([np.asarray(Image.fromarray(image.permute(1, 2, 0).numpy()).convert("L")) for image in colour])
    assert (grey[:, 0].int() - torch.from_numpy(pillow).int()).abs().max() <= 1


def test_shrinking_agrees_with_pillow_and_keeps_thin_lines():
    image = torch.zeros(1, 1, 64, 64, dtype=torch.uint8)
    image[..., 31] = 255
    small = fit_images(image, (1, 16, 16))
    pillow = Image.fromarray(image[0, 0].numpy()).resize((16, 16), Image.Resampling.BILINEAR)
    assert (small[0, 0].int() - torch.from_numpy(np.array(pillow)).int()).abs().max() <= 1
    # One column of 255 in blocks of 4; without antialiasing the line falls between the sampled pixels.
    assert small[0, 0, 0].sum() == pytest.approx(255 / 4, abs=1)


def test_grey_becomes_colour_by_repetition():
    grey = torch.randint(0, 256, (2, 1, 8, 8), dtype=torch.uint8)
    assert torch.equal(fit_images(grey, (3, 8, 8)), grey.repeat(1, 3, 1, 1))


def test_fitting_what_fits_changes_nothing():
    images = load_image_set("shapes").test_images
    assert fit_images(images, (3, 32, 32)) is images


def test_a_strange_number_of_channels_is_refused():
    with pytest.raises(DataError, match="takes 5 channels but the images have 1; set the network's input"):
        fit_images(torch.zeros(1, 1, 4, 4, dtype=torch.uint8), (5, 4, 4))
