"""An operation, and what is known of its application without the values.

Passes through here: an operation that is recorded with new settings, or on new shapes
or dtypes, once. Its `OpCall` has the operation, the static arguments, and the specs of
what goes in and, found by tracing, of what comes out. Calls are interned: to record an
operation again looks up one dictionary, and programs are compared by the ids of their
calls.
"""

import contextlib
import itertools
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, Final

import jax
import numpy as np

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DType
from funcnet.compat._core.context import thread
from funcnet.compat._core.device import ANYWHERE, CPU, META, device
from funcnet.compat._core.narrow import narrow
from funcnet.compat._core.static_args import bind_args
from funcnet.compat._core.strides import ResultStrides
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
        self, shape: tuple[int, ...], dtype: DType, device: device, weak_type: bool
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
    shape: tuple[int, ...], dtype: DType, device: device = CPU, weak_type: bool = False
) -> TensorSpec:
    """The one `TensorSpec` of this shape, dtype and device."""
    key = (shape, dtype, device, weak_type)
    spec = _specs.get(key)
    if spec is None:  # of two threads that make one the first wins
        spec = _specs.setdefault(key, TensorSpec(shape, dtype, device, weak_type))
        if not len(_specs) % _MANY_SPECS:
            _forget_specs()
    return spec


_MANY_SPECS: Final = 1 << 14


def _forget_specs() -> None:
    """Forget the specs that nothing else refers to."""
    for key, spec in list(_specs.items()):
        if sys.getrefcount(spec) <= _ALONE:
            _specs.pop(key, None)


_ALONE: Final = 4
"""The references to a spec that `_forget_specs` sees where nothing else has one."""


class Op:
    """An operation: a pure function of arrays and settings.

    Attributes:
        name: as PyTorch calls it.
        run: takes arrays where the recorded call had tensors, and gives an array or a
            tuple of arrays.
        grad_name: what `grad_fn` is called.
        undefined: what PyTorch says has no derivative where that of the first input is
            asked for; "" where it has one.
        strides: those that PyTorch's results have in memory.
        parameters_first: whether what a module holds comes before what it is called
            with.
        makes_axis: of one that joins tensors, whether along a new dimension.
    """

    makes_axis: ClassVar[bool | None] = None
    parameters_first: ClassVar[bool] = False
    __slots__ = ("grad_name", "name", "run", "strides", "undefined")

    def __init__(
        self,
        name: str,
        run: Callable[..., Any],
        grad_name: str | None = None,
        undefined: str = "",
        strides: ResultStrides = ResultStrides.CONTIGUOUS,
    ) -> None:
        self.name = name
        self.run = run
        self.grad_name = grad_name or f"{words_of(name)}Backward0"
        self.undefined = undefined
        self.strides = strides

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
    """What is known of an application without the values.

    Attributes:
        id: tells it from all others.
        op: what is applied.
        template: its arguments, with placeholders for the inputs.
        input_specs, output_specs: shapes, dtypes and devices.
        differentiable_inputs: the indices of those that can have a gradient, if an
            output can.
        single: whether it gives one array; otherwise `structure` is the tree of them.
        default_dtype: that of the moment at which it was recorded first, which it has
            whenever it is traced.
        rule: how it runs where the CPU would not compute in the inputs' dtype, or None.
        kept: what PyTorch keeps for the gradient, by the inputs differentiated.
        number_inputs: the indices of those that are Python numbers.
        node_class: that of its nodes in the gradient graph, once there is one.
        plans: how it is interpreted, see `_tiers`.
    """

    __slots__ = (
        "default_dtype",
        "differentiable_inputs",
        "id",
        "input_specs",
        "jaxpr",
        "kept",
        "node_class",
        "number_inputs",
        "op",
        "output_specs",
        "plans",
        "rule",
        "single",
        "structure",
        "template",
    )

    def __init__(self, op: Op, template: Any, specs: tuple[TensorSpec, ...]) -> None:
        self._describe(op, template, specs)
        self.rule = narrow(op, template, specs)
        device = _common_device(op, specs)
        self.jaxpr, result = self._traced()
        leaves, self.structure = jax.tree.flatten(result)
        self.single = leaves == [result]
        self._set_outputs(
            tuple([tensor_spec(x.shape, self._dtype_of(x), device) for x in leaves])
        )

    def _describe(self, op: Op, template: Any, specs: tuple[TensorSpec, ...]) -> None:
        """Note what is applied to what."""
        self.id = next(call_ids)
        self.kept: dict[Places, Places] = {}
        self.plans: dict[Any, Any] = {}
        self.node_class: Any = None
        self.op = op
        self.template = template
        self.input_specs = specs
        self.number_inputs = tuple([i for i, x in enumerate(specs) if x.weak_type])
        self.default_dtype = _dtypes.default_dtype

    def _set_outputs(self, specs: tuple[TensorSpec, ...]) -> None:
        """Note what comes out."""
        self.output_specs = specs
        self.differentiable_inputs = differentiable_inputs(self.input_specs, specs)

    def _traced(self) -> tuple[Any, Any]:
        """The jaxpr, and the types of the outputs in the structure of the result."""
        structs = [spec.struct for spec in self.input_specs]
        with jax.enable_x64(True), pytorch_promotion():
            result: tuple[Any, Any] = jax.make_jaxpr(self._trace, return_shape=True)(
                *structs
            )
        return result

    def _dtype_of(self, out: jax.ShapeDtypeStruct) -> DType:
        in_halves = self.rule is not None and self.rule.in_halves
        if in_halves and out.dtype == np.complex64:
            return _dtypes.complex32
        return _dtypes.BY_NUMPY[out.dtype]

    def run(self, *arrays: Any) -> Any:
        """Compute the outputs from the inputs, a function for JAX to trace."""
        return jax.tree.unflatten(self.structure, self.outputs(*arrays))

    def outputs(self, *arrays: Any) -> Sequence[Any]:
        """The outputs, always in a sequence.

        A Python number among the inputs is known, as if it were a setting.
        """
        if any(type(arrays[index]) in (int, float) for index in self.number_inputs):
            leaves: Sequence[Any] = jax.tree.leaves(self._trace(*arrays))
            return leaves
        return jax.core.eval_jaxpr(self.jaxpr.jaxpr, self.jaxpr.consts, *arrays)

    def _trace(self, *arrays: Any) -> Any:
        rule = self.rule
        if rule is not None:
            arrays = tuple(
                [rule.enter(x) if hasattr(x, "dtype") else x for x in arrays]
            )
        args, kwargs = bind_args(self.template, iter(arrays))
        context = thread.context
        context.call_dtype, before = self.default_dtype, context.call_dtype
        try:
            result = jax.tree.map(_strong, self.op.run(*args, **kwargs))
        finally:
            context.call_dtype = before
        return result if rule is None else jax.tree.map(rule.leave, result)


