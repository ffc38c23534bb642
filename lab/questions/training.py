"""Questions about training: a step of SGD, and how many steps there are."""

from __future__ import annotations

from lab.questions.answer import decimal, integer
from lab.questions.by_hand import factor
from lab.questions.phrases import count, listed, tex
from lab.questions.question import Draft, Draw, Mistake, Show, Step
from lab.questions.topic import Topic


def sgd_step(draw: Draw) -> Draft:
    """Ask for a weight after SGD: plain, with weight decay or momentum, then two steps or from the loss itself."""
    if draw.level == 3 and draw.kind(False, True):
        return _step_from_loss(draw)
    weight, lr = draw.of(-1, 1) * draw.randint(1, 30) / 10, draw.of(0.05, 0.1, 0.2, 0.5)
    gradients = [draw.of(-1, 1) * draw.randint(1, 8) / 2]
    momentum, decay = 0.0, 0.0
    if draw.level == 2:
        momentum, decay = draw.kind((0.0, 0.1), (0.9, 0.0), (0.0, 0.2))
    if momentum or draw.level == 3:
        momentum = momentum or draw.of(0.5, 0.9)
        gradients.append(draw.of(-3.0, -2.0, -1.0, 1.0, 2.0, 3.0))
    options = {"momentum": momentum, "weight_decay": decay}
    path = sgd_path(weight, gradients, lr, **options)
    extras = [f"momentum {momentum}"] if momentum else []
    extras += [f"weight decay {decay}"] if decay else []
    what = f"SGD with learning rate {listed([str(lr), *extras])}" if extras else f"SGD with learning rate {lr}"
    told = (
        f"the gradient is {tex(gradients[0])}"
        if len(gradients) == 1
        else f"the gradients of two steps are {tex(gradients[0])} and {tex(gradients[1])}; the velocity starts at 0"
    )
    text = (
        f"A weight is {tex(weight)} and {told}. "
        f"What is the weight after {'one step' if len(gradients) == 1 else 'both steps'} of {what}?"
    ).replace("-", "−")
    return Draft(
        text,
        {"weight": weight, "gradients": gradients, "lr": lr, **options},
        tuple(_sgd_steps(weight, gradients, lr, path, momentum, decay)),
        decimal(path[-1]),
        mistakes=_sgd_mistakes(weight, gradients, lr, momentum, decay),
        hints=(
            "A step goes against the gradient. Its length is the learning rate times the gradient.",
            _SGD_FORMULA[bool(momentum), bool(decay)],
        ),
        shows=Show("loss", {"optimizer": "SGD", "lr": lr, "momentum": momentum}),
    )


_SGD_FORMULA = {
    (False, False): r"The rule is $w \leftarrow w - \eta g$.",
    (False, True): r"The rule is $w \leftarrow w - \eta (g + \lambda w)$, with the weight decay $\lambda$.",
    (True, False): r"The rule is $v \leftarrow \mu v + g$, then $w \leftarrow w - \eta v$.",
}


def sgd_path(weight: float, gradients: list[float], lr: float, **options: float) -> list[float]:
    """Say what the weight is after each step, by torch's own optimizer."""
    import torch

    parameter = torch.nn.Parameter(torch.tensor(weight, dtype=torch.float64))
    optimizer = torch.optim.SGD([parameter], lr=lr, **options)  # type: ignore[arg-type]
    path = []
    for value in gradients:
        parameter.grad = torch.tensor(value, dtype=torch.float64)
        optimizer.step()
        path.append(round(parameter.item(), 6))
    return path


