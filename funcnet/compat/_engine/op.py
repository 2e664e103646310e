"""An operation, and what is known of its application without the values.

An `OpCall` is the operation, its static arguments, the shapes and dtypes that go in and
come out. Calls are interned, so that recording an operation again looks up one
dictionary, and a whole program is compared by the ids of its calls. A `PullbackCall` is
the gradient of a call: its vector-Jacobian product.
"""

import contextlib
import functools
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import jax
import numpy as np

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.context import thread
from funcnet.compat._core.conversion import halved
from funcnet.compat._core.device import ANYWHERE, CPU, META, device
from funcnet.compat._core.dtype import dtype
from funcnet.compat._core.narrow import narrow
from funcnet.compat._core.static_args import bind_args
from funcnet.compat._gradient_rules.node_names import words_of
from funcnet.compat._gradient_rules.saved_inputs import Places, kept_places


class TensorSpec:
    """Shape, dtype, device and size of a value; one object for each combination.

    `weak_type` marks a Python number that enters as an input, as in JAX: it has no say
    in the dtype of a result beyond its kind. `bytes` is the size in memory, `struct`
    what JAX traces with.
    """

    __slots__ = ("bytes", "device", "dtype", "shape", "struct", "weak_type")

    def __init__(
        self, shape: tuple[int, ...], dtype: dtype, device: device, weak_type: bool
    ) -> None:
        self.shape = shape
        self.dtype = dtype
        self.device = device
        self.weak_type = weak_type
        self.bytes = math.prod(shape) * dtype.itemsize
        self.struct = jax.ShapeDtypeStruct(shape, dtype.jax, weak_type=weak_type)

    def __repr__(self) -> str:
        return f"{self.dtype.name}{list(self.shape)}"


_specs: dict[Any, TensorSpec] = {}


def tensor_spec(
    shape: tuple[int, ...], dtype: dtype, device: device = CPU, weak_type: bool = False
) -> TensorSpec:
    """The one `TensorSpec` of this shape, dtype and device."""
    key = (shape, dtype, device, weak_type)
    found = _specs.get(key)
    if found is None:
        found = _specs[key] = TensorSpec(shape, dtype, device, weak_type)
    return found


class Op:
    """An operation: a pure function of arrays and settings.

    Attributes:
        name: as PyTorch calls it.
        run: takes arrays where the recorded call had tensors, and gives an array or a
            tuple of arrays.
        grad_name: what `grad_fn` is called.
        undefined: what PyTorch says has no derivative where that of the first input is
            asked for; "" where it has one.
    """

    __slots__ = ("grad_name", "name", "run", "undefined")

    def __init__(
        self,
        name: str,
        run: Callable[..., Any],
        grad_name: str | None = None,
        undefined: str = "",
    ) -> None:
        self.name = name
        self.run = run
        self.grad_name = grad_name or f"{words_of(name)}Backward0"
        self.undefined = undefined

    def kept(self, call: "OpCall", wanted: Places) -> Places:
        """What PyTorch keeps for the gradients of these inputs: places, ~places.

        To write into it in place before `backward` is an error.
        """
        return kept_places(self.name, call, wanted)

    def __repr__(self) -> str:
        return f"Op({self.name})"


@contextlib.contextmanager
def pytorch_promotion() -> Iterator[None]:
    """Let operations mix dtypes and ranks, whatever the user allows JAX elsewhere."""
    with jax.numpy_dtype_promotion("standard"), jax.numpy_rank_promotion("allow"):
        yield


