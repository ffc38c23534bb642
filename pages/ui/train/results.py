"""What the network takes for what: confusion matrix with its images, classes, worst mistakes, after any epoch."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lab.data.catalogue import data_sets
from lab.errors import LabError
from lab.training.evaluation import Evaluation
from lab.training.run_folder import Run
from pages.ui import messages, run_files, state, units
from pages.ui.components.confusion import confusion_grid
from pages.ui.gallery import show_gallery
from pages.ui.scheme import scheme
from pages.ui.train.figures import class_bars
from pages.ui.train.pictures import figures_of
from pages.ui.train.state import TrainState

MAX_CELL_IMAGES = 24
MAX_CLASSES = 40  # more columns than a screen holds; the classes most often confused are shown
N_WORST = 15
_EPOCH_KEY = "_train.epoch"


def show_results(run: Run) -> None:
    """Draw the results; while the run goes on they follow it."""
    interval = run_files.poll_interval_s() * 2 if run.status().is_active else None
    st.fragment(_results, run_every=interval)(run)


def _results(run: Run) -> None:
    epochs = run_files.epochs_seen(run)
    if not epochs:
        return
    with messages.guarded():
        st.divider()
        st.header("What it takes for what", anchor=False)
        epoch = _choose_epoch(epochs)
        evaluation = run_files.evaluation_of(run, epoch)
        classes = class_names(run, len(evaluation.confusion))
        _show_summary(evaluation)
        grid, bars = st.columns([8, 5], gap="medium")
        with grid:
            _matrix(run, evaluation, classes)
        with bars:
            _show_bars(evaluation, classes)
            _show_worst(run, evaluation, classes)


@st.fragment
def _matrix(run: Run, evaluation: Evaluation, classes: Sequence[str]) -> None:
    """The matrix and the images of its chosen cell: a click runs only this part of the page."""
    cell = _show_confusion(run, evaluation, classes)
    _show_cell(run, evaluation, classes, cell)


def class_names(run: Run, n_classes: int) -> tuple[str, ...]:
    """The classes of the run's data set; numbers when the set is no longer there."""
    row = data_sets(run.home).get(run.spec().data)
    return row.classes if row and len(row.classes) == n_classes else tuple(str(k) for k in range(n_classes))


def _choose_epoch(epochs: Sequence[int]) -> int:
    """A slider over the epochs; at its end it follows the latest."""
    chosen = state.load(TrainState).epoch
    epoch = chosen if chosen in epochs else epochs[-1]
    if len(epochs) > 1:
        st.select_slider(
            "After epoch",
            list(epochs),
            value=epoch,
            key=state.bind(_EPOCH_KEY, epoch),
            on_change=_keep_epoch,
            args=(epochs[-1],),
            help="0 is the network before training. At the right end it follows the latest epoch.",
        )
    return epoch


def _keep_epoch(latest: int) -> None:
    chosen = state.widget_value(_EPOCH_KEY)
    state.update(TrainState, epoch=-1 if chosen == latest else chosen)


def _show_summary(evaluation: Evaluation) -> None:
    n_wrong = sum(1 for label, guess in zip(evaluation.labels, evaluation.predicted, strict=True) if label != guess)
    total = len(evaluation.labels)
    st.markdown(
        f"After epoch {evaluation.epoch}: **{units.percent(evaluation.accuracy)}** of {units.count(total)} test images "
        f"right, {units.count(n_wrong)} wrong."
    )


def _show_confusion(run: Run, evaluation: Evaluation, classes: Sequence[str]) -> tuple[int, int] | None:
    shown = most_confused(evaluation.confusion, MAX_CLASSES)
    kept = state.load(TrainState).cell or largest_confusion(evaluation.confusion)
    marked = (shown.index(kept[0]), shown.index(kept[1])) if kept and set(kept) <= set(shown) else None
    if len(shown) < len(classes):
        st.caption(f"The {len(shown)} classes with the most mistakes, of {len(classes)}.")
    found = confusion_grid(
        [classes[k] for k in shown],
        [[evaluation.confusion[row][column] for column in shown] for row in shown],
        chosen=marked,
        scheme=scheme(),
        key=f"_train.confusion.{run.id}",
    )
    if found is None:
        return kept
    cell = (shown[found[0]], shown[found[1]])
    if cell != state.load(TrainState).cell:
        state.update(TrainState, cell=cell)
    return cell


def most_confused(confusion: Sequence[Sequence[int]], limit: int) -> list[int]:
    """The classes to show: all, or those with the most mistakes where there are more than ``limit``.

    Examples:
        >>> most_confused(((5, 0, 0), (0, 4, 1), (2, 0, 3)), limit=2)
        [1, 2]
    """
    order = sorted(range(len(confusion)), key=lambda k: confusion[k][k] - sum(confusion[k]))
    return sorted(order[:limit])


def largest_confusion(confusion: Sequence[Sequence[int]]) -> tuple[int, int] | None:
    """The most frequent mistake, (is, taken for); ``None`` when there is none.

    Examples:
        >>> largest_confusion(((5, 1), (3, 4)))
        (1, 0)
    """
    cells = [(count, i, j) for i, row in enumerate(confusion) for j, count in enumerate(row) if i != j and count]
    return max(cells)[1:] if cells else None


def _show_bars(evaluation: Evaluation, classes: Sequence[str]) -> None:
    st.markdown("**Recognised per class, the hardest first**")
    rows, spec = class_bars(classes, evaluation.confusion, scheme())
    told = ", ".join(f"{row['class']} {row['text']}" for row in rows)
    st.vega_lite_chart(rows, spec, key="train_classes", alt=f"Share recognised per class: {told}")


def _show_cell(run: Run, evaluation: Evaluation, classes: Sequence[str], cell: tuple[int, int] | None) -> None:
    if cell is None or max(cell) >= len(classes):
        return
    label, predicted = classes[cell[0]], classes[cell[1]]
    indices = evaluation.cell(*cell)
    with st.container(border=True, key="train_cell"):
        st.markdown(f"**{messages.escape(cell_title(label, predicted, len(indices)))}**")
        if indices:
            _guarded_gallery(run, evaluation, classes, indices[:MAX_CELL_IMAGES], named=False)
        if len(indices) > MAX_CELL_IMAGES:
            st.caption(f"The {MAX_CELL_IMAGES} of which the network was surest.")


def cell_title(label: str, predicted: str, n_images: int) -> str:
    """Say what a cell holds.

    Examples:
        >>> cell_title("Shirt", "Coat", 12), cell_title("Bag", "Bag", 1), cell_title("Bag", "Coat", 0)
        ('12 images of Shirt taken for Coat', '1 image of Bag recognised', 'No image of Bag taken for Coat')
    """
    count = "No image" if n_images == 0 else "1 image" if n_images == 1 else f"{n_images} images"
    return f"{count} of {label} {'recognised' if label == predicted else f'taken for {predicted}'}"


def _show_worst(run: Run, evaluation: Evaluation, classes: Sequence[str]) -> None:
    if not evaluation.mistakes:
        return
    st.markdown("**Worst mistakes: surest and wrong**")
    st.caption("In bold what the network took it for.")
    _guarded_gallery(run, evaluation, classes, [one.index for one in evaluation.mistakes[:N_WORST]], named=True)


def _guarded_gallery(
    run: Run, evaluation: Evaluation, classes: Sequence[str], indices: Sequence[int], *, named: bool
) -> None:
    """Show test images; the numbers above stay when the images are not on this machine."""
    try:
        show_gallery(figures_of(run, evaluation, classes, indices, named=named), scheme=scheme())
    except LabError as error:
        messages.show_error(error)
