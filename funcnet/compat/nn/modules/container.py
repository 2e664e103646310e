"""Modules that hold modules or parameters, as `torch.nn.modules.container`."""

import itertools
import operator
import warnings
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self, overload

from funcnet.compat._messages.suggestions import outside
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn._module.fusion import run_fused
from funcnet.compat.nn.modules.module import Module, _indented
from funcnet.compat.nn.modules.utils import _public_modules
from funcnet.compat.nn.parameter import Parameter


def _position(length: int, index: Any) -> int:
    """An index, counted from the start; raise where there is none such."""
    index = operator.index(index)
    if not -length <= index < length:
        raise IndexError(f"index {index} is out of range")
    return index % length


class Container(Module):
    """Container of modules by name, as the deprecated `torch.nn.Container`."""

    def __init__(self, **kwargs: Module) -> None:
        super().__init__()
        warnings.warn(
            "nn.Container is deprecated. All of it's functionality is now implemented "
            "in nn.Module. Subclass that instead.",
            FutureWarning,
            stacklevel=outside(),
        )
        for name, module in kwargs.items():
            self.add_module(name, module)


class _ModuleRow(Module):
    """Modules in an order, by index: what `Sequential` and `ModuleList` share."""

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Module]:
        modules: Iterator[Any] = iter(self._modules.values())
        return modules

    @overload
    def __getitem__(self, index: int) -> Module: ...
    @overload
    def __getitem__(self, index: slice) -> Self: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return self._sliced(index)
        return self._modules[self._name(index)]

    def __setitem__(self, index: int, module: Module) -> None:
        setattr(self, self._name(index), module)

    def __delitem__(self, index: int | slice) -> None:
        modules = list(self)
        if not isinstance(index, slice):
            index = _position(len(self), index)
        del modules[index]
        self._renumber(modules)

    def _sliced(self, index: slice) -> Self:
        raise NotImplementedError

    def _name(self, index: int) -> str:
        """The name of the module at an index."""
        return list(self._modules)[_position(len(self), index)]

    def _renumber(self, modules: Iterable[Any]) -> None:
        self.__dict__["_modules"] = {str(i): m for i, m in enumerate(modules)}

    def append(self, module: Module) -> Self:
        """Add a module at the end."""
        self.add_module(str(len(self)), module)
        return self

    def insert(self, index: int, module: Module) -> Any:
        """Add a module before an index."""
        modules = list(self)
        modules.insert(index, module)
        self._renumber(modules)

    def pop(self, key: int | slice) -> Module:
        """Remove a module and return it."""
        module = self[key]
        del self[key]
        return module


