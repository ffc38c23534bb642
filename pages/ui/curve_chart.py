"""Curves on a page: a title, and a chart as soon as there is a point to draw."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui.curves import Curve, chart_rows, chart_spec


def show_curves(
    title: str,
    curves: Sequence[Curve],
    *,
    key: str,
    alt: str,
    x_max: float,
    y_title: str,
    percent: bool = False,
    height: int = 260,
) -> None:
    """Draw them over epochs.

    Args:
        title: what they show, above the chart.
        curves: see :class:`Curve`.
        key: the chart's, so that it stays where it is while its rows grow.
        alt: the text alternative up to "now" or "at the end"; what stands at the curves' ends follows.
        x_max, y_title, percent, height: as in :func:`chart_spec`.
    """
    st.markdown(f"**{title}**")
    rows = chart_rows(curves, percent=percent)
    if not rows:
        st.caption("The curves begin with the first evaluation.")
        return
    spec = chart_spec(curves, x_max=x_max, y_title=y_title, percent=percent, height=height)
    # As a data set with a name: what is passed as the chart's data reaches it only after it was drawn empty.
    spec |= {"data": {"name": "curves"}, "datasets": {"curves": rows}}
    ends = ", ".join(row["text"] for row in rows if row["text"])
    st.vega_lite_chart(None, spec, key=key, alt=f"{alt} {ends}")
