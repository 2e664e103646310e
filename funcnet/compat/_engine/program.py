"""From a trace to a program: the function of its leaves, compiled by XLA.

Passes through here: a trace that was not met before, once. Each step runs its call; a
call whose gradient is in the trace, too, is differentiated as it runs, so that forward
and backward are one program in which nothing is computed twice.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

from funcnet._jit import jit
from funcnet.compat._engine import buffer_reuse
from funcnet.compat._engine.graph import Value
from funcnet.compat._engine.op import OpCall, TensorSpec, pytorch_promotion
from funcnet.compat._engine.pullback import (
    Linearized,
    PullbackCall,
    differentiated,
    linearize_call,
    pull_back,
)
from funcnet.compat._engine.trace import Trace

FixedNumbers: TypeAlias = tuple[tuple[int, float], ...]
"""Leaves that are constants of a program: their indices and values."""


class Program(NamedTuple):
    """A compiled program.

    Attributes:
        run: takes arrays for the `buffers`, then the leaves but for those that are
            `fixed`; gives the results.
        buffers: what it writes results into besides leaves that are donated.
        gradients: the indices of those of its results that may become such buffers.
        fixed: leaves that are constants in it.
    """

    run: Callable[..., list[Any]]
    buffers: tuple[TensorSpec, ...] = ()
    gradients: tuple[int, ...] = ()
    fixed: frozenset[int] = frozenset()

    def inputs(self, leaves: Iterable[Value]) -> list[Value]:
        """The leaves that it takes."""
        return [leaf for i, leaf in enumerate(leaves) if i not in self.fixed]


def compile_trace(
    trace: Trace,
    results: Sequence[int],
    values: Sequence[Value],
    donated: tuple[int, ...] | None,
    numbers: FixedNumbers = (),
) -> Program:
    """The program of a trace, which XLA compiles when it runs first.

    Args:
        trace: the steps.
        results: the indices of the values that it gives.
        values: those values.
        donated: the leaves whose memory it may write into; None: use no memory again.
        numbers: the leaves that are constants.
    """
    function = _function_of_leaves(trace, results, dict(numbers))
    fixed = frozenset(dict(numbers))
    if donated is None:
        return Program(jit(function), fixed=fixed)
    specs = [value.spec for value in values]
    gradients = buffer_reuse.reusable_gradients(values)
    buffers = buffer_reuse.specs_without_buffer(
        [specs[index] for index in gradients],
        specs,
        [trace.leaves[index].spec for index in donated],
    )
    count = len(buffers)

    def program(*arrays: Any) -> list[Any]:
        return function(*arrays[count:])

    taken = [index for index in range(len(trace.leaves)) if index not in fixed]
    argnums = (*range(count), *[count + taken.index(index) for index in donated])
    run = jit(program, donate_argnums=argnums, keep_unused=bool(buffers))
    return Program(run, buffers, gradients if buffers else (), fixed)


def _function_of_leaves(
    trace: Trace, results: Sequence[int], numbers: dict[int, float]
) -> Callable[..., list[Any]]:
    """The function that runs the steps of a trace, of the leaves but for `numbers`."""
    steps = [
        (node.call, forward, sources)
        for node, (_, forward, sources) in zip(trace.nodes, trace.steps, strict=True)
    ]
    count = len(trace.leaves)
    gradients: dict[int, list[PullbackCall]] = {}  # of each step that has any
    for call, forward, _ in steps:
        if forward >= 0:
            gradients.setdefault(forward, []).append(call)  # type: ignore[arg-type]
    chosen = tuple(results)

    def run(leaves: Sequence[Any]) -> list[Any]:
        values: list[Any] = []
        linearized: dict[int, Linearized] = {}
        for step, (call, forward, sources) in enumerate(steps):
            arrays = [leaves[~i] if i < 0 else values[i] for i in sources]
            try:
                if step in gradients:  # also of a gradient, which is then taken anew
                    outputs, linearized[step] = linearize_call(
                        call, arrays, *differentiated(gradients[step])
                    )
                    values += outputs
                elif forward >= 0:
                    # The forward call runs once; what its gradients need was kept.
                    assert isinstance(call, PullbackCall)
                    inputs = len(call.forward.input_specs)
                    values += pull_back(call, linearized[forward], arrays[inputs:])
                else:
                    values += call.outputs(*arrays)
            except Exception as error:
                raise with_op_name(call, error) from error
        return [values[index] for index in chosen]

    def function(*arrays: Any) -> list[Any]:
        given = iter(arrays)
        leaves = [numbers[i] if i in numbers else next(given) for i in range(count)]
        with pytorch_promotion():  # while it is traced
            return run(leaves)

    return function


def with_op_name(call: OpCall, error: Exception) -> Exception:
    """The error of an operation that JAX cannot trace, under the operation's name."""
    what = ""
    while isinstance(call, PullbackCall):
        what, call = what + "the gradient of ", call.forward
    unsupported = isinstance(error, NotImplementedError)
    kind = NotImplementedError if unsupported else RuntimeError
    return kind(f"{what}{call.op.name} cannot be computed: {error}")
