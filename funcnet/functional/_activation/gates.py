"""One step of each recurrent cell and its tangent: arithmetic on what `x W + h U` gave.

A cell sees `x`, the projected input, and `p`, the projected hidden state, both
`(batch, gates * hidden)`, and the carry, whose first array is the hidden state.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from funcnet._types import Array

Carry: TypeAlias = tuple[Array, ...]
"""What a cell hands to its next step, the hidden state first; `(batch, hidden)`."""


class Cell(NamedTuple):
    """A recurrence, and its derivative as the linear recurrence that it is.

    `step` also returns slopes, arrays with which `push` computes the tangent of the new
    carry. `join` takes the tangents of `x` and of what reaches `p` otherwise than
    through the hidden state, both known for all steps before the recurrence is run, and
    makes of them what `push` takes: their sum where the cell needs no more.
    """

    name: str
    gates: int
    arrays: int
    step: Callable[[Array, Array, Carry], tuple[Carry, Any]]
    join: Callable[[Array, Array], Any]
    push: Callable[[Any, Any, Array, Carry], Carry]


def _add(dx: Array, dp: Array) -> Array:
    return dx + dp


# Elman's cell: h = tanh(x + p).


def _tanh_step(x: Array, p: Array, carry: Carry) -> tuple[Carry, Array]:
    h = jnp.tanh(x + p)
    return (h,), 1 - h * h


def _relu_step(x: Array, p: Array, carry: Carry) -> tuple[Carry, Array]:
    h = jnp.maximum(x + p, 0)
    return (h,), (h > 0).astype(h.dtype)


def _elman_push(slope: Array, forced: Array, dp: Array, dcarry: Carry) -> Carry:
    return (slope * (forced + dp),)


RNN_TANH = Cell("rnn_tanh", 1, 1, _tanh_step, _add, _elman_push)
RNN_RELU = Cell("rnn_relu", 1, 1, _relu_step, _add, _elman_push)


# Long short-term memory, gates in the order i, f, g, o.


def _lstm_step(x: Array, p: Array, carry: Carry) -> tuple[Carry, Any]:
    # sigmoid(a) = tanh(a / 2) / 2 + 1 / 2, so one tanh does the four gates. XLA then
    # makes of it one vectorised loop: 52 us a step of 64 x 128 where a sigmoid of each
    # gate, which XLA merges into the loop of c, takes 107.
    width = carry[1].shape[-1]
    scale = np.repeat([[0.5, 0.5, 1, 0.5]], width, axis=1).astype(x.dtype)
    shift = np.repeat([[0.5, 0.5, 0, 0.5]], width, axis=1).astype(x.dtype)
    acts = jnp.tanh((x + p) * scale) * scale + shift
    i, f, g, o = jnp.split(acts, 4, axis=-1)
    c_old = carry[1]
    c = f * c_old + i * g
    t = jnp.tanh(c)
    slopes = [g * i * (1 - i), c_old * f * (1 - f), i * (1 - g * g), t * o * (1 - o)]
    return (o * t, c), (f, jnp.concatenate(slopes, axis=-1), o * (1 - t * t))


def _lstm_push(slopes: Any, forced: Array, dp: Array, dcarry: Carry) -> Carry:
    forget, gate_slopes, readout = slopes
    di, df, dg, do = jnp.split((forced + dp) * gate_slopes, 4, axis=-1)
    dc = forget * dcarry[1] + di + df + dg
    return do + readout * dc, dc


LSTM = Cell("lstm", 4, 2, _lstm_step, _add, _lstm_push)


# Gated recurrent unit, gates in the order r, z, n; n sees r * p, so that tangents of x
# and of p stay apart.


def _gru_step(x: Array, p: Array, carry: Carry) -> tuple[Carry, Any]:
    (h,) = carry
    width = h.shape[-1]
    (x_rz, x_n), (p_rz, p_n) = (jax.lax.split(y, (2 * width, width), 1) for y in (x, p))
    rz = 0.5 * jnp.tanh(0.5 * (x_rz + p_rz)) + 0.5
    # The barrier keeps XLA (of jax 0.12) from merging this tanh and the next one into a
    # loop that it does not vectorise. A step of 64 x 128, with its projections: 62 us
    # in place of 136.
    r, z = jnp.split(jax.lax.optimization_barrier(rz), 2, axis=-1)
    n = jnp.tanh(x_n + r * p_n)
    slopes = (r, r * (1 - r) * p_n, z * (1 - z) * (h - n), (1 - n * n) * (1 - z), z)
    return (n + z * (h - n),), slopes


def _both(dx: Array, dp: Array) -> tuple[Array, Array]:
    return dx, dp


def _gru_push(
    slopes: Any, forced: tuple[Array, Array], dp: Array, dcarry: Carry
) -> Carry:
    r, r_slope, z_slope, n_slope, z = slopes
    x_r, x_z, x_n = jnp.split(forced[0], 3, axis=-1)
    p_r, p_z, p_n = jnp.split(forced[1] + dp, 3, axis=-1)
    dn = x_n + r * p_n + r_slope * (x_r + p_r)
    return (n_slope * dn + z_slope * (x_z + p_z) + z * dcarry[0],)


GRU = Cell("gru", 3, 1, _gru_step, _both, _gru_push)
