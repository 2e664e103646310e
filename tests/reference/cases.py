"""One call written down, with the answer PyTorch gave to it; and how to check it.

A `Case` holds numpy arrays and settings only, so the same check serves the live
comparison (`tests/parity`, with torch in the process) and the frozen vectors that the
main suite reads without torch.
"""

from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from funcnet import functional, nn

# float32 sums differ in their last bits with the order of the terms, in proportion to
# the largest terms of an array; 1e-4 is the project's promise for the rest.
RTOL, ATOL, ATOL_OF_SCALE = 1e-4, 1e-5, 1e-6


Answer = dict[str, np.ndarray]

# What a function raises whose output's shape depends on values.
UNKNOWN_UNDER_JIT = (
    jax.errors.ConcretizationTypeError,
    jax.errors.TracerArrayConversionError,
    jax.errors.TracerIntegerConversionError,
)


@dataclass(frozen=True)
class Function:
    """A function of `funcnet.functional` that stands among the settings."""

    name: str


@dataclass(frozen=True)
class Built:
    """A layer (or options) by its class and its own settings."""

    name: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)


@dataclass
class Case:
    """A call of a function or of a layer, and what came out of it in PyTorch.

    Attributes:
        layer: the layer with its settings; None for a function.
        function: the name in `funcnet.functional`; None for a layer.
        args, kwargs: what the function or the layer's `apply` is called with.
        params, state: the layer's arrays, nested.
        train: the layer's mode.
        x64: whether the call speaks of float64.
        outputs: the arrays that came out, in order.
        differentiable: for each output whether PyTorch gives it a gradient.
        grads: gradients of `sum(output * weights)` by place among the arguments.
        param_grads, new_state: nested as `params` and `state`.
    """

    layer: Built | None = None
    function: str | None = None
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    train: bool = False
    x64: bool = False
    outputs: list[np.ndarray] = field(default_factory=list)
    differentiable: list[bool] = field(default_factory=list)
    grads: dict[int, np.ndarray] = field(default_factory=dict)
    param_grads: dict[str, Any] = field(default_factory=dict)
    new_state: dict[str, Any] = field(default_factory=dict)


def weights(shape: tuple[int, ...]) -> np.ndarray:
    """The factors of the sum that gradients are taken of; all differ, none is zero."""
    size = int(np.prod(shape))
    return np.cos(np.arange(1, size + 1, dtype=np.float64)).reshape(shape)


def resolve(setting: Any) -> Any:
    """Turn the stand-ins among settings into functions and layers."""
    if isinstance(setting, Function):
        return getattr(functional, setting.name)
    if isinstance(setting, Built):
        return build(setting)
    if isinstance(setting, tuple | list) and type(setting) in (tuple, list):
        return type(setting)(resolve(part) for part in setting)
    if isinstance(setting, dict):
        return {name: resolve(part) for name, part in setting.items()}
    return setting


def build(layer: Built) -> Any:
    room = nn if hasattr(nn, layer.name) else functional
    return getattr(room, layer.name)(*resolve(layer.args), **resolve(layer.kwargs))


def leaves_of(args: Any, kwargs: Any) -> tuple[list[Any], Any]:
    """All arguments in a row, and the tree to put them back; None is a leaf."""
    return jax.tree.flatten(
        (tuple(args), dict(kwargs)),
        is_leaf=lambda x: x is None or isinstance(x, Function | Built),
    )


def check(case: Case) -> None:
    """Raise AssertionError unless funcnet answers the call as PyTorch did."""
    compare_answers(answer(case), stored_answer(case))


def answer(case: Case) -> Answer:
    """What funcnet gives: outputs, gradients and new state, by what they are."""
    leaves, tree = leaves_of(case.args, case.kwargs)
    with jax.enable_x64(case.x64):
        # Whole numbers stay known under jit: shapes and checks may depend on them.
        known = [jnp.array(x) if isinstance(x, np.ndarray) else x for x in leaves]
        floats = {place: known[place] for place, x in enumerate(leaves) if is_float(x)}
        arrays = jax.tree.map(jnp.array, (case.params, case.state))

    def run(params: Any, state: Any, floats: dict[int, Any]) -> Any:
        call = _callable(case, params, state)

        def smooth(params: Any, chosen: dict[int, Any]) -> Any:
            filled = [(floats | chosen).get(place, x) for place, x in enumerate(known)]
            args, kwargs = jax.tree.unflatten(tree, filled)
            output, new_state = call(params, state, resolve(args), resolve(kwargs))
            outputs = jax.tree.leaves(output)
            assert len(outputs) == len(case.outputs), (
                f"{len(outputs)} outputs, PyTorch gives {len(case.outputs)}"
            )
            pairs = zip(outputs, case.differentiable, strict=True)
            return [y for y, has_grad in pairs if has_grad], (outputs, new_state)

        chosen = {place: floats[place] for place in case.grads}
        if not case.grads and not case.param_grads:
            outputs, new_state = smooth(params, chosen)[1]
            return outputs, {}, {}, new_state
        ys, pullback, (outputs, new_state) = jax.vjp(
            smooth, params, chosen, has_aux=True
        )
        factors = [jnp.asarray(weights(y.shape), y.dtype) for y in ys]
        param_grads, grads = pullback(factors)
        return outputs, grads, param_grads, new_state

    with jax.enable_x64(case.x64):
        try:
            # One program compiles sooner than its operations one by one.
            return named(*jax.jit(run)(*arrays, floats))
        except UNKNOWN_UNDER_JIT:
            return named(*run(*arrays, floats))


