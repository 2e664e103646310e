"""Dtypes that are there by name only, and the rare ones that compute."""

import pickle

import pytest

import funcnet.compat as torch

NAMED = (
    *("float4_e2m1fn_x2", "int4", "uint1", "bits8", "bits1x8"),
    *("quint8", "qint8", "qint32", "quint4x2"),
)


@pytest.mark.parametrize("name", NAMED)
def test_dtypes_that_jax_has_not(name: str) -> None:
    kind = getattr(torch, name)
    assert repr(kind) == f"torch.{name}"
    assert pickle.loads(pickle.dumps(kind)) is kind
    assert kind is not torch.uint8
    for make in (lambda: torch.zeros(2, dtype=kind), lambda: torch.ones(2).to(kind)):
        with pytest.raises(NotImplementedError, match=f"no tensors of torch.{name}"):
            make()


def test_halves_of_complex_numbers() -> None:
    assert torch.chalf is torch.complex32
    assert torch.half.to_complex() is torch.complex32
    assert torch.complex32.to_real() is torch.half
    assert torch.promote_types(torch.complex32, torch.float32) is torch.complex64
    assert torch.promote_types(torch.complex32, torch.int64) is torch.complex32


@pytest.mark.parametrize("name", ["float8_e4m3fnuz", "float8_e5m2fnuz"])
def test_eight_bits(name: str) -> None:
    kind = getattr(torch, name)
    x = torch.tensor([1.0, 2.5, -3.0]).to(kind)
    assert (kind.itemsize, kind.is_floating_point) == (1, True)
    assert x.float().tolist() == [1, 2.5, -3]
    with pytest.raises(RuntimeError, match="Promotion for Float8 Types is not"):
        torch.promote_types(kind, torch.float32)
    with pytest.raises(TypeError, match="Got unsupported ScalarType Float8"):
        x.numpy()


def test_limits_of_what_is_no_integer() -> None:
    with pytest.raises(TypeError, match=r"torch\.iinfo\(\) requires an integer input"):
        torch.iinfo(torch.float32)
