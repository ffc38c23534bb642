"""Every row of the catalogue is complete, and its fields reach a form with their bounds."""

import inspect

import pytest
from torch import nn

from lab.errors import NetworkError
from lab.network import layers
from lab.network.catalogue import CATALOGUE, field_rows, groups, kind_of
from lab.network.edit import new_layer
from lab.network.layers import activation, convolution, dense, merge, normalisation, pooling, regularisation, shape
from lab.network.layers.base import LayerSpec
from lab.network.spec import NetworkSpec

FILES = (activation, convolution, dense, merge, normalisation, pooling, regularisation, shape)


def test_every_public_kind_in_the_files_is_in_the_catalogue():
    written = {
        name
        for file in FILES
        for name, thing in inspect.getmembers(file, inspect.isclass)
        if issubclass(thing, LayerSpec) and not name.startswith("_") and thing.__module__ == file.__name__
    }

    assert written == set(CATALOGUE) == {kind.__name__ for kind in layers.KINDS}


@pytest.mark.parametrize("kind", CATALOGUE)
def test_a_row_is_complete(kind):
    row = CATALOGUE[kind]

    assert row.model_fields["kind"].default == kind
    assert row.title[0].isupper()
    assert row.sentence[0].isupper()
    assert row.sentence.endswith((".", "?"))
    assert len(row.sentence) < 200
    assert row.group in groups()
    assert all(field.description.endswith(".") for field in field_rows(kind)), "a hint at each control"


@pytest.mark.parametrize("kind", CATALOGUE)
def test_bounds_are_where_the_spec_really_stops(kind):
    empty = NetworkSpec(name="new", input=(1, 8, 8))

    for row in field_rows(kind):
        if row.low is None:
            continue
        for bound, outside, is_open in ((row.low, row.low - 1, row.low_open), (row.high, row.high + 1, row.high_open)):
            value = [int(bound)] * row.length if row.form in ("ints", "padding") else bound
            beyond = [int(outside)] * row.length if row.form in ("ints", "padding") else outside
            if not is_open:
                new_layer(empty, kind, {row.name: value})
            with pytest.raises(NetworkError, match=row.name):
                new_layer(empty, kind, {row.name: value if is_open else beyond})


@pytest.mark.parametrize("kind", [name for name in CATALOGUE if CATALOGUE[name].group == "Activation"])
def test_every_activation_is_pytorchs_own(kind):
    assert issubclass(getattr(nn, kind), nn.Module)


def test_the_activations_of_torch_nn_are_all_there():
    source = inspect.getsource(nn.modules.activation)
    theirs = {name for name in nn.modules.activation.__all__ if f"class {name}(" in source}
    # Attention is no function of one map; Softmax2d is Softmax over channels, which ours is.
    theirs -= {"MultiheadAttention", "Softmax2d"}

    assert theirs <= set(CATALOGUE)


def test_groups_hold_every_kind_once():
    assert [row.__name__ for rows in groups().values() for row in rows] == list(CATALOGUE)


def test_an_unknown_kind_is_answered_with_the_nearest_name():
    with pytest.raises(NetworkError, match="there is no layer kind MaxPool; did you mean MaxPool2d"):
        kind_of("MaxPool")
