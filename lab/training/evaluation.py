"""How a network does on the test set: what it takes for what, and where it is surest and wrong.

Reading needs no torch; a page shows an evaluation that a worker wrote.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lab.errors import Code, RunError
from lab.files import write_json
from lab.training.saved import read_saved, saved

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import Tensor

FOLDER = "evaluations"
N_MISTAKES = 60


@dataclass(frozen=True)
class Mistake:
    """A test image that the network takes for something else.

    Attributes:
        index: its position in the test set.
        label: its class.
        predicted: the class it was taken for.
        probability: how sure the network was of that, 0..1.
    """

    index: int
    label: int
    predicted: int
    probability: float


@saved
@dataclass(frozen=True)
class Evaluation:
    """One look at the whole test set.

    Attributes:
        epoch: epochs trained before it; 0 is the untrained network.
        loss: mean loss.
        accuracy: share classified correctly, 0..1.
        confusion: ``confusion[label][predicted]`` images, K x K.
        per_class: accuracy of each class, 0..1; ``None`` for a class without test images.
        mistakes: the most confident mistakes, surest first, at most 60.
        labels: the class of each test image.
        predicted: the class that each test image was taken for.
        probabilities: how sure of it the network was, rounded to four digits.
    """

    epoch: int
    loss: float
    accuracy: float
    confusion: tuple[tuple[int, ...], ...]
    per_class: tuple[float | None, ...]
    mistakes: tuple[Mistake, ...]
    labels: tuple[int, ...]
    predicted: tuple[int, ...]
    probabilities: tuple[float, ...]

    def cell(self, label: int, predicted: int) -> tuple[int, ...]:
        """Return the test images behind one cell of the confusion matrix, surest first."""
        pairs = zip(self.labels, self.predicted, strict=True)
        indices = [index for index, pair in enumerate(pairs) if pair == (label, predicted)]
        return tuple(sorted(indices, key=lambda index: -self.probabilities[index]))


def summarize_predictions(
    epoch: int,
    loss: float,
    labels: Sequence[int],
    predicted: Sequence[int],
    probabilities: Sequence[float],
    n_classes: int,
) -> Evaluation:
    """Count what was taken for what.

    Args:
        epoch: epochs trained so far.
        loss: mean test loss.
        labels, predicted, probabilities: one entry a test image; classes are ``0..n_classes - 1``.
        n_classes: K.

    Examples:
        >>> evaluation = summarize_predictions(1, 0.5, [0, 0, 1], [0, 1, 1], [0.9, 0.8, 0.7], 2)
        >>> evaluation.confusion, evaluation.per_class, evaluation.mistakes
        (((1, 1), (0, 1)), (0.5, 1.0), (Mistake(index=1, label=0, predicted=1, probability=0.8),))
    """
    confusion = [[0] * n_classes for _ in range(n_classes)]
    for label, guess in zip(labels, predicted, strict=True):
        confusion[label][guess] += 1
    n_correct = sum(confusion[k][k] for k in range(n_classes))
    wrong = [index for index, label in enumerate(labels) if label != predicted[index]]
    surest = sorted(wrong, key=lambda index: -probabilities[index])[:N_MISTAKES]
    return Evaluation(
        epoch=epoch,
        loss=loss,
        accuracy=n_correct / max(1, len(labels)),
        confusion=tuple(tuple(row) for row in confusion),
        per_class=tuple(row[k] / sum(row) if sum(row) else None for k, row in enumerate(confusion)),
        mistakes=tuple(Mistake(i, labels[i], predicted[i], probabilities[i]) for i in surest),
        labels=tuple(labels),
        predicted=tuple(predicted),
        probabilities=tuple(probabilities),
    )


def evaluate(
    logits_of: Callable[[int, int], Tensor],
    loss_of: Callable[[Tensor, Tensor], Tensor],
    labels: Tensor,
    *,
    epoch: int,
    n_classes: int,
    batch_size: int,
) -> Evaluation:
    """Look at the whole test set; nothing is read from the device before the end.

    Args:
        logits_of: gives the logits ``(n, K)``, float32, of the test images ``start`` to ``stop - 1``.
        loss_of: mean loss of logits and labels.
        labels: ``(N,)`` int64 on the device.
        epoch: epochs trained so far.
        n_classes: K.
        batch_size: test images at once.
    """
    import torch

    losses, guesses, sureness = [], [], []
    with torch.inference_mode():
        for start in range(0, len(labels), batch_size):
            batch_labels = labels[start : start + batch_size]
            logits = logits_of(start, start + len(batch_labels))
            losses.append(loss_of(logits, batch_labels).double() * len(batch_labels))
            probability, guess = logits.softmax(dim=1).max(dim=1)
            guesses.append(guess)
            sureness.append(probability)
    loss = float(torch.stack(losses).sum()) / len(labels)
    probabilities = [round(value, 4) for value in torch.cat(sureness).tolist()]
    return summarize_predictions(epoch, loss, labels.tolist(), torch.cat(guesses).tolist(), probabilities, n_classes)


def write_evaluation(run_folder: Path, evaluation: Evaluation) -> None:
    """Keep an evaluation in the run's folder."""
    (run_folder / FOLDER).mkdir(exist_ok=True)
    write_json(evaluation_path(run_folder, evaluation.epoch), asdict(evaluation))


