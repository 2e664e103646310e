"""How PyTorch says that its CPU has no kernel for a dtype."""

from collections.abc import Iterator, Sequence
from typing import Any

from funcnet.compat._core.annotations import DType
from funcnet.compat._core.dtype import complex32
from funcnet.compat._core.narrow_kernel_names import (
    COMPLEX_REFUSALS,
    HALVES_KERNELS,
    KERNELS,
    REFUSALS,
)


def refusal(kernel: str, dtype: DType) -> NotImplementedError:
    """What PyTorch raises where a kernel does not know a dtype."""
    return NotImplementedError(f"\"{kernel}\" not implemented for '{dtype.type_name}'")


def check_kernel(kernel: str, x: Any) -> None:
    """Raise where a kernel that nothing is recorded for does not know the dtype."""
    dtype = x._spec.dtype
    if dtype.is_float8 or (dtype is complex32 and kernel not in _OF_HALVES):
        raise refusal(kernel, dtype)


_OF_HALVES = ("nonzero_count_cpu", "normal_kernel_cpu")


def settings_of(template: object) -> Iterator[Any]:
    """All settings in a template, one by one."""
    if type(template) is tuple:
        for part in template:
            yield from settings_of(part)
    else:
        yield template


def dtype_in(template: tuple[Any, ...]) -> DType | None:
    """The dtype that the settings ask for."""
    return next(
        (setting for setting in settings_of(template) if isinstance(setting, DType)),
        None,
    )


def integers_in(template: tuple[Any, ...]) -> list[int]:
    return [setting for setting in settings_of(template) if type(setting) is int]


def strings_in(template: tuple[Any, ...]) -> list[str]:
    return [setting for setting in settings_of(template) if type(setting) is str]


def error_of(
    name: str, template: tuple[Any, ...], specs: Sequence[Any], dtype: DType
) -> Exception:
    """What PyTorch raises where it has no such operation for a dtype."""
    last = name.rpartition(".")[2].removesuffix("_with_indices")
    if dtype is complex32 and last in COMPLEX_REFUSALS:
        failure, words = COMPLEX_REFUSALS[last]
        return failure(words)
    if last in REFUSALS:
        got = " and ".join(spec.dtype.type_name for spec in specs if not spec.weak_type)
        return RuntimeError(REFUSALS[last].format("", got))
    if name.startswith("fft."):
        mkl = "MKL FFT doesn't support tensors of type: Half"
        halves = dtype is complex32
        return RuntimeError(mkl if halves else f"Unsupported dtype {dtype.type_name}")
    if last in ("eig", "eigvals") and dtype is not complex32:
        return RuntimeError(f"Unknown Complex ScalarType for {dtype.type_name}")
    kernel = _kernel(last, template, specs)
    if dtype is complex32:
        kernel = HALVES_KERNELS.get(last, kernel).removesuffix("_reduced_float")
    return refusal(kernel, dtype)


def _kernel(name: str, template: tuple[Any, ...], specs: Sequence[Any]) -> str:
    """The kernel that PyTorch would run, by the settings where there are several."""
    if name in ("max", "min"):
        return f"{name}_{'cpu' if integers_in(template) else 'all'}"
    if name in ("median", "nanmedian"):
        return f"median_{'out' if integers_in(template) else 'cpu'}"
    if name in ("matmul", "inner"):
        first, second = (len(spec.shape) for spec in specs)
        forms = ("mm", "mv", "bmm") if first > 1 else ("mm", "dot", "bmm")
        name = forms[2 if max(first, second) > 2 else second == 1]
    if name in ("div", "true_divide", "floor_divide"):
        if specs[0].weak_type:
            return "reciprocal_cpu"
        rounding = ["floor"] if name == "floor_divide" else strings_in(template)[1:]
        numbered = "" if specs[1].shape else "_reduced_float"
        return "_".join(["div", *rounding, f"cpu{numbered}"])
    kernel = KERNELS.get(name, f"{name}_cpu")
    if name.endswith("softmax"):
        dims = integers_in(template)
        if dims and dims[0] not in (-1, len(specs[0].shape) - 1):
            return kernel.replace("_lastdim", "")
    return kernel
