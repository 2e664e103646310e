"""Descriptions of layers as operations, and the tensors of modules that enter them."""

import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import jax

from funcnet._types import Array
from funcnet.compat._core.context import no_grad, thread
from funcnet.compat._core.static_args import NO_KEYWORDS, freeze_args
from funcnet.compat._engine.graph import record
from funcnet.compat._random.keys import key_or_mask, next_key
from funcnet.compat._tensor.recording import as_value, is_input, record_op, wrap_outputs
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn._module.saved_inputs import LayerOp
from funcnet.compat.nn.modules.module import Module
from funcnet.nn import Layer

Members: TypeAlias = tuple[dict[str, Any], dict[str, Any]]
"""Parameters and buffers, by the names they have in a layer."""

# What PyTorch calls the `grad_fn` of layers whose name does not say it.
_GRAD_NAMES = {
    "BatchNorm1d": "NativeBatchNormBackward0",
    "BatchNorm2d": "NativeBatchNormBackward0",
    "BatchNorm3d": "NativeBatchNormBackward0",
    "Conv1d": "ConvolutionBackward0",
    "Conv2d": "ConvolutionBackward0",
    "Conv3d": "ConvolutionBackward0",
    "LayerNorm": "NativeLayerNormBackward0",
    "Linear": "AddmmBackward0",
    "MaxPool2d": "MaxPool2DWithIndicesBackward0",
    "ReLU": "ReluBackward0",
}


class Interned:
    """One object for all equal layers: comparing it costs nothing.

    Attributes:
        names: those of the parameters in order, once a module had these and no more.
    """

    __slots__ = ("draws", "layer", "names", "op", "tensors")

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.draws = (layer.draws(False), layer.draws(True))
        self.tensors: tuple[frozenset[str], ...] = ()
        self.names: tuple[str, ...] | None = None
        grad_name = _GRAD_NAMES.get(type(layer).__name__)
        self.op = LayerOp(layer, functools.partial(run_layer, layer), grad_name)

    def __reduce__(self) -> Any:
        return interned, (self.layer,)

    def registered(self, module: Module) -> Members | None:
        """Return the tensors that a module has registered, if they are the layer's.

        They are not where one was deleted, set to None or computed from others, where
        an attribute hides one, and where a subclass has registered more.
        """
        attributes = module.__dict__
        if attributes["_modules"]:
            params = named_members(module, "_parameters")
            state = named_members(module, "_buffers")
        else:  # most layers; faster
            own, kept = attributes["_parameters"], attributes["_buffers"]
            params = {name: p for name, p in own.items() if p is not None}
            state = {name: b for name, b in kept.items() if b is not None}
        tensors = self.tensors or self._found()
        if params.keys() != tensors[0] or state.keys() != tensors[1]:
            return None
        for name in params:
            if name in attributes:
                return None
        if not state and not attributes["_modules"]:
            names = tuple(attributes["_parameters"])
            if len(names) == len(params):
                self.names = names
        return params, state

    def _found(self) -> tuple[frozenset[str], ...]:
        result = members(self.layer)
        self.tensors = tuple(frozenset(name for name, _ in _flat(t)) for t in result)
        return self.tensors

    def attributes(self, module: Module, optional: Iterable[str] = ()) -> Members:
        """The tensors that are attributes of a module, however they came there."""
        params, state = self.tensors or self._found()
        return _attributes(module, params.union(optional)), _attributes(module, state)


def _attributes(module: Module, names: Iterable[str]) -> dict[str, Any]:
    result = {}
    for name in sorted(names):
        *path, last = name.split(".")
        owner: Any = module
        for part in path:
            owner = getattr(owner, part)
        value = getattr(owner, last, None)
        if value is not None:
            result[name] = value
    return result


@functools.lru_cache(4096)
def interned(layer: Layer) -> Interned:
    """Return the one object for a layer."""
    return Interned(layer)


@functools.lru_cache(4096)
def members(layer: Layer) -> tuple[Any, Any]:
    """Shapes of a layer's parameters and state."""
    result = []

    def probe() -> None:
        # A key made here is a traced one: nothing is compiled for it.
        key = jax.random.key(0)
        result.append(layer.init(key))  # in its order; JAX sorts what it returns

    jax.eval_shape(probe)
    return result[0]


