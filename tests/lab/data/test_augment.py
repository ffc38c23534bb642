"""Each image of a batch is changed its own way, by moves that a slow loop can name."""

import pytest
import torch
from pydantic import ValidationError

from lab.data.augment import AugmentSpec, augment_batch

IMAGES = torch.randint(0, 256, (64, 3, 9, 11), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))


def augmented(spec, *, seed=0, images=IMAGES):
    return augment_batch(images, spec, torch.Generator().manual_seed(seed))


def shifted_and_flipped(image, down, right, is_flipped):
    """The oracle: PyTorch's own reflect padding, a plain slice, a plain flip."""
    height, width = image.shape[1:]
    padded = torch.nn.functional.pad(image[None].float(), (3, 3, 3, 3), mode="reflect")[0].to(torch.uint8)
    crop = padded[:, 3 + down : 3 + down + height, 3 + right : 3 + right + width]
    return crop.flip(2) if is_flipped else crop


def find_move(before, after, crop_px):
    return [
        (down, right, is_flipped)
        for down in range(-crop_px, crop_px + 1)
        for right in range(-crop_px, crop_px + 1)
        for is_flipped in (False, True)
        if torch.equal(shifted_and_flipped(before, down, right, is_flipped), after)
    ]


def test_every_image_is_one_shift_and_flip_of_itself_and_they_differ():
    moves = [find_move(*pair, 2) for pair in zip(IMAGES, augmented(AugmentSpec(crop_px=2, flip=True)), strict=True)]
    assert all(len(found) == 1 for found in moves)
    assert len({found[0] for found in moves}) > 20  # 64 draws out of 50: a shared draw would give 1


def test_without_flip_nothing_is_mirrored():
    images = augmented(AugmentSpec(crop_px=1))
    assert not any(find_move(before, after, 1)[0][2] for before, after in zip(IMAGES, images, strict=True))


def test_off_returns_the_same_tensor():
    assert augmented(AugmentSpec()) is IMAGES


def test_same_seed_same_images_other_seed_others():
    spec = AugmentSpec(crop_px=2, flip=True, rotate_deg=15, brightness=0.3, cutout_px=4)
    assert torch.equal(augmented(spec), augmented(spec))
    assert not torch.equal(augmented(spec), augmented(spec, seed=1))


def test_the_given_images_stay_as_they_are():
    before = IMAGES.clone()
    augmented(AugmentSpec(crop_px=2, flip=True, rotate_deg=15, brightness=0.3, cutout_px=4))
    assert torch.equal(IMAGES, before)


def test_brightness_scales_each_image_by_one_factor_within_its_range():
    images = torch.full((200, 1, 4, 4), 100, dtype=torch.uint8)
    values = augmented(AugmentSpec(brightness=0.2), images=images).flatten(1)
    assert (values == values[:, :1]).all()
    assert 80 <= values.min() <= 83
    assert 117 <= values.max() <= 120


def test_cutout_covers_one_square_with_the_mean():
    images = torch.zeros(100, 1, 20, 20, dtype=torch.uint8)
    images[:, :, ::2] = 100  # mean 50, which no pixel has
    covered = (augmented(AugmentSpec(cutout_px=6), images=images) == 50)[:, 0]
    heights, widths = covered.any(2).sum(1), covered.any(1).sum(1)
    assert torch.equal(covered.flatten(1).sum(1), heights * widths)  # a full rectangle each
    assert heights.max() == widths.max() == 6
    assert heights.min() >= 3  # its centre is inside the picture
    assert len(covered.flatten(1).unique(dim=0)) > 50


def test_rotation_keeps_the_middle_and_turns_at_most_as_far_as_asked():
    images = torch.zeros(100, 1, 41, 21, dtype=torch.uint8)  # not square: a skewed turn would show
    images[:, :, 20, 10] = 255
    images[:, :, 4, 10] = 255  # 16 px above the middle
    turned = augmented(AugmentSpec(rotate_deg=20), images=images).float()[:, 0]
    assert (turned[:, 20, 10] > 250).all()
    upper = turned[:, :14]
    rows, columns = torch.arange(14.0) - 20, torch.arange(21.0) - 10
    weight = upper.sum((1, 2))
    y, x = (upper.sum(2) @ rows) / weight, (upper.sum(1) @ columns) / weight
    assert torch.hypot(x, y).sub(16).abs().max() < 0.6
    angles = torch.atan2(x, -y).rad2deg()
    assert angles.abs().max() < 22
    assert angles.min() < -10
    assert angles.max() > 10


def test_an_out_of_range_value_is_refused():
    with pytest.raises(ValidationError, match="less than or equal to 8"):
        AugmentSpec(crop_px=9)
