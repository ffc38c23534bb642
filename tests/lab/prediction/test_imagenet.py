"""The pretrained network knows what is on the sample photos, and cats and dogs are added up as promised."""

import pytest
import torch

from lab.data.photo import open_photo, sample_photos
from lab.errors import LabError
from lab.prediction import imagenet
from lab.prediction.classifier import classify, imagenet_classifier
from lab.prediction.imagenet import CAT_CLASSES, DOG_CLASSES, cat_dog_totals, imagenet_classes

PHOTOS = {sample.name: sample.path for sample in sample_photos()}


def predicted(name):
    return classify(imagenet_classifier(), open_photo(PHOTOS[name]))


def test_the_cat_is_a_cat():
    prediction = predicted("cat")
    assert {label for label, _ in prediction.classes[:3]} == {"tiger cat", "Egyptian cat", "tabby"}
    assert prediction.cat_dog.cat > 0.85
    assert prediction.cat_dog.dog < 0.02
    assert prediction.warning is None


@pytest.mark.parametrize(("name", "label"), [("coffee", "espresso"), ("camera", "tripod")])
def test_known_photos_get_their_class(name, label):
    best, probability = predicted(name).classes[0]
    assert best == label
    assert probability > 0.8


def test_probabilities_add_up_and_are_ordered():
    prediction = classify(imagenet_classifier(), open_photo(PHOTOS["rocket"]), top=7)
    assert sum(prediction.probabilities) == pytest.approx(1, abs=1e-5)
    values = [probability for _, probability in prediction.classes]
    assert values == sorted(prediction.probabilities, reverse=True)[:7]


def test_a_photo_of_none_of_its_classes_is_told():
    assert "The network is unsure: none of its 1,000 classes gets more than" in predicted("grass").warning


def test_cats_are_the_five_domestic_ones_and_dogs_the_118_breeds():
    names = imagenet_classes()
    assert [names[index] for index in CAT_CLASSES] == [
        "tabby",
        "tiger cat",
        "Persian cat",
        "Siamese cat",
        "Egyptian cat",
    ]
    assert (names[DOG_CLASSES[0]], names[DOG_CLASSES[-1]], len(DOG_CLASSES)) == ("Chihuahua", "Mexican hairless", 118)
    assert [names[269], names[286]] == ["timber wolf", "cougar"]


def test_totals_add_up_to_one():
    probabilities = torch.rand(1000, generator=torch.Generator().manual_seed(0)).softmax(0).tolist()
    totals = cat_dog_totals(probabilities)
    assert totals.cat == pytest.approx(sum(probabilities[281:286]))
    assert totals.dog == pytest.approx(sum(probabilities[151:269]))
    assert totals.cat + totals.dog + totals.neither == pytest.approx(1)


def test_other_probabilities_than_imagenets_are_refused():
    with pytest.raises(ValueError, match="10 probabilities are not those of ImageNet"):
        cat_dog_totals([0.1] * 10)


@pytest.mark.parametrize("content", [None, b"", b"no weights"])
def test_missing_or_damaged_weights_are_one_sentence(content, tmp_path, monkeypatch):
    path = tmp_path / "weights.pth"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(imagenet, "_weights_file", lambda: path)
    imagenet.pretrained_network.cache_clear()
    try:
        with pytest.raises(
            LabError, match=r"weights of the pretrained network are missing or damaged.*WEIGHTS-MISSING"
        ):
            imagenet_classifier()
    finally:
        imagenet.pretrained_network.cache_clear()


def test_the_network_is_built_once():
    assert imagenet_classifier().network is imagenet_classifier().network
    assert not imagenet_classifier().network.training
