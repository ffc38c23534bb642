"""A network as frozen data: a graph that is written as a list.

Each layer takes the output of the layer before it, unless it names its inputs. So a plain stack stays a plain list,
and skips and branches are one field away. The spec is what is drawn, edited, built, trained, saved, shared, exported.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NoReturn, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    SerializeAsAny,
    ValidationError,
    model_validator,
)

from lab.errors import Code, Fix, NetworkError, SetField
from lab.network.catalogue import kind_of
from lab.network.layers.base import LayerSpec, Shape
from lab.network.layers.explain import brief, did_you_mean, spec_error
from lab.network.names import RESERVED_IDS

__all__ = ["INPUT", "MAX_LAYERS", "MAX_SPEC_BYTES", "AnyLayer", "LayerSpec", "NetworkSpec", "Shape"]

INPUT = "input"
MAX_LAYERS = 1_000
MAX_SPEC_BYTES = 1_000_000  # the largest preset takes about 18,000


def _layer(value: object) -> LayerSpec:
    """Validate one layer as the kind that it names."""
    if isinstance(value, LayerSpec):
        return value
    if not isinstance(value, Mapping):
        raise NetworkError(Code.NETWORK_SPEC, f"a layer must be an object with named fields, but it is {brief(value)}")
    if "kind" not in value:
        raise NetworkError(Code.NETWORK_SPEC, "a layer has no kind", where=_holder(value))
    try:
        return kind_of(value["kind"]).model_validate(value)
    except NetworkError as error:
        if error.where != "kind":
            raise
        raise NetworkError(error.code, error.what, where=_holder(value)) from None


def _holder(value: Mapping[Any, Any]) -> str:
    name = value.get("id")
    return brief(name) if isinstance(name, str) else "a layer"


AnyLayer = Annotated[SerializeAsAny[LayerSpec], BeforeValidator(_layer)]
"""A layer of any kind of the catalogue; JSON names the kind in ``kind``."""


class NetworkSpec(BaseModel):
    """A whole network: its input and its layers.

    Raises:
        NetworkError: a value out of bounds, two layers of one id, an input that does not exist (``NET-SPEC``).

    Examples:
        >>> from lab.network.layers.dense import Linear
        >>> from lab.network.layers.shape import Flatten
        >>> layers = (Flatten(id="flatten"), Linear(id="fc", out_features=3))
        >>> spec = NetworkSpec(name="tiny", input=(1, 2, 2), layers=layers)
        >>> spec.sources()
        {'flatten': ('input',), 'fc': ('flatten',)}
        >>> NetworkSpec.from_json(spec.to_json()) == spec
        True
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    name: str = Field(strict=True, min_length=1, max_length=60, description="What the network is called, on one line.")
    input: tuple[
        Annotated[int, Field(strict=True, ge=1, le=64)],
        Annotated[int, Field(strict=True, ge=1, le=1024)],
        Annotated[int, Field(strict=True, ge=1, le=1024)],
    ] = Field(description="Channels, height and width of the pictures.")
    layers: tuple[AnyLayer, ...] = Field(default=(), max_length=MAX_LAYERS, description="The layers in order.")

    @model_validator(mode="wrap")
    @classmethod
    def _speak_plainly(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            spec = handler(data)
        except ValidationError as error:
            raise spec_error(cls, data, error) from None
        spec._check_graph()
        return spec

    def _check_graph(self) -> None:
        """Check what no single layer can know: names and who reads whom."""
        if not self.name.isprintable():
            _refuse("the name must be printable text on one line", "name")
        known = [INPUT]
        for layer in self.layers:
            if layer.id in RESERVED_IDS:
                _refuse(f"the id {layer.id} is taken by Python or PyTorch; choose another", layer.id)
            if layer.id in known:
                _refuse(f"two layers have the id {layer.id}; every layer needs its own", layer.id)
            for source in layer.inputs:
                if source not in known:
                    self._refuse_source(layer, source, known)
            known.append(layer.id)

    def _refuse_source(self, layer: LayerSpec, source: str, known: list[str]) -> NoReturn:
        later = any(other.id == source for other in self.layers)
        why = "comes only after it" if later else f"does not exist; {did_you_mean(source, tuple(known[-12:]))}"
        _refuse(f"it reads {brief(source)}, which {why}", f"{layer.id}.inputs")

    def to_json(self) -> str:
        """Write the spec as JSON text; fields that say nothing (empty ``inputs``, ``None``) are left out."""
        data = self.model_dump(mode="json", exclude_none=True)
        for layer in data["layers"]:
            if not layer["inputs"]:
                del layer["inputs"]
        return json.dumps(data, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> NetworkSpec:
        """Read a spec from JSON text that may come from anywhere.

        Raises:
            NetworkError: it is too long, not JSON, or not a valid spec (``NET-SPEC``), in one plain sentence.
        """
        if len(text) > MAX_SPEC_BYTES:
            _refuse(f"the spec has {len(text):,} bytes, but at most {MAX_SPEC_BYTES:,} are read", "spec")
        try:
            data = json.loads(text, parse_constant=_refuse_constant)
        except RecursionError:
            _refuse("the lists in it are nested too deeply", "spec")
        except ValueError as error:  # JSONDecodeError, bad UTF-8, numbers of too many digits
            _refuse(f"it is not JSON ({brief(str(error), 60)})", "spec")
        if not isinstance(data, dict):
            _refuse(f"a spec must be an object with named fields, but it is {brief(data)}", "spec")
        return cls.model_validate(data)

    def layer(self, layer_id: str) -> LayerSpec:
        """Find a layer.

        Raises:
            NetworkError: there is no layer of that id (``NET-SPEC``).
        """
        named = {layer.id: layer for layer in self.layers}
        if layer_id in named:
            return named[layer_id]
        names = tuple(named)
        hint = did_you_mean(layer_id, names) if names else "the network has no layers"
        raise NetworkError(Code.NETWORK_SPEC, f"there is no layer {brief(layer_id)}; {hint}", where=self.name)

    def sources(self) -> dict[str, tuple[str, ...]]:
        """Say for each layer which layers it reads, with "the one before" resolved; ``"input"`` is the picture."""
        resolved: dict[str, tuple[str, ...]] = {}
        before = INPUT
        for layer in self.layers:
            resolved[layer.id] = layer.inputs or (before,)
            before = layer.id
        return resolved

    def readers(self) -> dict[str, tuple[str, ...]]:
        """Say for each layer, and for ``"input"``, which layers read it."""
        sources = self.sources()
        return {name: tuple(reader for reader, read in sources.items() if name in read) for name in (INPUT, *sources)}


def _refuse(what: str, where: str) -> NoReturn:
    raise NetworkError(Code.NETWORK_SPEC, what, where=where)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def set_input(shape: Shape) -> Fix:
    """Offer another input shape."""
    return Fix(f"Set the input to {'×'.join(map(str, shape))}", (SetField(INPUT, "shape", shape),))
