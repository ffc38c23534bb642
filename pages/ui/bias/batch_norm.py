"""The fourth stage: a convolution with a bias, BatchNorm after it, and what is left of the bias."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pages.ui import live, state
from pages.ui.bias.filter import grey_photo, kernel_of
from pages.ui.bias.numbers import short, signed_map
from pages.ui.bias.state import NormState
from pages.ui.photo import sample

if TYPE_CHECKING:
    from torch import Tensor

    from lab.theory.batch_norm_bias import NormedConv

STAGE = live.Stage("bias_norm", scripts=("bias/map", "bias/batch_norm"), styles=("bias/bias",))
PHOTOS = ("cat", "coffee", "horse", "rocket")  # the batch
SIDE_PX = 48
LIMIT = 3.0  # of both maps' colours: three standard deviations after BatchNorm


@STAGE.fragment
def show_batch_norm() -> None:
    """Draw the stage."""
    STAGE.show(
        NormState,
        key="_bias.norm",
        controls=(
            live.slider(NormState, "bias", step=0.05),
            live.choice(NormState, "mode"),
            live.slider(NormState, "n_batches"),
            live.slider(NormState, "beta", step=0.05),
        ),
        picture=norm_picture(state.load(NormState)),
    )


@lru_cache(maxsize=256)
def norm_picture(chosen: NormState) -> dict[str, Any]:
    """Both maps of the first photo, and the numbers with the bias and without, in single precision as in training."""
    from lab.theory.batch_norm_bias import absorbed_share

    runs = [_run(chosen), _run(chosen.model_copy(update={"bias": 0.0}))]
    return {
        "bias": chosen.bias,
        "mode": chosen.mode,
        "before": signed_map(runs[0].before[0, 0], LIMIT),
        "after": signed_map(runs[0].after[0, 0], LIMIT),
        "gap": short(runs[0].gap),
        "absorbed": short(absorbed_share(chosen.n_batches)),
        "arms": [
            {
                "before_mean": short(float(run.before.mean())),
                "running_mean": short(float(run.running_mean)),
                "after_mean": short(float(run.after.mean())),
                "weight_gradient": short(run.weight_gradient),
                "bias_gradient": short(float(run.bias_gradient)),
                "beta_gradient": short(float(run.beta_gradient)),
            }
            for run in runs
        ],
    }


@lru_cache(maxsize=64)
def _run(chosen: NormState) -> NormedConv:
    import torch

    from lab.theory.batch_norm_bias import normed_conv

    return normed_conv(
        _batch(),
        torch.tensor([[kernel_of("Vertical edges").weights]], dtype=torch.float32),
        torch.tensor([chosen.bias]),
        training=chosen.mode == "training",
        n_batches=chosen.n_batches,
        beta=chosen.beta,
    )


@lru_cache(maxsize=1)
def _batch() -> Tensor:
    """Four photos, grey, ``(4, 1, side, side)``."""
    import torch

    return torch.stack([grey_photo(sample(name), SIDE_PX) for name in PHOTOS])