def _find_settings(layer_class: type) -> tuple[str, ...]:
    """The names of a layer's settings, but the dtype, in their order."""
    if not dataclasses.is_dataclass(layer_class):
        return ()
    fields = dataclasses.fields(layer_class)
    names = [field.name for field in fields if not field.kw_only]
    keyword_only = [field.name for field in fields if field.kw_only]
    return (*names, *(name for name in keyword_only if name != "dtype"))


settings_of: Callable[[Any], tuple[str, ...]] = functools.cache(_find_settings)


def run_on(
    known: Interned,
    tensors: Members,
    train: bool,
    inputs: tuple[Any, ...],
    named: dict[str, Any],
    drawn: Any = None,
) -> Any:
    """Record a layer's `apply` on tensors; write its new state into them.

    `drawn` are masks where the layer would draw with a key.
    """
    params, state = tensors
    names = tuple(params), tuple(state)
    key = drawn
    if drawn is None and known.draws[train]:
        key = next_key()
    usual = drawn is None and not named and thread.context.autocast is None
    if not usual or not _all_tensors(inputs):
        groups = (tuple(params.values()), tuple(state.values()))
        result = record_op(known.op, (names, groups, inputs, named, key, train))
    else:
        arrays = [*params.values(), *state.values()]
        result = _apply_to_tensors(known, names, arrays, inputs, key, train)
    if not state:
        return result
    output, new_state = result
    if new_state:
        with no_grad():
            for name, new in zip(state, new_state, strict=True):
                if name.startswith("running_"):
                    state[name]._write_uncounted(new._value())
                else:
                    state[name]._write(new._value())
    return output


def _all_tensors(inputs: tuple[Any, ...]) -> bool:
    for x in inputs:  # noqa: SIM110 - a third of the time of `all` of a generator
        if not isinstance(x, Tensor):
            return False
    return True


def _apply_to_tensors(
    known: Interned,
    names: tuple[tuple[str, ...], tuple[str, ...]],
    tensors: list[Tensor],
    inputs: tuple[Tensor, ...],
    key: Any,
    train: bool,
) -> Any:
    """Do as `record_op`, without making its template, for the usual call."""

    def template() -> Any:
        count = len(names[0])
        groups = (tuple(tensors[:count]), tuple(tensors[count:]))
        args: tuple[Any, ...] = (names, groups, inputs, {}, key, train)
        return tuple([freeze_args(arg, [], is_input) for arg in args]), NO_KEYWORDS

    arrays: list[Any] = [*tensors, *inputs]
    sources = [x._value() for x in arrays]
    if key is not None:
        arrays += key
        sources += [as_value(part) for part in key]
    shape = (names, len(inputs), key is not None, train)
    return wrap_outputs(record(known.op, tuple(sources), shape, template), arrays)


def named_members(module: Module, registry: str) -> dict[str, Any]:
    """The parameters or buffers of a module and all inside it, shared ones twice."""
    own = module.__dict__[registry]
    result = {name: member for name, member in own.items() if member is not None}
    for name, child in module.__dict__["_modules"].items():
        if child is not None:
            below = named_members(child, registry)
            result |= {f"{name}.{n}": member for n, member in below.items()}
    return result


def run_layer(
    layer: Layer,
    names: Sequence[Sequence[str]],
    arrays: Sequence[Sequence[Array]],
    inputs: tuple[Any, ...],
    named: dict[str, Any],
    key: Any,
    train: bool,
) -> Any:
    """`apply` on arrays; a layer with a state gives with it what of it has changed."""
    params = _nested(dict(zip(names[0], arrays[0], strict=True)))
    state = _nested(dict(zip(names[1], arrays[1], strict=True)))
    key = key_or_mask(key)
    output, new = layer.apply(params, state, *inputs, key=key, train=train, **named)
    if not names[1]:
        return output
    if new is state:
        return output, ()
    flat = dict(_flat(new))
    return output, tuple(flat[name] for name in names[1])


def _nested(flat: dict[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, array in flat.items():
        *parents, name = path.split(".")
        branch = tree
        for parent in parents:
            branch = branch.setdefault(parent, {})
        branch[name] = array
    return tree


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, branch in tree.items():
        if isinstance(branch, dict):
            yield from _flat(branch, f"{prefix}{name}.")
        else:
            yield prefix + name, branch
