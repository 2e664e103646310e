"""Complex numbers of two halves: computed as far as PyTorch's CPU does."""

import io
from collections.abc import Callable
from typing import Any

import pytest

import funcnet.compat as torch
import funcnet.compat.nn.functional as F

HALF_TENTH = 0.0999755859375  # the half nearest to 0.1


def numbers() -> Any:
    return torch.tensor([1 + 2j, 0.1 - 3j]).to(torch.complex32)


COMPUTED: dict[str, tuple[Callable[[Any], Any], list[Any]]] = {
    "itself": (lambda z: z, [1 + 2j, HALF_TENTH - 3j]),
    "sum": (lambda z: z + z, [2 + 4j, 2 * HALF_TENTH - 6j]),
    "product": (lambda z: z * z, [-3 + 4j, -8.9921875 - 0.599609375j]),
    "number": (
        lambda z: z * 1.1,
        [1.099609375 + 2.19921875j, 0.10992431640625 - 3.298828125j],
    ),
    "half": (lambda z: z + torch.ones(2).half(), [2 + 2j, 1.099609375 - 3j]),
    "negative": (lambda z: -z, [-1 - 2j, -HALF_TENTH + 3j]),
    "conjugate": (lambda z: z.conj(), [1 - 2j, HALF_TENTH + 3j]),
    "sign": (lambda z: z.sgn()[:1], [0.447265625 + 0.89453125j]),
    "joined": (lambda z: torch.cat([z, z])[2:], [1 + 2j, HALF_TENTH - 3j]),
    "chosen": (lambda z: torch.where(z == z, z, 0), [1 + 2j, HALF_TENTH - 3j]),
    "masked": (lambda z: z[z != 1 + 2j], [HALF_TENTH - 3j]),
    "indexed": (lambda z: z[[1, 0]], [HALF_TENTH - 3j, 1 + 2j]),
    "padded": (lambda z: F.pad(z, (1, 0)), [0, 1 + 2j, HALF_TENTH - 3j]),
    "element set": (lambda z: (z.__setitem__(0, 1.1j), z)[1][:1], [1.099609375j]),
    "part written": (lambda z: (z.real.fill_(5), z)[1], [5 + 2j, 5 - 3j]),
    "written": (lambda z: z.mul_(2), [2 + 4j, 2 * HALF_TENTH - 6j]),
    "copied": (lambda z: z.copy_(torch.tensor([1j, 2])), [1j, 2]),
}


@pytest.mark.parametrize("case", COMPUTED)
@pytest.mark.parametrize("known", [True, False])
def test_what_is_computed(case: str, known: bool) -> None:
    run, wanted = COMPUTED[case]
    z = numbers() if known else numbers() + 0
    result = run(z)
    assert result.dtype is torch.complex32
    assert result.tolist() == wanted


REAL: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "absolute": (lambda z: z.abs(), [2.236328125, 3.001953125]),
    "real": (lambda z: z.real, [1, HALF_TENTH]),
    "imaginary": (lambda z: z.imag, [2, -3]),
    "as real": (lambda z: torch.view_as_real(z), [[1, 2], [HALF_TENTH, -3]]),
    "bits": (lambda z: z.view(torch.half), [1, 2, HALF_TENTH, -3]),
    "norm": (lambda z: z.norm(), 3.7421875),
    "spread": (lambda z: z.var(), 12.90625),
}


@pytest.mark.parametrize("case", REAL)
@pytest.mark.parametrize("known", [True, False])
def test_real_results_are_halves(case: str, known: bool) -> None:
    run, wanted = REAL[case]
    result = run(numbers() if known else numbers() + 0)
    assert result.dtype is torch.float16
    assert result.tolist() == wanted


REFUSED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "sum": (lambda z: z.sum(), "sum_cpu"),
    "quotient": (lambda z: z / 2, "div_cpu"),
    "power": (lambda z: z**2, "pow"),
    "sine": (lambda z: z.sin(), "sin_vml_cpu"),
    "matrices": (lambda z: z[None] @ z[:, None], "addmm_impl_cpu_"),
    "order": (lambda z: z < z, "lt_cpu"),
    "equal": (lambda z: torch.equal(z, z.clone()), "equal_cpu"),
    "angle": (lambda z: z.angle(), "angle_cpu"),
    "range": (lambda z: torch.arange(3, dtype=z.dtype), "arange_cpu"),
    "eye": (lambda z: torch.eye(2, dtype=z.dtype), "eye"),
    "unique": (lambda z: z.unique(), "unique"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_computed(case: str) -> None:
    run, kernel = REFUSED[case]
    with pytest.raises(NotImplementedError) as error:
        run(numbers())
    assert str(error.value) == f"\"{kernel}\" not implemented for 'ComplexHalf'"


def test_promotion() -> None:
    z, half = numbers(), torch.ones(2).half()
    assert (z + torch.ones(2)).dtype is torch.complex64
    assert (z / torch.ones(2)).dtype is torch.complex64
    assert (z + torch.ones(2).double()).dtype is torch.complex128
    assert (z + torch.ones(2).long()).dtype is torch.complex32
    assert (z * torch.tensor(1j)).dtype is torch.complex32
    assert (half * 1j).dtype is torch.complex32
    assert torch.complex(half, half).dtype is torch.complex32
    pairs = torch.ones(2, 2).half()
    torch.view_as_complex(pairs)[0] = 3j
    assert pairs.tolist() == [[0, 3], [1, 1]]


def test_memory_and_text() -> None:
    z = numbers()
    assert (z.element_size(), z.nbytes, z.untyped_storage().nbytes()) == (4, 8, 8)
    assert repr(z) == "tensor([1.0000+2.j, 0.1000-3.j], dtype=torch.complex32)"
    assert z.type() == "torch.ComplexHalfTensor"
    assert z[0].item() == 1 + 2j
    assert (z.real.stride(), z.imag.storage_offset()) == ((2,), 1)
    with pytest.raises(TypeError, match="Got unsupported ScalarType ComplexHalf"):
        z.numpy()


def test_making() -> None:
    for result in (
        torch.zeros(1, dtype=torch.chalf) + 1,
        torch.ones(1, dtype=torch.chalf),
    ):
        assert result.dtype is torch.chalf
        assert result.tolist() == [1]
    assert torch.full((1,), 1.1, dtype=torch.chalf).tolist() == [1.099609375]
    assert torch.tensor([1.1j], dtype=torch.chalf).tolist() == [1.099609375j]
    assert torch.rand(2, dtype=torch.chalf).dtype is torch.chalf


def test_files() -> None:
    z = torch.stack([numbers(), numbers() * 2])
    buffer = io.BytesIO()
    torch.save([z, z[0], z.t()], buffer)
    buffer.seek(0)
    for result, wanted in zip(torch.load(buffer), (z, z[0], z.t()), strict=True):
        assert result.dtype is torch.complex32
        assert result.tolist() == wanted.tolist()


def test_gradients_are_rounded() -> None:
    leaf = numbers().requires_grad_()
    leaf.abs().sum().backward()
    assert leaf.grad.dtype is torch.complex32
    assert leaf.grad.tolist()[0] == 0.447265625 + 0.89453125j
