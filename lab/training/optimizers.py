"""The optimizer of a recipe, fused where PyTorch has it fused, and its state as plain named tensors."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Parameter
    from torch.optim import Optimizer

    from lab.training.recipe import TrainSpec

_PREFIX = "optimizer"
_DYNAMO_ANSWER = "__dynamo_disable"


def make_optimizer(spec: TrainSpec, parameters: Iterable[Parameter]) -> Optimizer:
    """Return the recipe's optimizer for ``parameters``; the learning rate is set before each step."""
    from torch import optim

    _leave_out_compiler()
    weights = list(parameters)
    lr, decay = spec.lr, spec.weight_decay
    if spec.optimizer == "SGD":
        # Nesterov needs a momentum to look ahead with.
        nesterov = spec.momentum > 0
        return optim.SGD(weights, lr, spec.momentum, weight_decay=decay, nesterov=nesterov, fused=True)
    if spec.optimizer == "Adam":
        return optim.Adam(weights, lr, weight_decay=decay, fused=True)
    if spec.optimizer == "AdamW":
        return optim.AdamW(weights, lr, weight_decay=decay, fused=True)
    return optim.RMSprop(weights, lr, weight_decay=decay, momentum=spec.momentum)


def take_step(optimizer: Optimizer) -> None:
    """Move the weights along their gradients, as ``optimizer.step()`` does.

    The rule itself is called, without the wrappers around it (profiler marks, hooks, an import of torch's compiler).
    """
    import torch

    rule = inspect.unwrap(type(optimizer).step)
    with torch.no_grad():
        rule(optimizer)


def _leave_out_compiler() -> None:
    """Keep ``torch.optim`` from importing torch's compiler, which we never use: a second before the first step.

    These methods, and ``step`` (see :func:`take_step`), import ``torch._dynamo`` at their first call, only to tell it
    to leave them alone, and remember its answer in an attribute. With the plain function there it is not asked. Where
    torch does this otherwise, nothing happens here and the import takes its time.
    """
    from torch.optim import Optimizer

    if "torch._dynamo" in sys.modules:
        return
    for name in ("add_param_group", "zero_grad", "state_dict", "load_state_dict"):
        plain = getattr(getattr(Optimizer, name), "__wrapped__", None)
        if plain is not None and not hasattr(plain, _DYNAMO_ANSWER):
            setattr(plain, _DYNAMO_ANSWER, plain)


def optimizer_tensors(optimizer: Optimizer) -> dict[str, Tensor]:
    """Return the optimizer's memory as named tensors: ``optimizer.<parameter number>.<name>``."""
    import torch

    return {
        f"{_PREFIX}.{number}.{name}": torch.as_tensor(value)
        for number, values in optimizer.state_dict()["state"].items()
        for name, value in values.items()
        if value is not None
    }


def restore_optimizer(optimizer: Optimizer, tensors: dict[str, Tensor]) -> None:
    """Put back what :func:`optimizer_tensors` gave; other names in ``tensors`` are ignored.

    Each tensor gets the memory layout of its parameter: a fused step walks both in the order in which they lie.
    """
    import torch

    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    state: dict[int, dict[str, Tensor]] = {}
    for full_name, tensor in tensors.items():
        prefix, _, rest = full_name.partition(".")
        if prefix == _PREFIX:
            number, _, name = rest.partition(".")
            like = parameters[int(number)]
            laid_out = torch.empty_like(like).copy_(tensor) if tensor.shape == like.shape else tensor
            state.setdefault(int(number), {})[name] = laid_out
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
