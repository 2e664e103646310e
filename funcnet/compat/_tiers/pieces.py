"""A piece of a program: steps on numbered inputs, the same wherever they stand.

A loop's body that was recorded a thousand times is one piece, used a thousand times. It
is interpreted at its first uses and then compiled, by the rule for whole programs, of
which it is one; the uses in one recording count.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final

import jax
import numpy as np

from funcnet._jit import jit
from funcnet.compat._core.counts import add, counts, spent
from funcnet.compat._core.device import device
from funcnet.compat._engine.compilation_cache import open_cache
from funcnet.compat._engine.op import pytorch_promotion
from funcnet.compat._engine.program import Program, with_op_name
from funcnet.compat._interpreter import Plan
from funcnet.compat._interpreter.costs import Cost
from funcnet.compat._interpreter.steps import cost_of_plans
from funcnet.compat._tiers.background import Compilation, compile_later
from funcnet.compat._tiers.computation import Computation
from funcnet.compat._tiers.estimates import schedule
from funcnet.compat._tiers.interpret import LONG, WRITTEN, on_host
from funcnet.compat._tiers.one_plan import one_plan

_NUMBERS: Final = frozenset([bool, int, float, complex])


class Piece:
    """Steps on numbered inputs.

    Attributes:
        steps: of each its computation and where its inputs are: the index of a value
            that the steps give, or ~index of an input.
        outputs: the indices of the values that it gives.
        uses: how often it was used.
        schedule: the uses at which it is compiled.
        cost: of an interpreted use, estimated.
    """

    __slots__ = (
        "_compilation",
        "_inputs",
        "_plan",
        "_program",
        "_unused",
        "cost",
        "outputs",
        "schedule",
        "steps",
        "uses",
    )

    def __init__(
        self,
        steps: Sequence[tuple[Computation, tuple[int, ...]]],
        outputs: tuple[int, ...],
    ) -> None:
        self.steps = steps
        self.outputs = outputs
        self.uses = 0
        inputs = {i for _, sources in steps for i in sources if i < 0}
        self._inputs = len(inputs)
        self._plan: Plan | None = None
        arrays = Cost(inputs=len(inputs), outputs=len(outputs))
        self.cost = cost_of_plans([one.plan for one, _ in steps]) + arrays
        self.schedule = schedule(self.cost)
        self._unused = _last_uses(steps, outputs)
        self._program: Program | None = None
        self._compilation: Compilation | None = None

    def interpret(self, inputs: Sequence[Any]) -> list[Any]:
        """The outputs, computed by numpy; they may share memory with the inputs."""
        self.uses += 1
        counts.runs += 1
        counts.interpreted += 1
        inputs = [x if type(x) is np.ndarray else on_host(x) for x in inputs]
        if self.uses == WRITTEN:
            self._plan = self._written()
        if self._plan is not None:
            start = time.perf_counter()
            try:
                return self._plan.run(inputs[:])
            except Exception:  # so that the error names the call
                return self._step_by_step(inputs)
            finally:
                add("interpreting", start)
        return self._step_by_step(inputs)

    def _written(self) -> Plan | None:
        """All of it as one function, if it is not long."""
        plans = [one.plan for one, _ in self.steps]
        if sum([len(plan.steps) for plan in plans]) > LONG:
            return None
        sources = [sources for _, sources in self.steps]
        outputs = [one.outputs + one.kept for one, _ in self.steps]
        none = [-1] * len(plans)
        return one_plan(plans, sources, none, outputs, self._inputs, self.outputs)

    def _step_by_step(self, inputs: Sequence[Any]) -> list[Any]:
        values: list[Any] = []
        steps = zip(self.steps, self._unused, strict=True)
        with spent("interpreting"):
            for (computation, sources), unused in steps:
                arrays = [inputs[~i] if i < 0 else values[i] for i in sources]
                for index in unused:
                    values[index] = None
                try:
                    values += computation.plan.run(arrays)
                except Exception as error:
                    raise with_op_name(computation.call, error) from error
        return [values[index] for index in self.outputs]

    def is_due(self, left: int) -> bool:
        """Whether to begin to compile it, also because it has enough uses left."""
        begins, interpreted = self.schedule
        return self.uses + left > interpreted or self.uses + 1 >= begins

    def compile(self, on: device, inputs: Sequence[Any]) -> None:
        """Let the thread beside compile it for inputs of these types."""
        if self._program is None:
            open_cache()
            counts.compiles += 1
            self._program = Program(jit(self._function()))
            types = [jax.ShapeDtypeStruct(np.shape(x), _dtype(x)) for x in inputs]
            self._compilation = compile_later(on, self._program, types)

    def run(self, inputs: Sequence[Any]) -> list[Any]:
        """The outputs, computed by the compiled program."""
        assert self._program is not None
        self.uses += 1
        counts.runs += 1
        if self._compilation is not None:
            self._compilation.wait()
            self._compilation = None
        # Python's numbers have weak types, for which it would be compiled again.
        arrays = [on_host(x) if type(x) in _NUMBERS else x for x in inputs]
        with spent("running"):
            return self._program.run(*arrays)

    def _function(self) -> Any:
        steps = [
            (computation.call, computation.jaxpr, sources)
            for computation, sources in self.steps
        ]

        def function(*inputs: jax.Array) -> list[Any]:
            values: list[Any] = []
            with pytorch_promotion():  # while it is traced
                for call, closed, sources in steps:
                    arrays = [inputs[~i] if i < 0 else values[i] for i in sources]
                    try:
                        values += jax.core.eval_jaxpr(
                            closed.jaxpr, closed.consts, *arrays
                        )
                    except Exception as error:
                        raise with_op_name(call, error) from error
            return [_strong(values[index]) for index in self.outputs]

        return function


def _dtype(x: object) -> Any:
    return getattr(x, "dtype", None) or on_host(x).dtype


def _strong(x: jax.Array) -> jax.Array:
    """An array whose type is that of one of numpy's."""
    weak = getattr(x, "weak_type", False)
    return jax.lax.convert_element_type(x, x.dtype) if weak else x


def _last_uses(
    steps: Sequence[tuple[Computation, tuple[int, ...]]], outputs: tuple[int, ...]
) -> list[list[int]]:
    """For each step the values that there are before it and no later one reads."""
    needed = set(outputs)
    result: list[list[int]] = []
    end = sum(one.outputs + one.kept for one, _ in steps)
    for computation, sources in reversed(steps):
        start = end - computation.outputs - computation.kept
        if result:
            result[-1] += [i for i in range(start, end) if i not in needed]
        unused = sorted({i for i in sources if i >= 0} - needed)
        needed.update(unused)
        result.append(unused)
        end = start
    return result[::-1]


_MOST_PIECES: Final = 4096


class _Pieces(threading.local):
    """The calling thread's: each thread counts uses by itself."""

    def __init__(self) -> None:
        self.of: OrderedDict[Any, Piece] = OrderedDict()


_pieces: Final = _Pieces()


def piece_of(
    steps: Sequence[tuple[Computation, tuple[int, ...]]], outputs: tuple[int, ...]
) -> Piece:
    """The piece with these steps and outputs, a new one where there is none."""
    key = tuple(steps), outputs
    pieces = _pieces.of
    piece = pieces.get(key)
    if piece is None:
        piece = pieces[key] = Piece(steps, outputs)
        counts.programs += 1
        if len(pieces) > _MOST_PIECES:
            pieces.popitem(last=False)
    return piece
