"""`torch._foreach_*`: values, lists that do not fit, memory that is shared."""

import pytest

import funcnet.compat as torch


def tensors():
    return [torch.tensor([1.0, 2]), torch.tensor([3.0, 4, 5])]


def lists(found):
    return [x.tolist() for x in found]


CALLS = {
    "a number": (lambda x: torch._foreach_add(x, 1), [[2, 3], [4, 5, 6]]),
    "a list": (lambda x: torch._foreach_add(x, x, alpha=2), [[3, 6], [9, 12, 15]]),
    "numbers": (lambda x: torch._foreach_add(x, [1, 2.5]), [[2, 3], [5.5, 6.5, 7.5]]),
    "a tensor": (
        lambda x: torch._foreach_add(x, torch.tensor(2.0), alpha=3),
        [[7, 8], [9, 10, 11]],
    ),
    "by name": (lambda x: torch._foreach_mul(x, scalars=[2, 3]), [[2, 4], [9, 12, 15]]),
    "maximum": (lambda x: torch._foreach_maximum(x, 2), [[2, 2], [3, 4, 5]]),
    "clamp": (lambda x: torch._foreach_clamp_max(x, [1, 3]), [[1, 1], [3, 3, 3]]),
    "power": (lambda x: torch._foreach_pow(x, 2), [[1, 4], [9, 16, 25]]),
    "of a number": (lambda x: torch._foreach_pow(2, x), [[2, 4], [8, 16, 32]]),
    "addcmul": (
        lambda x: torch._foreach_addcmul(x, x, x, torch.tensor([2.0, 3])),
        [[3, 10], [30, 52, 80]],
    ),
    "addcdiv": (
        lambda x: torch._foreach_addcdiv(x, x, x, value=2),
        [[3, 4], [5, 6, 7]],
    ),
    "lerp": (
        lambda x: torch._foreach_lerp(x, [t * 3 for t in x], 0.5),
        [[2, 4], [6, 8, 10]],
    ),
    "norm": (lambda x: torch._foreach_norm(x, 1), [3, 12]),
    "greatest": (torch._foreach_max, [2, 5]),
    "powers": (lambda x: torch._foreach_powsum(x, 2), [5, 50]),
    "unary": (torch._foreach_neg, [[-1, -2], [-3, -4, -5]]),
}


@pytest.mark.parametrize("name", CALLS)
def test_values(name):
    call, wanted = CALLS[name]
    x = tensors()
    result = call(x)
    assert isinstance(result, tuple)
    assert lists(result) == wanted
    assert lists(x) == [[1, 2], [3, 4, 5]]


def test_in_place_forms_write_into_the_tensors_and_count_it():
    x = tensors()
    assert torch._foreach_mul_(x, 2) is x
    torch._foreach_addcdiv_(x, x, [t.clone() for t in x], -1.0)
    torch._foreach_sqrt_(x)
    assert lists(x) == [[1, pytest.approx(3**0.5)], pytest.approx([5**0.5, 7**0.5, 3])]
    assert [t._version for t in x] == [3, 3]
    torch._foreach_copy_(x, [torch.tensor([9.0, 8]), torch.tensor([1.0])])
    assert lists(x) == [[9, 8], [1, 1, 1]]
    torch._foreach_zero_(x)
    assert lists(x) == [[0, 0], [0, 0, 0]]


def test_shared_memory_is_written_one_after_the_other():
    base = torch.zeros(4)
    torch._foreach_add_([base[:3], base[1:]], 1)
    assert base.tolist() == [1, 2, 2, 1]


def test_gradients_flow():
    x = [t.requires_grad_() for t in tensors()]
    sum(y.sum() for y in torch._foreach_mul(x, [2, 3])).backward()
    assert lists(t.grad for t in x) == [[2, 2], [3, 3, 3]]
    with pytest.raises(RuntimeError, match="leaf Variable that requires grad"):
        torch._foreach_add_(x, 1)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x: torch._foreach_add([], 1), "must have at least one tensor"),
        (lambda x: torch._foreach_add(x, x[:1]), "same number of tensors, got 2 and 1"),
        (lambda x: torch._foreach_add(x, [1.0]), "number of elements as scalar list"),
        (lambda x: torch._foreach_add(x, x[0]), "to be 0 dim but it has 1 dim"),
        (
            lambda x: torch._foreach_lerp(x, x[:1], 0.5),
            "number of tensors, got 2 and 1",
        ),
        (lambda x: torch._foreach_addcmul(x, x, x, [2]), "elements as scalar list"),
        (
            lambda x: torch._foreach_add([x[0], 2], 1),
            "element 1 in argument 0, but got int",
        ),
        (lambda x: torch._foreach_add(x[0], 1), "invalid combination of arguments"),
    ],
)
def test_lists_that_do_not_fit(call, words):
    with pytest.raises((RuntimeError, TypeError), match=words):
        call(tensors())
