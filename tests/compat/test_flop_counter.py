"""`FlopCounterMode`: PyTorch 2.13's counts, by operation and by module."""

from collections.abc import Callable
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.compat.utils.flop_counter import FlopCounterMode

F = torch.nn.functional
NOTHING: dict[str, int] = {}


def rand(*size: int, grad: bool = False) -> Any:
    return torch.randn(*size, requires_grad=grad)


def counted(run: Callable[[], Any]) -> dict[str, int]:
    with FlopCounterMode(display=False) as counter:
        run()
    return {str(k): v for k, v in counter.get_flop_counts().get("Global", {}).items()}


def conv(x: bool, weight: bool, groups: int) -> Any:
    shape = (4, 4 // groups, 3)
    return F.conv1d(rand(1, 4, 8, grad=x), rand(*shape, grad=weight), groups=groups)


CASES: dict[str, tuple[Callable[[], Any], dict[str, int]]] = {
    "vector": (lambda: rand(3, 4) @ rand(4), NOTHING),
    "matrix": (lambda: rand(2, 3, 4) @ rand(4, 5), {"aten.mm": 240}),
    "batches": (
        lambda: (rand(2, 3, 4, grad=True) @ rand(2, 4, 5, grad=True)).sum().backward(),
        {"aten.bmm": 720},
    ),
    "einsum": (
        lambda: torch.einsum("ij,jk->ik", rand(2, 3), rand(3, 4)),
        {"aten.bmm": 48},
    ),
    "baddbmm": (
        lambda: torch.baddbmm(rand(2, 3, 5), rand(2, 3, 4), rand(2, 4, 5)),
        {"aten.baddbmm": 240},
    ),
    "linear": (
        lambda: F.linear(rand(3, 4), rand(5, 4, grad=True), rand(5)).sum().backward(),
        {"aten.addmm": 120, "aten.mm": 120},
    ),
    "no bias": (lambda: F.linear(rand(2, 3, 4), rand(5, 4)), {"aten.mm": 240}),
    "groups": (
        lambda: conv(True, True, 2).sum().backward(),
        {"aten.convolution": 288, "aten.convolution_backward": 864},
    ),
    "gradient of the input": (
        lambda: conv(True, False, 2).sum().backward(),
        {"aten.convolution": 288, "aten.convolution_backward": 288},
    ),
    "transposed": (
        lambda: (
            F.conv_transpose2d(rand(1, 3, 4, 4, grad=True), rand(3, 2, 3, 3, grad=True))
            .sum()
            .backward()
        ),
        {"aten.convolution": 1728, "aten.convolution_backward": 3456},
    ),
    "cell": (lambda: torch.nn.GRUCell(3, 4)(rand(2, 3)), {"aten.addmm": 336}),
}


@pytest.mark.parametrize("name", CASES)
def test_counts(name: str) -> None:
    run, wanted = CASES[name]
    assert counted(run) == wanted


def test_attention_counts_as_its_kernels_for_gpus() -> None:
    q, k, v = (rand(2, 2, 5, 4, grad=True) for _ in range(3))
    name = "aten._scaled_dot_product_flash_attention"
    counts = counted(lambda: F.scaled_dot_product_attention(q, k, v).sum().backward())
    assert counts == {name: 1600, f"{name}_backward": 4000}


def test_modules_have_their_part_in_both_passes() -> None:
    model = torch.nn.Sequential(
        *(torch.nn.Conv2d(3, 8, 3), torch.nn.ReLU(), torch.nn.Flatten()),
        torch.nn.Linear(32, 5),
    )
    with FlopCounterMode(depth=2, display=False) as counter:
        model(rand(2, 3, 4, 4)).sum().backward()
    assert counter.get_total_flops() == 8832
    counts = counter.get_flop_counts()
    assert counts["Sequential.3"] == {"aten.addmm": 640, "aten.mm": 1280}
    assert counts["Sequential.0"] == {
        "aten.convolution": 3456,
        "aten.convolution_backward": 3456,
    }
    lines = counter.get_table().splitlines()
    assert lines[2].split() == ["Sequential", "8832.000", "100.00%"]
    assert (
        counter.get_table(1).splitlines()[-1].split()[1] == "aten.convolution_backward"
    )


def test_numbers_are_the_same_as_without_a_counter() -> None:
    x = torch.ones(2, 3)
    with FlopCounterMode(display=False):
        y = x @ torch.ones(3, 2)
    assert y.tolist() == [[3, 3], [3, 3]]
