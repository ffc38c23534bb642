"""Questions about the loss: softmax, cross-entropy and its gradient."""

from __future__ import annotations

import math
from typing import Any

from lab.questions.answer import Answer, matrix, number
from lab.questions.phrases import listed, tex
from lab.questions.question import Draft, Draw, Mistake, Show, Step
from lab.questions.tensors import as_tensor
from lab.questions.topic import Topic

_DECIMALS = 2
_MOST_SURE = 90  # percent: nearer to 1, −ln p and 1 − p are the same to two decimals
_N = {3: "three", 4: "four"}
_SOFTMAX = r"$p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}$"


def rounded(value: float, decimals: int = 3) -> str:
    """Write a number with some decimals, for a formula."""
    return f"{value:.{decimals}f}"


def _logits(draw: Draw, n: int = 3) -> tuple[int, ...]:
    """Draw different logits that a pocket calculator can do."""
    return tuple(draw.sample(range(-2, 5), n))


def softmax_of(logits: tuple[float, ...], temperature: float = 1.0) -> tuple[float, ...]:
    """Turn logits into probabilities, by torch."""
    import torch

    return tuple(torch.softmax(as_tensor(logits) / temperature, 0).tolist())


def softmax(draw: Draw) -> Draft:
    """Ask for one probability, for all, then with a temperature or for the gradient of the loss."""
    logits = _logits(draw, draw.of(3, 4) if draw.level == 2 else 3)
    target = draw.randrange(len(logits))
    temperature = draw.of(2, 4, 5) if draw.level == 3 and draw.kind(True, False) else 1
    asks_gradient = draw.level == 3 and temperature == 1
    given: dict[str, Any] = {"logits": logits, "target": target, "temperature": temperature, "gradient": asks_gradient}
    scores = f"A network gives the logits {listed(map(str, logits))} for {_N[len(logits)]} classes.".replace("-", "−")
    probabilities = softmax_of(logits, temperature)
    steps = _softmax_steps(logits, temperature, probabilities, None if draw.level > 1 else target)
    everything = (tuple(round(p, 6) for p in probabilities),)
    answer: Answer
    if draw.level == 1:
        text = f"{scores} What is the softmax probability of class {target + 1}, rounded to two decimals?"
        answer, wrong = number(probabilities[target], decimals=_DECIMALS), _softmax_mistakes(logits, target)
    elif asks_gradient:
        text = (
            f"{scores} The right class is class {target + 1}. What is the gradient of the cross-entropy with respect "
            "to the logits, rounded to two decimals?"
        )
        back = cross_entropy_gradient(logits, target)
        answer = matrix((back,), decimals=_DECIMALS)
        turned = tuple(-value for value in back)
        wrong = (Mistake("gradient-sign", (turned,)), Mistake("forgot-target", everything))
        told = "The gradient is p − y, where y is 1 for the right class and 0 for the others."
        steps.append(Step(told, answer.latex))
    else:
        with_t = f" with temperature {temperature}" if temperature > 1 else ""
        text = f"{scores} What are the {_N[len(logits)]} softmax probabilities{with_t}, rounded to two decimals?"
        answer = matrix(everything, decimals=_DECIMALS)
        steps.append(Step(f"All {_N[len(logits)]}:", answer.latex))
        sigmoids = tuple(1 / (1 + math.exp(-z)) for z in logits)
        wrong = (Mistake("sigmoid-for-softmax", (sigmoids,)),)
        if temperature > 1:
            wrong = (
                Mistake("forgot-temperature", (softmax_of(logits),)),
                Mistake("temperature-multiplied", (softmax_of(logits, 1 / temperature),)),
            )
    return Draft(
        text,
        given,
        tuple(steps),
        answer,
        mistakes=wrong,
        hints=("Take e to the power of each logit, then divide by their sum.", f"The formula is {_SOFTMAX}."),
        shows=Show("loss", {"logits": logits, "target": target}),
    )


