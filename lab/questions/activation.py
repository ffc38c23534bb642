"""Questions about activation functions: their values and their derivatives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lab.questions.answer import Answer, decimal, number
from lab.questions.by_hand import factor
from lab.questions.phrases import tex
from lab.questions.question import Draft, Draw, Mistake, Show, Step
from lab.questions.topic import Topic


@dataclass(frozen=True)
class Formula:
    r"""A formula of one number, in LaTeX: ``@`` stands for the number, ``#`` for the same in brackets if negative.

    Args:
        above: the formula for numbers above 0.
        below: another one for the others; empty where one formula does for all.
        value: the symbol of a value that has to be known first, such as ``\sigma``; ``@v`` stands for it.

    Examples:
        >>> half = Formula("@", r"0.1 \cdot @")
        >>> half.shown, half.put_in(-2.0), Formula(r"e^{-#}").put_in(-2.0)
        ('x \\text{ if } x > 0, \\text{ else } 0.1 \\cdot x', '0.1 \\cdot -2', 'e^{-(-2)}')
    """

    above: str
    below: str = ""
    value: str = ""

    @property
    def shown(self) -> str:
        """The formula with x."""
        above, below = (
            part.replace("@v", rf"{self.value}(x)").replace("@", "x").replace("#", "x")
            for part in (self.above, self.below)
        )
        return rf"{above} \text{{ if }} x > 0, \text{{ else }} {below}" if below else above

    def put_in(self, x: float, value: str = "") -> str:
        """The formula with a number, and the value that has to be known first."""
        part = self.below if self.below and x <= 0 else self.above
        return part.replace("@v", value).replace("@", tex(x)).replace("#", factor(x))


@dataclass(frozen=True)
class Curve:
    """One activation.

    Args:
        name: in ``torch.nn``.
        words: what the learner reads.
        value: its formula.
        slope: the formula of its derivative, where that is asked for.
        options: arguments in ``torch.nn``.
    """

    name: str
    words: str
    value: Formula
    slope: Formula | None = None
    options: Mapping[str, float] = field(default_factory=dict)


_SIGMOID = r"\frac{1}{1 + e^{-#}}"
_SIMPLE = (
    Curve("ReLU", "ReLU", Formula(r"\max(0, @)"), Formula("1", "0")),
    *(
        Curve(
            "LeakyReLU",
            f"leaky ReLU with slope {a}",
            Formula("@", rf"{a} \cdot #"),
            Formula("1", str(a)),
            {"negative_slope": a},
        )
        for a in (0.1, 0.2, 0.01)
    ),
    Curve("ReLU6", "ReLU6", Formula(r"\min(\max(0, @), 6)")),
    Curve("Hardtanh", "hard tanh", Formula(r"\min(\max(-1, @), 1)")),
)
_SMOOTH = (
    Curve("Sigmoid", "the sigmoid", Formula(_SIGMOID), Formula(r"@v \cdot (1 - @v)", value=r"\sigma")),
    Curve(
        "Tanh",
        "tanh",
        Formula(r"\frac{e^{@} - e^{-#}}{e^{@} + e^{-#}}"),
        Formula("1 - @v^2", value=r"\tanh"),
    ),
    Curve("Softplus", "softplus", Formula(r"\ln(1 + e^{@})"), Formula(_SIGMOID)),
    *(
        Curve(
            "ELU",
            f"ELU with alpha {a:g}",
            Formula("@", below),
            Formula("1", slope_below),
            {"alpha": a},
        )
        for a, below, slope_below in ((1.0, "e^{@} - 1", "e^{@}"), (2.0, "2(e^{@} - 1)", "2e^{@}"))
    ),
    Curve("SiLU", "SiLU (swish)", Formula(r"\frac{@}{1 + e^{-#}}")),
)


def activated(name: str, x: float, options: Mapping[str, float] | None = None) -> float:
    """Compute an activation, by torch.nn's own module."""
    import torch

    module = getattr(torch.nn, name)(**(options or {}))
    return float(module(torch.tensor(x, dtype=torch.float64)))


