"""A loss written out with its numbers, as one would on paper: the line under the value.

Plain text with a true minus; ``ln`` is the natural logarithm, ``σ`` the logistic function. Every part between two
equals signs is worth the same, up to the digits shown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import torch

from lab.theory.loss_names import LossName, LossSettings, ResidualName
from lab.theory.loss_step import Numbers, softmax_steps
from lab.theory.losses import checked_logits, image_losses, residual_losses, smooth_target

# Four digits would show 1, whose logarithm is 0; and a float64 below this has lost digits, or is 0.
_ALMOST_SURE, _UNDERFLOWN = 0.9995, 1e-300


def loss_line(name: LossName, logits: Sequence[float], target: int, settings: LossSettings) -> str:
    """Write one prediction's loss out.

    Raises:
        LabError: INPUT, as :func:`lab.theory.losses.checked_logits` says.

    Examples:
        >>> loss_line("cross-entropy", [2.0, 1.0, 0.0], 0, LossSettings())
        '−ln 0.6652 = 0.4076'
        >>> loss_line("hinge", [2.0, 1.5, 0.0], 0, LossSettings())
        '(max(0, 1 − 2 + 1.5) + max(0, 1 − 2 + 0)) / 3 = (0.5 + 0) / 3 = 0.1667'
    """
    z = checked_logits(logits, target)
    value = float(image_losses(name, z[None], torch.tensor([target]), settings))
    return f"{_WRITERS[name](tuple(z.tolist()), target, settings)} = {number_text(value)}"


def residual_line(name: ResidualName, prediction: float, target: float, settings: LossSettings) -> str:
    """Write the loss of one predicted number out; ``d`` is prediction − target.

    Examples:
        >>> residual_line("mse", 3.0, 1.0, LossSettings())
        '2² = 4'
        >>> residual_line("huber", 3.0, -1.0, LossSettings(delta=1.5))
        '1.5 · (4 − 0.75) = 4.875'
    """
    y, truth = (torch.tensor(value, dtype=torch.float64) for value in (prediction, target))
    value = float(residual_losses(name, y, truth, settings))
    distance = prediction - target
    written = _square(distance) if name == "mse" else _distance_line(name, abs(distance), settings.delta)
    return f"{written} = {number_text(value)}"


def number_text(value: float, digits: int = 4) -> str:
    """Write a number with so many significant digits and a true minus.

    Examples:
        >>> number_text(-0.00012345), number_text(2.0), number_text(1234567.0)
        ('−0.0001234', '2', '1.235e6')
    """
    if math.isnan(value):
        return "not a number"
    text = f"{value + 0.0:.{digits}g}".replace("inf", "∞").replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")
    return text.replace("-", "−")


_n = number_text


def _cross_entropy(z: Numbers, target: int, settings: LossSettings) -> str:
    return f"−{_ln_text(z, target)}"


def _nll(z: Numbers, target: int, settings: LossSettings) -> str:
    total = torch.tensor(z, dtype=torch.float64).logsumexp(0)
    return f"−({_n(z[target])} − {_bracketed(float(total))})"


def _label_smoothing(z: Numbers, target: int, settings: LossSettings) -> str:
    terms = (f"{_n(q)} · {_ln_text(z, k)}" for k, q in enumerate(_target(z, target, settings)))
    return f"−({' + '.join(terms)})"


def _kl(z: Numbers, target: int, settings: LossSettings) -> str:
    shares = enumerate(_target(z, target, settings))
    return " + ".join(f"{_n(q)} · (ln {_n(q)} − {_ln_text(z, k)})" if q else "0" for k, q in shares)


def _focal(z: Numbers, target: int, settings: LossSettings) -> str:
    probability = _probabilities(z)[target]
    missing = _n(1 - probability)
    base = missing if probability > _ALMOST_SURE else f"(1 − {_n(probability)})"
    power = "²" if settings.gamma == 2 else f"^{_n(settings.gamma)}"
    weight = _n((1 - probability) ** settings.gamma)
    return f"{base}{power} · (−{_ln_text(z, target)}) = {weight} · {_n(-_log_probabilities(z)[target])}"


def _bce(z: Numbers, target: int, settings: LossSettings) -> str:
    parts = [f"ln σ({_n(v)})" if k == target else f"ln(1 − σ({_n(v)}))" for k, v in enumerate(z)]
    return f"−({' + '.join(parts)}) / {len(z)}"


def _hinge(z: Numbers, target: int, settings: LossSettings) -> str:
    others = [value for k, value in enumerate(z) if k != target]
    head = f"{_n(settings.margin)} − {_bracketed(z[target])}"
    terms = " + ".join(f"max(0, {head} + {_bracketed(value)})" for value in others)
    values = " + ".join(_n(max(0.0, settings.margin - z[target] + value)) for value in others)
    return f"({terms}) / {len(z)} = ({values}) / {len(z)}"


def _mse(z: Numbers, target: int, settings: LossSettings) -> str:
    return f"({' + '.join(_square(d) for d in _distances(z, target))}) / {len(z)}"


def _mae(z: Numbers, target: int, settings: LossSettings) -> str:
    return f"({' + '.join(_n(abs(d)) for d in _distances(z, target))}) / {len(z)}"


def _huber(z: Numbers, target: int, settings: LossSettings) -> str:
    return _rounded_corner("huber", z, target, settings)


def _smooth_l1(z: Numbers, target: int, settings: LossSettings) -> str:
    return _rounded_corner("smooth-l1", z, target, settings)


def _rounded_corner(name: ResidualName, z: Numbers, target: int, settings: LossSettings) -> str:
    terms = (_distance_line(name, abs(d), settings.delta) for d in _distances(z, target))
    return f"({' + '.join(terms)}) / {len(z)}"


def _distance_line(name: ResidualName, distance: float, delta: float) -> str:
    """Write a distance's share for MAE, Huber or smooth L1: the rule that holds on its side of δ."""
    if name == "mae":
        return _n(distance)
    if distance < delta:
        return f"½ · {_square(distance)}" + (f" / {_n(delta)}" if name == "smooth-l1" else "")
    straight = f"{_n(distance)} − {_n(delta / 2)}"
    return f"{_n(delta)} · ({straight})" if name == "huber" else f"({straight})"