def _strong(x: Any) -> Any:
    """An array with a dtype of its own; only Python numbers have JAX's weak types."""
    x = jax.numpy.asarray(x)
    return jax.lax.convert_element_type(x, x.dtype) if x.weak_type else x


def differentiable_inputs(
    inputs: tuple[TensorSpec, ...], outs: tuple[TensorSpec, ...]
) -> tuple[int, ...]:
    if not any(out.dtype.is_inexact for out in outs):
        return ()
    return tuple(place for place, one in enumerate(inputs) if one.dtype.is_inexact)


def _check_meta(op: Op, placed: list[TensorSpec]) -> None:
    """Raise where tensors with and without numbers meet; some may be elsewhere."""
    if op.parameters_first:
        placed = placed[::-1]
    if "index" in op.name or "mbedding" in op.name:  # where to look things up
        placed = [one for one in placed if one.dtype.is_inexact] or placed
    sized = [one for one in placed if one.shape or one.device is META] or placed
    first = sized[0].device
    for one in sized:
        if one.device is not first:
            raise RuntimeError(
                f"Tensor on device {one.device} is not on the expected device {first}!"
            )


call_ids: Final = itertools.count()
"""Numbers for calls, by which programs are compared."""


def _common_device(op: Op, specs: tuple[TensorSpec, ...]) -> device:
    """The device of the result; numbers and tensors without dimensions may travel."""
    placed = [s for s in specs if not s.weak_type and s.device is not ANYWHERE]
    devices = {spec.device for spec in placed}
    if len(devices) > 1:
        if META in devices:
            _check_meta(op, placed)
            return META
        sized = {spec.device for spec in placed if spec.shape}
        if len(sized) > 1:
            first, second = sorted(map(str, sized))[:2]
            raise RuntimeError(
                "Expected all tensors to be on the same device, but found at least two "
                f"devices, {first} and {second}! ({op.name})"
            )
        devices = sized or {next(one for one in devices if one.type != "cpu")}
    return next(iter(devices), CPU)