def forget_evaluations_after(run_folder: Path, epoch: int) -> None:
    """Remove evaluations of later epochs than ``epoch``, because they are about to be made again."""
    for later in evaluated_epochs(run_folder):
        if later > epoch:
            evaluation_path(run_folder, later).unlink(missing_ok=True)


def evaluated_epochs(run_folder: Path) -> tuple[int, ...]:
    """List the epochs that have an evaluation, ascending."""
    names = [path.stem.removeprefix("epoch-") for path in (run_folder / FOLDER).glob("epoch-*.json")]
    return tuple(sorted(int(name) for name in names if name.isdigit()))


def read_evaluation(run_folder: Path, epoch: int | None = None) -> Evaluation:
    """Read the evaluation after ``epoch``, by default the latest.

    Raises:
        RunError: RUN-STATE when there is none (yet), RUN-DAMAGED when its file cannot be read.
    """
    known = evaluated_epochs(run_folder)
    if not known or (epoch is not None and epoch not in known):
        which = "no evaluation yet" if not known else f"no evaluation of epoch {epoch}, only {known[0]} to {known[-1]}"
        raise RunError(Code.RUN_STATE, f"there is {which}", where=run_folder.name)
    chosen = known[-1] if epoch is None else epoch
    try:
        return _whole(read_saved(Evaluation, evaluation_path(run_folder, chosen).read_bytes()))
    except (OSError, ValueError) as error:
        raise RunError(
            Code.RUN_DAMAGED,
            f"the evaluation of epoch {chosen} cannot be read",
            where=run_folder.name,
            now="look at another epoch; the weights are not affected",
        ) from error


def _whole(evaluation: Evaluation) -> Evaluation:
    """Check that its parts belong together; a ``ValueError`` says that they do not."""
    n_images, n_classes = len(evaluation.labels), len(evaluation.confusion)
    same_length = n_images == len(evaluation.predicted) == len(evaluation.probabilities)
    square = all(len(row) == n_classes for row in evaluation.confusion) and len(evaluation.per_class) == n_classes
    classes = {*evaluation.labels, *evaluation.predicted, *(mistake.label for mistake in evaluation.mistakes)}
    known = all(0 <= index < n_classes for index in classes)
    if not (same_length and square and known and all(0 <= m.index < n_images for m in evaluation.mistakes)):
        raise ValueError("its parts do not belong together")
    return evaluation


def evaluation_path(run_folder: Path, epoch: int) -> Path:
    """Where the look after an epoch lies, once it was taken."""
    return run_folder / FOLDER / f"epoch-{epoch:04d}.json"
