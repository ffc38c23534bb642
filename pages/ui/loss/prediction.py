"""The first stage: one prediction, its softmax, and what every chosen loss says of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, get_args

from lab.theory.loss_names import LOGIT_LIMIT, LOSS_TITLES, LossName
from pages.ui import history, live, state
from pages.ui.loss.rounding import CURVE_DIGITS, rounded, rounded_lists
from pages.ui.loss.state import LossState
from pages.ui.loss.together import keep_together

if TYPE_CHECKING:
    from lab.theory.loss_step import Judgement

STAGE = live.Stage(
    "loss_prediction", scripts=("loss/table", "loss/curves", "loss/prediction"), styles=("loss/prediction",)
)
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


@STAGE.fragment
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
    history.settle(LossState)


def _picture(chosen: LossState) -> dict[str, Any]:
    """Everything that the stage draws."""
    from lab.theory.loss_step import judge_all

    logits, target, settings = chosen.logits(), chosen.right_class(), chosen.settings()
    shown = tuple(name for name in NAMES if name in chosen.shown)
    judged = judge_all(shown, logits, target, settings=settings, lr=chosen.lr)
    return {
        "names": chosen.class_names(),
        "target": target,
        "verdict": _verdict(chosen),
        "origin": chosen.origin if len(chosen.names) == chosen.n_classes else "",
        "softmax": _softmax(logits),
        "lr": chosen.lr,
        "catalogue": [{"name": name, "title": LOSS_TITLES[name].title} for name in NAMES],
        "losses": [_loss(found, chosen) for found in judged],
        "curves": _curves(judged, chosen),
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


def _loss(found: Judgement, chosen: LossState) -> dict[str, Any]:
    from lab.theory.loss_lines import loss_line

    title, (colour, dash) = LOSS_TITLES[found.name], LOOKS[found.name]
    return {
        "name": found.name,
        "title": title.title,
        "formula": title.formula,
        "sentence": title.sentence,
        "torch": title.torch_line,
        "colour": colour,
        "dash": dash,
        "line": loss_line(found.name, chosen.logits(), chosen.right_class(), chosen.settings()),
        "value": found.value,
        "gradient": found.gradient,
        "logits": found.logits,
        "probabilities": found.probabilities,
        "value_after": found.value_after,
    }


def _curves(judged: Sequence[Judgement], chosen: LossState) -> dict[str, Any]:
    from lab.theory.loss_step import margin

    logits, target = chosen.logits(), chosen.right_class()
    here = margin(logits, target)
    reach = SHOWN_MARGIN if abs(here) <= SHOWN_MARGIN else float(2 * math.ceil(abs(here)))
    sampled = _sampled([found.name for found in judged], chosen, reach)
    lines = []
    for found, (losses, slopes) in zip(judged, sampled, strict=True):
        (colour, dash) = LOOKS[found.name]
        lines.append(
            {
                "title": LOSS_TITLES[found.name].title,
                "colour": colour,
                "dash": dash,
                "losses": losses,
                "slopes": slopes,
                "loss": found.value,
                "slope": found.gradient[target],
            }
        )
    return {"x": _places(reach), "here": here, "lines": lines}


@lru_cache(maxsize=16)
def _places(reach: float) -> list[float]:
    return rounded(reach * (2 * k / (N_SAMPLES - 1) - 1) for k in range(N_SAMPLES))


def _sampled(names: Sequence[LossName], chosen: LossState, reach: float) -> list[tuple[list[float], list[float]]]:
    """Losses and slopes over the margins; those that are not kept are computed together."""
    from lab.theory.loss_step import margin_curves

    target = chosen.right_class()
    others = _others(chosen.logits(), target)
    kept = {name: _kept(name, others, target, _tuning(name, chosen), reach) for name in names}
    missing = [name for name, curve in kept.items() if not curve]
    if missing:
        curves = margin_curves(missing, others, target, _places(reach), chosen.settings())
        lists = rounded_lists([values for curve in curves for values in (curve.losses, curve.slopes)], CURVE_DIGITS)
        for name, losses, slopes in zip(missing, lists[::2], lists[1::2], strict=True):
            kept[name].append((losses, slopes))
    return [kept[name][0] for name in names]


@lru_cache(maxsize=256)
def _kept(
    name: LossName, others: tuple[float, ...], target: int, tuning: float, reach: float
) -> list[tuple[list[float], list[float]]]:
    """Where one loss's curve is kept: empty until it is computed, and filled once."""
    return []


def _tuning(name: LossName, chosen: LossState) -> float:
    """The number that tunes this loss, so that its curve is kept while another's is tuned; 0 where none does."""
    field = LOSS_TITLES[name].parameter
    return float(getattr(chosen, field)) if field else 0.0


def _others(logits: tuple[float, ...], target: int) -> tuple[float, ...]:
    """The logits with the right class's left at 0: the curves move it, so they stay the same while it is dragged."""
    return (*logits[:target], 0.0, *logits[target + 1 :])
