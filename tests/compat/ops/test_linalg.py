"""Products, linear algebra and transforms: what the database does not ask."""

from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch

z = torch.zeros
F64 = torch.float64

MISTAKES = [
    (
        lambda: z(2, 3) @ z(4, 5),
        "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)",
    ),
    (lambda: torch.mm(z(2, 3), z(3)), "mat2 must be a matrix"),
    (
        lambda: torch.matmul(z(2, 3), z(3, 2, dtype=F64)),
        "expected m1 and m2 to have the same dtype, but got: float != double",
    ),
    (
        lambda: torch.matmul(z(2, 3), z(4)),
        "size mismatch, got input (2), mat (2x3), vec (4)",
    ),
    (
        lambda: torch.matmul(z(4), z(2, 3)),
        "mat1 and mat2 shapes cannot be multiplied (1x4 and 2x3)",
    ),
    (
        lambda: torch.matmul(z(()), z(3)),
        "both arguments to matmul need to be at least 1D, but they are 0D and 1D",
    ),
    (
        lambda: torch.matmul(z(2, 2, 3), z(2, 4, 5)),
        "Expected size for first two dimensions of batch2 tensor to be: [2, 3] but "
        "got: [2, 4].",
    ),
    (
        lambda: torch.matmul(z(2, 2, 3), z(3, 3, 5)),
        "The size of tensor a (2) must match the size of tensor b (3) at non-singleton "
        "dimension 0",
    ),
    (
        lambda: torch.matmul(z(2, 2, 3), z(4, 5)),
        "mat1 and mat2 shapes cannot be multiplied (4x3 and 4x5)",
    ),
    (
        lambda: torch.dot(z(2), z(4)),
        "inconsistent tensor size, expected tensor [2] and src [4] to have the same "
        "number of elements, but got 2 and 4 elements respectively",
    ),
    (
        lambda: torch.addmm(z(3, 3), z(2, 3), z(3, 5)),
        "The expanded size of the tensor (5) must match the existing size (3) at "
        "non-singleton dimension 1.  Target sizes: [2, 5].  Tensor sizes: [3, 3]",
    ),
    (
        lambda: torch.einsum("ij,jk", z(2, 3), z(4, 5)),
        "einsum(): subscript j has size 4 for operand 1 which does not broadcast with "
        "previously seen size 3",
    ),
    (
        lambda: torch.einsum("ij,jk->il", z(2, 3), z(3, 5)),
        "einsum(): output subscript l does not appear in the equation for any "
        "input operand",
    ),
    (
        lambda: torch.linalg.inv(z(2, 3)),
        "linalg.inv: A must be batches of square matrices, but they are 2 by 3 "
        "matrices",
    ),
    (
        lambda: torch.linalg.solve(z(2, 2), z(3, 1)),
        "linalg.solve: Incompatible shapes of A and B for the equation AX = B (2x2 and "
        "3x1)",
    ),
    (
        lambda: torch.linalg.norm(z(3, 3, 3), ord=2),
        "linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. "
        "Got 3D.",
    ),
    (
        lambda: torch.linalg.multi_dot([z(3, 4)]),
        "multi_dot(): expected at least 2 tensors but got 1",
    ),
    (
        lambda: torch.fft.rfft(z(3, dtype=torch.complex64)),
        "rfft expects a real input tensor, but got ComplexFloat",
    ),
    (lambda: torch.fft.fft(z(3), norm="x"), 'Invalid normalization mode: "x"'),
]


@pytest.mark.parametrize(
    ("call", "message"), MISTAKES, ids=[text for _, text in MISTAKES]
)
def test_mistake_is_told_in_pytorchs_words(call, message):
    with pytest.raises(RuntimeError) as caught:
        call()
    assert str(caught.value) == message


SINGULAR = [
    (
        lambda: torch.linalg.inv(z(2, 2)),
        "linalg.inv: The diagonal element 1 is zero, the inversion could not be "
        "completed because the input matrix is singular.",
    ),
    (
        lambda: torch.inverse(z(3, 2, 2)),
        "linalg.inv: (Batch element 0): The diagonal element 1 is zero, the inversion "
        "could not be completed because the input matrix is singular.",
    ),
    (
        lambda: torch.linalg.solve(z(2, 2), z(2)),
        "torch.linalg.solve: The solver failed because the input matrix is singular.",
    ),
    (
        lambda: torch.linalg.cholesky(torch.diag(torch.tensor([1.0, -1.0]))),
        "linalg.cholesky: The factorization could not be completed because the input "
        "is not positive-definite (the leading minor of order 2 is not "
        "positive-definite).",
    ),
]