def _sgd_steps(
    weight: float, gradients: list[float], lr: float, path: list[float], momentum: float, decay: float
) -> list[Step]:
    steps, velocity = [], 0.0
    for n, (gradient, after) in enumerate(zip(gradients, path, strict=True), 1):
        place = f"Step {n}, " if len(gradients) > 1 else ""
        direction = gradient
        if decay:
            direction = round(gradient + decay * weight, 6)
            latex = rf"g + \lambda w = {tex(gradient)} + {decay} \cdot {factor(weight)} = {tex(direction)}"
            steps.append(Step("Weight decay adds to the gradient.", latex))
        if momentum:
            before, velocity = velocity, round(momentum * velocity + gradient, 6)
            direction = velocity
            latex = rf"v = {momentum} \cdot {factor(before)} + {factor(gradient)} = {tex(velocity)}"
            steps.append(Step(_named(place, "the velocity:"), latex))
        latex = rf"w = {tex(weight)} - {lr} \cdot {factor(direction)} = {tex(after)}"
        steps.append(Step(_named(place, "the new weight:"), latex))
        weight = after
    return steps


def _named(place: str, what: str) -> str:
    return f"{place}{what}" if place else what.capitalize()


def _sgd_mistakes(
    weight: float, gradients: list[float], lr: float, momentum: float, decay: float
) -> tuple[Mistake, ...]:
    options = {"momentum": momentum, "weight_decay": decay}
    back = [-value for value in gradients]
    wrong = [
        Mistake("uphill", sgd_path(weight, back, lr, **options)[-1]),
        Mistake("forgot-lr", sgd_path(weight, gradients, 1.0, **options)[-1]),
        Mistake("step-for-weight", round(lr * gradients[-1], 6)),
    ]
    if momentum:
        wrong.append(Mistake("forgot-momentum", sgd_path(weight, gradients, lr)[-1]))
        wrong.append(Mistake("one-step-only", sgd_path(weight, gradients[:1], lr, **options)[-1]))
    if decay:
        wrong.append(Mistake("forgot-decay", sgd_path(weight, gradients, lr)[-1]))
    return tuple(wrong)


def _step_from_loss(draw: Draw) -> Draft:
    """Let the gradient come from a squared error: ``L = (w x - t)^2``."""
    weight, x, target = float(draw.randint(-2, 3)), float(draw.of(-2, 1, 2, 3)), float(draw.randint(-3, 4))
    while weight * x == target:
        target = float(draw.randint(-3, 4))
    lr = draw.of(0.1, 0.05, 0.01)
    gradient = squared_error_gradient(weight, x, target)
    after = sgd_path(weight, [gradient], lr)[-1]
    text = (
        (
            f"A neuron without bias computes $y = w x$. Its weight is {tex(weight)}, its input {tex(x)}, its target "
            f"{tex(target)}. The loss is $(y - t)^2$. What is the weight after one step of SGD with learning rate {lr}?"
        )
        .replace("-", "−")
        .replace("y − t", "y - t")
    )
    error = weight * x - target
    half = sgd_path(weight, [gradient / 2], lr)[-1]
    wrong = (
        Mistake("uphill", sgd_path(weight, [-gradient], lr)[-1]),
        Mistake("forgot-factor-two", half),
        Mistake("forgot-input", sgd_path(weight, [2 * error], lr)[-1]),
        Mistake("forgot-lr", sgd_path(weight, [gradient], 1.0)[-1]),
    )
    return Draft(
        text,
        {"weight": weight, "x": x, "target": target, "lr": lr},
        (
            Step("The output:", rf"y = {tex(weight)} \cdot {factor(x)} = {tex(weight * x)}"),
            Step("The error:", rf"y - t = {tex(weight * x)} - {factor(target)} = {tex(error)}"),
            Step("The gradient:", rf"2 (y - t) x = 2 \cdot {factor(error)} \cdot {factor(x)} = {tex(gradient)}"),
            Step("The step:", rf"w = {tex(weight)} - {lr} \cdot {factor(gradient)} = {tex(after)}"),
        ),
        decimal(after),
        mistakes=wrong,
        hints=("First the output, then the gradient by the chain rule.", r"The gradient is $2 (y - t) x$."),
        shows=Show("neurons", {}),
    )


