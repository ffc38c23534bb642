"""What each activation of ``torch.nn`` is on paper: its line of text, its LaTeX, and where it may have a corner.

For reading only: what the lab draws is computed by the ``torch.nn`` modules themselves. A test reads every line of text
as arithmetic and compares it with its module, so that what a learner reads is what torch does. No torch at import.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Parameters = Mapping[str, object]


@dataclass(frozen=True)
class Formula:
    """One activation on paper.

    Args:
        text: one line, with the module's parameters in braces; arithmetic as a calculator writes it.
        latex: the same for a formula's setting, with parameters by their symbols.
        corners: where the curve may have a corner or a jump, from the module's parameters.
    """

    text: str
    latex: str
    corners: Callable[[Parameters], tuple[float, ...]] = lambda _: ()


def _at_zero(_: Parameters) -> tuple[float, ...]:
    return (0.0,)


def _at(*places: float) -> Callable[[Parameters], tuple[float, ...]]:
    return lambda _: places


def _at_fields(*names: str) -> Callable[[Parameters], tuple[float, ...]]:
    """Places given by the module's own fields; a minus sign before a name mirrors it."""

    def corners(parameters: Parameters) -> tuple[float, ...]:
        signs = (-1.0 if name.startswith("-") else 1.0 for name in names)
        values = (float(str(parameters[name.removeprefix("-")])) for name in names)
        return tuple(dict.fromkeys(sign * value for sign, value in zip(signs, values, strict=True)))

    return corners


def _cases(above: str, below: str, where: str = "x > 0") -> str:
    return rf"\begin{{cases}}{above} & {where}\\ {below} & \text{{else}}\end{{cases}}"


FORMULAS: Mapping[str, Formula] = {
    "ReLU": Formula("max(0, x)", r"\max(0, x)", _at_zero),
    "ReLU6": Formula("min(max(0, x), 6)", r"\min(\max(0, x), 6)", _at(0.0, 6.0)),
    "LeakyReLU": Formula("x if x > 0 else {negative_slope} · x", _cases("x", r"s \, x"), _at_zero),
    "PReLU": Formula("x if x > 0 else {init} · x", _cases("x", r"a \, x"), _at_zero),
    "RReLU": Formula("x if x > 0 else ({lower} + {upper}) / 2 · x", _cases("x", r"\tfrac{l + u}{2} \, x"), _at_zero),
    "ELU": Formula("x if x > 0 else {alpha} · (exp(x) − 1)", _cases("x", r"\alpha (e^x - 1)"), _at_zero),
    "SELU": Formula(
        "1.0507 · (x if x > 0 else 1.6733 · (exp(x) − 1))",
        r"1.0507 \cdot " + _cases("x", "1.6733 (e^x - 1)"),
        _at_zero,
    ),
    "CELU": Formula(
        "max(0, x) + min(0, {alpha} · (exp(x / {alpha}) − 1))",
        r"\max(0, x) + \min(0, \alpha (e^{x / \alpha} - 1))",
        _at_zero,
    ),
    "GELU": Formula(
        "x · (1 + erf(x / sqrt(2))) / 2", r"x \, \Phi(x) = \tfrac{x}{2} (1 + \mathrm{erf}\tfrac{x}{\sqrt 2})"
    ),
    "SiLU": Formula("x / (1 + exp(−x))", r"x \, \sigma(x) = \tfrac{x}{1 + e^{-x}}"),
    "Mish": Formula("x · tanh(log(1 + exp(x)))", r"x \tanh(\ln(1 + e^x))"),
    "Sigmoid": Formula("1 / (1 + exp(−x))", r"\sigma(x) = \tfrac{1}{1 + e^{-x}}"),
    "LogSigmoid": Formula("−log(1 + exp(−x))", r"\ln \sigma(x) = -\ln(1 + e^{-x})"),
    "Tanh": Formula("(exp(x) − exp(−x)) / (exp(x) + exp(−x))", r"\tanh x = \tfrac{e^x - e^{-x}}{e^x + e^{-x}}"),
    "Softplus": Formula("log(1 + exp({beta} · x)) / {beta}", r"\tfrac{1}{\beta} \ln(1 + e^{\beta x})"),
    "Softsign": Formula("x / (1 + abs(x))", r"\tfrac{x}{1 + |x|}"),
    "Hardtanh": Formula(
        "min(max({min_val}, x), {max_val})",
        r"\min(\max(x_\text{min}, x), x_\text{max})",
        _at_fields("min_val", "max_val"),
    ),
    "Hardsigmoid": Formula(
        "min(max(0, x / 6 + 1 / 2), 1)", r"\min(\max(0, \tfrac{x}{6} + \tfrac12), 1)", _at(-3.0, 3.0)
    ),
    "Hardswish": Formula(
        "x · min(max(0, x / 6 + 1 / 2), 1)", r"x \min(\max(0, \tfrac{x}{6} + \tfrac12), 1)", _at(-3.0, 3.0)
    ),
    "Hardshrink": Formula(
        "x if abs(x) > {lambd} else 0", _cases("x", "0", r"|x| > \lambda"), _at_fields("-lambd", "lambd")
    ),
    "Softshrink": Formula(
        "max(0, x − {lambd}) + min(0, x + {lambd})",
        r"\max(0, x - \lambda) + \min(0, x + \lambda)",
        _at_fields("-lambd", "lambd"),
    ),
    "Tanhshrink": Formula("x − tanh(x)", r"x - \tanh x"),
    "Threshold": Formula("x if x > {threshold} else {value}", _cases("x", "v", r"x > \theta"), _at_fields("threshold")),
    "GLU": Formula("x / (1 + exp(−other))", r"a \, \sigma(b)"),
    "Softmax": Formula("exp(x) / (exp(x) + exp(other))", r"\tfrac{e^{x_i}}{\sum_j e^{x_j}}"),
    "Softmin": Formula("exp(−x) / (exp(−x) + exp(−other))", r"\tfrac{e^{-x_i}}{\sum_j e^{-x_j}}"),
    "LogSoftmax": Formula("x − log(exp(x) + exp(other))", r"x_i - \ln \sum_j e^{x_j}"),
}
"""By the name of the ``torch.nn`` class."""

GELU_BY_TANH = "x · (1 + tanh(sqrt(2 / pi) · (x + 0.044715 · x^3))) / 2"


def formula_text(kind: str, parameters: Parameters) -> str:
    """Write a module's line with its own numbers put in; a negative number stands in brackets.

    Raises:
        KeyError: no formula of that name.

    Examples:
        >>> formula_text("LeakyReLU", {"negative_slope": 0.01})
        'x if x > 0 else 0.01 · x'
        >>> formula_text("PReLU", {"init": -0.5})
        'x if x > 0 else (−0.5) · x'
    """
    if parameters.get("approximate") == "tanh":
        return GELU_BY_TANH
    shown = {name: _shown(value) for name, value in parameters.items()}
    return FORMULAS[kind].text.format(**shown)


def _shown(value: object) -> str:
    if not isinstance(value, int | float):
        return str(value)
    text = f"{value:.4g}"
    return f"({text.replace('-', '−')})" if value < 0 else text


def corners(kind: str, parameters: Parameters) -> tuple[float, ...]:
    """Say where the curve may have a corner or a jump, in ascending order; torch has the last word on each.

    Raises:
        KeyError: no formula of that name.

    Examples:
        >>> corners("Hardshrink", {"lambd": 0.5})
        (-0.5, 0.5)
    """
    return tuple(sorted(FORMULAS[kind].corners(parameters)))
