import pytest
import torch

from lab.data.image_set import load_image_set
from lab.errors import RunError
from lab.network.presets import preset
from lab.prediction.classifier import run_classifier, untrained_classifier
from lab.prediction.logits import logits_of_test_image


@pytest.fixture(scope="module")
def classifier(fashion_run):
    return run_classifier(fashion_run.id, checkpoint="last", home=fashion_run.home)


def test_the_logits_give_the_probabilities_of_the_runs_evaluation(classifier, fashion_run):
    evaluation = fashion_run.evaluation(2)
    for index in range(0, 2000, 40):
        found = logits_of_test_image(classifier, index)
        probabilities = torch.tensor(found.logits).softmax(0)
        assert int(probabilities.argmax()) == evaluation.predicted[index], index
        assert float(probabilities.max()) == pytest.approx(evaluation.probabilities[index], abs=1e-4), index
        assert found.target == evaluation.labels[index], index


def test_the_right_class_has_its_name(classifier):
    images = load_image_set("fashion-mnist")
    found = logits_of_test_image(classifier, 7)
    assert found.names[found.target] == images.classes[int(images.test_labels[7])]
    assert (found.n_left_out, len(found.names)) == (0, 10)


def test_of_many_classes_the_largest_and_the_right_one_stay(classifier):
    whole = logits_of_test_image(classifier, 3)
    for most in (2, 3, 5):
        found = logits_of_test_image(classifier, 3, most=most)
        assert len(found.logits) == most
        assert found.names[found.target] == whole.names[whole.target]
        assert found.n_left_out == 10 - most
        others = sorted((z for k, z in enumerate(whole.logits) if k != whole.target), reverse=True)[: most - 1]
        assert sorted((z for k, z in enumerate(found.logits) if k != found.target), reverse=True) == others


def test_an_image_beyond_the_last_is_the_last(classifier):
    assert logits_of_test_image(classifier, 10**6).index == len(load_image_set("fashion-mnist").test_images) - 1


def test_a_network_that_was_not_trained_here_has_no_test_images():
    with pytest.raises(RunError, match="it has no test images"):
        logits_of_test_image(untrained_classifier(preset("mlp")), 0)