class Sequential(_ModuleRow):
    """Sequential container, as `torch.nn.Sequential`: run modules one after another.

    Takes modules, which are named "0", "1", ..., or an `OrderedDict` with names.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__()
        if len(args) == 1 and isinstance(args[0], OrderedDict):
            for name, module in args[0].items():
                self.add_module(name, module)
        else:
            for index, module in enumerate(args):
                self.add_module(str(index), module)

    def forward(self, input: Tensor) -> Tensor:
        """Run the modules, each on the output of the one before."""
        return run_fused(self._modules.values(), input)

    def _sliced(self, index: slice) -> Self:
        return type(self)(OrderedDict(list(self._modules.items())[index]))

    def __add__(self, other: "Sequential") -> "Sequential":
        if not isinstance(other, Sequential):
            raise ValueError(
                "add operator supports only objects of Sequential class, but "
                f"{type(other)} is given."
            )
        return Sequential(*self, *other)

    def insert(self, index: int, module: Module) -> Self:
        """Add a module before an index."""
        if not isinstance(module, Module):
            raise AssertionError(f"module should be of type: {Module}")
        super().insert(index, module)
        return self

    def extend(self, sequential: Iterable[Module]) -> Self:
        """Add modules at the end."""
        for module in sequential:
            self.append(module)
        return self


class ModuleList(_ModuleRow):
    """List of modules, as `torch.nn.ModuleList`."""

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__()
        if modules is not None:
            self.extend(modules)

    def _sliced(self, index: slice) -> Self:
        return type(self)(list(self)[index])

    def __iadd__(self, modules: Iterable[Module]) -> Self:
        return self.extend(modules)

    def __add__(self, other: Iterable[Module]) -> "ModuleList":
        return ModuleList(itertools.chain(self, other))

    def extend(self, modules: Iterable[Module]) -> Self:
        """Add modules at the end."""
        if not isinstance(modules, Iterable):
            raise TypeError(
                "ModuleList.extend should be called with an iterable, but got "
                + type(modules).__name__
            )
        for module in modules:
            self.append(module)
        return self

    def __repr__(self) -> str:
        """Equal neighbours on one line, as PyTorch prints them."""
        texts = [repr(module) for module in self]
        if not texts:
            return f"{self._get_name()}()"
        lines = []
        start = 0
        for text, group in itertools.groupby(texts):
            count = len(list(group))
            if count == 1:
                lines.append(f"({start}): {text}")
            else:
                lines.append(f"({start}-{start + count - 1}): {count} x {text}")
            start += count
        inside = "\n".join("  " + _indented(line) for line in lines)
        return f"{self._get_name()}(\n{inside}\n)"


class ModuleDict(Module):
    """Dictionary of modules, as `torch.nn.ModuleDict`."""

    def __init__(
        self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]] | None = None
    ) -> None:
        super().__init__()
        if modules is not None:
            self.update(modules)

    def __getitem__(self, key: str) -> Module:
        module: Any = self._modules[key]
        return module

    def __setitem__(self, key: str, module: Module) -> None:
        self.add_module(key, module)

    def __delitem__(self, key: str) -> None:
        del self._modules[key]

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __contains__(self, key: str) -> bool:
        return key in self._modules

    def clear(self) -> None:
        """Remove all modules."""
        self._modules.clear()

    def pop(self, key: str) -> Module:
        """Remove a module and return it."""
        module = self[key]
        del self[key]
        return module

    def keys(self) -> Any:
        """The names."""
        return self._modules.keys()

    def items(self) -> Any:
        """Names and modules."""
        return self._modules.items()

    def values(self) -> Any:
        """The modules."""
        return self._modules.values()

    def update(
        self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]]
    ) -> None:
        """Add modules from a mapping or from pairs."""
        pairs = (
            modules.items() if isinstance(modules, Mapping | ModuleDict) else modules
        )
        for name, module in pairs:
            self[name] = module


def _shown(value: object, by_class: bool = False) -> str:
    """A parameter in the list that a container prints, its dtype by an old class."""
    if not isinstance(value, Tensor):
        return f"Object of type: {type(value).__name__}"
    class_name = "Parameter" if isinstance(value, Parameter) else "Tensor"
    size = "x".join(map(str, value.shape))
    device = "" if value.device.type == "cpu" else f" ({value.device})"
    kind = value.type() if by_class else value.dtype
    return f"{class_name} containing: [{kind} of size {size}{device}]"


class ParameterList(Module):
    """List of parameters, as `torch.nn.ParameterList`; tensors become parameters."""

    def __init__(self, values: Iterable[Any] | None = None) -> None:
        super().__init__()
        self._size = 0
        if values is not None:
            self.extend(values)

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Any]:
        return iter(self[i] for i in range(len(self)))

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return type(self)([self[i] for i in range(*index.indices(len(self)))])
        return getattr(self, str(_position(len(self), index)))

    def __setitem__(self, index: int, value: object) -> None:
        name = str(_position(len(self), index))
        if isinstance(value, Tensor) and not isinstance(value, Parameter):
            value = Parameter(value)
        setattr(self, name, value)

    def __iadd__(self, values: Iterable[Any]) -> Self:
        return self.extend(values)

    def append(self, value: object) -> Self:
        """Add a parameter at the end."""
        self._size += 1
        self[self._size - 1] = value
        return self

    def extend(self, values: Iterable[Any]) -> Self:
        """Add parameters at the end."""
        for value in values:
            self.append(value)
        return self

    def extra_repr(self) -> str:
        """A line for each parameter."""
        return "\n".join(f"  ({i}): {_shown(value)}" for i, value in enumerate(self))

    def __call__(self, *args: object, **kwargs: object) -> Any:
        raise RuntimeError("ParameterList should not be called.")


class ParameterDict(Module):
    """Dictionary of parameters, as `torch.nn.ParameterDict`, which tensors become."""

    def __init__(self, parameters: Any = None) -> None:
        super().__init__()
        self._keys: dict[str, None] = {}
        if parameters is not None:
            self.update(parameters)

    def __getitem__(self, key: str) -> Any:
        return getattr(self, key)

    def __setitem__(self, key: str, value: object) -> None:
        self._keys[key] = None
        if isinstance(value, Tensor) and not isinstance(value, Parameter):
            value = Parameter(value)
        setattr(self, key, value)

    def __delitem__(self, key: str) -> None:
        del self._keys[key]
        delattr(self, key)

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def keys(self) -> Any:
        """The names."""
        return self._keys.keys()

    def items(self) -> Any:
        """Names and parameters."""
        return ((key, self[key]) for key in self._keys)

    def values(self) -> Any:
        """The parameters."""
        return (self[key] for key in self._keys)

    def get(self, key: str, default: object = None) -> Any:
        """Return the parameter of a name, or the default."""
        return self[key] if key in self._keys else default

    def setdefault(self, key: str, default: object = None) -> Any:
        """Return the parameter of a name, which is added if it is missing."""
        if key not in self:
            self[key] = default
        return self[key]

    def pop(self, key: str) -> Any:
        """Remove a parameter and return it."""
        value = self[key]
        del self[key]
        return value

    def copy(self) -> "ParameterDict":
        """Another dict with the same parameters."""
        return ParameterDict(dict(self.items()))

    def clear(self) -> None:
        """Remove all parameters."""
        for key in list(self._keys):
            del self[key]

    def update(self, parameters: Any) -> None:
        """Add parameters from a mapping or from pairs."""
        mapping = isinstance(parameters, Mapping | ParameterDict)
        for key, value in parameters.items() if mapping else parameters:
            self[key] = value

    def extra_repr(self) -> str:
        """A line for each parameter."""
        return "\n".join(
            f"  ({key}): {_shown(value, True)}" for key, value in self.items()
        )


__all__ = _public_modules(globals())
