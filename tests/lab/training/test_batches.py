import pytest
import torch

from lab.data.augment import AugmentSpec
from lab.training.batches import BatchSource, choose_training_images

CPU = torch.device("cpu")


@pytest.fixture
def images():
    return torch.randint(0, 256, (20, 3, 6, 6), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)


def test_a_batch_is_scaled_to_mean_0_and_deviation_1_by_the_given_statistics(images):
    mean, std = (0.1, 0.2, 0.3), (0.5, 0.6, 0.7)
    source = BatchSource(images, torch.arange(20), (3, 6, 6), mean, std, CPU)
    index = torch.tensor([3, 3, 0])
    batch, labels = source.batch(index, AugmentSpec(), torch.Generator())
    expected = (images[index].double() / 255 - torch.tensor(mean).view(3, 1, 1)) / torch.tensor(std).view(3, 1, 1)
    torch.testing.assert_close(batch, expected.float(), rtol=1e-5, atol=1e-6)
    assert labels.tolist() == [3, 3, 0]
    assert batch.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(source.slice(2, 5), source.batch(torch.arange(2, 5), AugmentSpec(), torch.Generator())[0])


def test_images_of_one_single_value_do_not_become_infinite(images):
    source = BatchSource(images * 0 + 7, torch.arange(20), (3, 6, 6), (7 / 255,) * 3, (0.0,) * 3, CPU)
    assert source.slice(0, 20).abs().max() < 1e-2


def test_a_smaller_choice_of_images_takes_equally_from_all_classes_and_is_part_of_the_larger():
    labels = torch.arange(100) % 4
    small, large = choose_training_images(labels, 20, seed=1), choose_training_images(labels, 60, seed=1)
    assert torch.bincount(labels[small]).tolist() == [5, 5, 5, 5]
    assert torch.bincount(labels[large]).tolist() == [15, 15, 15, 15]
    assert set(small.tolist()) < set(large.tolist())
    assert choose_training_images(labels, 20, seed=2).tolist() != small.tolist()


def test_uneven_classes_keep_their_shares():
    labels = torch.tensor([0] * 80 + [1] * 20)
    chosen = choose_training_images(labels, 10, seed=0)
    assert torch.bincount(labels[chosen]).tolist() == [8, 2]


@pytest.mark.parametrize("n_images", [0, 100, 101])
def test_all_images_are_chosen_when_all_or_more_are_asked_for(n_images):
    assert choose_training_images(torch.arange(100) % 4, n_images, seed=0).tolist() == list(range(100))
