"""Runs and untrained networks as classifiers: the same answers as in training, and plain words about strange photos."""

import json
import shutil
from dataclasses import replace

import pytest
import torch

from lab.data.image_set import load_image_set
from lab.data.photo import open_photo, sample_photos
from lab.errors import LabError, RunError
from lab.network.edit import with_input
from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from lab.prediction.classifier import classify, run_classifier, untrained_classifier
from lab.training.checkpoint import save_weights

PHOTOS = [open_photo(sample.path) for sample in sample_photos()]


def as_photo(image):
    return image.permute(1, 2, 0).numpy()


def test_a_run_says_of_test_images_what_its_evaluation_says(fashion_run):
    classifier = run_classifier(fashion_run.id, checkpoint="last", home=fashion_run.home)
    evaluation = fashion_run.evaluation(2)
    images = load_image_set("fashion-mnist").test_images
    for index in range(0, 2000, 40):
        if evaluation.labels[index] == 6:
            continue  # a bright shirt may reach the border and be inverted as a photo
        label, probability = classify(classifier, as_photo(images[index])).classes[0]
        assert label == classifier.classes[evaluation.predicted[index]]
        assert probability == pytest.approx(evaluation.probabilities[index], abs=2e-3)


def test_its_own_kind_of_images_are_familiar_and_photos_are_not(fashion_run):
    classifier = run_classifier(fashion_run.id, home=fashion_run.home)
    images = load_image_set("fashion-mnist").test_images[1000:1200]
    n_warned = sum(classify(classifier, as_photo(image)).warning is not None for image in images)
    assert n_warned <= 10  # 1 % by design, the rest is chance
    warnings = [classify(classifier, photo).warning for photo in PHOTOS]
    assert sum(warning is not None for warning in warnings) >= 8
    assert "This photo is unlike the images that the network was trained on." in warnings[0]
    assert "one of their 10 classes" in warnings[0]


def test_a_set_that_lies_class_by_class_is_familiar_in_all_its_classes(fashion_run, monkeypatch):
    mixed = load_image_set("fashion-mnist")
    train, test = mixed.train_labels.argsort(stable=True), mixed.test_labels.argsort(stable=True)
    in_order = replace(
        mixed,
        train_images=mixed.train_images[train], train_labels=mixed.train_labels[train],
        test_images=mixed.test_images[test], test_labels=mixed.test_labels[test],
    )  # fmt: skip
    monkeypatch.setattr("lab.prediction.classifier.load_image_set", lambda *_, **__: in_order)
    classifier = replace(run_classifier(fashion_run.id, home=fashion_run.home))  # one that has not looked yet
    n_warned = sum(classify(classifier, as_photo(image)).warning is not None for image in mixed.test_images[1000:1200])
    assert n_warned <= 10


def test_shapes_are_strange_to_a_network_that_knows_clothes(fashion_run):
    classifier = run_classifier(fashion_run.id, home=fashion_run.home)
    images = load_image_set("shapes").test_images[:100]
    assert sum(classify(classifier, as_photo(image)).warning is not None for image in images) >= 90


def test_best_last_and_numbered_checkpoints(fashion_run):
    last = run_classifier(fashion_run.id, checkpoint="last", home=fashion_run.home)
    assert last.epoch == 2
    assert last is run_classifier(fashion_run.id, checkpoint=2, home=fashion_run.home)
    best = run_classifier(fashion_run.id, home=fashion_run.home)
    assert best.epoch == fashion_run.best_epoch()
    assert "student_cnn, trained on Fashion-MNIST (bundled part), epoch" in best.title
    for name, weight in fashion_run.load_state(2).items():
        assert torch.equal(last.network.state_dict()[name], weight)


def test_an_epoch_that_was_written_anew_is_read_anew(fashion_run, tmp_path):
    shutil.copytree(fashion_run.path, tmp_path / "runs" / fashion_run.id)
    before = run_classifier(fashion_run.id, checkpoint=1, home=tmp_path)
    other_weights = {name: weight + 1 for name, weight in fashion_run.load_state(1).items()}
    save_weights(tmp_path / "runs" / fashion_run.id, 1, other_weights)
    after = run_classifier(fashion_run.id, checkpoint=1, home=tmp_path)
    for name, weight in before.network.state_dict().items():
        assert torch.equal(after.network.state_dict()[name], weight + 1)


