"""Layers that learn the size of their input from the first one."""

from typing import Any, ClassVar

from funcnet.compat._core.annotations import DeviceLike, DType
from funcnet.compat._random.replay import replay_rng, rng_snapshot
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn._module.hooks_mixin import NAMES as HOOKS
from funcnet.compat.nn._module.native_module import NativeModule
from funcnet.compat.nn._module.signature import Initializer, without_first
from funcnet.compat.nn.modules import conv, linear, norm
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.modules.utils import _public_modules
from funcnet.compat.nn.parameter import (
    UninitializedBuffer,
    UninitializedParameter,
    is_lazy,
)

_HOOK_KIND = "_is_full_backward_hook"


def _uninitialized(cls: type, like: Tensor | None) -> Any:
    """The placeholder of a tensor like this one, of unknown shape."""
    return None if like is None else cls(like.requires_grad, like.device, like.dtype)


def _initialize(self: Any, *args: object, **kwargs: object) -> None:
    """Keep the arguments, and register what has no shape yet."""
    Module.__init__(self)
    self.__dict__["_init_arguments"] = (args, kwargs)
    # What the layer would be like, with one feature; nothing is drawn yet.
    with replay_rng(rng_snapshot()):
        like = self.cls_to_become(*self._arguments(1), **kwargs)
    self.__dict__["_like"] = like
    for name in self.uninitialized:
        p = getattr(like, name, None)
        self.register_parameter(name, _uninitialized(UninitializedParameter, p))
    for name in self.uninitialized_buffers:
        buffer = getattr(like, name, None)
        self.register_buffer(name, _uninitialized(UninitializedBuffer, buffer))


class LazyModuleMixin:
    """Makes a lazy layer of a class of one's own, as PyTorch's `LazyModuleMixin`.

    It stands before the other base. The class registers uninitialized parameters and
    gives them their shape in `initialize_parameters`, which is called with the first
    input; then the layer becomes one of `cls_to_become`.

    Example:
        >>> import funcnet.compat as torch
        >>> class LazyScale(LazyModuleMixin, Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.scale = UninitializedParameter()
        ...     def initialize_parameters(self, x):
        ...         self.scale.materialize(x.shape[-1:])
        ...     def forward(self, x):
        ...         return x * self.scale
        >>> LazyScale()(torch.ones(2, 3)).shape
        torch.Size([2, 3])
    """

    cls_to_become: ClassVar[type | None] = None
    _parameters: dict[str, Any]
    _buffers: dict[str, Any]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        module: Any = self
        self._load_hook = module._register_load_state_dict_pre_hook(self._shape_of_file)
        self._initialize_hook = module.register_forward_pre_hook(
            self._infer_parameters, with_kwargs=True
        )

    def initialize_parameters(self, *args: Any, **kwargs: Any) -> None:
        """Give the parameters their shape, which follows from the first input."""
        raise NotImplementedError(
            f"initialize_parameters is not implemented for {type(self).__name__}; it "
            "must materialize the uninitialized parameters."
        )

    def has_uninitialized_params(self) -> bool:
        """Return whether a parameter or buffer has no shape yet."""
        return any(map(is_lazy, (*self._parameters.values(), *self._buffers.values())))

    def _infer_parameters(
        self,
        module: "LazyModuleMixin",
        args: tuple[object, ...],
        kwargs: dict[str, object] | None = None,
    ) -> None:
        """Initialize at the first call, and become an ordinary layer."""
        module.initialize_parameters(*args, **(kwargs or {}))
        if module.has_uninitialized_params():
            raise RuntimeError(
                f"module {type(self).__name__} has not been fully initialized: "
                "initialize_parameters must materialize all of its parameters."
            )
        module._initialize_hook.remove()
        module._load_hook.remove()
        del module._initialize_hook, module._load_hook
        if module.cls_to_become is not None:
            module.__class__ = module.cls_to_become

    def _shape_of_file(
        self, state_dict: dict[str, Any], prefix: str, *others: object
    ) -> None:
        """Give what is loaded the shape that it has in the file."""
        for name, x in (*self._parameters.items(), *self._buffers.items()):
            loaded = state_dict.get(prefix + name)
            if is_lazy(x) and loaded is not None and not is_lazy(loaded):
                x.materialize(loaded.shape)