class OpCall:
    """What is known of an application without its numbers.

    `differentiable_inputs` are the indices of those that can have a gradient, if an
    output can.
    `rule` says how it runs where the CPU would not compute in the inputs' dtype.
    `kept` is what PyTorch keeps, by the inputs that are differentiated. `default_dtype`
    is that of the moment at which it was recorded first, whenever it is traced.
    """

    __slots__ = (
        "default_dtype",
        "differentiable_inputs",
        "id",
        "input_specs",
        "kept",
        "node_class",
        "op",
        "output_specs",
        "rule",
        "single",
        "structure",
        "template",
    )

    def __init__(self, op: Op, template: Any, specs: tuple[TensorSpec, ...]) -> None:
        self.id = next(_call_ids)
        self.kept: dict[Places, Places] = {}
        self.node_class: Any = None  # of `OpNode`, once there is one
        self.op = op
        self.template = template
        self.input_specs = specs
        self.default_dtype = _dtypes.default_dtype
        self.rule = narrow(op, template, specs)
        where = _place(op, specs)
        structs = [one.struct for one in specs]
        with jax.enable_x64(True), pytorch_promotion():
            result = jax.eval_shape(self.run, *structs)
        leaves, self.structure = jax.tree.flatten(result)
        self.single = leaves == [result]
        self.output_specs: tuple[TensorSpec, ...] = tuple(
            tensor_spec(out.shape, self._kind(out.dtype), where) for out in leaves
        )
        self.differentiable_inputs = _differentiable(specs, self.output_specs)

    def _kind(self, found: np.dtype) -> dtype:
        if self.rule is not None and self.rule.in_halves and found == np.complex64:
            return _dtypes.complex32
        return _dtypes.BY_NUMPY[found]

    def run(self, *arrays: Any) -> Any:
        """Compute the outputs from the inputs, a function for JAX to trace."""
        rule = self.rule
        if rule is not None:
            arrays = tuple(map(rule.enter, arrays))
        args, kwargs = bind_args(self.template, iter(arrays))
        context = thread.context
        context.call_dtype, before = self.default_dtype, context.call_dtype
        try:
            result = jax.tree.map(_strong, self.op.run(*args, **kwargs))
        finally:
            context.call_dtype = before
        return result if rule is None else jax.tree.map(rule.leave, result)

    def outputs(self, *arrays: Any) -> tuple[Any, ...]:
        """The outputs, always as a tuple."""
        return tuple(jax.tree.leaves(self.run(*arrays)))


def _strong(x: Any) -> Any:
    """An array with a dtype of its own; only Python numbers have JAX's weak types."""
    x = jax.numpy.asarray(x)
    return jax.lax.convert_element_type(x, x.dtype) if x.weak_type else x


class PullbackCall(OpCall):
    """The gradient of a call: from its inputs and the gradients of its outputs.

    `wanted` says which inputs are differentiated, `given` which outputs have one. With
    `axes` it is that of `size` gradients at once: those with an axis 0, not None, come
    as batches.
    """

    __slots__ = ("axes", "forward", "given", "size", "wanted")

    def __init__(
        self,
        forward: OpCall,
        wanted: tuple[int, ...],
        given: tuple[int, ...],
        axes: tuple[int | None, ...] | None = None,
        size: int = 0,
    ) -> None:
        self.id = next(_call_ids)
        self.kept = {}
        self.node_class = None
        self.op = PULLBACK
        self.rule = None
        self.template = None
        self.forward = forward
        self.wanted = wanted
        self.given = given
        self.axes = axes
        self.size = size
        cotangents = [forward.output_specs[place] for place in given]
        found = [forward.input_specs[place] for place in wanted]
        if axes is not None:
            cotangents = [
                one if axis is None else _many(one, size)
                for one, axis in zip(cotangents, axes, strict=True)
            ]
            found = [_many(one, size) for one in found]
        self.input_specs = forward.input_specs + tuple(cotangents)
        self.output_specs = tuple(found)
        self.single = False
        self.structure = jax.tree.structure(self.output_specs)
        self.differentiable_inputs = _differentiable(
            self.input_specs, self.output_specs
        )

    def run(self, *arrays: Any) -> Any:
        inputs = arrays[: len(self.forward.input_specs)]
        _, pullback = forward_and_pullback(self.forward, inputs, [self])
        return pullback(self, arrays[len(inputs) :])


def _conjugate(grad: Any, one: TensorSpec) -> Any:
    grad = jax.numpy.conj(grad)
    return halved(grad) if one.dtype is _dtypes.complex32 else grad


def _many(one: TensorSpec, size: int) -> TensorSpec:
    return tensor_spec((size, *one.shape), one.dtype, one.device)


