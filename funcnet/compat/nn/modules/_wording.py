"""What PyTorch says where an input does not fit a layer.

The layers of `funcnet.nn` say it in their own words, with what to do. People search for
PyTorch's, which the functions of `nn.functional` here have: where a layer refuses an
input, the function that does the same is asked what is wrong with it.
"""

from collections.abc import Callable
from typing import Any, Final

from funcnet.compat._modes import no_grad
from funcnet.compat._ops import FUNCTIONS


def in_pytorchs_words(
    module: Any, inputs: tuple[Any, ...], error: Exception
) -> Exception:
    """The error that PyTorch gives, with our own as a note; or our own."""
    for kind in type(module).__mro__:
        ask = _TWINS.get(kind.__name__)
        if ask is None:
            continue
        try:
            with no_grad():
                ask(module, *inputs)
        except (IndexError, RuntimeError, TypeError, ValueError) as words:
            words.add_note(str(error))
            words.__traceback__ = None
            return words
        break
    return error


def _functional(name: str, *settings: str) -> Callable[..., Any]:
    """Ask a function that takes attributes of the module after the inputs."""

    def ask(module: Any, *inputs: Any) -> None:
        function = FUNCTIONS[f"nn.functional.{name}"]
        function(*inputs, *[getattr(module, setting) for setting in settings])

    return ask


def _batch_norm(*dims: int) -> Callable[..., Any]:
    def ask(module: Any, x: Any) -> None:
        if x.ndim not in dims:
            many = " or ".join(f"{n}D" for n in dims)
            raise ValueError(f"expected {many} input (got {x.ndim}D input)")
        FUNCTIONS["nn.functional.batch_norm"](
            x,
            module.running_mean,
            module.running_var,
            module.weight,
            module.bias,
            module.training,
        )

    return ask


def _recurrent(module: Any, x: Any, hx: Any = None) -> None:
    name = type(module).__name__
    if x.ndim not in (2, 3):
        raise ValueError(
            f"{name}: Expected input to be 2D or 3D, got {x.ndim}D instead"
        )
    if x.shape[-1] != module.input_size:
        raise RuntimeError(
            "input.size(-1) must be equal to input_size. Expected "
            f"{module.input_size}, got {x.shape[-1]}"
        )
    if hx is None:
        return
    states = hx if isinstance(hx, tuple) else (hx,)
    ways = 2 if module.bidirectional else 1
    for place, state in enumerate(states):
        hidden = module.proj_size if module.proj_size and not place else 0
        size = [module.num_layers * ways, hidden or module.hidden_size]
        if x.ndim == 3:
            size.insert(1, x.shape[0 if module.batch_first else 1])
        if list(state.shape) != size:
            which = f"hidden[{place}]" if isinstance(hx, tuple) else "hidden"
            raise RuntimeError(
                f"Expected {which} size {tuple(size)}, got {list(state.shape)}"
            )


_CONV: Final = ("weight", "bias", "stride", "padding", "dilation", "groups")
_TRANSPOSED: Final = (
    *("weight", "bias", "stride", "padding"),
    *("output_padding", "groups", "dilation"),
)
_POOL: Final = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")

_TWINS: Final[dict[str, Callable[..., Any]]] = {
    "Linear": _functional("linear", "weight", "bias"),
    "Bilinear": _functional("bilinear", "weight", "bias"),
    **{f"Conv{n}d": _functional(f"conv{n}d", *_CONV) for n in (1, 2, 3)},
    **{
        f"ConvTranspose{n}d": _functional(f"conv_transpose{n}d", *_TRANSPOSED)
        for n in (1, 2, 3)
    },
    **{f"MaxPool{n}d": _functional(f"max_pool{n}d", *_POOL) for n in (1, 2, 3)},
    "BatchNorm1d": _batch_norm(2, 3),
    "BatchNorm2d": _batch_norm(4),
    "BatchNorm3d": _batch_norm(5),
    "LayerNorm": _functional("layer_norm", "normalized_shape", "weight", "bias"),
    "GroupNorm": _functional("group_norm", "num_groups", "weight", "bias"),
    "Embedding": _functional("embedding", "weight"),
    "RNNBase": _recurrent,
}