def _square(value: float) -> str:
    return f"{_bracketed(value)}²"


def _bracketed(value: float) -> str:
    text = _n(value)
    return f"({text})" if value < 0 or "e" in text else text


# A line asks for them class by class, and the lines of one prediction all ask for the same.
@lru_cache(maxsize=8)
def _probabilities(z: Numbers) -> Numbers:
    return softmax_steps(z).probabilities


@lru_cache(maxsize=8)
def _log_probabilities(z: Numbers) -> Numbers:
    return tuple(torch.tensor(z, dtype=torch.float64).log_softmax(0).tolist())


def _ln_text(z: Numbers, k: int) -> str:
    """Write ln p_k so that the digits shown still tell p from 1 and from 0."""
    probability = _probabilities(z)[k]
    if probability > _ALMOST_SURE:
        return f"ln(1 − {_n(1 - probability)})"
    if probability < _UNDERFLOWN:
        return f"({_n(_log_probabilities(z)[k])})"
    return f"ln {_n(probability)}"


def _distances(z: Numbers, target: int) -> list[float]:
    return [p - (k == target) for k, p in enumerate(_probabilities(z))]


def _target(z: Numbers, target: int, settings: LossSettings) -> list[float]:
    logits = torch.tensor([z], dtype=torch.float64)
    values: list[float] = smooth_target(logits, torch.tensor([target]), settings.smoothing)[0].tolist()
    return values


_WRITERS = {
    "cross-entropy": _cross_entropy,
    "label-smoothing": _label_smoothing,
    "focal": _focal,
    "nll": _nll,
    "kl": _kl,
    "bce": _bce,
    "hinge": _hinge,
    "mse": _mse,
    "mae": _mae,
    "huber": _huber,
    "smooth-l1": _smooth_l1,
}
