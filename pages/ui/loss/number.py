"""The second stage: one predicted number, and a line through points of which one is wild."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from lab.theory.loss_names import LossSettings
from pages.ui import live, state
from pages.ui.loss.rounding import CURVE_DIGITS, rounded, rounded_lists
from pages.ui.loss.state import RESIDUALS, LossState
from pages.ui.loss.together import keep_together

STAGE = live.Stage("loss_number", scripts=("loss/table", "loss/curves", "loss/number"), styles=("loss/prediction",))
MAX_RESIDUAL = 10.0
N_SAMPLES = 201
ONE, WILD = "One predicted number", "The wild point"


@STAGE.fragment
def show_number() -> None:
    """Read the state, compute, show."""
    chosen = state.load(LossState)
    STAGE.show(LossState, key="_loss.number", controls=_controls(), picture=_picture(chosen))
    keep_together("number")


def _controls() -> tuple[live.Control, ...]:
    return (
        live.slider(LossState, "wild_x", step=0.1, group=WILD),
        live.slider(LossState, "wild_y", step=0.1, group=WILD),
        live.slider(LossState, "prediction", step=0.1, group=ONE),
        live.slider(LossState, "truth", step=0.1, group=ONE),
        live.slider(LossState, "number_lr", step=0.05, group=ONE),
        live.slider(LossState, "number_delta", least=0.1, most=5, step=0.1, group="What tunes Huber and smooth L1"),
    )


def _picture(chosen: LossState) -> dict[str, Any]:
    """Everything that the stage draws."""
    settings = chosen.number_settings()
    return {
        "fit": _fit(chosen.wild_x, chosen.wild_y, settings),
        "residual": chosen.prediction - chosen.truth,
        "lr": chosen.number_lr,
        "rows": [_row(name, title, chosen) for name, title in RESIDUALS],
        "curves": _curves(settings),
    }


def _row(name: Any, title: str, chosen: LossState) -> dict[str, Any]:
    from lab.theory.loss_lines import residual_line
    from lab.theory.loss_step import judge_number

    settings = chosen.number_settings()
    found = judge_number(name, chosen.prediction, chosen.truth, settings=settings, lr=chosen.number_lr)
    return {
        "title": title,
        "value": found.value,
        "gradient": found.gradient,
        "after": found.prediction,
        "value_after": found.value_after,
        "line": residual_line(name, chosen.prediction, chosen.truth, settings),
    }


@lru_cache(maxsize=64)
def _curves(settings: LossSettings) -> dict[str, Any]:
    from lab.theory.loss_step import residual_curve

    places = rounded([MAX_RESIDUAL * (2 * k / (N_SAMPLES - 1) - 1) for k in range(N_SAMPLES)])
    curves = [residual_curve(name, places, settings) for name, _ in RESIDUALS]
    return {
        "x": places,
        "losses": rounded_lists([curve.losses for curve in curves], CURVE_DIGITS),
        "slopes": rounded_lists([curve.slopes for curve in curves], CURVE_DIGITS),
    }


@lru_cache(maxsize=64)
def _fit(wild_x: float, wild_y: float, settings: LossSettings) -> dict[str, Any]:
    from lab.theory.line_fit import POINTS, fit_lines

    calm = {line.name: line for line in _calm(settings)}
    points = [*POINTS, (wild_x, wild_y)]
    lines = fit_lines(points, settings)
    return {
        "points": points,
        "residuals": [line.residuals for line in lines],
        "lines": [
            {
                "title": title,
                "ends": [line.intercept, line.intercept + 10 * line.slope],
                "slope": line.slope,
                "intercept": line.intercept,
                "value": line.value,
                "calm": calm[line.name].slope,
                "pull": line.pulls[-1],
                "share": line.pulls[-1] / max(sum(line.pulls), 1e-12),
            }
            for line, (_, title) in zip(lines, RESIDUALS, strict=True)
        ],
    }


@lru_cache(maxsize=64)
def _calm(settings: LossSettings) -> Any:
    from lab.theory.line_fit import POINTS, fit_lines

    return fit_lines(POINTS, settings)
