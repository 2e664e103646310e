"""Rules of control flow, and of the primitives that hold a jaxpr."""

from typing import Any, Final

import numpy as np

from funcnet.compat._interpreter.costs import Cost
from funcnet.compat._interpreter.plan import make_plan
from funcnet.compat._interpreter.rules.table import Compute, Equation, rule

_TURNS: Final = 10
"""How often a loop of unknown length is supposed to run."""


def with_cost(compute: Any, cost: Cost) -> Compute:
    """Note the cost of an equation that has jaxprs inside."""
    compute.cost = cost
    return compute  # type: ignore[no-any-return]


@rule("while")
def _while(equation: Equation) -> Compute:
    params = equation.params
    condition = make_plan(params["cond_jaxpr"])
    body = make_plan(params["body_jaxpr"])
    first, second = params["cond_nconsts"], params["body_nconsts"]

    def run(*arrays: Any) -> Any:
        for_condition, for_body = arrays[:first], arrays[first : first + second]
        carry = list(arrays[first + second :])
        while condition.run([*for_condition, *carry])[0]:
            carry = body.run([*for_body, *carry])
        return carry

    return with_cost(run, (condition.cost + body.cost).times(_TURNS))


@rule("cond")
def _cond(equation: Equation) -> Compute:
    branches = [make_plan(branch) for branch in equation.params["branches"]]
    last = len(branches) - 1

    def run(index: Any, *arrays: Any) -> Any:
        return branches[min(max(int(index), 0), last)].run(list(arrays))

    return with_cost(run, max(branch.cost for branch in branches))


@rule("platform_index")
def _platform_index(equation: Equation) -> Compute:
    platforms = equation.params["platforms"]
    index = next(
        i for i, names in enumerate(platforms) if names is None or "cpu" in names
    )
    return lambda: np.int32(index)


def _counts(equation: Equation) -> tuple[int, int]:
    """The numbers of constants and of carried values of a scan."""
    params = equation.params
    if "num_consts" in params:
        return params["num_consts"], params["num_carry"]
    constants, carry, _ = params["ft_in"].update(equation.invars).unpack()
    return len(list(constants)), len(list(carry))


@rule("scan")
def _scan(equation: Equation) -> Compute:
    params = equation.params
    body, length = make_plan(params["jaxpr"]), params["length"]
    constants, carried = _counts(equation)
    stacked = [var.aval for var in equation.outvars[carried:]]
    order = range(length - 1, -1, -1) if params["reverse"] else range(length)
    # BLAS brings a factor into its own order at each turn: a third of the time of a
    # small product where rows do not lie one after the other.
    factors = {one.sources[1] for one in body.steps if one.compute is np.matmul}

    def run(*arrays: Any) -> Any:
        given = [
            np.ascontiguousarray(x) if index in factors else x
            for index, x in enumerate(arrays[:constants])
        ]
        carry = list(arrays[constants : constants + carried])
        rows = arrays[constants + carried :]
        results = [np.empty(aval.shape, aval.dtype) for aval in stacked]
        for index in order:
            outputs = body.run([*given, *carry, *[row[index] for row in rows]])
            carry = outputs[:carried]
            for result, output in zip(results, outputs[carried:], strict=True):
                result[index] = output
        return [*carry, *results]

    return with_cost(run, body.cost.times(length))


@rule("custom_linear_solve")
def _custom_linear_solve(equation: Equation) -> Compute:
    params = equation.params
    lengths = params["const_lengths"]
    solve = make_plan(params["jaxprs"].solve)
    start = lengths.matvec + lengths.vecmat
    end = start + lengths.solve
    after = end + lengths.transpose_solve

    def run(*arrays: Any) -> Any:
        return solve.run([*arrays[start:end], *arrays[after:]])

    return with_cost(run, solve.cost)