def slope(name: str, x: float, options: Mapping[str, float] | None = None) -> float:
    """Compute the derivative of an activation, by autograd."""
    import torch

    value = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    getattr(torch.nn, name)(**(options or {}))(value).backward()
    assert value.grad is not None  # noqa: S101 - backward has just filled it
    return float(value.grad)


def activation(draw: Draw) -> Draft:
    """Ask for a value of an activation, at level 3 for its derivative."""
    if draw.level == 3:
        return _slope(draw)
    curve = draw.choice(_SIMPLE if draw.level == 1 else _SMOOTH)
    x = draw.of(-1, 1) * draw.randint(1, 90 if draw.level == 1 else 30) / 10
    value = activated(curve.name, x, curve.options)
    is_exact = draw.level == 1
    answer = decimal(value) if is_exact else number(value, decimals=2)
    # Beside exact numbers, the digits of a smooth curve would be no answer that anybody takes for right.
    others = (other for other in (_SIMPLE if is_exact else (*_SIMPLE, *_SMOOTH)) if other.name != curve.name)
    wrong = (
        Mistake("activation-identity", x),
        Mistake("relu-takes-size", abs(x)),
        *(Mistake("other-activation", activated(other.name, x, other.options)) for other in others),
    )
    steps = _steps("value", "f", curve, curve.value, x, answer, is_exact=is_exact)
    return _draft("value", curve, curve.value, x, answer, steps, wrong)


def _slope(draw: Draw) -> Draft:
    curve = draw.choice([one for one in (*_SMOOTH, *_SIMPLE) if one.slope is not None])
    assert curve.slope is not None  # noqa: S101 - only such were drawn
    x = draw.of(-1, 1) * draw.randint(1, 30) / 10
    value = slope(curve.name, x, curve.options)
    answer = number(value, decimals=2)
    wrong = (
        Mistake("value-for-derivative", activated(curve.name, x, curve.options)),
        Mistake("slope-sign", -value),
        Mistake("slope-of-line", 1.0),
        Mistake("activation-identity", x),
    )
    steps = _steps("derivative", "f'", curve, curve.slope, x, answer, is_exact=False)
    return _draft("derivative", curve, curve.slope, x, answer, steps, wrong)


def _steps(
    what: str, letter: str, curve: Curve, formula: Formula, x: float, answer: Answer, *, is_exact: bool
) -> list[Step]:
    steps = [Step(f"The {what} is", f"{letter}(x) = {formula.shown}")]
    value = ""
    if formula.value:
        value = f"{activated(curve.name, x, curve.options):.3f}"
        steps.append(Step("First the value:", rf"{formula.value}({tex(x)}) \approx {value}"))
        value = f"({value})" if value.startswith("-") else value
    put = formula.put_in(x, value)
    told = "Put the number in."
    if formula.below:
        told = f"Here x is {'above' if x > 0 else 'below'} 0."
    is_number = put.replace("-", "", 1).replace(".", "", 1).isdigit()
    sign = "=" if is_exact or is_number else r"\approx"
    middle = "" if is_number else f" = {put}"
    return [*steps, Step(told, f"{letter}({tex(x)}){middle} {sign} {answer.latex}")]


def _draft(
    what: str, curve: Curve, formula: Formula, x: float, answer: Answer, steps: list[Step], wrong: tuple[Mistake, ...]
) -> Draft:
    rounded = "" if answer.decimals is None else ", rounded to two decimals"
    text = f"What is the {what} of {curve.words} at x = {tex(x)}{rounded}?".replace("-", "−")
    return Draft(
        text,
        {"kind": curve.name, "options": dict(curve.options), "x": x, "slope": what == "derivative"},
        tuple(steps),
        answer,
        mistakes=wrong,
        hints=(
            "Draw the curve roughly first: is x on its left or its right part?",
            f"The formula is ${formula.shown}$.",
        ),
        shows=Show("activation", {"kinds": (curve.name,), "x": x, **curve.options}),
    )


ACTIVATION = (
    Topic(
        "activation",
        "Activation functions",
        "Values and derivatives of ReLU, sigmoid, tanh and others.",
        "Neurons",
        activation,
        (10, 10, 10),
    ),
)