def is_float(x: Any) -> bool:
    return isinstance(x, np.ndarray) and np.issubdtype(x.dtype, np.inexact)


def stored_answer(case: Case) -> Answer:
    """What PyTorch gave, named as `answer` does."""
    return named(case.outputs, case.grads, case.param_grads, case.new_state)


def named(outputs: Any, grads: Any, param_grads: Any, new_state: Any) -> Answer:
    result = {f"output {place}": y for place, y in enumerate(outputs)}
    result |= {f"gradient of argument {place}": g for place, g in grads.items()}
    result |= {f"gradient of {name}": g for name, g in flat(param_grads).items()}
    result |= {f"new {name}": x for name, x in flat(new_state).items()}
    return {what: np.asarray(x) for what, x in result.items()}


def _callable(case: Case, params: Any, state: Any) -> Any:
    if case.function is not None:
        function = getattr(functional, case.function)
        return lambda params, state, args, kwargs: (function(*args, **kwargs), state)
    assert case.layer is not None
    layer = build(case.layer)
    check_names(layer, params, state)
    key = jax.random.key(0) if layer.draws(case.train) else None
    return lambda params, state, args, kwargs: layer.apply(
        params, state, *args, **kwargs, key=key, train=case.train
    )


def check_names(layer: nn.Layer, params: Any, state: Any) -> None:
    """Names and shapes that init makes are those of PyTorch's state_dict."""
    made = jax.eval_shape(layer.init, jax.random.key(0))
    for kind, result, wanted in zip(
        ("params", "state"), made, (params, state), strict=True
    ):
        found_shapes = {name: a.shape for name, a in flat(result).items()}
        wanted_shapes = {name: a.shape for name, a in flat(wanted).items()}
        assert found_shapes == wanted_shapes, (
            f"{kind} are {found_shapes}, PyTorch's are {wanted_shapes}"
        )


def compare_answers(
    found: Answer, wanted: Answer, slack: dict[str, float] | None = None
) -> None:
    assert sorted(found) == sorted(wanted), f"{sorted(found)}, {sorted(wanted)}"
    for what in wanted:
        assert found[what].dtype == wanted[what].dtype, (
            f"{what} has dtype {found[what].dtype}, PyTorch's {wanted[what].dtype}"
        )
        compare(what, found[what], wanted[what], (slack or {}).get(what, 0.0))


def compare(what: str, found: Any, wanted: np.ndarray, slack: float = 0.0) -> None:
    found = np.asarray(found)
    assert found.shape == wanted.shape, (
        f"{what} has shape {found.shape}, PyTorch's {wanted.shape}"
    )
    if not np.issubdtype(wanted.dtype, np.inexact):
        np.testing.assert_array_equal(found, wanted, what)
        return
    finite = np.abs(wanted[np.isfinite(wanted)])
    atol = ATOL + ATOL_OF_SCALE * (finite.max() if finite.size else 0) + slack
    np.testing.assert_allclose(found, wanted, RTOL, atol, err_msg=what)


def flat(tree: Any, path: str = "") -> dict[str, Any]:
    """A nested dict under dotted names."""
    if not isinstance(tree, dict):
        return {path: tree}
    result: dict[str, Any] = {}
    for name, part in tree.items():
        result |= flat(part, f"{path}.{name}" if path else name)
    return result


def nested(dotted: dict[str, Any]) -> dict[str, Any]:
    """A dict of dotted names as a nested one."""
    tree: dict[str, Any] = {}
    for path, value in dotted.items():
        *parents, name = path.split(".")
        part = tree
        for parent in parents:
            part = part.setdefault(parent, {})
        part[name] = value
    return tree
