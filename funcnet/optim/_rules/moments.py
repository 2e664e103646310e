"""Running moments of the gradient, which Adam and its variants share.

Both moments start at zero, so that the first steps would be too small; the bias is
corrected in the scalars of a step, where it costs nothing per element.
"""

from funcnet._types import Array
from funcnet.optim._base import Scalars, Schedule, Slots, value_at
from funcnet.optim._rules.powers import one_minus_power


def first_moment_scalars(beta1: float | Schedule, step: Array, lr: Array) -> Scalars:
    """The scalars of a step along the first moment.

    Returns:
        `lr`, `one_minus_beta1`, the weight of the gradient in the moment, and
        `step_size`, the learning rate over the moment's bias correction.
    """
    b1 = value_at(beta1, step)
    return {
        "lr": lr,
        "one_minus_beta1": 1 - b1,
        "step_size": lr / one_minus_power(b1, step),
    }


def first_moment(g: Array, slots: Slots, k: Scalars) -> Array:
    """The running mean of the gradient, with this gradient in it."""
    m = slots["exp_avg"]
    return m + k["one_minus_beta1"] * (g - m)


def both_moments(
    g: Array, slots: Slots, k: Scalars, beta2: float
) -> tuple[Array, Array]:
    """The running means of the gradient and of its square, with this gradient in them.

    `k` holds `one_minus_beta1`; the second decay is a constant.
    """
    m, v = first_moment(g, slots, k), slots["exp_avg_sq"]
    return m, beta2 * v + (1 - beta2) * g * g
