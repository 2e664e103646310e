"""What a model is bound to during one `apply`: arrays, keys, mode.

All that is written in the course of a call is written here, into dicts that the call
itself made, so `apply` is pure.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import jax

from funcnet import tree
from funcnet._check import missing_key
from funcnet._errors import InputError, locate
from funcnet._types import Array, Key, Params, State
from funcnet.nn._base import Composite, Layer, Mode, Observer


def _trace_state() -> Any:
    """What distinguishes the functions that jax transforms from each other."""
    # Imported at the first call: it takes as long to import as all the layers.
    from jax.extend.core import get_opaque_trace_state

    return get_opaque_trace_state(convention="funcnet")


class Call:
    """What one `apply` threads through a model and everything inside it."""

    def __init__(
        self,
        key: Key | None,
        train: bool,
        observe: Observer | None = None,
        home: Any = None,
        frozen: dict[str, tuple[dict[str, Any], Params]] | None = None,
    ) -> None:
        self.key, self.train, self.observe = key, train, observe
        self.draws = 0
        self._frozen = {} if frozen is None else frozen
        # Where keys may be drawn and where state may be written: inside the body of a
        # scan the first would repeat one key, the second would leak a tracer.
        self.here = _trace_state()
        self.home = self.here if home is None else home

    def rekeyed(self, key: Key) -> "Call":
        return Call(key, self.train, self.observe, self.home, self._frozen)

    def next_key(self, name: str) -> Key:
        if self.key is None:
            missing_key(name)
        if _trace_state() != self.here:
            raise InputError(
                f"{name} draws a random key inside a function that jax transforms "
                "(scan, vmap, checkpoint, ...), where every pass would get the same "
                "one. Draw outside and pass it in: self.layer(x, key=key)."
            )
        self.draws += 1
        return jax.random.fold_in(self.key, self.draws)

    def check_writable(self, name: str) -> None:
        if _trace_state() != self.home:
            raise InputError(
                f"{name} changes its state inside a function that jax transforms "
                "(scan, vmap, checkpoint, ...), so the new state cannot leave it. "
                "Call layer.apply(params, state, x) there and return the state, or "
                "call the layer outside."
            )

    def set_aside(self, binding: "Binding", names: Iterable[str]) -> Params:
        """Take frozen parameters out of a state until the call is over."""
        if binding.path not in self._frozen:
            taken = tree.unflatten(dict(_taken_out(binding.state, names)))
            self._frozen[binding.path] = binding.state, taken
        return self._frozen[binding.path][1]

    def put_back(self) -> None:
        """Put what was set aside into the states again."""
        for state, arrays in self._frozen.values():
            _fill(state, arrays)


def _taken_out(
    state: dict[str, Any], names: Iterable[str]
) -> Iterator[tuple[str, Array]]:
    for name in names:
        *parents, last = name.split(".")
        here = state
        for parent in parents:
            here = here.get(parent, {})
        if last in here:
            yield name, here.pop(last)


def _fill(state: dict[str, Any], arrays: Params) -> None:
    for name, value in arrays.items():
        if isinstance(value, Mapping):
            _fill(state.setdefault(name, {}), value)
        else:
            state[name] = value


def run(
    layer: Composite,
    mode: Mode,
    params: Params,
    state: State,
    *inputs: Any,
    **options: Any,
) -> tuple[Any, State]:
    """`apply` of a composite: bind it to the arrays of this call, and call it."""
    own_state, call = _copy_dicts(state), Call(*mode)
    output = Binding(layer, params, own_state, call, "").bind()(*inputs, **options)
    call.put_back()
    return output, _without_empty(own_state)


def _copy_dicts(tree: State) -> dict[str, Any]:
    """Copy the dicts of a tree, not its leaves."""
    return {k: _copy_dicts(v) if isinstance(v, Mapping) else v for k, v in tree.items()}


def _without_empty(tree: dict[str, Any]) -> dict[str, Any]:
    """Drop the empty dicts that binding made for layers with no state."""
    pruned = {
        k: _without_empty(v) if isinstance(v, dict) else v for k, v in tree.items()
    }
    return {k: v for k, v in pruned.items() if not (isinstance(v, dict) and not v)}


@dataclasses.dataclass(frozen=True)
class Binding:
    """A description bound to the arrays of one call; `state` is written in place."""

    layer: Layer
    params: Params
    state: dict[str, Any]
    call: Call
    path: str

    def rekeyed(self, key: Key) -> "Binding":
        return dataclasses.replace(self, call=self.call.rekeyed(key))

    def write(self, new_state: State) -> None:
        """Take the state that the layer returned; the same object means no change."""
        if new_state is not self.state:
            self.call.check_writable(type(self.layer).__name__)
            new_state = dict(new_state)
            self.state.clear()
            self.state.update(new_state)

    def bind(self) -> Any:
        """The object that stands for the layer inside `forward`."""
        if isinstance(self.layer, Composite):
            return self.layer._bound_to(self)
        return BoundLayer(self)

    def child(self, name: str, layer: Layer) -> Any:
        path = f"{self.path}.{name}" if self.path else name
        state = self.state.setdefault(name, {})
        return Binding(layer, self.params.get(name, {}), state, self.call, path).bind()


class BoundLayer:
    """A leaf inside `forward`: call it; its arrays and settings are attributes."""

    __slots__ = ("__weakref__", "_binding")

    def __init__(self, binding: Binding) -> None:
        self._binding = binding

    def __call__(self, *inputs: Any, key: Key | None = None, **options: Any) -> Any:
        bound = self._binding
        layer, call = bound.layer, bound.call
        name = type(layer).__name__
        try:
            if key is None and layer.draws(call.train):
                key = call.next_key(name)
            with jax.named_scope(bound.path):
                output, new_state = layer.apply(
                    bound.params,
                    bound.state,
                    *inputs,
                    key=key,
                    train=call.train,
                    **options,
                )
            bound.write(new_state)
        except KeyError as error:
            raise _missing_array(error, bound) from error
        except Exception as error:
            locate(error, bound.path, name)
            raise
        if call.observe:
            call.observe(bound.path, inputs, output)
        return output

    def __getattr__(self, name: str) -> Any:
        bound = self._binding
        for arrays in (bound.params, bound.state):
            if name in arrays:
                return arrays[name]
        return getattr(bound.layer, name)

    def __repr__(self) -> str:
        return f"<{self._binding.path}: {self._binding.layer!r}, bound>"


def _missing_array(error: KeyError, bound: Binding) -> InputError:
    """Say that a leaf looked for an array that its params or state do not hold."""
    have = ", ".join([*bound.params, *bound.state]) or "none"
    return InputError(
        f"{bound.path} ({type(bound.layer).__name__}): there is no array {error}; the "
        f"arrays given for this layer are: {have}. Use what init returned, or a "
        "checkpoint of the same model."
    )
