"""Functions of torch.nn.functional that `op_db` leaves out, on samples of ours."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch

from tests.parity import adapters
from tests.parity.functions import compare
from tests.parity.report import Tally, Trial


def call(*args: Any, **kwargs: Any) -> Any:
    return args, kwargs


def real(*shape: int) -> torch.Tensor:
    """Normal numbers that want a gradient."""
    return torch.randn(shape).requires_grad_()


def whole(high: int, *shape: int) -> torch.Tensor:
    """Whole numbers below `high`."""
    return torch.randint(high, shape)


def table() -> dict[str, list[Any]]:
    torch.manual_seed(0)
    return {
        "adaptive_max_pool1d_with_indices": [call(real(2, 3, 7), 3)],
        "adaptive_max_pool2d_with_indices": [call(real(2, 3, 7, 5), (3, None))],
        "adaptive_max_pool3d_with_indices": [call(real(1, 2, 5, 4, 3), 2)],
        "affine_grid": [
            call(real(2, 2, 3), (2, 3, 4, 5), align_corners=True),
            call(real(2, 2, 3), [2, 3, 4, 5], align_corners=False),
            call(real(2, 3, 4), (2, 1, 3, 4, 2), align_corners=False),
        ],
        "ctc_loss": [
            call(
                real(6, 2, 4).log_softmax(-1),
                whole(3, 2, 3) + 1,
                torch.tensor([6, 5]),
                torch.tensor([3, 1]),
            ),
            call(
                real(5, 3).log_softmax(-1), torch.tensor([1, 2]), (5,), (2,), 0, "sum"
            ),
        ],
        "dropout1d": [call(torch.ones(4, 3, 5), 0.3), call(torch.ones(3, 5), 0.5)],
        "fold": [
            call(real(2, 12, 12), (4, 5), (2, 2)),
            call(real(12, 6), (4, 5), (2, 3), dilation=2, padding=(1, 2), stride=2),
            call(real(1, 8, 4), 5, 2, stride=(2, 3), padding=0),
        ],
        "fractional_max_pool2d_with_indices": [
            call(real(2, 3, 7, 6), 2, output_ratio=(0.5, 0.6)),
            call(real(3, 7, 6), (2, 3), output_size=(4, 3)),
        ],
        "fractional_max_pool3d_with_indices": [
            call(real(1, 2, 5, 6, 7), 2, output_size=(3, 3, 4))
        ],
        "gumbel_softmax": [
            call(torch.tensor([[0.0, 1.0, -1.0], [2.0, 0.0, 0.5]])),
            call(torch.tensor([[0.0, 1.0, -1.0]]), tau=0.5, hard=True),
            call(torch.tensor([[0.0, 1.0], [-1.0, 3.0]]), tau=2.0, dim=0),
        ],
        "log_softmax": [call(real(2, 3, 4), 1), call(real(3), dim=0)],
        "lp_pool1d": [
            call(real(2, 3, 8), 2.0, 3),
            call(real(3, 9), 1.5, 2, stride=3, ceil_mode=True),
        ],
        "lp_pool2d": [
            call(real(2, 3, 8, 7), 2.0, 3, stride=2),
            call(real(2, 8, 7), 1.0, (2, 3), ceil_mode=True),
        ],
        "lp_pool3d": [call(real(1, 2, 5, 4, 6), 2.0, 2)],
        "max_pool1d_with_indices": [call(real(2, 3, 9), 3, 2, 1, 2, ceil_mode=True)],
        "max_pool2d_with_indices": [
            call(real(2, 3, 9, 8), 3, 2, 1),
            call(real(3, 9, 8), (2, 3), stride=(3, 1), dilation=2),
        ],
        "max_pool3d_with_indices": [call(real(1, 2, 5, 6, 4), 2)],
        "relu6": [call(torch.tensor([-1.0, 0.0, 3.0, 6.0, 7.0]).requires_grad_())],
        "upsample": [
            call(real(1, 2, 3, 4), scale_factor=2),
            call(real(1, 2, 3), size=5, mode="linear", align_corners=True),
        ],
    }


def trials(tally: Tally) -> Iterator[Trial]:
    for name, calls in table().items():
        for index, (args, kwargs) in enumerate(calls):
            kwargs = adapters.with_samples(name, args, kwargs)
            yield Trial(name, f"sample {index}", partial(compare, name, args, kwargs))
