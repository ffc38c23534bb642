"""One neuron of any dense layer, however many inputs it reads: its sum, and the products that weigh most in it."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from lab.errors import Code, NetworkError


@dataclass(frozen=True)
class Product:
    """One term of the sum: which input (from 0), its value, its weight, and the two multiplied."""

    source: int
    value: float
    weight: float
    product: float


@dataclass(frozen=True)
class DenseSum:
    """What one neuron of a dense layer adds up.

    Args:
        largest: the terms of largest size, largest first.
        rest: the sum of all other terms.
        n_terms: how many terms there are: the inputs of the layer.
        bias: the neuron's own number; ``None`` without one.
        total: all terms and the bias.
    """

    largest: tuple[Product, ...]
    rest: float
    n_terms: int
    bias: float | None
    total: float


def dense_sum(value: Tensor, weight: Tensor, bias: Tensor | None, neuron: int, n_largest: int = 8) -> DenseSum:
    """Take the sum of one neuron apart: ``total = Σ weight[neuron, i] · value[i] + bias[neuron]``.

    Args:
        value: what the layer reads, shape (inputs,).
        weight: shape (neurons, inputs).
        bias: shape (neurons,), or ``None``.
        neuron: which one, from 0.
        n_largest: how many terms to name.

    Raises:
        NetworkError: there is no such neuron.

    Examples:
        >>> import torch
        >>> told = dense_sum(torch.tensor([1.0, 2.0]), torch.tensor([[3.0, -4.0]]), torch.tensor([0.5]), 0, 1)
        >>> told.total, told.largest[0].product, told.rest
        (-4.5, -8.0, 3.0)
    """
    if not 0 <= neuron < len(weight):
        raise NetworkError(Code.INPUT, f"there is no neuron {neuron} among {len(weight)}")
    products = weight[neuron].double() * value.double()
    order = products.abs().argsort(descending=True, stable=True)[:n_largest].tolist()
    largest = tuple(Product(i, float(value[i]), float(weight[neuron, i]), float(products[i])) for i in order)
    own = None if bias is None else float(bias[neuron])
    named = sum(term.product for term in largest)
    total = float(products.sum())
    return DenseSum(largest, total - named, len(products), own, total + (own or 0.0))