def test_before_training_it_says_that_its_weights_are_random(fashion_run):
    classifier = run_classifier(fashion_run.id, checkpoint=0, home=fashion_run.home)
    assert "weights are random numbers" in classify(classifier, PHOTOS[0]).warning
    assert classifier.familiarity is None


def test_an_unknown_epoch_names_the_kept_ones(fashion_run):
    with pytest.raises(RunError, match=r"no weights of epoch 9.*RUN-STATE"):
        run_classifier(fashion_run.id, checkpoint=9, home=fashion_run.home)


@pytest.mark.parametrize("run_id", ["no-such-run", "../../etc/passwd", ""])
def test_an_unknown_run_is_one_sentence(run_id, tmp_path):
    with pytest.raises(RunError, match="RUN-UNKNOWN"):
        run_classifier(run_id, home=tmp_path)


@pytest.mark.parametrize("change", [{"classes": ["a"]}, {"mean": ["x"]}, {"std": None}])
def test_a_damaged_environment_is_one_sentence(change, fashion_run, tmp_path):
    import shutil

    copy = tmp_path / "runs" / fashion_run.id
    shutil.copytree(fashion_run.path, copy)
    file = copy / "environment.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(RunError, match=r"its environment.json is missing or damaged.*RUN-DAMAGED"):
        run_classifier(fashion_run.id, home=tmp_path)


def test_a_run_works_where_its_images_are_not(fashion_run, tmp_path, monkeypatch):
    import shutil

    from lab.data import catalogue

    shutil.copytree(fashion_run.path, tmp_path / "runs" / fashion_run.id)
    # Another dictionary: taken out and put back, the set would be the last one for all tests that follow.
    others = {name: row for name, row in catalogue.DATA_SETS.items() if name != "fashion-mnist"}
    monkeypatch.setattr(catalogue, "DATA_SETS", others)
    classifier = run_classifier(fashion_run.id, home=tmp_path)
    assert classifier.classes[0] == "T-shirt/top"
    assert classifier.familiarity is None
    assert classify(classifier, PHOTOS[0]).warning is None


def test_an_untrained_network_is_as_good_as_chance_and_says_so():
    classifier = untrained_classifier(preset("student_cnn"), seed=3)
    prediction = classify(classifier, PHOTOS[0], top=3)
    assert len(prediction.classes) == 3
    assert prediction.classes[0][1] < 0.3
    assert "has not been trained" in prediction.warning
    assert prediction.cat_dog is None


def test_a_network_that_ends_in_softmax_is_not_softened_twice():
    layers = [
        {"id": "flatten", "kind": "Flatten"},
        {"id": "fc", "kind": "Linear", "out_features": 4},
        {"id": "softmax", "kind": "Softmax"},
    ]
    spec = NetworkSpec.model_validate({"name": "s", "input": (3, 8, 8), "layers": layers})
    classifier = untrained_classifier(spec)
    expected = classifier.network(classifier.preprocessing.tensor(PHOTOS[0]))[0]
    assert classify(classifier, PHOTOS[0]).probabilities == pytest.approx(expected.tolist())


def test_a_network_that_takes_no_pictures_says_so():
    with pytest.raises(LabError, match=r"input: the network takes 5 channels, but a photo has 1 \(grey\) or 3"):
        untrained_classifier(with_input(preset("mlp"), (5, 28, 28)))


def test_a_network_that_ends_with_maps_says_so():
    spec = NetworkSpec.model_validate(
        {
            "name": "maps",
            "input": (1, 8, 8),
            "layers": [{"id": "conv", "kind": "Conv2d", "out_channels": 2, "kernel_size": 3}],
        }
    )
    with pytest.raises(
        LabError, match=r"conv: the network ends with maps of 2 × 6 × 6.*end it with Flatten and Linear"
    ):
        untrained_classifier(spec)