@pytest.mark.parametrize(
    ("call", "message"), SINGULAR, ids=[text for _, text in SINGULAR]
)
def test_matrix_that_does_not_allow_it_raises(call, message):
    with pytest.raises(torch.linalg.LinAlgError) as caught:
        call()
    assert str(caught.value) == message
    assert isinstance(caught.value, RuntimeError)


def test_ex_forms_tell_in_info_and_do_not_raise():
    _, info = torch.linalg.inv_ex(torch.diag(torch.tensor([1.0, 0.0])))
    assert info.item() == 2
    _, info = torch.linalg.cholesky_ex(torch.diag(torch.tensor([1.0, 2.0, -1.0])))
    assert info.item() == 3


def test_results_have_names_and_print_as_pytorchs():
    result = torch.linalg.slogdet(torch.eye(2))
    assert result.sign.item() == 1
    assert result.logabsdet.item() == 0
    sign, size = result
    assert sign is result.sign
    assert size is result[1]
    assert repr(result).startswith(
        "torch.return_types.linalg_slogdet(\nsign=tensor(1.)"
    )


def test_singular_values_of_a_full_decomposition_have_gradients():
    A = torch.arange(6.0, dtype=F64).reshape(3, 2).requires_grad_()
    U, S, Vh = torch.linalg.svd(A)
    assert U.shape == (3, 3)
    assert Vh.shape == (2, 2)
    S.sum().backward()
    expected = np.linalg.svd(A.detach().numpy(), full_matrices=False)
    np.testing.assert_allclose(A.grad.numpy(), expected[0] @ expected[2])


def test_determinant_of_a_singular_matrix_has_its_gradient():
    A = torch.tensor([[1.0, 2.0], [2.0, 4.0]], dtype=F64, requires_grad=True)
    torch.det(A).backward()
    np.testing.assert_allclose(A.grad.numpy(), [[4, -2], [-2, 1]], atol=1e-12)


def test_norm_of_zero_has_gradient_zero():
    x = torch.zeros(3, requires_grad=True)
    torch.linalg.norm(x).backward()
    assert x.grad.tolist() == [0, 0, 0]


def test_einsum_takes_lists_of_dimensions():
    x, y = torch.ones(2, 3), torch.ones(3, 4)
    assert torch.einsum(x, [0, 1], y, [1, 2], [2, 0]).shape == (4, 2)
    assert torch.einsum("ij,jk", [x, y]).shape == (2, 4)


def test_product_with_beta_zero_ignores_what_it_is_added_to():
    bad = torch.full((2, 2), float("nan"))
    result = torch.addmm(bad, torch.eye(2), torch.eye(2), beta=0)
    assert result.tolist() == [[1, 0], [0, 1]]


def test_out_takes_the_result():
    place = torch.empty(2, 2)
    assert torch.mm(torch.eye(2), torch.ones(2, 2), out=place) is place
    assert place.tolist() == [[1, 1], [1, 1]]
    assert torch.linalg.inv(2 * torch.eye(2), out=place) is place
    assert place.tolist() == [[0.5, 0], [0, 0.5]]


def test_short_time_transform_goes_there_and_back():
    x = torch.sin(torch.arange(400.0) / 7)
    window = torch.hann_window(64)
    spectrum = torch.stft(x, 64, window=window, return_complex=True)
    assert spectrum.shape == (33, 26)
    again = torch.istft(spectrum, 64, window=window, length=400)
    np.testing.assert_allclose(again.numpy(), x.numpy(), atol=1e-5)


def test_windows_are_periodic_unless_asked():
    assert torch.hann_window(4).tolist() == pytest.approx([0, 0.5, 1, 0.5])
    assert torch.signal.windows.hann(3).tolist() == pytest.approx([0, 1, 0])


def test_wrong_name_is_answered_with_the_right_one():
    with pytest.raises(AttributeError, match="Did you mean 'cholesky'"):
        _ = torch.linalg.cholesy


@pytest.mark.parametrize(
    "values",
    [
        lambda x: torch.linalg.eigh(x)[0],
        lambda x: torch.linalg.svd(x)[1],
        lambda x: torch.svd(x)[1],
    ],
)
def test_values_that_are_equal_have_a_gradient(values: Any) -> None:
    x = torch.eye(3).requires_grad_()
    values(x).sum().backward()
    assert torch.allclose(x.grad, torch.eye(3), atol=1e-6)