def _softmax_steps(
    logits: tuple[int, ...],
    temperature: int,
    probabilities: tuple[float, ...],
    target: int | None,
    *,
    forms: tuple[str, str] = (".3f", ".2f"),
    place: str = "",
) -> list[Step]:
    """Work out a softmax.

    Args:
        logits: one for each class.
        temperature: what they are divided by.
        probabilities: what comes out.
        target: the class that is asked for; ``None`` for all.
        forms: how powers and probabilities are written; whoever goes on with a probability needs more of its digits.
        place: which picture, where there are more.
    """
    steps = []
    powers = [math.exp(z / temperature) for z in logits]
    shown = [format(power, forms[0]) for power in (*powers, sum(powers))]
    if temperature > 1:
        divided = r",\; ".join(rf"{z} / {temperature} = {tex(z / temperature)}" for z in logits)
        steps.append(Step("Divide the logits by the temperature.", divided))
    for n, (z, power) in enumerate(zip(logits, shown, strict=False), 1):
        told = f"{place}class {n}: e to the power of its logit."
        sign = r"\approx" if z else "="
        steps.append(Step(told[:1].upper() + told[1:], rf"e^{{{tex(z / temperature)}}} {sign} {power}"))
    steps.append(Step("Their sum:", rf"{' + '.join(shown[:-1])} \approx {shown[-1]}"))
    asked = range(len(logits)) if target is None else [target]
    for index in asked:
        ratio = rf"\frac{{{shown[index]}}}{{{shown[-1]}}}"
        share = format(probabilities[index], forms[1])
        steps.append(Step(f"Class {index + 1}:", rf"p_{index + 1} = {ratio} \approx {share}"))
    return steps


def _softmax_mistakes(logits: tuple[int, ...], target: int) -> tuple[Mistake, ...]:
    wrong = [Mistake("sigmoid-for-softmax", 1 / (1 + math.exp(-logits[target])))]
    if sum(logits):
        wrong.insert(0, Mistake("softmax-without-exp", logits[target] / sum(logits)))
    wrong.append(Mistake("not-normalised", math.exp(logits[target])))
    wrong.append(Mistake("other-class", softmax_of(logits)[(target + 1) % 3]))
    return tuple(wrong)


def cross_entropy_gradient(logits: tuple[int, ...], target: int) -> tuple[float, ...]:
    """Compute the gradient of the cross-entropy for each logit, by autograd."""
    import torch
    from torch.nn import functional as F

    scores = as_tensor(logits).requires_grad_()
    F.cross_entropy(scores[None], torch.tensor([target])).backward()  # type: ignore[no-untyped-call]
    assert scores.grad is not None  # noqa: S101 - backward has just filled it
    return tuple(round(value, 6) for value in scores.grad.tolist())


def cross_entropy(draw: Draw) -> Draft:
    """Ask for the loss of given probabilities, of logits, of a batch of two or with smoothed labels."""
    target = draw.randrange(3)
    if draw.level == 1:
        return _loss_of_probabilities(draw, target)
    logits = _logits(draw)
    smoothing = 0.1 if draw.level == 3 and draw.kind(False, True) else 0.0
    second = (_logits(draw), draw.randrange(3)) if draw.level == 3 and not smoothing else None
    rows, targets = [logits], [target]
    if second:
        rows.append(second[0])
        targets.append(second[1])
    value = cross_entropy_of(rows, targets, smoothing)
    scores = " and ".join(
        f"the logits {listed(map(str, row))} (right class {label + 1})"
        for row, label in zip(rows, targets, strict=True)
    ).replace("-", "−")
    smooth = f" with label smoothing {smoothing}" if smoothing else ""
    pictures = "two pictures" if second else "one picture"
    text = (
        f"For {pictures} a network gives {scores}. What is the {'mean ' if second else ''}cross-entropy{smooth} "
        "(natural logarithm), rounded to two decimals?"
    )
    return Draft(
        text,
        {"rows": rows, "targets": targets, "smoothing": smoothing},
        tuple(_cross_entropy_steps(rows, targets, value, smoothing)),
        number(value, decimals=_DECIMALS),
        mistakes=_loss_mistakes(rows, targets, value, smoothing),
        hints=("First softmax, then the logarithm.", r"The loss of one picture is $-\ln p$ of its right class."),
        shows=Show("loss", {"logits": logits, "target": target, "label_smoothing": smoothing}),
    )