def forward_and_pullback(
    forward: OpCall, inputs: Sequence[Any], pullbacks: Sequence[PullbackCall]
) -> tuple[tuple[Any, ...], Callable[[PullbackCall, Sequence[Any]], Any]]:
    """Run a call and keep what these gradients of it need; a function computes them.

    Outputs that none of them has a gradient for are left out of the differentiation:
    a zero in their place would meet the infinite derivatives of eigenvectors.
    """
    wanted = sorted({place for one in pullbacks for place in one.wanted})
    given = sorted({place for one in pullbacks for place in one.given})

    def differentiable(*chosen: Any) -> Any:
        filled = list(inputs)
        for place, array in zip(wanted, chosen, strict=True):
            filled[place] = array
        outputs = forward.outputs(*filled)
        return [outputs[place] for place in given], outputs

    chosen = [inputs[place] for place in wanted]
    _, transposed, outputs = jax.vjp(differentiable, *chosen, has_aux=True)

    def pullback(call: PullbackCall, cotangents: Sequence[Any]) -> Any:
        if call.axes is None:
            return single(call, cotangents)
        pulled = functools.partial(single, call)
        run: Any = jax.vmap(pulled, (list(call.axes),), axis_size=call.size)
        return run(list(cotangents))

    def single(call: PullbackCall, cotangents: Sequence[Any]) -> Any:
        known = dict(zip(call.given, cotangents, strict=True))
        # PyTorch's gradient of a complex number is the conjugate of JAX's.
        grads = transposed(
            [
                jax.numpy.conj(known[place])
                if place in known
                else np.zeros(
                    forward.output_specs[place].shape,
                    forward.output_specs[place].dtype.jax,
                )
                for place in given
            ]
        )
        found = dict(zip(wanted, grads, strict=True))
        return tuple(
            [
                _conjugate(found[place], forward.input_specs[place])
                for place in call.wanted
            ]
        )

    return outputs, pullback


def needs_no_inputs(forward: OpCall, wanted: tuple[int, ...]) -> bool:
    """Whether the gradients of a call are the same whatever its inputs hold."""
    return not needed_inputs(forward, wanted)


@functools.cache
def needed_inputs(forward: OpCall, wanted: tuple[int, ...]) -> frozenset[int]:
    """The places of the inputs on which the gradients of a call depend."""
    given = [p for p, out in enumerate(forward.output_specs) if out.dtype.is_inexact]
    call = PullbackCall(forward, wanted, tuple(given))
    with jax.enable_x64(True), pytorch_promotion():
        traced = jax.make_jaxpr(call.run)(
            *[one.struct for one in call.input_specs]
        ).jaxpr
    used = {id(out) for out in traced.outvars}
    for equation in reversed(traced.eqns):
        if any(id(out) in used for out in equation.outvars):
            used |= {id(x) for x in equation.invars}
    inputs = traced.invars[: len(forward.input_specs)]
    return frozenset([place for place, x in enumerate(inputs) if id(x) in used])


PULLBACK: Final = Op("pullback", lambda: None, "PullbackBackward0")


def _differentiable(
    inputs: tuple[TensorSpec, ...], outs: tuple[TensorSpec, ...]
) -> tuple[int, ...]:
    if not any(out.dtype.is_inexact for out in outs):
        return ()
    return tuple(place for place, one in enumerate(inputs) if one.dtype.is_inexact)


def _check_meta(op: Op, placed: list[TensorSpec]) -> None:
    """Raise where tensors with and without numbers meet; some may be elsewhere."""
    if "index" in op.name or "mbedding" in op.name:  # where to look things up
        placed = [one for one in placed if one.dtype.is_inexact] or placed
    sized = [one for one in placed if one.shape or one.device is META] or placed
    first = sized[0].device
    for one in sized:
        if one.device is not first:
            raise RuntimeError(
                f"Tensor on device {one.device} is not on the expected device {first}!"
            )


_call_ids = itertools.count()


def _place(op: Op, specs: tuple[TensorSpec, ...]) -> device:
    """The device of the result; numbers and tensors without dimensions may travel."""
    placed = [one for one in specs if not one.weak_type and one.device is not ANYWHERE]
    places = {one.device for one in placed}
    if len(places) > 1:
        if META in places:
            _check_meta(op, placed)
            return META
        sized = {one.device for one in placed if one.shape}
        if len(sized) > 1:
            first, second = sorted(map(str, sized))[:2]
            raise RuntimeError(
                "Expected all tensors to be on the same device, but found at least two "
                f"devices, {first} and {second}! ({op.name})"
            )
        places = sized or {next(one for one in places if one.type != "cpu")}
    return next(iter(places), CPU)
