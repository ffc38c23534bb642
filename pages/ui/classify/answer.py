"""What the network makes of the photo: class bars as a table, totals for cats and dogs, and how far to trust it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from pages.ui import messages, units
from pages.ui.palette import SERIES, STATUS, Scheme

if TYPE_CHECKING:
    from lab.prediction.classifier import Prediction
    from lab.prediction.imagenet import CatDog

N_CLASSES = 5

_STYLE = """
<style>
.lab-answer { width: 100%; border-collapse: collapse; font-size: 0.95rem; }
.lab-answer caption { text-align: left; font-size: 0.85rem; padding-bottom: 0.3rem; opacity: 0.75; }
.lab-answer th { text-align: left; font-weight: 400; padding: 0.22rem 0.7rem 0.22rem 0; width: 38%;
  overflow-wrap: anywhere; line-height: 1.25; }
.lab-answer tr:first-of-type th, .lab-answer tr:first-of-type .number { font-weight: 650; }
.lab-answer td { padding: 0.22rem 0; }
.lab-answer .number { text-align: right; width: 4.2rem; font-variant-numeric: tabular-nums; }
.lab-answer .track { height: 0.95rem; border-radius: 3px; overflow: hidden; }
.lab-answer .fill { height: 100%; border-radius: 3px; min-width: 1px; }
.lab-totals { display: flex; height: 1.5rem; border-radius: 5px; overflow: hidden; gap: 2px; }
.lab-totals div { min-width: 3px; }
.lab-legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; margin: 0.4rem 0 0; font-size: 0.95rem; }
.lab-legend span::before { content: ""; display: inline-block; width: 0.7rem; height: 0.7rem; margin-right: 0.4rem;
  border-radius: 2px; background: var(--colour); }
.lab-legend b { font-variant-numeric: tabular-nums; }
</style>
"""


def show_answer(prediction: Prediction, *, label: str | None, scheme: Scheme) -> None:
    """Draw the answer.

    Args:
        prediction: what the network said.
        label: the photo's class, where a data set tells it and the network knows that class.
        scheme: light or dark.
    """
    if prediction.warning:
        messages.show_warning(prediction.warning)
    st.html(_STYLE + table_html(prediction.classes, n_classes=len(prediction.probabilities), scheme=scheme))
    if label is not None:
        _show_truth(prediction, label)
    if prediction.cat_dog:
        st.header("Cat or dog?", anchor=False)
        st.html(totals_html(prediction.cat_dog, scheme=scheme))
        st.caption("All of ImageNet's cats (5 domestic kinds) and all of its dogs (118 breeds) added up.")


def _show_truth(prediction: Prediction, label: str) -> None:
    verdict = "so the network is right" if prediction.classes[0][0] == label else "so the network is wrong"
    st.markdown(f"This test image is of class **{messages.escape(label)}**, {verdict}.")


def table_html(classes: tuple[tuple[str, float], ...], *, n_classes: int, scheme: Scheme) -> str:
    """Write the most probable classes as a table whose middle column is a bar; names are escaped."""
    rows = "".join(_row(label, probability, scheme) for label, probability in classes)
    caption = f"Most probable of {units.count(n_classes)} classes"
    return f'<table class="lab-answer"><caption>{caption}</caption><tbody>{rows}</tbody></table>'


def _row(label: str, probability: float, scheme: Scheme) -> str:
    percent = 100 * min(max(probability, 0.0), 1.0)
    fill = f'<div class="fill" style="width:{percent:.1f}%;background:{SERIES[scheme][0]}"></div>'
    track = f'<div class="track" style="background:{STATUS[scheme]["muted"]}26" aria-hidden="true">{fill}</div>'
    return (
        f'<tr><th scope="row">{escape(label)}</th><td>{track}</td>'
        f'<td class="number">{units.percent(probability)}</td></tr>'
    )


def totals_html(totals: CatDog, *, scheme: Scheme) -> str:
    """Write cat, dog and neither as one divided bar with its numbers beneath."""
    colours = (SERIES[scheme][1], SERIES[scheme][0], STATUS[scheme]["muted"])
    shares = (("Cat", totals.cat), ("Dog", totals.dog), ("Neither", totals.neither))
    bar = "".join(
        f'<div style="flex:{max(share, 0.0):.4f} 1 0;background:{colour}"></div>'
        for (_, share), colour in zip(shares, colours, strict=True)
    )
    legend = "".join(
        f'<span style="--colour:{colour}">{name} <b>{units.percent(share)}</b></span>'
        for (name, share), colour in zip(shares, colours, strict=True)
    )
    return f'{_STYLE}<div class="lab-totals" aria-hidden="true">{bar}</div><div class="lab-legend">{legend}</div>'
