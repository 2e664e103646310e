"""Losses as modules: the settings of a loss of `funcnet.nn`, and a function of `F`.

A loss calls `torch.nn.functional` with its attributes, as PyTorch's does: that has
PyTorch's warnings, broadcasting and errors. What settings there are, and their
defaults, its native class says; where the legacy arguments `size_average` and `reduce`
stand among them, the function.
"""

import functools
import inspect
from typing import Any, ClassVar

from funcnet import nn
from funcnet.compat._ops.nn.loss_table import LEGACY, legacy_reduction
from funcnet.compat.nn import functional as F
from funcnet.compat.nn._module.signature import Initializer, bind_arguments, fields_of
from funcnet.compat.nn.modules.module import Module

_WEIGHTS = ("weight", "pos_weight")


@functools.cache
def _signature_of(cls: Any) -> inspect.Signature:
    """The arguments of `__init__`: the function's that are settings or legacy."""
    fields = fields_of(cls.native_class)
    kinds = inspect.Parameter
    parameters = [kinds("self", kinds.POSITIONAL_OR_KEYWORD)]
    for name, parameter in inspect.signature(
        getattr(F, cls._function)
    ).parameters.items():
        if name in fields:
            field = fields[name]
            kind = kinds.KEYWORD_ONLY if field.kw_only else kinds.POSITIONAL_OR_KEYWORD
            parameters.append(kinds(name, kind, default=field.default))
        elif name in LEGACY:
            parameters.append(parameter.replace(annotation=kinds.empty))
    return inspect.Signature(parameters)


def _initialize(self: Any, *args: Any, **kwargs: Any) -> None:
    """Make attributes of the settings, and buffers of the weights."""
    Module.__init__(self)
    cls: Any = type(self)
    name = f"{cls.__name__}.__init__"
    settings = bind_arguments(name, _signature_of(cls), (self, *args), kwargs)
    del settings["self"]
    reduction = legacy_reduction(*[settings.pop(name, None) for name in LEGACY])
    if reduction is not None:
        settings["reduction"] = reduction
    for name, value in settings.items():
        if name in _WEIGHTS:
            self.register_buffer(name, value)
        else:
            setattr(self, name, value)
    self._check_settings()


class NativeLoss(Module):
    """A loss whose settings are those of `native_class`, a loss of `funcnet.nn`."""

    native_class: ClassVar[type[nn.Loss]]
    _function: ClassVar[str]  # of `torch.nn.functional`
    _settings: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "native_class" in vars(cls):
            cls._function = cls.native_class._function.__name__
            cls._settings = tuple(fields_of(cls.native_class))

    __init__ = Initializer(_initialize, _signature_of)

    def _check_settings(self) -> None:
        """Raise if a setting is one that PyTorch refuses when the loss is made."""

    def _compute(self, *inputs: Any) -> Any:
        settings = {name: getattr(self, name) for name in self._settings}
        return getattr(F, self._function)(*inputs, **settings)

    def forward(self, input: Any, target: Any) -> Any:
        """Compute the loss."""
        return self._compute(input, target)