def squared_error_gradient(weight: float, x: float, target: float) -> float:
    """Compute the gradient of ``(w x - t)^2`` for the weight, by autograd."""
    import torch

    value = torch.tensor(weight, dtype=torch.float64, requires_grad=True)
    ((value * x - target) ** 2).backward()  # type: ignore[no-untyped-call]
    assert value.grad is not None  # noqa: S101 - backward has just filled it
    return float(value.grad)


def batches(draw: Draw) -> Draft:
    """Ask how many steps a training run takes."""
    size, epochs = draw.of(8, 10, 16, 20, 32, 64), draw.randint(2, 10)
    full = draw.randint(5, 40)
    rest = 0 if draw.level == 1 else draw.randint(1, size - 1)
    n_images = full * size + rest
    drop_last = draw.level == 3 and draw.kind(True, False)
    share = 20 if draw.level == 3 and not drop_last else 0
    if share:
        n_images = (n_images // 5 + 1) * 5
    n_train = n_images - n_images * share // 100
    per_epoch = steps_per_epoch(n_train, size, drop_last=drop_last)
    kept = f"{share} % of them are kept for testing. " if share else ""
    tail = ""
    if draw.level > 1:
        tail = "An incomplete last batch is dropped. " if drop_last else "The last batch of an epoch may be smaller. "
    text = (
        f"A data set has {count(n_images, 'image')}. {kept}The batch size is {size}. {tail}"
        f"How many steps does training take in {count(epochs, 'epoch')}?"
    )
    steps = []
    if share:
        steps.append(Step("Images to train on:", rf"0.{100 - share} \cdot {tex(n_images)} = {tex(n_train)}"))
    symbol = ("lfloor", "rfloor") if drop_last else ("lceil", "rceil")
    ratio = f"{tex(n_train)} / {size}"
    inside = ratio if n_train % size == 0 else rf"\left\{symbol[0]} {ratio} \right\{symbol[1]}"
    steps.append(Step("Steps in one epoch:", f"{inside} = {tex(per_epoch)}"))
    steps.append(Step("In all epochs:", rf"{epochs} \cdot {tex(per_epoch)} = {tex(epochs * per_epoch)}"))
    wrong = [
        Mistake("one-epoch-only", per_epoch),
        Mistake("images-for-steps", n_train * epochs),
        Mistake("epochs-joined", steps_per_epoch(n_train * epochs, size, drop_last=drop_last)),
    ]
    if n_train % size:
        other = steps_per_epoch(n_train, size, drop_last=not drop_last) * epochs
        wrong.insert(0, Mistake("last-batch-kept" if drop_last else "last-batch-dropped", other))
    if share:
        wrong.insert(0, Mistake("test-images-counted", steps_per_epoch(n_images, size, drop_last=drop_last) * epochs))
    facts = {"n_images": n_images, "batch_size": size, "epochs": epochs, "drop_last": drop_last, "test_share": share}
    return Draft(
        text,
        facts,
        tuple(steps),
        integer(epochs * per_epoch, unit="steps"),
        mistakes=tuple(wrong),
        hints=("One step reads one batch. One epoch reads every image once.", "Count the batches of one epoch first."),
        shows=Show("train", {"batch_size": size, "epochs": epochs}),
    )


def steps_per_epoch(n_images: int, batch_size: int, *, drop_last: bool) -> int:
    """Count the batches of an epoch as torch's own sampler does."""
    from torch.utils.data import BatchSampler, SequentialSampler

    return len(BatchSampler(SequentialSampler(range(n_images)), batch_size, drop_last))


TRAINING = (
    Topic(
        "sgd-step",
        "A step of SGD",
        "Where does a weight go?",
        "Training",
        sgd_step,
        (5, 8, 10),
    ),
    Topic(
        "batches",
        "Batches, epochs, steps",
        "How many steps does a training run take?",
        "Training",
        batches,
        (500, 500, 500),
    ),
)
