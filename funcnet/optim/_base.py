"""What all update rules share: learning rate, step count, slots.

A rule is the formula for one parameter (`Rule`). `optimizer` makes an
`optax.GradientTransformation` of it: it maps the rule over the tree, keeps the count
and the learning rate in the state, and applies what PyTorch's optimizers have in common
(`maximize` and weight decay).

optax's own rules are not reused even where the formula is the same, for three reasons:
the learning rate lives in the state, where `set_lr` reaches it without a recompile;
the slots have PyTorch's names, so that optimizer states can be exchanged; and the bias
correction 1 - beta**t, which loses four digits in float32 (beta = 0.999, t = 1), is
exact.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import jax
import jax.numpy as jnp

from funcnet import tree
from funcnet._errors import InputError, InputTypeError, locate
from funcnet._precision import upcast
from funcnet._types import Array, ArrayLike, DTypeLike, Params, Shape
from funcnet.optim._optax import next_step, transformation
from funcnet.optim._settings import is_zero

__all__ = ["OptimState", "Schedule", "ScheduledState"]

if TYPE_CHECKING:
    import optax

Schedule: TypeAlias = Callable[[ArrayLike], ArrayLike]
"""A learning rate (or momentum) as a function of the step, which counts from 0."""

Slots: TypeAlias = dict[str, Array]
"""The state of a rule for one parameter, by PyTorch's names."""

Scalars: TypeAlias = dict[str, Any]
"""Values that all parameters share in a step: scalar arrays or Python numbers."""


class OptimState(NamedTuple):
    """The state of an optimizer.

    `lr` is the learning rate of the next step, `step` the number of steps done,
    `shared` the values of a rule for all parameters, and `slots` those for each:
    trees like params, under the names of PyTorch's optimizer state.
    """

    lr: Array
    step: Array
    shared: Scalars
    slots: dict[str, Any]


class ScheduledState(NamedTuple):
    """`OptimState` of an optimizer whose learning rate follows a schedule."""

    lr: Array
    step: Array
    shared: Scalars
    slots: dict[str, Any]


class Fill(NamedTuple):
    """A slot before the first step: filled with one value."""

    value: ArrayLike = 0.0
    shape: Shape | None = None  # None: that of the parameter


@dataclass(frozen=True)
class Rule:
    """How one parameter is updated.

    Attributes:
        update: `(grad, param, slots, k) -> (change, slots)`; `param + change` is the
            new parameter. `k` holds the scalars, and `epsilon`, the machine epsilon of
            the parameter's dtype.
        scalars: `(step, lr, shared) -> k`, computed once for all parameters; `step`
            counts from 1. It holds the new value of everything in `shared`.
        init_slots: `(shape of the parameter, lr) -> fills` before the first step.
        init_scalars: `lr -> shared` before the first step.
        decoupled: whether weight decay is taken off the parameter itself, times the
            learning rate, or added to the gradient as an L2 penalty.
        reads_params: whether `update` needs the parameter.
        name: of the public function, for messages; this and the next two are filled in
            by `RuleSpec.rule`.
        maximize: maximize the objective: the gradient is negated.
        weight_decay: its factor.
    """

    update: Callable[[Array, Array, Slots, Scalars], tuple[Array, Slots]]
    scalars: Callable[[Array, Array, Scalars], Scalars] = lambda step, lr, shared: {
        "lr": lr
    }
    init_slots: Callable[[Shape, ArrayLike], dict[str, Fill]] = lambda shape, lr: {}
    init_scalars: Callable[[ArrayLike], Scalars] = lambda lr: {}
    decoupled: bool = False
    reads_params: bool = False
    name: str = ""
    maximize: bool = False
    weight_decay: float = 0.0

    def needs_params(self) -> bool:
        return self.reads_params or not is_zero(self.weight_decay)

    def step(
        self, grad: Array, param: Array, slots: Slots, k: Scalars
    ) -> tuple[Array, Slots]:
        """Update one parameter; results have the dtypes of the inputs."""
        dtype = param.dtype
        # Half precision is computed in float32, as PyTorch's fused kernels do it: the
        # squares of gradients would underflow.
        p = upcast(param)
        g = grad.astype(p.dtype)
        k = {name: cast(value, p.dtype) for name, value in k.items()}
        k["epsilon"] = float(jnp.finfo(dtype).eps)
        if self.maximize:
            g = -g
        if not self.decoupled and not is_zero(self.weight_decay):
            g = g + self.weight_decay * p
        wide_slots = {name: upcast(slot) for name, slot in slots.items()}
        change, new_slots = self.update(g, p, wide_slots, k)
        if self.decoupled and not is_zero(self.weight_decay):
            change = change - k["lr"] * self.weight_decay * p
        new_slots = {name: new_slots[name].astype(slots[name].dtype) for name in slots}
        return change.astype(dtype), new_slots


