"""What is left out of plans, where results are written, when memory is let go."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from funcnet.compat._interpreter import make_plan
from funcnet.compat._interpreter.memory import Memory, writes_into_first
from tests.compat.tiers.interpreted import check, reals


def test_a_value_is_let_go_after_its_last_use() -> None:
    jaxpr = jax.make_jaxpr(lambda x: jnp.sin(jnp.cos(x) * 2).sum())(reals(3))
    plan = make_plan(jaxpr)
    assert [len(step.unused) for step in plan.steps] == [1] * len(plan.steps)
    arrays = [reals(3)]
    plan.run(arrays)
    assert arrays == []


def test_a_result_is_written_where_a_value_of_its_type_was() -> None:
    def function(x: Any, y: Any) -> Any:
        z = x + y
        view = z.T.reshape(-1)
        w = z * 2.0  # z is read again as its view
        return w * view.sum(), view

    x, y = reals(3, 4), reals(3, 4)
    jaxpr = jax.make_jaxpr(function)(x, y)
    plan = make_plan(jaxpr)
    assert [step.into >= 0 for step in plan.steps if step.compute is np.multiply] == [
        False,
        True,
    ]
    before = x.copy(), y.copy()
    check(function, x, y)
    np.testing.assert_array_equal((x, y), before)


def test_a_result_is_written_into_what_was_reshaped() -> None:
    def function(x: Any, y: Any, bias: Any) -> Any:
        product = x @ y
        return product.reshape(2, 3, 5) + lax.broadcast(bias, (2, 3))

    x, y, bias = reals(6, 4), reals(4, 5), reals(5)
    check(function, x, y, bias)
    plan = make_plan(jax.make_jaxpr(function)(x, y, bias))
    assert plan.steps[-1].compute is np.add
    assert plan.steps[-1].into >= 0

    def reads_again(x: Any, y: Any, bias: Any) -> Any:
        product = x @ y
        return product.reshape(2, 3, 5) + lax.broadcast(bias, (2, 3)), product

    check(reads_again, x, y, bias)


def test_repeated_elements_that_were_reshaped_are_not_written_into() -> None:
    def function(x: Any) -> Any:
        total = x.sum(0)
        repeated = lax.broadcast_in_dim(total, (5, 1, 3), (2,))
        return repeated.reshape(5, 3) / 2.0

    check(function, reals(4, 3))


def test_what_two_values_may_share_is_not_written_into_through_a_reshape() -> None:
    memory = Memory()
    x, y = jnp.ones((2, 3)), jnp.ones((2, 3))
    traced = jax.make_jaxpr(
        lambda x, y: (x + y, x * y, x.reshape(6), x.reshape(6) + 1.0)
    )
    add, multiply, reshape, _, last = traced(x, y).eqns
    memory.note(add, np.add, (0, 1), (2,))
    memory.note(multiply, np.multiply, (0, 1), (3,))
    memory.note(reshape, np.reshape, (2,), (4,))
    memory.note(multiply, lambda a, b: a, (2, 3), (5,))  # a view of either
    memory.note(last, np.add, (4, 1), (6,))
    assert memory.into(np.add, (4, 1), (6,), unused={2, 4}, needed={5}) == -1


@pytest.mark.parametrize("index", [[0, 4, 4], [2, 2, 2]], ids=str)
def test_a_scatter_adds_to_the_sum_that_it_is_part_of(index: list[int]) -> None:
    def looked_up(x: Any, index: Any) -> Any:
        y = jnp.sin(x)
        return y[jnp.arange(3), index].sum() + (y * y).sum()

    x, gradient = reals(3, 5), jax.grad(looked_up)
    index = np.array(index)
    check(gradient, x, index)
    plan = make_plan(jax.make_jaxpr(gradient)(x, index))
    (scatter,) = [step for step in plan.steps if writes_into_first(step.compute)]
    assert scatter.into == scatter.sources[0]

    def twice(x: Any, index: Any) -> Any:
        zeros = jnp.zeros_like(x).at[jnp.arange(3), index].add(1.0)
        return zeros + x * 2, zeros  # what is scattered is a result, too

    check(twice, x, index)


def test_what_is_cut_off_stays_a_view_of_what_later_steps_read() -> None:
    def function(x: jax.Array) -> jax.Array:
        y = x * 2
        return (lax.pad(y, np.float32(0), [(-1, 0, 0), (0, 0, 0)]) + 1) * y[1:]

    check(function, reals(5, 3))


def test_a_plan_gives_the_same_again() -> None:
    def function(x: Any) -> Any:
        a = jnp.arange(4.0) * 2  # known without an input
        return a + x, a, x * 2 + 1

    plan = make_plan(jax.make_jaxpr(function)(reals(4)))
    x = reals(4)
    first = plan.run([x])
    first[1][:] = 7
    for one in plan.run([x])[::2]:
        one[:] = 9
    expected = np.arange(4, dtype=np.float32) * 2 + x
    np.testing.assert_array_equal(plan.run([x])[0], expected)


def primitives(function: Any, *inputs: Any) -> list[str]:
    """What a plan of a function has steps for."""
    check(function, *inputs)
    plan = make_plan(jax.make_jaxpr(function)(*inputs))
    return [getattr(step.compute, "__name__", "other") for step in plan.steps]


def test_repetition_is_left_to_numpy() -> None:
    x, row, column = reals(300, 400), reals(400), reals(300)
    assert primitives(lambda x: x * 2, x) == ["multiply"]
    assert primitives(
        lambda x, y: x * lax.broadcast_in_dim(y, x.shape, (1,)), x, row
    ) == ["multiply"]
    assert primitives(lambda x, y: x + y[:, None], x, column)[-1:] == ["add"]
    # Nothing else has the shape of the result.
    assert len(primitives(lambda x, y: x[None] + y[:, None], row, column)) == 3
    assert len(primitives(lambda y: jnp.full((300, 400), y).sum(1), reals(1)[0])) == 2
    where = primitives(lambda x, y: jnp.where(x > 0, y[:, None], 0.0), x, column)
    assert len(where) == 3


def test_what_changes_nothing_is_left_out() -> None:
    def function(x: Any) -> Any:
        return lax.stop_gradient(x).astype(x.dtype).reshape(3, 4) + 1

    assert len(make_plan(jax.make_jaxpr(function)(reals(3, 4))).steps) == 1


def test_what_nothing_depends_on_is_left_out() -> None:
    def function(x: Any) -> Any:
        jnp.linalg.inv(x)
        return x + 1

    assert len(make_plan(jax.make_jaxpr(function)(reals(3, 3))).steps) == 1


def test_an_equation_that_is_there_twice_is_computed_once() -> None:
    def update(lr: Any, *params: Any) -> Any:
        return [p - lr.astype(jnp.float32) * p for p in params]

    params = [np.ones(n, np.float32) for n in (3, 4, 5)]
    with jax.enable_x64(True):
        plan = make_plan(jax.make_jaxpr(update)(np.float64(0.1), *params))
    computed = [step.compute for step in plan.steps]
    assert len(computed) == 1 + 2 * len(params)
    results = plan.run([np.float64(0.1), *params])
    assert [x.tolist() for x in results] == [[np.float32(0.9)] * n for n in (3, 4, 5)]
