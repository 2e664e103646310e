"""Gradients at zeros, poles, ties and infinities are PyTorch's; so are the numbers."""

import numpy as np
import pytest

from funcnet import compat as torch

INF, NAN = float("inf"), float("nan")


def derivatives(run, *operands) -> list[list[float]]:
    """The gradients with respect to the operands, and the gradients of their sum."""
    xs = [torch.tensor(x, requires_grad=True) for x in operands]
    first = torch.autograd.grad(run(*xs).sum(), xs, create_graph=True)
    second = torch.autograd.grad(sum(g.sum() for g in first), xs, allow_unused=True)
    result = [*first, *[torch.zeros(()) if g is None else g for g in second]]
    return [g.detach().tolist() for g in result]


@pytest.mark.parametrize(
    ("run", "x", "first", "second"),
    [
        (lambda x: x ** torch.tensor([0.0, 1.0]), [0.0, 0.0], [0, 1], [NAN, 0]),
        (lambda x: x ** torch.tensor(2.0), [0.0, -2.0], [0, -4], [2, 2]),
        (lambda x: x**-0.5, [4.0], [-0.0625], [0.0234375]),
        (lambda x: 0.0**x, [1.0, -1.0], [0, -INF], [0, INF]),
        (lambda x: torch.abs(x) ** 2, [0.0, 3.0], [0, 6], [0, 2]),
        (torch.logit, [0.5, 2.0], [4, NAN], [0, 0]),
        (torch.sinc, [0.0, 0.5], [0, -1.27324], [-3.28987, -1.19023]),
        (torch.atanh, [1.0, 0.5], [INF, 1.33333], [INF, 1.77778]),
        (torch.special.entr, [-2.0], [NAN], [0.5]),
        (torch.special.i1, [0.0], [0.5], [0]),
        (torch.special.ndtri, [0.0], [INF], [-INF]),
        (torch.digamma, [INF], [0], [0]),
        (lambda x: torch.polygamma(2, x), [-1.0, 0.0], [INF, INF], [-INF, -INF]),
        (lambda x: 1 / x, [2.0, 1e-15], [-0.25, -1e30], [0.25, INF]),
        (lambda x: x.clamp(-1, 1), [-1.0, 1.0, NAN], [1, 1, 0], 0),
    ],
)
def test_derivatives_of_one_operand(run, x, first, second) -> None:
    grad, grad2 = derivatives(run, x)
    np.testing.assert_allclose(grad, first, rtol=1e-4)
    np.testing.assert_allclose(grad2, second, rtol=1e-4)


@pytest.mark.parametrize(
    ("run", "x", "y", "by_x", "by_y"),
    [
        (torch.pow, [0.0, 0.0], [0.0, -1.0], [0, -INF], [0, -INF]),
        (torch.atan2, [0.0, 1.0], [0.0, 0.0], [0, 0], [0, -1]),
        (torch.div, [0.0, 1e-20], [1e-20, 1e-20], [1e20, 1e20], [0, -1e20]),
        (torch.logaddexp, [0.0, 1e30], [INF, 1e30], [0, 0.5], [1, 0.5]),
        (torch.nextafter, [1.0, 1.0], [1.0, 2.0], [0, 1], [0, 0]),
        (lambda x, y: torch.lerp(x, y, y), [1.0], [INF], [-INF], [INF]),
        (lambda x, y: x.clamp(y, -y), [0.0, 2.0], [1.0, 1.0], [0, 0], [-1, -1]),
        (lambda x, y: torch.complex(x, y).abs(), [0.0, 3.0], [0.0, 4.0], 0, 0),
        (lambda x, y: torch.complex(x, y).angle(), [0.0, 0.0], [0.0, 2.0], 0, 0),
        (lambda x, y: torch.complex(x, y).sgn().imag, [3.0], [4.0], -0.096, 0.072),
        (lambda x, y: torch.complex(x, y).acosh().real, [-2.0], [1.0], -0.402, 0.2486),
    ],
)
def test_derivatives_of_two_operands(run, x, y, by_x, by_y) -> None:
    result = derivatives(run, x, y)
    if x == [0.0, 3.0]:
        by_x, by_y = [0, 0.6], [0, 0.8]
    if y == [0.0, 2.0]:
        by_x, by_y = [0, -0.5], [0, 0]
    np.testing.assert_allclose(result[0], np.broadcast_to(by_x, len(x)), rtol=2e-2)
    np.testing.assert_allclose(result[1], np.broadcast_to(by_y, len(x)), rtol=2e-2)


@pytest.mark.parametrize(
    ("run", "x", "wanted", "grad"),
    [
        (lambda x: torch.linalg.vector_norm(x, -1), [0.0, 2.0], 0, [0, 0]),
        (lambda x: torch.norm(x, -1), [NAN, 0.0, 2.0], NAN, None),
        (lambda x: torch.quantile(x, 0.25), [1.0, 1.0], 1, [0.75, 0.25]),
        (lambda x: torch.logcumsumexp(x, 0)[1], [INF, 1.0], INF, [1, 0]),
        (lambda x: torch.cummax(x, 0)[1][2].float(), [NAN, 1.0, NAN], 2, None),
        (lambda x: torch.renorm(x[None], 2, 0, 1.0)[0, 1], [NAN, 1.0], 1, [0, 1]),
        (lambda x: torch.sign(x)[0], [NAN], 0, [0]),
        (lambda x: torch.div(x, 0.0, rounding_mode="floor")[0], [1.0], INF, [0]),
        (lambda x: x.clamp(2, -2)[0], [NAN], NAN, None),
    ],
)
def test_values_and_gradients_of_rows(run, x, wanted, grad) -> None:
    leaf = torch.tensor(x, requires_grad=True)
    y = run(leaf)
    np.testing.assert_allclose(y.item(), wanted)
    if grad is not None:
        y.backward()
        np.testing.assert_allclose(leaf.grad.tolist(), grad, rtol=1e-5)


def test_a_target_that_is_no_probability_is_refused() -> None:
    x = torch.tensor([0.5])
    loss = torch.nn.functional.binary_cross_entropy
    for target in (2.0, NAN):
        with pytest.raises(RuntimeError, match="target should be between 0 and 1"):
            loss(x, torch.tensor([target]))


def test_no_gradient_flows_to_what_a_gradient_is_not_made_of() -> None:
    x = torch.tensor([0.0, 4.0], requires_grad=True)
    (slope,) = torch.autograd.grad(x.sqrt().sum(), x, create_graph=True)
    assert slope.sum().grad_fn is not None
    (curve,) = torch.autograd.grad(slope[1], x)
    np.testing.assert_allclose(curve.tolist(), [NAN, -0.03125])
    (three,) = torch.autograd.grad((3 * x).sum(), x, create_graph=True)
    assert not three.requires_grad  # as in PyTorch: a number, whatever x is
