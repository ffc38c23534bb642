"""The recipe as controls: four that matter most, the rest folded away, each with its hint."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import streamlit as st

from lab.data.augment import AugmentSpec
from lab.training.recipe import TrainSpec
from pages.ui import controls, live
from pages.ui.train.state import AUGMENT, TrainState
from pages.ui.train.words import device_word

# Steps of a learning rate as one tries them: 1, 2, 3, 5, 8 in every decade.
LEARNING_RATES = (*(float(f"{digit}e{power}") for power in range(-5, 0) for digit in (1, 2, 3, 5, 8)), 1.0)
LEAST_RATE, MOST_RATE = 1e-6, 10.0  # what is offered to a run that is going on
BATCH_SIZES = (8, 16, 32, 64, 128, 256, 512, 1024)
EPOCHS = tuple(range(1, 31))  # 30 positions can still be hit; the box takes more
# Where to start with each rule; SGD's is the recipe's own default.
USUAL_LR = {"SGD": TrainSpec.model_fields["lr"].default, "Adam": 0.001, "AdamW": 0.001, "RMSprop": 0.001}

ON_STAGE = frozenset({"epochs", "lr", "batch_size", "optimizer"})
_STAGE = live.Stage("recipe", scripts=("recipe/stage",), styles=("recipe/stage",))


def show_recipe(cost: str) -> None:
    """Draw the four controls that matter most, and under them what the recipe costs; live while they are dragged."""
    _STAGE.show(
        TrainState,
        key="_train.recipe",
        controls=(
            live.slider(TrainState, "epochs", stops=EPOCHS),
            live.slider(TrainState, "lr", label="Learning rate", stops=LEARNING_RATES),
            live.slider(TrainState, "batch_size", stops=BATCH_SIZES),
            live.choice(TrainState, "optimizer"),
        ),
        picture={"cost": cost},
        also=usual_rate,
    )


def rate_text(rate: float) -> str:
    """Write a learning rate without an exponent.

    Examples:
        >>> rate_text(0.0005), rate_text(1e-05), rate_text(1.0), rate_text(2.5e-07)
        ('0.0005', '0.00001', '1', '0.00000025')
    """
    return f"{Decimal(f'{rate:.6g}'):f}"


def usual_rate(changed: Mapping[str, Any]) -> dict[str, float]:
    """A rate that suits SGD destroys an Adam run at its first steps, so the usual one comes with the rule.

    Examples:
        >>> usual_rate({"optimizer": "Adam"}), usual_rate({"epochs": 3})
        ({'lr': 0.001}, {})
    """
    return {"lr": USUAL_LR[changed["optimizer"]]} if changed.get("optimizer") in USUAL_LR else {}


def show_more() -> None:
    """Draw the rest of the recipe, folded away; fifteen controls cost nothing before somebody opens it."""
    label = "More settings: schedule, loss, augmentation, seed …"
    with st.expander(label, icon=":material/tune:", key="_train.more", on_change="rerun") as panel:
        if panel.open:
            _show_rest()


def _show_rest() -> None:
    left, right = st.columns(2)
    controls.select(TrainState, "schedule", where=left)
    controls.select(TrainState, "loss", where=right)
    controls.number(TrainState, "momentum", where=left, step=0.05, format="%.3f")
    controls.number(TrainState, "weight_decay", where=right, step=0.0001, format="%.5f")
    controls.number(TrainState, "n_train", label="Training images (0: all)", where=left, step=500)
    controls.number(TrainState, "early_stop_epochs", label="Stop early after epochs (0: never)", where=right)
    controls.number(TrainState, "seed", where=left)
    controls.select(TrainState, "device", where=right, format_func=device_word)
    controls.select(TrainState, "amp", label="Mixed precision", where=left)
    st.markdown("**Augmentation**", help=TrainSpec.model_fields["augment"].description)
    columns = st.columns(2)
    for number, name in enumerate(AugmentSpec.model_fields):
        _augment_control(name, columns[number % 2])


def _augment_control(name: str, where: object) -> None:
    field = AugmentSpec.model_fields[name]
    label = (field.title or name.replace("_", " ")).capitalize()
    draw = controls.toggle if field.annotation is bool else controls.slider
    draw(TrainState, AUGMENT + name, label=label, where=where)
