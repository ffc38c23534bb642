"""The stage of Neurons: data, inputs, layers and output from left to right, and one neuron worked out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.ui import live, state
from pages.ui.neurons import training
from pages.ui.neurons.picture import CLASS_NAMES, picture_of
from pages.ui.neurons.state import NeuronsState

STAGE = live.Stage(
    "neurons",
    scripts=(
        "neurons/paint",
        "neurons/data",
        "neurons/toolbar",
        "neurons/net",
        "neurons/heads",
        "neurons/output",
        "neurons/editor",
        "neurons/card",
        "neurons/stage",
    ),
    styles=("neurons/stage",),
    constants={"CLASS_NAMES": CLASS_NAMES},
)
RATES = (0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
PENALTY_RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
OPTIMIZER_TEXT = (("sgd", "SGD"), ("momentum", "Momentum"), ("rmsprop", "RMSprop"), ("adam", "Adam"))


@STAGE.fragment
def show_stage() -> None:
    """Draw the stage as it is now; training happens in ``training.follow``, before this runs."""
    chosen = state.load(NeuronsState)
    trainer, problem = training.trainer_for(chosen), training.sentence()
    STAGE.show(
        NeuronsState,
        key="_neurons.stage",
        controls=_controls(chosen),
        picture={
            **picture_of(chosen.model_copy(update={"probe": training.probe_of(chosen)}), trainer, problem),
            "frames": training.frames(),
            "anew": training.anew_sentence(chosen),
        },
        on_action=training.follow,
        also=_untrained_for_other_data,
        message=problem,
    )


def _untrained_for_other_data(changed: Mapping[str, Any]) -> dict[str, str]:
    """Other points of the same kind are learned on; another kind begins with the first weights."""
    is_other = "data" in changed and changed["data"] != state.load(NeuronsState).data
    return {"trained": ""} if is_other else {}


def _controls(chosen: NeuronsState) -> tuple[live.Control, ...]:
    data, train, brakes = "The points", "Training", "Neurons and brakes"
    rows = [
        live.slider(NeuronsState, "noise", step=0.05, group=data),
        live.slider(NeuronsState, "n_points", step=10, group=data),
        live.slider(NeuronsState, "test_share", step=0.1, group=data),
        live.number(NeuronsState, "data_seed", group=data),
        live.slider(NeuronsState, "lr", stops=RATES, group=train),
        live.choice(NeuronsState, "optimizer", choices=OPTIMIZER_TEXT, group=train),
        live.slider(NeuronsState, "batch_size", most=max(64, chosen.batch_size), group=train),
        live.number(NeuronsState, "seed", group=train),
        live.switch(NeuronsState, "bias", group=brakes),
        live.switch(NeuronsState, "batch_norm", group=brakes),
        live.choice(NeuronsState, "penalty", choices=(("none", "None"), ("L1", "L1"), ("L2", "L2")), group=brakes),
    ]
    if chosen.penalty != "none":
        rows.append(live.slider(NeuronsState, "penalty_rate", stops=PENALTY_RATES, group=brakes))
    return (*rows, live.slider(NeuronsState, "dropout", step=0.05, group=brakes))
