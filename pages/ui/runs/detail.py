"""One run in detail: go on with it, take it away, repeat it, delete it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lab.errors import LabError
from lab.training.run_folder import Run, RunInfo, delete_run, open_run
from pages.ui import controls, messages, run_files, state, units
from pages.ui.data_title import data_title
from pages.ui.runs.card import card_facts, promise
from pages.ui.runs.exports import FORMATS, GONE, PREPARE_AGAIN, Export, folder_bytes
from pages.ui.runs.rates import BY_HAND
from pages.ui.runs.rows import date_text
from pages.ui.runs.state import RunsState
from pages.ui.train.run_view import take_settings
from pages.ui.train.state import TrainState

MAX_UNBROKEN = 40  # characters on one line of the card
_ASKED = "runs.asked_to_delete"  # the ids that the open question is about
RESUMABLE = ("paused", "interrupted", "stopped", "failed")


def show_detail(chosen: Sequence[RunInfo]) -> None:
    """Show one of the ticked runs."""
    readable = [info for info in chosen if info.spec is not None]
    if readable:
        info = _choose(readable)
        with messages.guarded():
            _show_one(info, open_run(info.id))


def _choose(readable: Sequence[RunInfo]) -> RunInfo:
    if len(readable) == 1:
        st.header(messages.escape(label_of(readable[0])), anchor=False)
        return readable[0]
    by_id = {info.id: info for info in readable}
    st.header("One of them in detail", anchor=False)
    return by_id[
        controls.select(
            RunsState, "detail", choices=list(by_id), label="Run", format_func=lambda one: label_of(by_id[one])
        )
    ]


def label_of(info: RunInfo) -> str:
    """Name a run where its id alone would say nothing."""
    what = f"{info.network} on {data_title(info.data)}" if info.spec else "Damaged run"
    return f"{what}, {date_text(info.created_at)} ({info.id})"


def _show_one(info: RunInfo, run: Run) -> None:
    orders, card = st.columns(2, gap="large")
    with orders:
        with st.container(horizontal=True):
            _show_orders(info, run)
        _show_export(run)
    with card:
        _show_card(run)


def _show_orders(info: RunInfo, run: Run) -> None:
    if st.button(
        "Open", key="_runs.open", icon=":material/open_in_full:", help="Curves and confusion matrix on the Train page."
    ):
        state.update(TrainState, run=run.id, epoch=-1, cell=None)
        st.switch_page("pages/training/train.py")
    if info.status in RESUMABLE and st.button("Resume", key="_runs.resume", icon=":material/play_arrow:"):
        run.resume()
        st.rerun()
    if st.button("Train again with the same settings", key="_runs.again", icon=":material/replay:"):
        take_settings(run.spec())
        st.switch_page("pages/training/train.py")


def _show_export(run: Run) -> None:
    chosen = controls.select(RunsState, "export", format_func=lambda name: FORMATS[name].title)
    size = f" {units.size(folder_bytes(run))} before packing." if chosen == "zip" else ""
    st.caption(FORMATS[chosen].sentence + size)
    if st.button("Prepare the file", key="_runs.prepare", icon=":material/inventory_2:"):
        state.forget("runs.export")
        try:
            with st.spinner("Writing the file."):
                state.remember("runs.export", (run.id, chosen, FORMATS[chosen].make(run)))
        except LabError as error:
            messages.show_error(error)
    made = state.recall("runs.export")
    if made and made[:2] == (run.id, chosen):
        _offer(made[2])


def _offer(export: Export) -> None:
    if not export.n_bytes:
        st.caption(f"{GONE.capitalize()}; {PREPARE_AGAIN}.")
        return
    st.download_button(
        f"Download {export.name} ({units.size(export.n_bytes)})",
        export.read,  # at the click, or every session that looks would hold the file in memory
        file_name=export.name,
        mime=export.mime,
        key="_runs.download",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
    )


def _show_card(run: Run) -> None:
    st.markdown("**Reproducibility card**")
    facts = card_facts(run)
    if BY_HAND in facts:
        st.warning(promise(facts), icon=":material/warning:")
    else:
        st.caption(promise(facts))
    rows = {"": list(facts), "value": [messages.escape(short(value)) for value in facts.values()]}
    st.table(rows, hide_index=True, hide_header=True)


def short(value: str) -> str:
    """Cut what has no place to break, a checksum; the archive's card has it whole.

    Examples:
        >>> short("0" * 64), short("fashion-mnist")
        ('0000000000000000…', 'fashion-mnist')
    """
    return f"{value[:16]}…" if len(value) > MAX_UNBROKEN and " " not in value else value


def show_delete(chosen: Sequence[RunInfo]) -> None:
    """Offer to delete the ticked runs."""
    label = "Delete this run" if len(chosen) == 1 else f"Delete these {len(chosen)} runs"
    ids = tuple(info.id for info in chosen)
    # Quiet: it stands before what one does more often, because it is about all that are ticked.
    if st.button(f":red[{label}]", key="_runs.delete", icon=":material/delete:", type="tertiary"):
        state.remember(_ASKED, ids)
    # Asked anew by every run of the page: when another run begins or ends the page runs again, and a question that is
    # not asked again would vanish under the hand.
    if state.recall(_ASKED) == ids:
        _ask_before_deleting(ids, tuple(label_of(info) for info in chosen))


def _forget_question() -> None:
    state.forget(_ASKED)


@st.dialog("Delete for good?", on_dismiss=_forget_question)
def _ask_before_deleting(ids: tuple[str, ...], labels: tuple[str, ...]) -> None:
    st.markdown("\n".join(f"- {messages.escape(label)}" for label in labels))
    st.markdown("Curves, weights and results go with it. This cannot be undone.")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Keep", key="_runs.keep", on_click=_forget_question):
            st.rerun()
        if st.button(
            ":red[Delete for good]",
            key="_runs.delete_now",
            icon=":material/delete:",
            on_click=_delete,
            args=(ids,),
        ):
            st.rerun()  # closes the question


def _delete(ids: Sequence[str]) -> None:
    """Delete each; one that cannot be deleted leaves a sentence and stays."""
    _forget_question()
    run_files.recent_runs.clear()
    for run_id in ids:
        try:
            delete_run(open_run(run_id))
        except LabError as error:
            state.notify(error.sentence)