def optimizer(rule: Rule, lr: float | Schedule) -> "optax.GradientTransformation":
    """Make an optax transformation of a rule."""
    state_type = ScheduledState if callable(lr) else OptimState

    def init(params: Params) -> OptimState | ScheduledState:
        names, leaves = tree.paths(params), jax.tree.leaves(params)
        rate = learning_rate(lr, 0)
        slots = [
            _slots(rule, *named, rate) for named in zip(names, leaves, strict=True)
        ]
        structure = jax.tree.structure(params)
        count = jnp.zeros((), jnp.int32)
        # Copied: two leaves of the state must not share a buffer that may be donated.
        shared = {
            n: jnp.array(x, rate.dtype) for n, x in rule.init_scalars(rate).items()
        }
        return state_type(rate, count, shared, _transpose(slots, structure))

    def update(
        grads: Params, state: OptimState | ScheduledState, params: Params | None = None
    ) -> tuple[Params, OptimState | ScheduledState]:
        if params is None and rule.needs_params():
            raise InputError(
                f"{rule.name}: this update needs the parameters. "
                "Write optimizer.update(grads, opt_state, params)."
            )
        check_same_tree(rule.name, grads, grads if params is None else params)
        leaves, structure = flatten(grads)
        values = leaves if params is None else structure.flatten_up_to(params)
        per_leaf = _per_leaf(state.slots, structure)
        count = next_step(state.step)
        k = rule.scalars(count.astype(state.lr.dtype), state.lr, state.shared)
        results = [
            rule.step(g, p, s, k)
            for g, p, s in zip(leaves, values, per_leaf, strict=True)
        ]
        changes = structure.unflatten([change for change, _ in results])
        slots = _transpose([new for _, new in results], structure)
        shared = {name: k[name] for name in state.shared}
        rate = learning_rate(lr, count) if callable(lr) else state.lr
        return changes, state_type(rate, count, shared, slots)

    return transformation(init, update)


def _slots(rule: Rule, path: str, param: Array, lr: Array) -> Slots:
    """The slots of one parameter, which must be real."""
    try:
        if not jnp.issubdtype(param.dtype, jnp.floating):
            raise InputTypeError(
                f"a parameter of dtype {param.dtype} cannot be trained, it must be "
                "floating point. Convert it, keep integers in the state, and train "
                "the real and the imaginary part of a complex one."
            )
        fills = rule.init_slots(param.shape, lr)
        return {
            name: jnp.full_like(param, fill.value, shape=fill.shape)
            for name, fill in fills.items()
        }
    except (InputError, InputTypeError) as error:
        locate(error, path, rule.name)
        raise


# Parameters may have different slots (in Adafactor, vectors and matrices do); the tree
# of a slot holds None for a parameter without it, which has no leaves.


def _transpose(slots: list[Slots], structure: Any) -> dict[str, Any]:
    """Turn the slots of each parameter into one tree for each slot."""
    names = sorted({name for own in slots for name in own})
    return {n: structure.unflatten([own.get(n) for own in slots]) for n in names}


def _per_leaf(slots: dict[str, Any], structure: Any) -> list[Slots]:
    """Undo `_transpose`."""
    per_leaf: list[Slots] = [{} for _ in range(structure.num_leaves)]
    for name, values in slots.items():
        for own, slot in zip(per_leaf, structure.flatten_up_to(values), strict=True):
            if slot is not None:
                own[name] = slot
    return per_leaf


def flatten(params: Params) -> tuple[list[Any], Any]:
    """`jax.tree.flatten`, with a structure of no static type."""
    return jax.tree.flatten(params)


def zero_slots(*names: str) -> Callable[[Shape, ArrayLike], dict[str, Fill]]:
    """The `init_slots` of a rule whose slots are like the parameter, zero at first."""
    return lambda shape, lr: {name: Fill() for name in names}


def learning_rate(lr: float | Schedule, step: ArrayLike) -> Array:
    """The learning rate as a scalar of the default precision, in its own buffer."""
    value = lr(jnp.asarray(step, jnp.int32)) if callable(lr) else lr
    if jnp.size(value) != 1:
        raise InputError(f"Tensor lr must be 1-element, got shape {jnp.shape(value)}.")
    return jnp.array(value, jnp.result_type(float)).reshape(())


def value_at(value: float | Schedule, step: Array) -> ArrayLike:
    """A momentum or beta for the step that counts from 1; it may be a schedule."""
    if not callable(value):
        return value
    return jnp.asarray(value(step.astype(jnp.int32) - 1), step.dtype)


def cast(value: ArrayLike, dtype: DTypeLike) -> ArrayLike:
    """Cast an array; a Python number takes the dtype of the other operand."""
    return value.astype(dtype) if isinstance(value, jax.Array) else value


def check_same_tree(name: str, grads: Params, params: Params) -> None:
    """Raise unless the gradients have the structure of the parameters."""
    if flatten(grads)[1] != flatten(params)[1]:
        lines = "\n  ".join(tree.mismatches(grads, params))
        raise InputError(
            f"{name}: the gradients are not those of the parameters:\n  {lines}"
        )
