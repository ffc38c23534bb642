"""The first stage: one prediction, its softmax, and what every chosen loss says of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, get_args

import streamlit as st

from lab.theory.loss_names import LOGIT_LIMIT, LOSS_TITLES, LossName
from pages.ui import live, state
from pages.ui.loss.state import LossState
from pages.ui.loss.together import keep_together

STAGE = live.Stage("loss_prediction", scripts=("loss/table", "loss/prediction"), styles=("loss/prediction",))
NAMES: tuple[LossName, ...] = get_args(LossName)
# Colour and dash of each curve: losses with the same gradient, or the same up to a factor, share a colour.
LOOKS: dict[LossName, tuple[int, int]] = {
    "cross-entropy": (0, 0),
    "nll": (0, 5),
    "label-smoothing": (4, 1),
    "kl": (4, 2),
    "focal": (2, 2),
    "bce": (6, 4),
    "hinge": (1, 1),
    "mse": (3, 3),
    "mae": (5, 6),
    "huber": (7, 7),
    "smooth-l1": (7, 2),
}
# Beyond this margin on either side hardly any curve still changes.
SHOWN_MARGIN = 10.0
N_SAMPLES = 97
LOGITS, TUNING = "Logits, one number a class", "What tunes the losses"


@st.fragment
def show_prediction() -> None:
    """Read the state, compute, show."""
    chosen = state.load(LossState)
    STAGE.show(LossState, key="_loss.prediction", controls=_controls(chosen), picture=_picture(chosen), on_action=_act)
    keep_together("prediction")


def _controls(chosen: LossState) -> tuple[live.Control, ...]:
    names = chosen.class_names()
    reach = max(chosen.reach, math.ceil(max(map(abs, chosen.logits()))))
    sliders = (
        live.slider(LossState, f"z{k}", label=name, least=-reach, most=reach, step=reach / 100, help="", group=LOGITS)
        for k, name in enumerate(names, start=1)
    )
    used = {LOSS_TITLES[name].parameter for name in chosen.shown} - {""}
    tuning = (
        live.slider(LossState, "gamma", step=0.1, group=TUNING),
        live.slider(LossState, "smoothing", step=0.01, group=TUNING),
        live.slider(LossState, "margin", step=0.1, group=TUNING),
        live.slider(LossState, "delta", least=0.05, most=3, step=0.05, group=TUNING),
    )
    return (
        live.choice(LossState, "target", choices=tuple(enumerate(names))),
        *sliders,
        live.slider(LossState, "n_classes"),
        live.choice(LossState, "reach", choices=((10, "±10"), (100, "±100"), (1000, "±1000"))),
        live.slider(LossState, "lr", step=0.1),
        *(control for control in tuning if control.field in used),
    )


def _act(name: str, details: Mapping[str, Any]) -> None:
    """Take one step under a loss: its logits become the prediction."""
    loss = details.get("loss")
    if name != "step" or loss not in NAMES:
        return
    from lab.theory.loss_step import judge

    chosen = state.load(LossState)
    found = judge(loss, chosen.logits(), chosen.right_class(), settings=chosen.settings(), lr=chosen.lr)
    moved = {
        f"z{k}": round(max(-LOGIT_LIMIT, min(LOGIT_LIMIT, value)), 6) for k, value in enumerate(found.logits, start=1)
    }
    state.update(LossState, **moved)


def _picture(chosen: LossState) -> dict[str, Any]:
    """Everything that the stage draws."""
    return {
        "names": chosen.class_names(),
        "target": chosen.right_class(),
        "verdict": _verdict(chosen),
        "origin": chosen.origin if len(chosen.names) == chosen.n_classes else "",
        "softmax": _softmax(chosen.logits()),
        "lr": chosen.lr,
        "catalogue": [{"name": name, "title": LOSS_TITLES[name].title} for name in NAMES],
        "losses": [_loss(name, chosen) for name in NAMES if name in chosen.shown],
        "curves": _curves(chosen),
    }


def _verdict(chosen: LossState) -> str:
    from lab.theory.loss_lines import number_text
    from lab.theory.loss_step import margin

    lead, name = margin(chosen.logits(), chosen.right_class()), chosen.class_names()[chosen.right_class()]
    if lead > 0:
        return f"Right: {name} leads by {number_text(lead)}. Its margin is {number_text(lead)}."
    if lead < 0:
        return f"Wrong: {name} is {number_text(-lead)} behind the highest logit. Its margin is {number_text(lead)}."
    return f"Undecided: {name} and another class are level. Its margin is 0."


def _softmax(logits: tuple[float, ...]) -> dict[str, Any]:
    from lab.theory.loss_lines import number_text
    from lab.theory.loss_step import softmax_steps

    steps = softmax_steps(logits)
    place = max(range(len(logits)), key=logits.__getitem__)
    if math.isfinite(sum(steps.plain_exponentials)) and sum(steps.plain_exponentials) > 0:
        trick = (
            f"The largest logit, {number_text(steps.largest)}, is taken off first. The probabilities stay the same, "
            "and no power of e can become too large."
        )
    else:
        plain = steps.plain_exponentials[place]
        trick = (
            f"Without taking off the largest logit, e to the power of {number_text(steps.largest)} would be "
            f"{number_text(plain)} in float32, and the probabilities {number_text(plain)} / "
            f"{number_text(sum(steps.plain_exponentials))}: not a number. With it, all is well."
        )
    return {
        "logits": steps.logits,
        "shifted": steps.shifted,
        "exponentials": steps.exponentials,
        "total": steps.total,
        "largest": steps.largest,
        "probabilities": steps.probabilities,
        "trick": trick,
    }


def _loss(name: LossName, chosen: LossState) -> dict[str, Any]:
    from lab.theory.loss_lines import loss_line
    from lab.theory.loss_step import judge

    title, settings, target = LOSS_TITLES[name], chosen.settings(), chosen.right_class()
    found = judge(name, chosen.logits(), target, settings=settings, lr=chosen.lr)
    return {
        "name": name,
        "title": title.title,
        "formula": title.formula,
        "sentence": title.sentence,
        "torch": title.torch_line,
        "colour": LOOKS[name][0],
        "dash": LOOKS[name][1],
        "line": loss_line(name, chosen.logits(), target, settings),
        "value": found.value,
        "gradient": found.gradient,
        "logits": found.logits,
        "probabilities": found.probabilities,
        "value_after": found.value_after,
    }


def _curves(chosen: LossState) -> dict[str, Any]:
    from lab.theory.loss_step import margin

    logits, target = chosen.logits(), chosen.right_class()
    here = margin(logits, target)
    reach = SHOWN_MARGIN if abs(here) <= SHOWN_MARGIN else float(2 * math.ceil(abs(here)))
    shown = tuple(name for name in NAMES if name in chosen.shown)
    places, curves = _sampled(shown, _others(logits, target), target, chosen.settings(), reach)
    now = {name: _at(name, chosen) for name in shown}
    return {
        "x": places,
        "here": here,
        "lines": [
            {
                "title": LOSS_TITLES[curve.name].title,
                "colour": LOOKS[curve.name][0],
                "dash": LOOKS[curve.name][1],
                "losses": curve.losses,
                "slopes": curve.slopes,
                "loss": now[curve.name][0],
                "slope": now[curve.name][1],
            }
            for curve in curves
        ],
    }


def _at(name: LossName, chosen: LossState) -> tuple[float, float]:
    from lab.theory.loss_step import judge

    found = judge(name, chosen.logits(), chosen.right_class(), settings=chosen.settings(), lr=0)
    return found.value, found.gradient[chosen.right_class()]


def _others(logits: tuple[float, ...], target: int) -> tuple[float, ...]:
    """The logits with the right class's left at 0: the curves move it, so they stay the same while it is dragged."""
    return (*logits[:target], 0.0, *logits[target + 1 :])


@lru_cache(maxsize=64)
def _sampled(shown: tuple[LossName, ...], logits: tuple[float, ...], target: int, settings: Any, reach: float) -> Any:
    from lab.theory.loss_step import margin_curve

    places = [reach * (2 * k / (N_SAMPLES - 1) - 1) for k in range(N_SAMPLES)]
    return places, [margin_curve(name, logits, target, places, settings) for name in shown]
