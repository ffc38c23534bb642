"""Chosen runs side by side: their curves, their results, and exactly what differs between their recipes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from lab.training.history import History
from lab.training.run_folder import RunInfo, open_run
from pages.ui import messages, run_files, units
from pages.ui.curve_chart import show_curves
from pages.ui.curves import Curve
from pages.ui.data_title import data_title
from pages.ui.network_totals import totals
from pages.ui.palette import SERIES, Scheme
from pages.ui.runs.differences import MISSING, differences, in_words
from pages.ui.runs.rates import BY_HAND, by_hand
from pages.ui.runs.rows import date_text
from pages.ui.scheme import scheme
from pages.ui.train.figures import epoch_points

# Solid first, then patterns that stay apart at two pixels of width.
DASHES: tuple[tuple[int, ...], ...] = ((), (7, 3), (2, 3), (10, 3, 2, 3), (5, 5), (1, 2), (12, 4), (8, 2, 1, 2, 1, 2))
LETTERS = "ABCDEFGH"
MAX_COMPARED = len(LETTERS)  # as many as there are colours and dash patterns that can be told apart


@dataclass(frozen=True)
class Compared:
    """One run of a comparison: the letter that names it in chart and tables, and what it brought."""

    letter: str
    info: RunInfo
    history: History


def show_comparison(runs: Sequence[RunInfo]) -> None:
    """Draw the comparison of two or more readable runs."""
    compared = [_compared(letter, info) for letter, info in zip(LETTERS, runs[:MAX_COMPARED], strict=False)]
    st.header("Compared", anchor=False)
    if len(runs) > MAX_COMPARED:
        st.caption(f"The first {MAX_COMPARED} of {len(runs)} chosen runs.")
    st.markdown("  \n".join(f"**{one.letter}**: {messages.escape(name_of(one.info))}" for one in compared))
    accuracy, loss = st.columns(2)
    with accuracy:
        _chart("Test accuracy", compared, "test_accuracy", percent=True)
    with loss:
        _chart("Test loss", compared, "test_loss", percent=False)
    st.markdown("**What came out**")
    st.table(_as_columns(compared, result_rows(compared)))
    st.markdown("**What differs**")
    rows = difference_rows(compared)
    if rows:
        st.table(_as_columns(compared, rows))
    else:
        st.caption("Nothing: the same network, data and recipe, and no learning rate set by hand.")


def difference_rows(compared: Sequence[Compared]) -> list[tuple[str, tuple[str, ...]]]:
    """What differs: the recipes field by field, and what was done to the learning rate by hand."""
    found = differences([json.loads(one.info.spec.to_json()) for one in compared if one.info.spec])
    rows = [in_words(row) for row in found]
    changes = tuple(by_hand(one.history.lr_changes) or MISSING for one in compared)
    return rows + [(BY_HAND, changes)] * (len(set(changes)) > 1)


def _compared(letter: str, info: RunInfo) -> Compared:
    return Compared(letter, info, run_files.history_of(open_run(info.id)))


def name_of(info: RunInfo) -> str:
    """Name a run in one line."""
    return f"{info.network} on {data_title(info.data)}, {date_text(info.created_at)}, {info.id}"


def comparison_curves(compared: Sequence[Compared], field: str, look: Scheme) -> tuple[Curve, ...]:
    """One curve a run, each with its letter, colour and dash pattern."""
    return tuple(
        Curve(
            name=one.letter,
            points=epoch_points(one.history.epochs, field),
            colour=SERIES[look][k % len(SERIES[look])],
            dash=DASHES[k % len(DASHES)],
            marked=True,
        )
        for k, one in enumerate(compared)
    )


def _chart(title: str, compared: Sequence[Compared], field: str, *, percent: bool) -> None:
    curves = comparison_curves(compared, field, scheme())
    alt, x_max = f"{title} of {len(compared)} runs; at the end", max(one.info.n_epochs for one in compared)
    show_curves(
        title, curves, key=f"runs_{field}", alt=alt, x_max=x_max, y_title=title.lower(), percent=percent, height=300
    )


def result_rows(compared: Sequence[Compared]) -> list[tuple[str, tuple[str, ...]]]:
    """What each run cost and brought, row by row."""
    return [
        ("status", tuple(one.info.status for one in compared)),
        ("best test accuracy", tuple(_percent(one.info.best_test_accuracy) for one in compared)),
        ("last test accuracy", tuple(_percent(one.info.test_accuracy) for one in compared)),
        ("last test loss", tuple(_last_loss(one.history) for one in compared)),
        ("epochs", tuple(f"{one.info.epoch} of {one.info.n_epochs}" for one in compared)),
        ("time", tuple(units.duration(sum(row.time_s for row in one.history.epochs)) for one in compared)),
        ("parameters", tuple(_cost(one.info, "n_params") for one in compared)),
        ("MACs per image", tuple(_cost(one.info, "n_macs") for one in compared)),
    ]


def _percent(share: float | None) -> str:
    return MISSING if share is None else units.percent(share, 2)


def _last_loss(history: History) -> str:
    return f"{history.epochs[-1].test_loss:.4f}" if history.epochs else MISSING


def _cost(info: RunInfo, what: str) -> str:
    return units.count(getattr(totals(info.spec.network), what)) if info.spec else MISSING


def _as_columns(compared: Sequence[Compared], rows: Sequence[tuple[str, tuple[str, ...]]]) -> dict[str, list[str]]:
    """Turn rows into the columns that a table takes; texts are escaped, names may be a user's."""
    columns = {"": [f"**{messages.escape(name)}**" for name, _ in rows]}
    for k, one in enumerate(compared):
        columns[one.letter] = [messages.escape(values[k]) for _, values in rows]
    return columns
