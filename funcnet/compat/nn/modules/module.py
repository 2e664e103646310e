"""`Module`: a PyTorch-style class with parameters, buffers, children and hooks."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, ParamSpec, Protocol, Self, TypeVar

from funcnet.compat._autograd.accumulate import clear_gradient
from funcnet.compat._core.removable_handle import Hooks
from funcnet.compat._messages.keyword_errors import (
    explain_constructor,
    explains_keywords_of_methods,
)
from funcnet.compat._messages.suggestions import did_you_mean
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn._module import global_hooks as everywhere
from funcnet.compat.nn._module import state_dict as _state_dict
from funcnet.compat.nn._module.call_hooks import call
from funcnet.compat.nn._module.global_hooks import (
    passed,
    register_module_backward_hook,
    register_module_buffer_registration_hook,
    register_module_forward_hook,
    register_module_forward_pre_hook,
    register_module_full_backward_hook,
    register_module_full_backward_pre_hook,
    register_module_module_registration_hook,
    register_module_parameter_registration_hook,
)
from funcnet.compat.nn._module.hooks_mixin import NAMES as HOOKS
from funcnet.compat.nn._module.hooks_mixin import Hooked
from funcnet.compat.nn._module.to_mixin import Converted
from funcnet.compat.nn.parameter import Buffer, Parameter

__all__ = [
    "Module",
    "register_module_backward_hook",
    "register_module_buffer_registration_hook",
    "register_module_forward_hook",
    "register_module_forward_pre_hook",
    "register_module_full_backward_hook",
    "register_module_full_backward_pre_hook",
    "register_module_module_registration_hook",
    "register_module_parameter_registration_hook",
]
T_destination = TypeVar("T_destination", bound=dict[str, Any])
_REGISTRIES = ("_parameters", "_buffers", "_modules")
_EXTRA_STATE_KEY_SUFFIX = _state_dict.EXTRA
_IncompatibleKeys = _state_dict.IncompatibleKeys

_P = ParamSpec("_P")
_Output = TypeVar("_Output", covariant=True)


class _HasForward(Protocol[_P, _Output]):
    """Any module, to a type checker: `model(x)` gives what its `forward` does."""

    def forward(self, *inputs: _P.args, **named: _P.kwargs) -> _Output: ...


@explains_keywords_of_methods
class Module(Hooked, Converted):
    """Base class of models and layers, as `torch.nn.Module`.

    Parameters, buffers and modules that are assigned to attributes are registered;
    `forward` is written by the subclass and called through the object itself.

    Example:
        >>> import funcnet.compat as torch
        >>> class Net(torch.nn.Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.fc = torch.nn.Linear(2, 1)
        ...     def forward(self, x):
        ...         return self.fc(x).relu()
        >>> Net()
        Net(
          (fc): Linear(in_features=2, out_features=1, bias=True)
        )
    """

    training: bool
    _parameters: dict[str, Parameter | None]
    _buffers: dict[str, Tensor | None]
    _modules: dict[str, "Module | None"]
    _version: int = 1
    _optimized_class: ClassVar[Any]  # what torch.compile makes of a module
    call_super_init = False
    dump_patches = False
    T_destination = T_destination

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        explain_constructor(cls)

    def __init__(self, *args: object, **kwargs: object) -> None:
        for name in kwargs:
            raise TypeError(
                f"{type(self).__name__}.__init__() got an unexpected keyword argument "
                f"{name!r}"
            )
        if args:
            raise TypeError(
                f"{type(self).__name__}.__init__() takes 1 positional argument but "
                f"{len(args) + 1} were given"
            )
        put = super().__setattr__
        put("training", True)
        for registry in _REGISTRIES:
            put(registry, {})
        put("_non_persistent_buffers_set", set())
        for hooks in HOOKS:
            put(hooks, Hooks())

    # With `Any` for both, a subclass may take what it likes.
    def forward(self, *inputs: Any, **named: Any) -> Any:
        """Compute the output; written by the subclass."""
        raise NotImplementedError(
            f'Module [{type(self).__name__}] is missing the required "forward" function'
        )

    def __call__(
        self: "_HasForward[_P, _Output]", *inputs: _P.args, **named: _P.kwargs
    ) -> _Output:
        """Call `forward` with the hooks: takes and gives what that does."""
        return call(self, inputs, named)

    # --- attributes -------------------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        for registry in _REGISTRIES:
            result = self.__dict__.get(registry)
            if result is not None and name in result:
                return result[name]
        known = [*self.__dict__, *dir(type(self))]
        for registry in _REGISTRIES:
            known += self.__dict__.get(registry, ())
        hint = did_you_mean(name, known)
        raise AttributeError(
            f"'{type(self).__name__}' object has no attribute '{name}'"
            + (f".{hint}" if hint else "")
        )

    def __setattr__(self, name: str, value: object) -> None:
        attributes = self.__dict__
        if isinstance(value, Parameter):
            _needs_init(self, "parameters")
            self._forget(name, "_parameters")
            self.register_parameter(name, value)
        elif isinstance(value, Module):
            if "_modules" not in attributes:
                raise AttributeError(
                    "cannot assign module before Module.__init__() call"
                )
            self._forget(name, "_modules")
            attributes["_modules"][name] = passed(everywhere.module, self, name, value)
        elif name in attributes.get("_parameters", ()):
            if value is not None:
                raise TypeError(
                    f"cannot assign '{_type_name(value)}' as parameter '{name}' "
                    "(torch.nn.Parameter or None expected)"
                )
            attributes["_parameters"][name] = None
        elif name in attributes.get("_modules", ()):
            if value is not None:
                raise TypeError(
                    f"cannot assign '{_type_name(value)}' as child module '{name}' "
                    "(torch.nn.Module or None expected)"
                )
            attributes["_modules"][name] = None
        elif isinstance(value, Buffer):
            self._forget(name, "_buffers")
            self.register_buffer(name, value, value.persistent)
        elif name in attributes.get("_buffers", ()):
            if value is not None and not isinstance(value, Tensor):
                raise TypeError(
                    f"cannot assign '{_type_name(value)}' as buffer '{name}' "
                    "(torch.nn.Buffer, torch.Tensor or None expected)"
                )
            attributes["_buffers"][name] = passed(everywhere.buffer, self, name, value)
        else:
            super().__setattr__(name, value)

    def _forget(self, name: str, but: str = "") -> None:
        """Remove a name from the registries to which it no longer belongs."""
        self.__dict__.pop(name, None)
        for registry in _REGISTRIES:
            if registry != but:
                self.__dict__[registry].pop(name, None)
        self.__dict__["_non_persistent_buffers_set"].discard(name)

    def __delattr__(self, name: str) -> None:
        for registry in _REGISTRIES:
            if name in self.__dict__[registry]:
                del self.__dict__[registry][name]
                self._non_persistent_buffers_set.discard(name)
                return
        super().__delattr__(name)

    def __dir__(self) -> list[str]:
        names = set(super().__dir__())
        for registry in _REGISTRIES:
            names |= set(self.__dict__.get(registry, ()))
        return sorted(name for name in names if not name[:1].isdigit())

    # --- registration -----------------------------------------------------------------

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Make a tensor one of the module's parameters."""
        _needs_init(self, "parameters")
        _check_name(self, "parameter", name, "_parameters")
        if param is not None and not isinstance(param, Parameter):
            raise TypeError(
                f"cannot assign '{_type_name(param)}' object to parameter '{name}' "
                "(torch.nn.Parameter or None required)"
            )
        if param is not None and not param.is_leaf:
            raise ValueError(
                f"Cannot assign non-leaf Tensor to parameter '{name}'. Model "
                "parameters must be created explicitly. To express '{name}' as a "
                "function of another Tensor, compute the value in the forward() method."
            )
        if param is not None:
            param = passed(everywhere.parameter, self, name, param)
        self._parameters[name] = param

    def register_buffer(
        self, name: str, tensor: Tensor | None, persistent: bool = True
    ) -> None:
        """Make a tensor one of the module's buffers: kept, saved, not learned."""
        if "_buffers" not in self.__dict__:
            raise AttributeError("cannot assign buffer before Module.__init__() call")
        _check_name(self, "buffer", name, "_buffers")
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(
                f"cannot assign '{_type_name(tensor)}' object to buffer '{name}' "
                "(torch Tensor or None required)"
            )
        self._buffers[name] = passed(everywhere.buffer, self, name, tensor)
        if persistent:
            self._non_persistent_buffers_set.discard(name)
        else:
            self._non_persistent_buffers_set.add(name)

    def add_module(self, name: str, module: "Module | None") -> None:
        """Make a module one of the children."""
        if module is not None and not isinstance(module, Module):
            raise TypeError(f"{_type_name(module)} is not a Module subclass")
        _check_name(self, "module", name, "_modules")
        self._modules[name] = passed(everywhere.module, self, name, module)

    register_module = add_module

    def get_submodule(self, target: str) -> "Module":
        """The module at a dotted path."""
        module: Any = self
        for part in target.split(".") if target else ():
            if not hasattr(module, part):
                raise AttributeError(
                    f"{type(module).__name__} has no attribute `{part}`"
                    + did_you_mean(part, module._modules)
                )
            module = getattr(module, part)
            if not isinstance(module, Module):
                raise AttributeError(f"`{part}` is not an nn.Module")
        return module

    def set_submodule(
        self, target: str, module: "Module", strict: bool = False
    ) -> None:
        """Put another module at a dotted path."""
        path, _, name = target.rpartition(".")
        parent = self.get_submodule(path)
        if strict and name not in parent._modules:
            raise AttributeError(f"{type(parent).__name__} has no attribute `{name}`")
        setattr(parent, name, module)

    def get_parameter(self, target: str) -> Parameter:
        """The parameter at a dotted path."""
        path, _, name = target.rpartition(".")
        result = getattr(self.get_submodule(path), name)
        if not isinstance(result, Parameter):
            raise AttributeError(f"`{name}` is not an nn.Parameter")
        return result

    def get_buffer(self, target: str) -> Tensor:
        """The buffer at a dotted path."""
        path, _, name = target.rpartition(".")
        module = self.get_submodule(path)
        if name not in module._buffers:
            raise AttributeError(f"`{name}` is not a buffer")
        result = module._buffers[name]
        assert result is not None, "an empty buffer"
        return result

    # --- walking ----------------------------------------------------------------------

    def named_modules(
        self,
        memo: set[Any] | None = None,
        prefix: str = "",
        remove_duplicate: bool = True,
    ) -> Iterator[tuple[str, "Module"]]:
        """Yield `(path, module)` for this module and all inside it, parents first."""
        memo = set() if memo is None else memo
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self
        for name, child in self._modules.items():
            if child is not None:
                path = f"{prefix}.{name}" if prefix else name
                yield from child.named_modules(memo, path, remove_duplicate)

    def modules(self) -> Iterator["Module"]:
        """Yield this module and all inside it, parents first."""
        return (module for _, module in self.named_modules())

    def named_children(self) -> Iterator[tuple[str, "Module"]]:
        """Yield `(name, module)` for the modules directly inside."""
        seen: set[Module] = set()
        for name, child in self._modules.items():
            if child is not None and child not in seen:
                seen.add(child)
                yield name, child

    def children(self) -> Iterator["Module"]:
        """Yield the modules directly inside."""
        return (child for _, child in self.named_children())

    def _named_members(
        self, registry: str, prefix: str, recurse: bool, remove_duplicate: bool
    ) -> Iterator[tuple[str, Any]]:
        seen: set[int] = set()
        modules = (
            self.named_modules(None, prefix, remove_duplicate)
            if recurse
            else iter([(prefix, self)])
        )
        for path, module in modules:
            for name, member in getattr(module, registry).items():
                if member is None or id(member) in seen:
                    continue
                if remove_duplicate:
                    seen.add(id(member))
                yield (f"{path}.{name}" if path else name), member

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """Yield `(dotted name, parameter)`; a shared one once."""
        return self._named_members("_parameters", prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """Yield the parameters, in the order in which they were registered."""
        return (param for _, param in self.named_parameters(recurse=recurse))

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor]]:
        """Yield `(dotted name, buffer)`."""
        return self._named_members("_buffers", prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """Yield the buffers."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    # --- modes and conversion ---------------------------------------------------------

    def train(self, mode: bool = True) -> Self:
        """Switch this module and all inside it to training, or back."""
        if not isinstance(mode, bool):
            raise ValueError("training mode is expected to be boolean")
        self.training = mode
        for child in self.children():
            child.train(mode)
        return self

    def eval(self) -> Self:
        """Switch this module and all inside it to evaluation."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Say whether the parameters get gradients."""
        for param in self.parameters():
            param.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Remove the gradients of all parameters, or set them to zero."""
        for param in self.parameters():
            clear_gradient(param, set_to_none)

    def apply(self, fn: Callable[["Module"], Any]) -> Self:
        """Call a function with all modules inside, then with this one."""
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def share_memory(self) -> Self:
        """Move parameters and buffers to memory that processes share."""
        for tensor in (*self.parameters(), *self.buffers()):
            tensor.share_memory_()
        return self

    def compile(self, *args: object, **kwargs: object) -> None:
        """Compile what calls of the module record at its first use: `torch.compile`."""
        self.__dict__["_compiles"] = True

    # --- state ------------------------------------------------------------------------

    def state_dict(
        self,
        *args: Any,
        destination: dict[str, Any] | None = None,
        prefix: str = "",
        keep_vars: bool = False,
    ) -> dict[str, Tensor]:
        """The parameters and persistent buffers by dotted name, sharing memory."""
        if args:
            destination = args[0]
            prefix = args[1] if len(args) > 1 else prefix
            keep_vars = args[2] if len(args) > 2 else keep_vars
        return _state_dict.collect(self, destination, prefix, keep_vars)

    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
    ) -> _state_dict.IncompatibleKeys:
        """Copy the tensors of a state into parameters and buffers of the same names.

        Raises:
            RuntimeError: names are missing or unexpected (with `strict`), or shapes
                differ; all of them are listed.
        """
        return _state_dict.load(self, state_dict, strict, assign)

    def _save_to_state_dict(
        self, destination: dict[str, Any], prefix: str, keep_vars: bool
    ) -> None:
        _state_dict.save_own(self, destination, prefix, keep_vars)

    def _load_from_state_dict(
        self,
        state_dict: dict[str, Any],
        prefix: str,
        local_metadata: dict[str, Any],
        strict: bool,
        missing_keys: list[str],
        unexpected_keys: list[str],
        error_msgs: list[str],
    ) -> None:
        _state_dict.load_own(
            self,
            state_dict,
            prefix,
            local_metadata,
            strict,
            missing_keys,
            unexpected_keys,
            error_msgs,
        )

    def _has_extra_state(self) -> bool:
        return type(self).get_extra_state is not Module.get_extra_state

    def _takes_extra_state(self) -> bool:
        return type(self).set_extra_state is not Module.set_extra_state

    def get_extra_state(self) -> Any:
        """What else belongs into the state; overridden by subclasses that have any."""
        raise RuntimeError(
            f"{type(self).__name__} defines no get_extra_state; it has no extra state."
        )

    def set_extra_state(self, state: object) -> None:
        """Take back what `get_extra_state` gave."""
        raise RuntimeError(
            f"{type(self).__name__} defines no set_extra_state; it has no extra state."
        )

    def __getstate__(self) -> dict[str, Any]:
        return dict(self.__dict__)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        for hooks in HOOKS:
            self.__dict__.setdefault(hooks, Hooks())
        self.__dict__.setdefault("_non_persistent_buffers_set", set())

    # --- printing ---------------------------------------------------------------------

    def _get_name(self) -> str:
        return type(self).__name__

    def extra_repr(self) -> str:
        """What stands between the parentheses when the module is printed."""
        return ""

    def __repr__(self) -> str:
        extra = self.extra_repr()
        lines = extra.split("\n") if extra else []
        children = [
            f"({name}): {_indented(repr(child))}"
            for name, child in self._modules.items()
        ]
        if len(lines) == 1 and not children:
            return f"{self._get_name()}({lines[0]})"
        if not lines and not children:
            return f"{self._get_name()}()"
        inside = "\n".join(f"  {line}" for line in itertools.chain(lines, children))
        return f"{self._get_name()}(\n{inside}\n)"


def _indented(text: str) -> str:
    first, *rest = text.split("\n")
    return "\n".join([first, *("  " + line for line in rest)])


def _needs_init(module: Module, what: str) -> None:
    if "_parameters" not in module.__dict__:
        raise AttributeError(f"cannot assign {what} before Module.__init__() call")


def _check_name(module: Module, what: str, name: object, registry: str) -> None:
    if not isinstance(name, str):
        raise TypeError(f"{what} name should be a string. Got {type(name).__name__}")
    if "." in name:
        raise KeyError(f'{what} name can\'t contain ".", got: {name}')
    if not name:
        raise KeyError(f'{what} name can\'t be empty string ""')
    if name not in module.__dict__[registry] and _has(module, name):
        raise KeyError(f"attribute '{name}' already exists")


def _has(module: Module, name: str) -> bool:
    """`hasattr`, without the words of the error, which search all names that there are.

    They were a sixth of the time to build a ResNet-152.
    """
    if type(module).__getattr__ is not Module.__getattr__:
        return hasattr(module, name)
    attributes = module.__dict__
    return (
        name in attributes
        or any(name in attributes.get(registry, ()) for registry in _REGISTRIES)
        or hasattr(type(module), name)
    )


def _type_name(value: object) -> str:
    cls = type(value)
    return "torch.FloatTensor" if cls is Tensor else f"{cls.__module__}.{cls.__name__}"
