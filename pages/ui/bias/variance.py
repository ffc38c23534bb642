"""The sixth stage: bias and variance of polynomial fits, measured over many draws."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pages.ui import live, state
from pages.ui.bias.numbers import short, shorts
from pages.ui.bias.state import MAX_DEGREE, VarianceState

if TYPE_CHECKING:
    from lab.theory.bias_variance import FitStudy

STAGE = live.Stage("bias_variance", scripts=("bias/map", "bias/variance"), styles=("bias/bias",))
N_CURVES = 25  # fits that are drawn; all are counted


@STAGE.fragment
def show_variance() -> None:
    """Draw the stage."""
    chosen = state.load(VarianceState)
    STAGE.show(
        VarianceState,
        key="_bias.variance",
        controls=(
            live.slider(VarianceState, "degree"),
            live.slider(VarianceState, "noise", step=0.02),
            live.slider(VarianceState, "n_points"),
            live.slider(VarianceState, "n_draws"),
            live.choice(VarianceState, "truth"),
            live.slider(VarianceState, "seed"),
        ),
        picture=variance_picture(chosen),
    )


@lru_cache(maxsize=128)
def variance_picture(chosen: VarianceState) -> dict[str, Any]:
    """The fits of the chosen degree, and the parts of the error of every degree."""
    study = _study(chosen.model_copy(update={"degree": 0}))
    fits = study.fits[chosen.degree]
    names = ("bias_squared", "variance", "noise", "test_error", "train_error")
    return {
        "degree": chosen.degree,
        "places": shorts(study.places.tolist()),
        "truth": shorts(study.truth.tolist()),
        "mean": shorts(fits.mean(dim=0).tolist()),
        "fits": [shorts(fit) for fit in fits[:N_CURVES].tolist()],
        "x": shorts(study.x.tolist()),
        "y": shorts(study.draws[0].tolist()),
        "degrees": list(range(MAX_DEGREE + 1)),
        "parts": {name: shorts([getattr(row, name) for row in study.parts]) for name in names},
        "sum": short(sum(getattr(study.parts[chosen.degree], name) for name in names[:3])),
        "best_degree": study.best_degree,
        "n_draws": chosen.n_draws,
    }


@lru_cache(maxsize=32)
def _study(chosen: VarianceState) -> FitStudy:
    from lab.theory.bias_variance import study_fits

    return study_fits(
        chosen.truth, noise=chosen.noise, n_points=chosen.n_points, n_draws=chosen.n_draws, seed=chosen.seed
    )
