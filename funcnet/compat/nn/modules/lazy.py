"""Layers that learn the size of their input from the first one."""

from typing import Any, ClassVar

from funcnet.compat._core.annotations import DeviceLike, DType
from funcnet.compat._random.replay import drawing_from, draws
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn._module.hooks_mixin import NAMES as HOOKS
from funcnet.compat.nn._module.native_module import NativeModule
from funcnet.compat.nn._module.signature import Initializer, without_first
from funcnet.compat.nn.modules import conv, linear, norm
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.modules.utils import _public_modules
from funcnet.compat.nn.parameter import UninitializedBuffer, UninitializedParameter

_KIND = "_is_full_backward_hook"


def _waiting(kind: type, like: Tensor | None) -> Any:
    """What stands for a tensor like this one, of another shape."""
    return None if like is None else kind(like.requires_grad, like.device, like.dtype)


def _initialize(self: Any, *args: object, **kwargs: object) -> None:
    """Remember the arguments, and register what waits for its shape."""
    Module.__init__(self)
    self.__dict__["_made_with"] = (args, kwargs)
    # What the layer would be like, with one feature; nothing is drawn yet.
    with drawing_from(draws()):
        like = self.cls_to_become(*self._arguments(1), **kwargs)
    self.__dict__["_like"] = like
    for name in self.waiting:
        p = getattr(like, name, None)
        self.register_parameter(name, _waiting(UninitializedParameter, p))
    for name in self.counted:
        buffer = getattr(like, name, None)
        self.register_buffer(name, _waiting(UninitializedBuffer, buffer))


class _Lazy(Module):
    """A layer that becomes one of `cls_to_become` when it is first called.

    `place` is the dimension of the input that says what was left open.
    """

    cls_to_become: ClassVar[type[NativeModule]]
    place: ClassVar[int] = 1
    waiting: ClassVar[tuple[str, ...]] = ("weight", "bias")
    counted: ClassVar[tuple[str, ...]] = ()

    __init__ = Initializer(_initialize, without_first)

    def forward(self, input: Tensor) -> Any:
        """Learn the size, become the layer, and compute."""
        return self(input)

    def _arguments(self, features: int) -> tuple[Any, ...]:
        args, _ = self.__dict__["_made_with"]
        return (features, *args)

    def _features(self, x: Tensor) -> int:
        return int(x.shape[self.place])

    def _become(self, features: int) -> None:
        result = self.cls_to_become(
            *self._arguments(features), **self.__dict__["_made_with"][1]
        ).train(self.training)
        waiting = [*self._parameters.values(), *self._buffers.values()]
        for x in waiting:  # it was moved or cast, perhaps, since it was made
            if x is not None:
                result.to(x.device, x.dtype)
                break
        kept = {k: v for k, v in self.__dict__.items() if k in (*HOOKS, _KIND)}
        self.__class__ = self.cls_to_become  # type: ignore[assignment]
        self.__dict__.clear()
        self.__dict__.update(result.__dict__)
        self.__dict__.update(kept)

    def __call__(self, *inputs: Tensor, **named: object) -> Any:
        self._become(self._features(inputs[0]))
        return self(*inputs, **named)

    def has_uninitialized_params(self) -> bool:
        """Yes: the first input is still to come."""
        return True

    def _load_from_state_dict(
        self, state_dict: dict[str, Any], prefix: str, *others: object
    ) -> None:
        weight = state_dict.get(prefix + "weight")
        if weight is not None and not isinstance(weight, UninitializedParameter):
            self._become(self._features_of(weight))
            self._load_from_state_dict(state_dict, prefix, *others)

    def _features_of(self, weight: Tensor) -> int:
        return int(weight.shape[0 if self.counted else 1])

    def extra_repr(self) -> str:
        """The settings, with nothing where the size will be."""
        return str(self.__dict__["_like"].extra_repr()).replace("=1,", "=0,", 1)


class LazyLinear(_Lazy):
    """A `Linear` whose input features are not known yet, as `torch.nn.LazyLinear`."""

    cls_to_become = linear.Linear
    place = -1


class _LazyConv(_Lazy):
    def _groups(self) -> int:
        args, named = self.__dict__["_made_with"]
        return int(named.get("groups", args[5] if len(args) > 5 else 1))

    def _arguments(self, features: int) -> tuple[Any, ...]:
        args, _ = self.__dict__["_made_with"]
        return (self._groups() if features == 1 else features, *args)

    def _features(self, x: Tensor) -> int:
        dims = getattr(self.cls_to_become, "dims", 1)
        return int(x.shape[-dims - 1])

    def _features_of(self, weight: Tensor) -> int:
        transposed = getattr(self.cls_to_become, "transposed", False)
        if transposed:
            return int(weight.shape[0])
        return int(weight.shape[1]) * self._groups()

    def extra_repr(self) -> str:
        """The settings, with 0 where the channels will be."""
        text = str(self.__dict__["_like"].extra_repr())
        return "0," + text.split(",", 1)[1]


def _body(name: str, become: type) -> dict[str, Any]:
    doc = f"A `{become.__name__}` for inputs not seen yet, as `torch.nn.{name}`."
    return {"cls_to_become": become, "__doc__": doc, "__module__": __name__}


def _conv(name: str, become: type) -> type[_LazyConv]:
    doc = (
        f"A `{become.__name__}` whose channels are not known yet, as `torch.nn.{name}`."
    )
    return type(
        name,
        (_LazyConv,),
        {"cls_to_become": become, "__doc__": doc, "__module__": __name__},
    )


LazyConv1d = _conv("LazyConv1d", conv.Conv1d)
LazyConv2d = _conv("LazyConv2d", conv.Conv2d)
LazyConv3d = _conv("LazyConv3d", conv.Conv3d)
LazyConvTranspose1d = _conv("LazyConvTranspose1d", conv.ConvTranspose1d)
LazyConvTranspose2d = _conv("LazyConvTranspose2d", conv.ConvTranspose2d)
LazyConvTranspose3d = _conv("LazyConvTranspose3d", conv.ConvTranspose3d)


class _LazyNorm(_Lazy):
    counted = ("running_mean", "running_var")

    def __init__(
        self,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: DeviceLike | None = None,
        dtype: DType | None = None,
        *,
        bias: bool = True,
    ) -> None:
        settings = (eps, momentum, affine, track_running_stats, device, dtype)
        super().__init__(*settings, bias=bias)

    def extra_repr(self) -> str:
        """The settings, with 0 where the features will be."""
        return "0," + str(self.__dict__["_like"].extra_repr()).split(",", 1)[1]


def _norm(name: str, become: type) -> type[_LazyNorm]:
    doc = (
        f"A `{become.__name__}` whose features are not known yet, as `torch.nn.{name}`."
    )
    return type(
        name,
        (_LazyNorm,),
        {"cls_to_become": become, "__doc__": doc, "__module__": __name__},
    )


LazyBatchNorm1d = _norm("LazyBatchNorm1d", norm.BatchNorm1d)
LazyBatchNorm2d = _norm("LazyBatchNorm2d", norm.BatchNorm2d)
LazyBatchNorm3d = _norm("LazyBatchNorm3d", norm.BatchNorm3d)
LazyInstanceNorm1d = _norm("LazyInstanceNorm1d", norm.InstanceNorm1d)
LazyInstanceNorm2d = _norm("LazyInstanceNorm2d", norm.InstanceNorm2d)
LazyInstanceNorm3d = _norm("LazyInstanceNorm3d", norm.InstanceNorm3d)


__all__ = _public_modules(globals())
