"""The first screen of Train: data set, network, recipe, one large button, and the images."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from pydantic import ValidationError

from lab.data.catalogue import data_set, data_sets
from lab.errors import LabError
from lab.files import lab_home
from lab.questions.phrases import count
from lab.training import queue
from lab.training.recipe import TrainSpec, check_recipe
from lab.training.run_folder import RunInfo, create_run
from pages.ui import controls, messages, run_files, state, units, warmup
from pages.ui.data_title import data_title
from pages.ui.train import words
from pages.ui.train.delete_images import show_delete_images
from pages.ui.train.network_line import show_advice, show_fitting, show_fixes, show_network_line
from pages.ui.train.own_images import show_own_images
from pages.ui.train.recipe_panel import ON_STAGE, show_more, show_recipe
from pages.ui.train.samples import show_samples
from pages.ui.train.state import TrainChoice, TrainState


def show_setup() -> None:
    """Draw the screen: on a phone the button comes before the images, which are many.

    The images come last in time, too: a set that is not bundled waits for torch, everything else is there.
    """
    _show_active_runs()
    left, right = st.columns([6, 5], gap="large")
    with left:
        st.header("Data, network and recipe", anchor=False)
        known = data_sets()
        controls.select(
            TrainState,
            "data",
            choices=list(known),
            source=TrainSpec,
            label="Data set",
            format_func=lambda name: known[name].title,
        )
        show_network_line()
        data = state.load(TrainState).recipe_value("data")
        with messages.guarded():
            show_fitting(data)
        _recipe_and_start(state.load(TrainState))
        show_more()
    with right:
        st.header("The images", anchor=False)
        with messages.guarded():
            st.caption(messages.escape(data_set(data).sentence))
            show_samples(data)
        show_delete_images(data)  # of a damaged set, too
        show_own_images()
    warmup.get_ready_to_train()


@st.fragment
def _recipe_and_start(drawn: TrainChoice) -> None:
    """The controls and the button: a change here runs only this part of the page.

    Args:
        drawn: what the page around it shows.
    """
    problem: LabError | ValidationError | None = None
    spec = None
    try:
        spec = state.load(TrainState).recipe(state.workbench().network)
        check_recipe(spec)
    except (LabError, ValidationError) as error:
        problem = error
    show_recipe(cost_sentence(spec, run_files.recent_runs(lab_home())) if spec and not problem else "")
    if has_changed_around(drawn, state.load(TrainState)):
        st.rerun()  # undo and reset reach what stands beside the controls, too
    _show_problem(problem)
    if problem is None:
        show_advice(state.workbench().network)
    pressed = st.button(
        "Start training",
        key="_train.start",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        disabled=problem is not None,
    )
    if pressed and spec and not problem:
        start(spec)


def has_changed_around(before: TrainChoice, now: TrainChoice) -> bool:
    """Whether anything differs that the recipe's own controls do not show."""
    return any(value != getattr(now, name) for name, value in dict(before).items() if name not in ON_STAGE)


def _show_problem(problem: LabError | ValidationError | None) -> None:
    """Say what to change before this recipe can be trained."""
    if isinstance(problem, LabError):
        show_fixes(problem)
    elif problem is not None:
        messages.show_warning(f"The recipe cannot be used: {problem.errors()[0]['msg']}.")


def start(spec: TrainSpec) -> None:
    """Make a run, put it in line, and show it."""
    with messages.guarded():
        run = create_run(spec)
        queue.submit(run)
        run_files.recent_runs.clear()
        state.update(TrainState, run=run.id, epoch=-1, cell=None)
        st.rerun()


def cost_sentence(spec: TrainSpec, runs: Sequence[RunInfo]) -> str:
    """Say how much work a recipe is, and how long it took last time where that is known."""
    n_images = spec.n_train or data_set(spec.data).n_train
    n_steps = spec.epochs * -(-n_images // spec.batch_size)
    text = (
        f"{count(spec.epochs, 'epoch')} of {count(n_images, 'image')}: "
        f"{count(n_steps, 'step')} of {count(spec.batch_size, 'image')}."
    )
    speed = last_speed(spec, runs)
    if speed:
        took = units.duration(max(1.0, spec.epochs * n_images / speed))
        text += f" About {took}, at the speed of your last run of this network."
    return text


def last_speed(spec: TrainSpec, runs: Sequence[RunInfo]) -> float:
    """Images per second of the newest run of the same network and batch size; 0 when there was none."""
    from lab.training.run_folder import open_run

    for info in runs:
        same = info.spec is not None and info.spec.network == spec.network and info.spec.batch_size == spec.batch_size
        if same and info.epoch > 0:
            return _mean_speed(run_files.history_of(open_run(info.id)).epochs)
    return 0.0


def _mean_speed(rows: Sequence[object]) -> float:
    speeds = [row.images_per_s for row in rows if getattr(row, "images_per_s", None)]  # type: ignore[attr-defined]
    return sum(speeds) / len(speeds) if speeds else 0.0


def _show_active_runs() -> None:
    """Offer the way back to a run that is still going on."""
    active = [info for info in run_files.recent_runs(lab_home()) if info.status in ("running", "queued", "paused")]
    for info in active[:3]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            word = words.WORDS[info.status].word
            what = f"{info.network} on {data_title(info.data)}"
            st.markdown(messages.escape(f"{what}: {word}, epoch {info.epoch} of {info.n_epochs}"))
            if st.button("Watch it", key=f"_train.watch.{info.id}", icon=":material/visibility:"):
                state.update(TrainState, run=info.id, epoch=-1, cell=None)
                st.rerun()
