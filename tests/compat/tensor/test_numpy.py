"""Tensors and arrays of numpy see each other's writes (rows 12-14), views included."""

import math
import warnings
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat._engine.executor import counts

# --- a tensor's numbers in numpy -----------------------------------------------------


def test_tensor_view_and_array_are_one_memory() -> None:
    a = torch.arange(6.0)
    n, v = a.numpy(), a.view(2, 3)
    a[0] = 100
    assert n[0] == v[0, 0].item() == 100
    n += 1
    assert a.tolist() == [101.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    assert v[1].tolist() == [4.0, 5.0, 6.0]
    a.add_(1)
    assert n.tolist() == [102.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    v[1, 1] = -5
    assert n[4] == a[4].item() == -5


VIEWS: list[tuple[str, Callable[[Any], Any]]] = [
    ("view", lambda x: x.view(-1)),
    ("slice", lambda x: x[1:]),
    ("step", lambda x: x[:, ::2]),
    ("row", lambda x: x[1]),
    ("column", lambda x: x[:, 1]),
    ("element", lambda x: x[1, 2]),
    ("t", lambda x: x.t()),
    ("diagonal", lambda x: x.diagonal()),
    ("unsqueeze", lambda x: x.unsqueeze(1)),
    ("unfold", lambda x: x.unfold(1, 2, 2)),
    ("as_strided", lambda x: x.as_strided((2, 2), (1, 4), 1)),
    ("chunk", lambda x: x.chunk(2)[1]),
    ("detach", lambda x: x.detach()[1:]),
    ("several", lambda x: x[1:].t()[::2].unsqueeze(0)),
    ("bits", lambda x: x.view(torch.float32)),
]


@pytest.mark.parametrize("look", [look for _, look in VIEWS], ids=[n for n, _ in VIEWS])
@pytest.mark.parametrize("adopted", [False, True])
def test_arrays_of_views_share_the_base(look: Any, adopted: bool) -> None:
    array = np.arange(12, dtype=np.int32).reshape(3, 4)
    x = torch.from_numpy(array) if adopted else torch.tensor(array)
    shown = look(x)
    n = shown.numpy()
    assert n.tolist() == shown.tolist()
    assert n.shape == shown.shape
    assert tuple(step // n.itemsize for step in n.strides) == shown.stride()

    n[...] = 50  # numpy writes, the tensors see it
    assert shown.flatten().tolist() == [50] * n.size
    assert (x == 50).any().item() or n.dtype != np.int32

    x.fill_(7)  # the base is written, numpy sees it
    assert n.tolist() == look(x).tolist()

    shown.zero_()  # the view is written, numpy and the base see it
    assert not n.any()
    assert (x == 0).sum().item() == n.size
    if adopted:
        assert array.tolist() == x.tolist()


def test_parts_of_complex_numbers_share_them() -> None:
    x = torch.zeros(2, 2, dtype=torch.complex64)
    x.real.numpy()[0, 1] = 5
    x.t().imag.numpy()[0, 1] = 4
    torch.view_as_real(x).numpy()[1, 1] = 3
    assert x.tolist() == [[0j, 5 + 0j], [4j, 3 + 3j]]
    pairs = torch.zeros(2, 2)
    torch.view_as_complex(pairs).numpy()[1] = 1 + 2j
    assert pairs.tolist() == [[0, 0], [1, 2]]


WRITES: list[tuple[Callable[[Any], Any], list[float]]] = [
    (lambda x: x.add_(1), [1, 2, 3]),
    (lambda x: x.mul_(x), [0, 1, 4]),
    (lambda x: x.__setitem__(slice(1, None), 9), [0, 9, 9]),
    (lambda x: x[1:].add_(10), [0, 11, 12]),
    (lambda x: x.copy_(torch.ones(3)), [1, 1, 1]),
    (lambda x: x.masked_fill_(x > 0, -1), [0, -1, -1]),
    (lambda x: x.clamp_(max=1), [0, 1, 1]),
    (lambda x: torch.add(torch.ones(3), 1, out=x), [2, 2, 2]),
    (lambda x: x.view(3, 1).sub_(1), [-1, 0, 1]),
    (lambda x: x.detach().zero_(), [0, 0, 0]),
    (lambda x: x.data.fill_(4), [4, 4, 4]),
]


@pytest.mark.parametrize(("write", "seen"), WRITES)
def test_numpy_sees_in_place_operations(write: Any, seen: list[float]) -> None:
    x = torch.arange(3.0)
    n = x.numpy()
    write(x)
    assert n.tolist() == seen


def test_results_keep_what_numpy_held_when_they_were_recorded() -> None:
    x = torch.arange(3.0)
    n = x.numpy()
    doubled = x * 2
    n[0] = 100
    assert doubled.tolist() == [0.0, 2.0, 4.0]
    assert (x * 2).tolist() == [200.0, 2.0, 4.0]


def test_an_optimizer_step_is_seen_by_numpy() -> None:
    w = torch.ones(3, requires_grad=True)
    n = w.data.numpy()
    (w * 2).sum().backward()
    torch.optim.SGD([w], lr=0.25).step()
    assert n.tolist() == [0.5, 0.5, 0.5]


def test_gradients_are_of_what_numpy_wrote() -> None:
    w = torch.ones(2, requires_grad=True)
    w.detach().numpy()[1] = 4
    (w * w).sum().backward()
    assert w.grad.tolist() == [2.0, 8.0]


def test_memory_is_shared_as_long_as_an_array_sees_it() -> None:
    x = torch.zeros(4)
    part = x.numpy()[1:].reshape(3, 1)  # only a view of a view is kept
    x.add_(1)
    part[0] = 9
    assert x.tolist() == [1.0, 9.0, 1.0, 1.0]
    assert part.tolist() == [[9.0], [1.0], [1.0]]
    seen = memoryview(x.numpy())
    x.zero_()
    assert list(seen) == [0.0] * 4


def test_memory_goes_back_to_jax_when_no_array_sees_it() -> None:
    x = torch.zeros(4)
    n = x.numpy()
    n[0] = 3
    del n
    assert (x + 1).tolist() == [4.0, 1.0, 1.0, 1.0]
    assert x._storage.host is None
    adopted = torch.from_numpy(np.ones((2, 2))[1:])
    adopted.add_(1)
    assert adopted._storage.host is None


def test_reshaping_the_array_does_not_reshape_the_tensor() -> None:
    x = torch.zeros(4)
    n = x.numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        n.shape = (2, 2)
    n[1, 1] = 3
    assert x.tolist() == [0.0, 0.0, 0.0, 3.0]


@pytest.mark.parametrize("make", [lambda w: w, lambda w: w * 2, lambda w: w[1:]])
@pytest.mark.parametrize("convert", [lambda x: x.numpy(), np.asarray, np.array])
@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_where_no_gradients_are_recorded_they_do_not(
    make: Any, convert: Any, mode: Any
) -> None:
    x = make(torch.ones(3, requires_grad=True))
    with mode():
        assert convert(x).tolist() == x.tolist()


def test_a_parameter_can_be_written_to_through_numpy() -> None:
    weight = torch.nn.Parameter(torch.ones(2))
    with torch.no_grad():
        weight.numpy()[0] = 5
    assert weight.tolist() == [5, 1]


def test_a_backward_of_ones_own_may_look_at_numbers() -> None:
    class Double(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return x * 2

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            (x,) = ctx.saved_tensors
            return torch.from_numpy(x.numpy() * np.asarray(g))

    x = torch.tensor([3.0], requires_grad=True)
    Double.apply(x).backward()
    assert x.grad.tolist() == [3]


@pytest.mark.parametrize("make", [lambda w: w, lambda w: w * 2, lambda w: w[1:]])
@pytest.mark.parametrize("convert", [lambda x: x.numpy(), np.asarray, np.array, np.sin])
def test_tensors_that_require_grad_refuse(make: Any, convert: Any) -> None:
    message = (
        r"Can't call numpy\(\) on Tensor that requires grad. "
        r"Use tensor.detach\(\).numpy\(\) instead."
    )
    with pytest.raises(RuntimeError, match=message):
        convert(make(torch.ones(3, requires_grad=True)))


def test_force_and_unsupported_dtypes() -> None:
    assert torch.ones(2, requires_grad=True).numpy(force=True).tolist() == [1.0, 1.0]
    with pytest.raises(TypeError, match="Got unsupported ScalarType BFloat16"):
        torch.ones(2, dtype=torch.bfloat16).numpy()


def test_resizing_shared_memory_raises() -> None:
    x = torch.ones(3)
    n = x.numpy()
    with pytest.raises(RuntimeError, match="resize storage that is not resizable"):
        x.resize_(10)
    assert n.tolist() == [1.0] * 3


# --- numpy's numbers in a tensor -----------------------------------------------------


def test_from_numpy_shares_both_ways_and_keeps_the_dtype() -> None:
    for kind in (np.int64, np.float64, np.float32, np.uint8, np.int16):
        e = np.arange(4, dtype=kind)
        t = torch.from_numpy(e)
        assert t.dtype is getattr(torch, e.dtype.name)
        np.add(e, 1, out=e)
        assert t.tolist() == [1, 2, 3, 4]
        t.mul_(10)
        t[0] = 5
        assert e.tolist() == [5, 20, 30, 40]


@pytest.mark.parametrize(
    "part",
    [
        lambda a: a[::2],
        lambda a: a[3:, 1:],
        lambda a: a.T,
        lambda a: a[:, 1],
        lambda a: np.asfortranarray(a),
        lambda a: a.reshape(2, 3, 4).transpose(2, 0, 1),
    ],
)
def test_from_numpy_of_strided_arrays(part: Any) -> None:
    array = part(np.arange(24.0).reshape(6, 4))
    t = torch.from_numpy(array)
    assert t.stride() == tuple(step // 8 for step in array.strides)
    assert t.is_contiguous() == array.flags.c_contiguous
    array[0] = -1
    assert t.tolist() == array.tolist()
    t.add_(3)
    t[1] = 50
    assert array.tolist() == t.tolist()
    t[1:].numpy()[...] = 8
    assert array[1:].min() == array[1:].max() == 8
    again = t.numpy()
    del array
    again[0] = 2
    assert t[0].max().item() == 2


def test_views_of_strided_arrays_follow_pytorchs_rules() -> None:
    t = torch.from_numpy(np.arange(6.0).reshape(2, 3).T)
    with pytest.raises(RuntimeError, match=r"Use .reshape\(...\) instead"):
        t.view(-1)
    t.reshape(-1)[0] = 9  # a copy
    assert t[0, 0].item() == 0
    assert t.t().view(-1).tolist() == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]


def test_as_tensor_shares_and_tensor_copies() -> None:
    a = np.ones(3)
    shared, copied, cast = (
        torch.as_tensor(a),
        torch.tensor(a),
        torch.from_numpy(a).float(),
    )
    a[0] = 3
    assert shared.tolist() == [3.0, 1.0, 1.0]
    assert copied.tolist() == cast.tolist() == [1.0, 1.0, 1.0]


REFUSED = [
    (lambda: np.arange(3)[::-1], ValueError, "stride in the given numpy array is neg"),
    (lambda: np.array(["a"]), TypeError, "can't convert np.ndarray of type numpy.str_"),
    (lambda: np.array([None]), TypeError, "np.ndarray of type numpy.object_"),
    (
        lambda: np.arange(3, dtype=">f4"),
        ValueError,
        "byte order different from the native",
    ),
    (lambda: [1, 2], TypeError, r"expected np.ndarray \(got list\)"),
]


@pytest.mark.parametrize(("make", "error", "message"), REFUSED)
def test_refused_arrays(make: Any, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        torch.from_numpy(make())


def test_read_only_arrays_warn() -> None:
    array = np.ones(2)
    array.flags.writeable = False
    with pytest.warns(UserWarning, match="The given NumPy array is not writable"):
        t = torch.from_numpy(array)
    t.add_(1)
    assert array.tolist() == [1.0, 1.0]


# --- numpy's functions ---------------------------------------------------------------


def test_functions_of_numpy_give_tensors() -> None:
    t = torch.tensor([1.0, 2.0])
    result: Any = np.sin(t)
    assert isinstance(result, torch.Tensor)
    assert result.dtype is torch.float32
    assert result.tolist() == pytest.approx([math.sin(1), math.sin(2)])
    assert np.sqrt(torch.tensor(4)).item() == 2.0
    assert np.greater(t, 1).dtype is torch.uint8  # as PyTorch has it
    into = np.zeros(2)
    np.add(t, 1, out=into)
    assert into.tolist() == [2.0, 3.0]


@pytest.mark.parametrize("scalar", [np.float64(2), np.float32(2), np.int64(2)])
def test_numbers_of_numpy_do_not_change_the_dtype(scalar: Any) -> None:
    t = torch.tensor([1.0, 2.0], requires_grad=True)
    for result in (scalar * t, t * scalar):
        assert result.dtype is torch.float32
        assert result.requires_grad
        assert result.tolist() == [2.0, 4.0]
    assert (scalar < t).tolist() == [False, False]


def test_array_protocol() -> None:
    t = torch.arange(3)
    assert np.shares_memory(np.asarray(t), t.numpy())
    assert not np.shares_memory(np.array(t), t.numpy())
    assert np.asarray(t, dtype=np.float16).dtype == np.float16
    assert np.stack([t, t]).tolist() == [[0, 1, 2], [0, 1, 2]]
    assert np.array([torch.tensor(1.5), torch.tensor(2.5)]).tolist() == [1.5, 2.5]
    assert np.ones((3, 3))[t].shape == (3, 3)
    with pytest.raises(ValueError, match="Unable to avoid copy"):
        np.asarray(t, dtype=np.float64, copy=False)


# --- other libraries -----------------------------------------------------------------


def test_dlpack_shares_memory_with_numpy() -> None:
    t = torch.arange(4.0)
    n = np.from_dlpack(t)
    n[0] = 9
    torch.from_dlpack(n)[1] = 8
    torch.from_dlpack(t)[2] = 7
    capsule = torch.utils.dlpack.to_dlpack(t)
    torch.utils.dlpack.from_dlpack(capsule)[3] = 6
    assert t.tolist() == n.tolist() == [9.0, 8.0, 7.0, 6.0]
    assert np.from_dlpack(t.view(2, 2).t()).tolist() == [[9.0, 7.0], [8.0, 6.0]]
    assert t.__dlpack_device__() == (1, 0)


def test_dlpack_copies_arrays_of_jax() -> None:
    for kind in (jnp.float32, jnp.bfloat16, jnp.int32, jnp.bool_):
        array = jnp.ones(3, kind)
        t = torch.from_dlpack(array)
        assert t.dtype is getattr(torch, array.dtype.name)
        t.zero_()
        assert array.all()
        assert jnp.from_dlpack(t).tolist() == t.tolist()


def test_dlpack_refuses_gradients_and_other_things() -> None:
    with pytest.raises(BufferError, match="Can't export tensors that require gradient"):
        np.from_dlpack(torch.ones(2, requires_grad=True))
    with pytest.raises(TypeError, match="DLPack, not list"):
        torch.from_dlpack([1, 2])


def test_looking_at_each_element_compiles_nothing() -> None:
    x = torch.arange(50.0)
    x.tolist()
    before = counts.compiles
    assert [float(part) for part in x] == list(range(50))
    assert [row.tolist() for row in x.view(25, 2)][24] == [48.0, 49.0]
    w = torch.arange(50.0, requires_grad=True)
    assert [part.item() for part in w] == list(range(50))
    assert counts.compiles == before


def test_a_step_for_each_row_compiles_once() -> None:
    rows = torch.ones(20, 3) * 2
    w = torch.ones(3, requires_grad=True)
    before = counts.compiles
    for row in rows:
        (w * row).sum().backward()
        w.grad.tolist()
    assert counts.compiles - before <= 3


def test_numpy_and_printing_warn_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        str(torch.from_numpy(np.ones(2)).numpy())
