"""The live panel of one run: status, orders, numbers and curves, read from its folder again and again while it runs."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lab.data import fetching
from lab.data.catalogue import DATA_SETS
from lab.errors import Code
from lab.training.history import History
from lab.training.recipe import TrainSpec
from lab.training.run_folder import Run
from lab.training.run_status import RunStatus
from pages.ui import messages, run_files, state
from pages.ui.curve_chart import show_curves
from pages.ui.curves import Curve
from pages.ui.data_title import data_title
from pages.ui.scheme import scheme
from pages.ui.train import download, figures, words
from pages.ui.train.numbers import Number, numbers
from pages.ui.train.orders import give_order, offer_smaller_rate, show_orders
from pages.ui.train.recipe_panel import LEARNING_RATES, LEAST_RATE, MOST_RATE, rate_text

CHART_HEIGHT = 250
# Whoever has pressed Start waits for the first point; a panel without curves is quick to draw.
FIRST_POINT_INTERVAL_S = 0.2
METRIC_WIDTH_PX = 134  # two beside each other on a phone, all six on a laptop
_RATE_KEY, _NEW_RATE = "_train.live_rate", "train.new_rate"


def show_live(run: Run) -> None:
    """Draw the panel; it renews itself while something can change, and reruns the page once the status has changed."""
    status = run.status()
    has_begun = bool(run_files.history_of(run).steps)
    is_near = status.status in ("queued", "running") and status.place_in_line < 1 and not has_begun
    least_s = FIRST_POINT_INTERVAL_S if is_near else run_files.LEAST_INTERVAL_S
    interval = run_files.poll_interval_s(least_s) if status.is_active else None
    st.fragment(_panel, run_every=interval)(run, status.status, has_begun)


def _panel(run: Run, drawn_status: str, had_begun: bool) -> None:
    status = run.status()
    if status.status != drawn_status or (not had_begun and run_files.history_of(run).steps):
        st.rerun()  # the page around the panel was drawn for another state; the next panel is drawn for this one
    spec = run.spec()
    _show_head(run, spec, status)
    _show_message(status)
    if status.code == Code.TRAINING_DIVERGED.value:
        offer_smaller_rate(run, spec, status)
    history = run_files.history_of(run)
    _show_numbers(numbers(status, history, spec))
    _show_charts(status, history, spec)
    if history.steps:
        _show_rate(run, status, history, spec)


def title_of(spec: TrainSpec) -> str:
    """Name a run by what is trained on what."""
    return f"{spec.network.name} on {data_title(spec.data)}"


def _show_head(run: Run, spec: TrainSpec, status: RunStatus) -> None:
    name, orders = st.columns([3, 2], vertical_alignment="center")
    word = words.WORDS[status.status]
    colour = {"good": "green", "bad": "red", "busy": "blue"}.get(word.tone, "gray")
    with name:
        st.header(messages.escape(title_of(spec)), anchor=False)
        device = f", {words.device_word(status.device)}" if status.device else ""
        st.markdown(f":{colour}-badge[{word.icon} {word.word}] {messages.escape(run.id + device)}")
    with orders, st.container(horizontal=True, horizontal_alignment="right"):
        show_orders(run, status)
    if status.is_active:
        _show_progress(run, spec, status)


def _show_progress(run: Run, spec: TrainSpec, status: RunStatus) -> None:
    """Show how far it is; before its first step, how far its images are, where they have to be fetched."""
    waits = spec.data in DATA_SETS and not status.n_steps and status.place_in_line < 1
    fetch = fetching.progress_of(spec.data, run.home) if waits else None
    if fetch is None:
        st.progress(words.share_done(status), text=words.progress_text(status))
    else:
        download.show_progress(spec.data, fetch)


def _show_message(status: RunStatus) -> None:
    """Say why it is as it is, and what to try."""
    if not status.message:
        return
    text = messages.said(status.message)
    advice = words.ADVICE.get(status.code, "")
    if status.status in ("failed", "interrupted", "damaged"):
        st.error(f"{text}\n\n{messages.escape(advice)}" if advice else text, icon=":material/error:")
    else:
        st.info(text, icon=":material/info:")


def _show_numbers(shown: Sequence[Number]) -> None:
    with st.container(horizontal=True):
        for one in shown:
            st.metric(
                one.label,
                one.value,
                one.note or None,
                delta_color="off",
                delta_arrow="off",
                help=one.hint,
                width=METRIC_WIDTH_PX,
            )


def _show_charts(status: RunStatus, history: History, spec: TrainSpec) -> None:
    per_epoch = steps_per_epoch(status, history)
    if not history.steps and not history.epochs:
        st.caption("The curves appear here with the first steps.")
        return
    look = scheme()
    end = spec.epochs  # all that is planned, so that the chart stays and the line grows into it
    loss, accuracy = st.columns(2)
    with loss:
        _chart("Loss", figures.loss_curves(history, per_epoch, look), end, "loss", percent=False)
    with accuracy:
        _chart("Accuracy", figures.accuracy_curves(history, per_epoch, look), end, "accuracy", percent=True)
    st.caption(
        "Thin: single batches. Train: the mean of an epoch's batches, drawn at its middle. Test: after each epoch."
    )
    if history.n_damaged_lines:
        n = history.n_damaged_lines
        what = "1 damaged line of this run's history is" if n == 1 else f"{n} damaged lines of this run's history are"
        st.caption(f"{what} left out of the curves.")


def _chart(title: str, curves: Sequence[Curve], end: int, y_title: str, *, percent: bool) -> None:
    alt, key = f"{title} by epoch; now", f"train_{y_title}"
    show_curves(title, curves, key=key, alt=alt, x_max=end, y_title=y_title, percent=percent, height=CHART_HEIGHT)


def steps_per_epoch(status: RunStatus, history: History) -> float:
    """Optimizer steps in one epoch, from a finished epoch, else from what the worker counted; at least 1."""
    finished = [row for row in history.epochs if row.epoch > 0]
    if finished:
        return max(1.0, finished[-1].step / finished[-1].epoch)
    return max(1.0, status.n_steps / status.n_epochs) if status.n_steps and status.n_epochs else 1.0


def _show_rate(run: Run, status: RunStatus, history: History, spec: TrainSpec) -> None:
    """Show how the learning rate moved, and let it be changed while it trains."""
    changes = status.status in ("running", "paused") and status.lr is not None
    label = "Learning rate: its curve, and change it now" if changes else "Learning rate: its curve"
    with st.expander(label, icon=":material/speed:", key="_train.rate", on_change="rerun") as panel:
        if not panel.open:
            return
        per_epoch = steps_per_epoch(status, history)
        curves = figures.lr_curve(history, per_epoch, scheme())
        _chart("Learning rate", curves, spec.epochs, "rate", percent=False)
        if changes:
            _show_rate_orders(run, status.lr or 0.0)


def _show_rate_orders(run: Run, now: float) -> None:
    """A slider of usual rates, and a box for any other; each has its button, so that neither overtakes the other."""
    rate = _new_rate(run, now)
    st.select_slider(
        "New learning rate",
        LEARNING_RATES,
        value=rate,
        key=state.bind(_RATE_KEY, rate),
        format_func=rate_text,
        on_change=_keep_rate,
        args=(run.id,),
        help="Takes effect at the next step and replaces the schedule until you go back to it.",
    )
    with st.container(horizontal=True):
        # The button names its rate: a click that overtakes the slider's last step does what it says, nothing else.
        give_order(
            f"Apply {rate_text(rate)}", "apply_rate", ":material/check:", lambda: run.set_lr(rate), said=_said(rate)
        )
        said = "The learning rate follows the schedule again."
        give_order("Back to schedule", "back_to_schedule", ":material/undo:", lambda: run.set_lr(None), said=said)
    _show_typed_rate(run)


def _show_typed_rate(run: Run) -> None:
    with st.form("_train.typed", border=False):
        box, button = st.columns([2, 3], vertical_alignment="bottom")
        typed = box.number_input(
            "Any other rate",
            value=None,
            min_value=LEAST_RATE,
            max_value=MOST_RATE,
            step=0.001,
            format="%g",
            placeholder="0.0021",
            key="_train.typed_rate",
        )
        pressed = button.form_submit_button("Apply the typed rate", key="_train.apply_typed", icon=":material/check:")
    if pressed and typed is not None:
        with messages.guarded():
            run.set_lr(typed)
            st.toast(_said(typed), icon=":material/check:")


def _said(rate: float) -> str:
    return f"Learning rate is now {rate:g}."


def nearest_rate(rate: float) -> float:
    """The slider's position for a rate.

    Examples:
        >>> nearest_rate(0.0021), nearest_rate(9.0)
        (0.002, 1.0)
    """
    return min(LEARNING_RATES, key=lambda known: abs(known - rate))


def _new_rate(run: Run, now: float) -> float:
    """The rate chosen for this run; at first the one nearest to what it has, kept so that it does not move along."""
    run_id, rate = state.recall(_NEW_RATE, ("", 0.0))
    if run_id != run.id:
        rate = nearest_rate(now)
        state.remember(_NEW_RATE, (run.id, rate))
    return float(rate)


def _keep_rate(run_id: str) -> None:
    state.remember(_NEW_RATE, (run_id, float(state.widget_value(_RATE_KEY))))
