"""Whether a picture is one that the network can say anything about: the very sentence of the Classify page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.ui.feature_maps.subject import Subject, load_subject

if TYPE_CHECKING:
    from lab.inspection.overview import Overview
    from pages.ui.feature_maps.drawing import Shown


def warning_about(subject: Subject, shown: Shown, drawing: Overview) -> str | None:
    """Say why the answer at the end of the drawing is not to be trusted, or ``None``.

    What is usual is measured with the run's best checkpoint for all of its checkpoints: playing through the training
    must not wait a second at each.
    """
    from lab.prediction.classifier import warning_of

    judge = subject.classifier
    if judge is None:
        return None
    if not judge.is_untrained and len(subject.epochs) > 1:
        judge = load_subject(subject.source, -1).classifier or judge
    best = sorted(((row.label, row.probability) for row in drawing.classes), key=lambda row: -row[1])
    return warning_of(judge, judge.preprocessing.tensor(shown.pixels), tuple(best)) if best else None
