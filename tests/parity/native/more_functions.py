"""Functions of torch.nn.functional that `op_db` leaves out, on samples of ours."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch

from tests.parity import adapters
from tests.parity.native.functions import compare
from tests.parity.report import Tally, Trial


def call(*args: Any, **kwargs: Any) -> Any:
    return args, kwargs


def real(*shape: int) -> torch.Tensor:
    """Normal numbers that want a gradient."""
    return torch.randn(shape).requires_grad_()


def whole(high: int, *shape: int) -> torch.Tensor:
    """Whole numbers below `high`."""
    return torch.randint(high, shape)


def recurrent(gates: int) -> Any:
    """The call of two layers in both directions, from 3 to 2 features."""
    start = real(4, 2, 2)
    params = [
        real(*shape)
        for features in (3, 3, 4, 4)
        for shape in (
            (2 * gates, features),
            (2 * gates, 2),
            (2 * gates,),
            (2 * gates,),
        )
    ]
    hx = (start, real(4, 2, 2)) if gates == 4 else start
    return call(real(5, 2, 3), hx, params, True, 2, 0.0, False, True, False)


def cell(gates: int) -> Any:
    """The call of one step, from 3 to 4 features."""
    hx = (real(2, 4), real(2, 4)) if gates == 4 else real(2, 4)
    rows = 4 * gates
    return call(real(2, 3), hx, real(rows, 3), real(rows, 4), real(rows), real(rows))


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
        "dropout1d": [
            call(torch.ones(4, 3, 5), 0.3),
            call(torch.ones(3, 5), 0.5),
            call(real(3, 5), training=False),
        ],
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
        "gru": [recurrent(3)],
        "gru_cell": [cell(3)],
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
        "lstm": [recurrent(4)],
        "lstm_cell": [cell(4)],
        "max_pool1d_with_indices": [call(real(2, 3, 9), 3, 2, 1, 2, ceil_mode=True)],
        "max_pool2d_with_indices": [
            call(real(2, 3, 9, 8), 3, 2, 1),
            call(real(3, 9, 8), (2, 3), stride=(3, 1), dilation=2),
        ],
        "max_pool3d_with_indices": [call(real(1, 2, 5, 6, 4), 2)],
        "pad_sequence": [
            call([real(3, 2), real(1, 2)]),
            call([real(2), real(4)], True, -1.0, padding_side="left"),
        ],
        "relu6": [call(torch.tensor([-1.0, 0.0, 3.0, 6.0, 7.0]).requires_grad_())],
        "rnn_relu": [recurrent(1)],
        "rnn_relu_cell": [cell(1)],
        "rnn_tanh": [recurrent(1)],
        "rnn_tanh_cell": [cell(1)],
        "unpad_sequence": [
            call(real(2, 4, 3), torch.tensor([4, 3]), True),
        ],
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
