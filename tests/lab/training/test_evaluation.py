import json

import pytest
import torch
import torch.nn.functional as F

from lab.errors import Code, RunError
from lab.training.evaluation import (
    evaluate,
    evaluated_epochs,
    forget_evaluations_after,
    read_evaluation,
    write_evaluation,
)

N_IMAGES, N_CLASSES = 37, 4


@pytest.fixture
def logits():
    return 3 * torch.randn(N_IMAGES, N_CLASSES, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def labels():
    return torch.arange(N_IMAGES) % 3  # class 3 has no test image


@pytest.fixture
def evaluation(logits, labels):
    return evaluate(
        lambda start, stop: logits[start:stop], F.cross_entropy, labels, epoch=2, n_classes=N_CLASSES, batch_size=10
    )


def test_loss_and_accuracy_are_those_of_all_images_at_once(evaluation, logits, labels):
    assert evaluation.loss == pytest.approx(float(F.cross_entropy(logits, labels)), rel=1e-6)
    assert evaluation.accuracy == float((logits.argmax(1) == labels).double().mean())


def test_the_confusion_matrix_counts_every_image_once(evaluation, labels):
    assert [sum(row) for row in evaluation.confusion] == torch.bincount(labels, minlength=N_CLASSES).tolist()
    diagonal = sum(evaluation.confusion[k][k] for k in range(N_CLASSES))
    assert diagonal / N_IMAGES == evaluation.accuracy
    assert evaluation.per_class[3] is None
    assert evaluation.per_class[0] == evaluation.confusion[0][0] / sum(evaluation.confusion[0])


def test_a_cell_opens_the_images_that_it_counts_surest_first(evaluation, logits, labels):
    for label in range(N_CLASSES):
        for predicted in range(N_CLASSES):
            images = evaluation.cell(label, predicted)
            assert len(images) == evaluation.confusion[label][predicted]
            assert all(labels[i] == label and logits[i].argmax() == predicted for i in images)
            sure = [round(float(logits[i].softmax(0).max()), 4) for i in images]
            assert sure == sorted(sure, reverse=True)


def test_the_mistakes_are_the_surest_wrong_ones_with_their_probability(evaluation, logits, labels):
    wrong = [i for i in range(N_IMAGES) if logits[i].argmax() != labels[i]]
    surest = max(wrong, key=lambda i: float(logits[i].softmax(0).max()))
    assert {mistake.index for mistake in evaluation.mistakes} == set(wrong)
    assert evaluation.mistakes[0].index == surest
    assert evaluation.mistakes[0].probability == pytest.approx(float(logits[surest].softmax(0).max()), abs=1e-4)


def test_an_evaluation_is_read_back_equal_and_the_latest_by_default(tmp_path, evaluation):
    write_evaluation(tmp_path, evaluation)
    assert read_evaluation(tmp_path) == read_evaluation(tmp_path, 2) == evaluation
    assert hash(read_evaluation(tmp_path)) == hash(evaluation)


def test_a_missing_evaluation_is_a_sentence(tmp_path, evaluation):
    with pytest.raises(RunError, match="there is no evaluation yet") as caught:
        read_evaluation(tmp_path)
    assert caught.value.code is Code.RUN_STATE
    write_evaluation(tmp_path, evaluation)
    with pytest.raises(RunError, match="there is no evaluation of epoch 9, only 2 to 2"):
        read_evaluation(tmp_path, 9)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"epoch": 2}', b"\xff"])
def test_a_damaged_evaluation_is_a_sentence(tmp_path, evaluation, damage):
    write_evaluation(tmp_path, evaluation)
    (tmp_path / "evaluations" / "epoch-0002.json").write_bytes(damage)
    with pytest.raises(RunError, match="the evaluation of epoch 2 cannot be read") as caught:
        read_evaluation(tmp_path)
    assert caught.value.code is Code.RUN_DAMAGED


@pytest.mark.parametrize(
    "change", [{"labels": None}, {"labels": []}, {"predicted": [99]}, {"probabilities": "x"}], ids=str
)
def test_an_evaluation_whose_parts_do_not_belong_together_is_damaged(tmp_path, evaluation, change):
    write_evaluation(tmp_path, evaluation)
    path = tmp_path / "evaluations" / "epoch-0002.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(RunError, match="the evaluation of epoch 2 cannot be read"):
        read_evaluation(tmp_path)


def test_going_back_forgets_later_evaluations(tmp_path, evaluation):
    write_evaluation(tmp_path, evaluation)
    later = json.loads((tmp_path / "evaluations" / "epoch-0002.json").read_text()) | {"epoch": 3}
    (tmp_path / "evaluations" / "epoch-0003.json").write_text(json.dumps(later))
    forget_evaluations_after(tmp_path, 2)
    assert evaluated_epochs(tmp_path) == (2,)
