"""Common mistakes are refused, in PyTorch's words."""

import pytest

from funcnet import compat as torch

x = torch.ones(2, 3)
w, b = (torch.nn.Parameter(torch.ones(n)) for n in (2, 1))
NAMED = "should be with/without names. Some param names are missing"


@pytest.mark.parametrize(
    ("run", "error", "text"),
    [
        (lambda: torch.optim.SGD([("w", w), b], 0.1), ValueError, NAMED),
        (lambda: torch.optim.SGD([b, ("w", w)], 0.1), ValueError, NAMED),
        (lambda: torch.xlogy(1, 2), TypeError, "must be Tensor|invalid combination"),
        (lambda: torch.maximum(x, 3), TypeError, "'other' .* must be Tensor, not int"),
        (lambda: torch.add(x, 1, out=b.data.expand(2, 3)), RuntimeError, "memory loc"),
        (lambda: torch.arange(0.0, float("inf")), RuntimeError, "unsupported range"),
        (lambda: torch.linspace(x, 1.0, 3), RuntimeError, "only supports 0-dim"),
        (lambda: x.movedim((0, 0), (0, 1)), RuntimeError, "repeated dim in `source`"),
        (lambda: x.movedim((0, 1), (0,)), RuntimeError, "Invalid source or dest"),
        (lambda: torch.cov(x, aweights=x), RuntimeError, "one or fewer dimensions"),
        (lambda: torch.cov(x, fweights=x[0]), RuntimeError, "have integral dtype"),
        (lambda: torch.diff(x, -1), RuntimeError, "order must be non-negative"),
        (lambda: torch.gradient(x, dim=(0, 0)), RuntimeError, "appears multiple"),
        (lambda: torch.gradient(x, spacing=[1.0]), RuntimeError, "a list of length 1"),
        (lambda: torch.isclose(x, x, rtol=-1), RuntimeError, "rtol must be greater"),
        (lambda: torch.fft.fftn(x.sum(), dim=0), IndexError, "has no dimensions"),
        (lambda: torch.linalg.cross(x, x[0]), RuntimeError, "same number of dim"),
        (lambda: torch.renorm(x.sum(), 2, 0, 1.0), RuntimeError, "at least 2 dim"),
        (lambda: torch.ones(3).renorm(2, 0, 1.0), RuntimeError, "at least 2 dim"),
        (lambda: torch.renorm(x, -1, 0, 1.0), RuntimeError, "non-positive-norm"),
        (lambda: torch.renorm(x, 2, 0, -1.0), RuntimeError, ">= 0 but got -1"),
        (lambda: torch.renorm(x, 2j, 0, 1.0), RuntimeError, "must be real-valued"),
        (lambda: torch.renorm(x.long(), 2, 0, 1.0), RuntimeError, "Got Long"),
        (lambda: x[:0].amax(), RuntimeError, "Expected reduction dim"),
        (lambda: x.narrow(0, x, 1), RuntimeError, "0-dim integral Tensor"),
        (
            lambda: torch.nn.functional.max_pool1d(x, 2, 0),
            RuntimeError,
            "stride must be greater than zero, but got 0",
        ),
        (
            lambda: torch.nn.functional.triplet_margin_loss(x, x, x, margin=-1.0),
            ValueError,
            "margin must be greater than 0",
        ),
        (
            lambda: torch.signal.windows.gaussian(3, std=-1.0),
            ValueError,
            "Standard deviation must be positive",
        ),
    ],
)
def test_a_mistake_is_refused(run, error, text) -> None:
    with pytest.raises(error, match=text):
        run()


@pytest.mark.parametrize(
    "name", ["argmax", "median", "cumsum", "mode", "softmax", "max", "prod", "sort"]
)
def test_several_dimensions_where_one_is_taken(name: str) -> None:
    several = "received an invalid combination of arguments - got \\(dim=tuple, \\)"
    words = several if name in ("max", "prod", "sort") else "'dim' must be int, not tup"
    with pytest.raises(TypeError, match=words):
        getattr(torch.ones(2, 3), name)(dim=(0, 1))


@pytest.mark.parametrize("name", ["max_pool1d", "avg_pool2d", "max_pool3d"])
def test_pools_of_no_channels(name: str) -> None:
    pool, sizes = getattr(torch.nn.functional, name), (4,) * int(name[-2])
    assert pool(torch.ones(0, 2, *sizes), 2).shape[0] == 0
    with pytest.raises(RuntimeError, match=r"batch mode|has length zero!"):
        pool(torch.ones(1, 0, *sizes), 2)
