"""Random numbers of compat: seeds, states, and what is refused."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch


def test_the_numbers_are_those_of_pytorch() -> None:
    torch.manual_seed(0)
    # Written down from PyTorch 2.13 on a CPU.
    np.testing.assert_allclose(
        torch.rand(3).numpy(), [0.4962566, 0.7682218, 0.08847743], 1e-6
    )
    torch.manual_seed(0)
    np.testing.assert_allclose(
        torch.randn(3).numpy(), [1.5409961, -0.2934289, -2.1787894], 1e-6
    )


def test_a_seed_repeats_everything() -> None:
    def draw() -> list[float]:
        torch.manual_seed(3)
        x = torch.empty(20).normal_()
        return [*x.tolist(), *torch.rand(3).tolist(), *torch.randn(3).tolist()]

    assert draw() == draw()


def test_a_state_continues_where_it_was_taken() -> None:
    torch.manual_seed(1)
    torch.randn(3)  # the second number of a pair waits
    state = torch.get_rng_state()
    first = torch.randn(4).tolist()
    torch.set_rng_state(state)
    assert torch.randn(4).tolist() == first
    assert state.dtype == torch.uint8
    assert state.shape == (5056,)


def test_a_generator_is_a_stream_of_its_own() -> None:
    torch.manual_seed(0)
    expected = torch.rand(2).tolist()
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(7)
    torch.rand(5, generator=generator)
    assert torch.rand(2).tolist() == expected
    assert generator.initial_seed() == 7


def test_fork_rng_puts_the_state_back() -> None:
    torch.manual_seed(0)
    with torch.random.fork_rng():
        inside = torch.rand(2).tolist()
    assert torch.rand(2).tolist() == inside


def test_seeds_are_taken_modulo_two_to_the_64() -> None:
    torch.manual_seed(-3)
    assert torch.initial_seed() == 2**64 - 3
    with pytest.raises(ValueError, match="Overflow when unpacking long long"):
        torch.manual_seed(2**64)


def test_the_state_must_be_bytes_of_the_right_number() -> None:
    with pytest.raises(TypeError, match="RNG state must be a torch"):
        torch.set_rng_state(torch.zeros(5056))
    with pytest.raises(RuntimeError, match="5056 but found the input RNG state size"):
        torch.set_rng_state(torch.zeros(3, dtype=torch.uint8))


def columns(*shape: int) -> Any:
    return torch.zeros(shape[::-1]).t()


# Where PyTorch fills in the order of memory, or sums in another precision.
PLACED: dict[str, Callable[[], Any]] = {
    "rand, out": lambda: torch.rand(2, 3, out=columns(2, 3)),
    "randn, out": lambda: torch.randn(2, 9, out=columns(2, 9))[:, :3],
    "randint, out": lambda: torch.randint(9, (2, 3), out=columns(2, 3)),
    "computed": lambda: (columns(2, 3) * 2).uniform_(),
    "randn_like": lambda: torch.randn_like(columns(2, 9) * 2)[:, :3],
    "randn_like, contiguous": lambda: torch.randn_like(
        columns(2, 9), memory_format=torch.contiguous_format
    )[:, :3],
    "multinomial": lambda: torch.multinomial((columns(3, 2) + 1).t().T + 0, 2),
    "multinomial of columns": lambda: torch.multinomial(columns(3, 2) + 1, 2),
    "multinomial of halves": lambda: torch.multinomial(
        torch.ones(1000, dtype=torch.bfloat16), 6, replacement=True
    ),
    "any bits": lambda: torch.zeros(2).random_(-(2**63), None) / 2**60,
}
FILLED = {
    "rand, out": [0.5349, 0.6592, 0.2328, 0.1988, 0.6569, 0.4251],
    "randn, out": [-0.1468, 0.9468, 1.6908, 0.7861, -1.1143, -0.8948],
    "randint, out": [0.0, 7.0, 4.0, 4.0, 2.0, 6.0],
    "computed": [0.5349, 0.6592, 0.2328, 0.1988, 0.6569, 0.4251],
    "randn_like": [-0.1468, 0.9468, 1.6908, 0.7861, -1.1143, -0.8948],
    "randn_like, contiguous": [-0.8201, 0.3956, 1.9264, -1.2169, -1.8157, -0.3452],
    "multinomial": [0, 1, 0, 1, 1, 0],
    "multinomial of columns": [0, 1, 0, 1, 1, 0],
    "multinomial of halves": [279, 273, 862, 656, 922, 839],
    "any bits": [1.2209, -3.5213],
}


@pytest.mark.parametrize("name", PLACED)
def test_what_is_filled_in_another_order_is_pytorchs(name: str) -> None:
    torch.manual_seed(7)
    result = PLACED[name]().flatten().tolist()
    assert result == pytest.approx(FILLED[name], abs=1e-4)


REFUSED = {
    "from=5 >= to=3": lambda: torch.randint(5, 3, (2,)),
    "negative dimension -1": lambda: torch.rand(-1),
    "std >= 0.0, but found std -1": lambda: torch.zeros(2).normal_(0, -1),
    "from=2 > to=1": lambda: torch.zeros(2).uniform_(2, 1),
    "p to be in [0, 1], but got p=2": lambda: torch.zeros(2).bernoulli_(2),
    "lambda > 0.0": lambda: torch.zeros(2).exponential_(0),
    "without replacement": lambda: torch.multinomial(torch.ones(2), 3),
    "n_sample <= 0": lambda: torch.multinomial(torch.ones(2), 0),
    "element < 0": lambda: torch.multinomial(torch.ones(2) - 2, 1),
    "not implemented for 'Long'": lambda: torch.rand(2, dtype=torch.int64),
    "dtype must be a floating point but you specified Long": lambda: (
        torch.zeros(2).long().exponential_()
    ),
    "\"geometric_cpu\" not implemented for 'Bool'": lambda: (
        torch.zeros(2).bool().geometric_(0.5)
    ),
    "\"bernoulli_scalar_cpu_\" not implemented for 'ComplexFloat'": lambda: torch.zeros(
        2, dtype=torch.complex64
    ).bernoulli_(),
    "to - 1 is out of bounds for c10::Half": lambda: (
        torch.zeros(2).half().random_(1 << 20)
    ),
    "from is out of bounds for unsigned char": lambda: (
        torch.zeros(2).byte().random_(-1, 5)
    ),
    "to is out of bounds for c10::Half": lambda: torch.zeros(2).half().uniform_(0, 1e5),
    "which result in to-from to exceed the limit": lambda: torch.zeros(2).uniform_(
        -3e38, 3e38
    ),
    "\"binomial_cpu\" not implemented for 'Half'": lambda: torch.binomial(
        torch.ones(2).half(), torch.ones(2).half()
    ),
    "standard deviation to be non-complex": lambda: torch.normal(
        0.0, torch.ones(2, dtype=torch.complex64)
    ),
    "a leaf Variable": lambda: torch.zeros(2, requires_grad=True).normal_(),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_is_refused(message: str) -> None:
    with pytest.raises(RuntimeError) as error:
        REFUSED[message]()
    assert message in str(error.value)


def test_filling_a_part_leaves_the_rest() -> None:
    x = torch.zeros(4, 4)
    x[1:3].uniform_(1, 2)
    rows = x.numpy()
    assert (rows[1:3] >= 1).all()
    assert not rows[0].any()
    assert not rows[3].any()


def test_bernoulli_of_zero_and_one_is_certain() -> None:
    p = torch.tensor([0.0, 1.0])
    assert torch.bernoulli(p).tolist() == [0.0, 1.0]
