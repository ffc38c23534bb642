"""The rules for a layer's first weights, by name; :mod:`lab.theory.depth` says what each does. No torch here."""

from __future__ import annotations

from typing import Literal

InitName = Literal[
    "he_normal",
    "he_uniform",
    "xavier_normal",
    "xavier_uniform",
    "lecun_normal",
    "default",
    "normal",
    "orthogonal",
    "lsuv",
]
