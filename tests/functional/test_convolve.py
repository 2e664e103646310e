"""The formulations of a convolution on CPUs: each of them XLA's own convolution."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from funcnet.functional._conv import convolve as _convolve
from funcnet.functional._conv import correlate as _correlate
from funcnet.functional._conv.correlate import Steps
from tests.functional.derivatives import check_modes

SETTINGS: dict[str, Steps] = {
    "plain": Steps((1, 1), ((0, 0), (0, 0)), (1, 1)),
    "same": Steps((1, 1), ((1, 1), (1, 0)), (1, 1)),
    "strides that leave some over": Steps((2, 3), ((1, 0), (0, 0)), (1, 1)),
    "strides as long as the filter": Steps((1, 2), ((2, 0), (3, 1)), (1, 1)),
    "dilations and wide padding": Steps((1, 2), ((3, 2), (4, 0)), (2, 1)),
}


def normal(*shape: int, seed: int = 0) -> jax.Array:
    return jax.random.normal(jax.random.key(seed), shape)


def convolve(x: jax.Array, w: jax.Array, b: Any, steps: Steps) -> jax.Array:
    return _convolve.convolve(x, w, b, steps, groups=1)


def by_xla(x: jax.Array, w: jax.Array, b: Any, steps: Steps) -> jax.Array:
    return _convolve.add_bias(_convolve._by_xla(x, w, steps, groups=1), b)


@pytest.fixture(params=["patches", "correlation"])
def _formulation(request: Any, monkeypatch: Any) -> None:
    chosen = request.param == "patches"
    monkeypatch.setattr(_correlate, "_patches_are_small", lambda *_: chosen)


@pytest.mark.usefixtures("_formulation")
@pytest.mark.parametrize("name", SETTINGS)
def test_values_and_gradients_are_those_of_xla(name: str) -> None:
    arrays = normal(2, 3, 7, 6), normal(4, 3, 3, 2, seed=1), normal(4, seed=2)
    settings = SETTINGS[name]

    @jax.jit
    def both(*arrays: jax.Array) -> Any:
        def value_and_grad(function: Any) -> Any:
            def total(*arrays: jax.Array) -> jax.Array:
                return jnp.sin(function(*arrays, settings)).sum()

            return jax.value_and_grad(total, (0, 1, 2))(*arrays)

        return value_and_grad(convolve), value_and_grad(by_xla)

    mine, xlas = both(*arrays)
    for a, b in zip(jax.tree.leaves(mine), jax.tree.leaves(xlas), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-4)


@pytest.mark.usefixtures("_formulation")
def test_forward_and_reverse_mode_agree_in_two_derivatives() -> None:
    settings = Steps((2,), ((1, 0),), (1,))
    arrays = normal(2, 2, 6), normal(3, 2, 2, seed=1)
    check_modes(lambda x, w: convolve(x, w, None, settings), *arrays)


@pytest.mark.usefixtures("_formulation")
@pytest.mark.parametrize("axes", [(1, None), (None, 3), (2, 0)])
def test_vmap_over_inputs_filters_and_both(axes: tuple[int | None, ...]) -> None:
    settings = SETTINGS["same"]
    arrays = normal(2, 3, 5, 4), normal(4, 3, 3, 2, seed=1)
    stacked = [
        a if axis is None else jnp.stack([a, -a, 2 * a], axis)
        for a, axis in zip(arrays, axes, strict=True)
    ]

    def gradients(function: Any) -> Any:
        def total(x: jax.Array, w: jax.Array) -> jax.Array:
            return jnp.sin(function(x, w, None, settings)).sum()

        return jax.jit(jax.vmap(jax.grad(total, (0, 1)), axes))(*stacked)

    for a, b in zip(gradients(convolve), gradients(by_xla), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-4)


def test_in_a_loop_every_convolution_is_one_that_xla_compiles_well() -> None:
    # XLA rearranges other labels outside of loops only; inside they are 50 times
    # slower (https://github.com/jax-ml/jax/issues/12868).
    x, w = jnp.zeros((3, 16, 64, 32, 32)), jnp.zeros((64, 64, 3, 3))

    def total(w: jax.Array) -> jax.Array:
        def body(w: jax.Array, x: jax.Array) -> tuple[jax.Array, jax.Array]:
            return w, convolve(x, w, None, SETTINGS["same"]).sum()

        return lax.scan(body, w, x)[1].sum() ** 2

    text = jax.jit(jax.grad(total)).lower(w).as_text()
    well = "dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]"
    assert text.count("stablehlo.convolution(") == text.count(well) == 2


def test_the_gradient_of_a_strided_convolution_has_no_copy_for_each_tap() -> None:
    settings = Steps((2, 2), ((1, 1), (1, 1)), (1, 1))

    def equations(kernel: int) -> int:
        def total(x: jax.Array, w: jax.Array) -> jax.Array:
            return convolve(x, w, None, settings).sum()

        x, w = jnp.zeros((32, 8, 16, 16)), jnp.zeros((16, 8, kernel, kernel))
        return str(jax.make_jaxpr(jax.grad(total, (0, 1)))(x, w)).count(" = ")

    assert equations(6) == equations(4)


def test_inside_shard_map_the_gradient_is_summed_over_the_devices() -> None:
    mesh = jax.make_mesh((1,), ("batch",), axis_types=(jax.sharding.AxisType.Auto,))
    x, w = normal(2, 3, 5, 5), normal(4, 3, 3, 3, seed=1)

    def gradient(x: jax.Array, w: jax.Array) -> jax.Array:
        return jax.grad(lambda w: convolve(x, w, None, SETTINGS["same"]).sum())(w)

    parts = jax.P("batch"), jax.P()
    sharded = jax.shard_map(gradient, mesh=mesh, in_specs=parts, out_specs=jax.P())
    result = jax.jit(sharded)(x, w)
    np.testing.assert_allclose(result, gradient(x, w), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("strides", [(1, 1), (2, 2)])
def test_half_precision_adds_up_gradients_in_single(strides: Any) -> None:
    settings = Steps(strides, ((1, 1), (1, 1)), (1, 1))
    x, w = normal(2, 64, 6, 6), normal(8, 64, 3, 3, seed=1) + 1

    def gradient(dtype: str) -> jax.Array:
        half = w.astype("bfloat16").astype(dtype)
        _, back = jax.vjp(lambda x: convolve(x, half, None, settings), x.astype(dtype))
        shape = (2, 8, *(6 // s for s in strides))
        return jax.jit(back)(jnp.ones(shape, dtype))[0].astype("float32")

    exact = gradient("float32")
    np.testing.assert_allclose(gradient("bfloat16"), exact, rtol=2**-8, atol=2**-8)