class _Lazy(LazyModuleMixin, Module):
    """A layer that becomes one of `cls_to_become` when it is first called.

    `feature_dim` is the dimension of the input that has the missing size.
    """

    cls_to_become: ClassVar[type[NativeModule]]
    feature_dim: ClassVar[int] = 1
    uninitialized: ClassVar[tuple[str, ...]] = ("weight", "bias")
    uninitialized_buffers: ClassVar[tuple[str, ...]] = ()

    __init__ = Initializer(_initialize, without_first)

    def forward(self, input: Tensor) -> Any:
        """Learn the size, become the layer, and compute."""
        return self(input)

    def _arguments(self, features: int) -> tuple[Any, ...]:
        args, _ = self.__dict__["_init_arguments"]
        return (features, *args)

    def _features(self, x: Tensor) -> int:
        return int(x.shape[self.feature_dim])

    def _become(self, features: int) -> None:
        result = self.cls_to_become(
            *self._arguments(features), **self.__dict__["_init_arguments"][1]
        ).train(self.training)
        uninitialized = [*self._parameters.values(), *self._buffers.values()]
        for x in uninitialized:  # perhaps moved or cast since
            if x is not None:
                result.to(x.device, x.dtype)
                break
        kept = {k: v for k, v in self.__dict__.items() if k in (*HOOKS, _HOOK_KIND)}
        self.__class__ = self.cls_to_become  # type: ignore[assignment]
        self.__dict__.clear()
        self.__dict__.update(result.__dict__)
        self.__dict__.update(kept)

    def __call__(self, *inputs: Tensor, **named: object) -> Any:
        self._become(self._features(inputs[0]))
        return self(*inputs, **named)

    def has_uninitialized_params(self) -> bool:
        """Return True: there has been no input yet."""
        return True

    def _load_from_state_dict(
        self, state_dict: dict[str, Any], prefix: str, *others: object
    ) -> None:
        weight = state_dict.get(prefix + "weight")
        if weight is not None and not isinstance(weight, UninitializedParameter):
            self._become(self._features_of(weight))
            self._load_from_state_dict(state_dict, prefix, *others)

    def _features_of(self, weight: Tensor) -> int:
        return int(weight.shape[0 if self.uninitialized_buffers else 1])

    def extra_repr(self) -> str:
        """The settings, with nothing where the size will be."""
        return str(self.__dict__["_like"].extra_repr()).replace("=1,", "=0,", 1)


class LazyLinear(_Lazy):
    """A `Linear` whose input features are not known yet, as `torch.nn.LazyLinear`."""

    cls_to_become = linear.Linear
    feature_dim = -1


class _LazyConv(_Lazy):
    def _groups(self) -> int:
        args, named = self.__dict__["_init_arguments"]
        return int(named.get("groups", args[5] if len(args) > 5 else 1))

    def _arguments(self, features: int) -> tuple[Any, ...]:
        args, _ = self.__dict__["_init_arguments"]
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


def _lazy(base: type[_Lazy], become: type[NativeModule], missing: str) -> type[_Lazy]:
    """The class that becomes another once it knows its channels or features."""
    name = f"Lazy{become.__name__}"
    layer = f"A `{become.__name__}` whose {missing} are not known yet"
    doc = f"{layer}, as `torch.nn.{name}`."
    members = {"cls_to_become": become, "__doc__": doc, "__module__": __name__}
    return type(name, (base,), members)


LazyConv1d = _lazy(_LazyConv, conv.Conv1d, "channels")
LazyConv2d = _lazy(_LazyConv, conv.Conv2d, "channels")
LazyConv3d = _lazy(_LazyConv, conv.Conv3d, "channels")
LazyConvTranspose1d = _lazy(_LazyConv, conv.ConvTranspose1d, "channels")
LazyConvTranspose2d = _lazy(_LazyConv, conv.ConvTranspose2d, "channels")
LazyConvTranspose3d = _lazy(_LazyConv, conv.ConvTranspose3d, "channels")


class _LazyNorm(_Lazy):
    uninitialized_buffers = ("running_mean", "running_var")

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


LazyBatchNorm1d = _lazy(_LazyNorm, norm.BatchNorm1d, "features")
LazyBatchNorm2d = _lazy(_LazyNorm, norm.BatchNorm2d, "features")
LazyBatchNorm3d = _lazy(_LazyNorm, norm.BatchNorm3d, "features")
LazyInstanceNorm1d = _lazy(_LazyNorm, norm.InstanceNorm1d, "features")
LazyInstanceNorm2d = _lazy(_LazyNorm, norm.InstanceNorm2d, "features")
LazyInstanceNorm3d = _lazy(_LazyNorm, norm.InstanceNorm3d, "features")


__all__ = ["LazyModuleMixin", *_public_modules(globals())]