def _cross_entropy_steps(rows: list[tuple[int, ...]], targets: list[int], value: float, smoothing: float) -> list[Step]:
    """Work out the loss of each picture, then their mean, or what the smoothed label makes of the one."""
    steps: list[Step] = []
    losses: list[float] = []
    for n, (row, label) in enumerate(zip(rows, targets, strict=True)):
        share = softmax_of(row)[label]
        # Four digits of the probability, or its logarithm would come out otherwise on paper.
        place = ("First picture, ", "Second picture, ")[n] if len(rows) > 1 else ""
        steps += _softmax_steps(row, 1, softmax_of(row), label, forms=(".5g", ".4g"), place=place)
        losses.append(cross_entropy_of([row], [label]))
        shown = rounded(losses[-1], 4 if len(rows) > 1 or smoothing else _DECIMALS)
        steps.append(Step("Its loss:", rf"-\ln p_{label + 1} = -\ln {share:.4g} \approx {shown}"))
    shown = rounded(value, _DECIMALS)
    if len(rows) > 1:
        mean = rf"\frac{{{rounded(losses[0], 4)} + {rounded(losses[1], 4)}}}{{2}}"
        steps.append(Step("The mean:", rf"{mean} \approx {shown}"))
    elif smoothing:
        parts = [cross_entropy_of(rows, [label]) for label in range(3)]
        mean_all = sum(parts) / 3
        total = " + ".join(rounded(part, 4) for part in parts)
        told = "The losses that each class as the right one would give, averaged:"
        steps.append(Step(told, rf"\frac{{{total}}}{{3}} \approx {rounded(mean_all, 4)}"))
        mix = rf"0.9 \cdot {rounded(losses[0], 4)} + 0.1 \cdot {rounded(mean_all, 4)}"
        steps.append(Step("Nine tenths of its own loss, one tenth of that mean:", rf"{mix} \approx {shown}"))
    return steps


def cross_entropy_of(rows: list[tuple[int, ...]], targets: list[int], smoothing: float = 0.0) -> float:
    """Compute the mean cross-entropy, by torch."""
    import torch
    from torch.nn import functional as F

    return float(F.cross_entropy(as_tensor(rows), torch.tensor(targets), label_smoothing=smoothing))


def _loss_of_probabilities(draw: Draw, target: int) -> Draft:
    shares = _shares(draw)
    while shares[target] > _MOST_SURE:
        shares = _shares(draw)
    probabilities = [share / 100 for share in shares]
    p = probabilities[target]
    value = probability_loss(probabilities, target)
    text = (
        f"A network gives three classes the probabilities {listed(map(str, probabilities))}. The right class is class "
        f"{target + 1}. What is the cross-entropy (natural logarithm), rounded to two decimals?"
    )
    wrong = (
        Mistake("forgot-minus", -value),
        Mistake("one-minus-p", 1 - p),
        Mistake("log-base-two", -math.log2(p)),
        Mistake("log-base-ten", -math.log10(p)),
        Mistake("other-class", probability_loss(probabilities, (target + 1) % 3)),
    )
    return Draft(
        text,
        {"probabilities": probabilities, "target": target},
        (Step("Only the probability of the right class counts.", rf"-\ln {p} \approx {rounded(value, _DECIMALS)}"),),
        number(value, decimals=_DECIMALS),
        mistakes=wrong,
        hints=("Cross-entropy looks at the probability of the right class only.", r"The loss is $-\ln p$."),
        shows=Show("loss", {"logits": tuple(round(math.log(q), 3) for q in probabilities), "target": target}),
    )


def _shares(draw: Draw) -> tuple[int, ...]:
    """Cut a hundred into three different parts."""
    while True:
        low, high = sorted(draw.sample(range(2, 99), 2))
        shares = (low, high - low, 100 - high)
        if len(set(shares)) == len(shares):
            return shares


def probability_loss(probabilities: list[float], target: int) -> float:
    """Compute the negative log-likelihood of the right class, by torch."""
    import torch
    from torch.nn import functional as F

    return float(F.nll_loss(as_tensor([probabilities]).log(), torch.tensor([target])))


def _loss_mistakes(
    rows: list[tuple[int, ...]], targets: list[int], value: float, smoothing: float
) -> tuple[Mistake, ...]:
    other = [(label + 1) % 3 for label in targets]
    wrong = [Mistake("log-base-two", value / math.log(2))]
    if smoothing:
        wrong.insert(0, Mistake("forgot-smoothing", cross_entropy_of(rows, targets)))
    if len(rows) > 1:
        wrong.insert(0, Mistake("sum-for-mean", value * len(rows)))
    if not smoothing:
        wrong.append(Mistake("other-class", cross_entropy_of(rows, other)))
        wrong.append(Mistake("forgot-minus", -value))
        wrong.append(Mistake("one-minus-p", 1 - math.exp(-cross_entropy_of(rows[:1], targets[:1]))))
    return tuple(wrong)


LOSSES = (
    Topic(
        "softmax",
        "Softmax",
        "From logits to probabilities.",
        "Training",
        softmax,
        (1, 1, 1),
    ),
    Topic(
        "cross-entropy",
        "Cross-entropy",
        "How wrong is a prediction?",
        "Training",
        cross_entropy,
        (5, 7, 7),
    ),
)
