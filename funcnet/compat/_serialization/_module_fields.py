"""The fields of modules, as PyTorch's classes have them and as ours do.

A module is written as the fields of PyTorch's class of its name, and rebuilt from them:
its settings make the description of the layer anew, and nothing is called.
"""

import dataclasses
from collections import OrderedDict
from typing import Any, Final

from funcnet.checkpoint import CheckpointError
from funcnet.checkpoint.pth._errors import DamagedError, RefusedError
from funcnet.compat._core.removable_handle import Hooks
from funcnet.compat._serialization._special_fields import READ, WRITE
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import Module
from funcnet.compat.nn._module.hooks_mixin import NAMES as HOOKS
from funcnet.compat.nn._module.layer import interned, members
from funcnet.compat.nn._module.native_module import NativeModule
from funcnet.compat.nn.modules.lazy import _Lazy
from funcnet.compat.nn.parameter import Parameter

_GROUPS: Final[dict[str, type[Any]]] = {
    "_parameters": Parameter,
    "_buffers": Tensor,
    "_modules": Module,
}
_PYTORCHS_HOOKS: Final = (
    *("_backward_pre_hooks", "_backward_hooks", "_forward_hooks"),
    *("_forward_hooks_with_kwargs", "_forward_hooks_always_called"),
    *("_forward_pre_hooks", "_forward_pre_hooks_with_kwargs", "_state_dict_hooks"),
    *("_state_dict_pre_hooks", "_load_state_dict_pre_hooks"),
    "_load_state_dict_post_hooks",
)
_COMMON: Final = {
    *_GROUPS,
    *HOOKS,
    *_PYTORCHS_HOOKS,
    "training",
    "_native",
    "_by_formula",
    "_changes",
} | {
    *("_non_persistent_buffers_set", "_is_full_backward_hook"),
}


def to_pytorch(module: Module, path: str) -> dict[str, Any]:
    """Return the fields that PyTorch's module of this class has.

    Raises:
        CheckpointError: the module has hooks, or has not seen its first input yet.
    """
    if isinstance(module, _Lazy):
        raise CheckpointError(
            f"{path} is a {type(module).__name__} that has not seen an input. Call the "
            "model once before it is saved."
        )
    ours = module.__getstate__()
    if any(ours.get(hooks) for hooks in HOOKS):
        raise CheckpointError(
            f"{path} has hooks, which are functions. Save model.state_dict(), or "
            "remove the hooks first."
        )
    own = {name: value for name, value in ours.items() if name not in _COMMON}
    if isinstance(module, NativeModule):
        layer: Any = module.native_class  # whose class variables are no settings
        fixed = {*layer.__dataclass_fields__} - _settings(module)
        own = {name: value for name, value in own.items() if name not in fixed}
    fields: dict[str, Any] = {"training": ours["training"]}
    fields |= {group: dict(ours[group]) for group in ("_parameters", "_buffers")}
    fields["_non_persistent_buffers_set"] = set(ours["_non_persistent_buffers_set"])
    fields |= {hooks: OrderedDict() for hooks in _PYTORCHS_HOOKS}
    fields |= {
        "_is_full_backward_hook": None,
        "_modules": dict(ours["_modules"]),
        **own,
    }
    for classes, write in WRITE:
        if isinstance(module, classes):
            write(module, fields)
    return fields


def from_pytorch(module: Module, fields: dict[str, Any]) -> dict[str, Any]:
    """Our fields of a new module from those in a file.

    Raises:
        DamagedError: they are not those of a module of this class.
        RefusedError: it was saved with hooks.
    """
    name = type(module).__name__
    if type(fields) is not dict or not all(type(key) is str for key in fields):
        raise DamagedError(f"a {name} has no fields.")
    if any(fields.get(hooks) for hooks in _PYTORCHS_HOOKS):
        raise RefusedError(f"a {name} was saved with hooks, which are functions.")
    ours: dict[str, Any] = {"training": bool(fields.get("training", True))}
    for group, cls in _GROUPS.items():
        ours[group] = _checked(fields.get(group, {}), cls, f"{group} of a {name}")
    non_persistent = fields.get("_non_persistent_buffers_set") or set()
    if type(non_persistent) is not set:
        raise DamagedError(f"the buffers of a {name} are not listed in a set.")
    ours["_non_persistent_buffers_set"] = non_persistent
    ours |= {hooks: Hooks() for hooks in HOOKS}
    own = {key: value for key, value in fields.items() if key not in _COMMON}
    settings: dict[str, Any] | None = None
    for classes, read in READ:
        if isinstance(module, classes):
            settings = read(own, ours)
    if isinstance(module, NativeModule):
        given = _given(module, own, ours) if settings is None else settings
        ours["_native"] = _description(module, given, ours["_parameters"])
    return ours | own


def _checked(members: Any, cls: type, what: str) -> dict[str, Any]:
    """A dict of parameters, buffers or modules."""
    if not isinstance(members, dict) or not all(
        type(name) is str and (value is None or isinstance(value, cls))
        for name, value in members.items()
    ):
        raise DamagedError(f"the {what} are no dict of these.")
    return dict(members)


def _settings(module: NativeModule) -> set[str]:
    layer: Any = module.native_class
    return {field.name for field in dataclasses.fields(layer)}


def _given(
    module: NativeModule, own: dict[str, Any], ours: dict[str, Any]
) -> dict[str, Any]:
    """The settings of a layer among the fields of its module."""
    result = ours["_parameters"]
    given = {name: own[name] for name in _settings(module) if name in own}
    for name in module.optional:
        if name in _settings(module):
            given[name] = result.get(name) is not None
    return given


def _is_plain(value: object) -> bool:
    """Return whether a value can be a setting."""
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, bool | int | float | str)


def _description(module: NativeModule, given: dict[str, Any], file_params: Any) -> Any:
    """The description of a layer with the settings of a file.

    It must have the parameters that the file has, or the values would be misread.
    """
    layers = given.get("num_layers", 0)
    if type(layers) is not int or layers > len(file_params):
        raise DamagedError(f"a {type(module).__name__} has fewer layers than it says.")
    if not all(map(_is_plain, given.values())):
        raise DamagedError(f"a {type(module).__name__} has settings that are none.")
    try:
        layer = module.native_class(**given)
        params, _ = members(layer)
    except Exception as error:  # whatever a layer says of settings that make no sense
        raise DamagedError(
            f"a {type(module).__name__} cannot have the settings of the file: {error}"
        ) from None
    for name, wanted in params.items():
        if isinstance(wanted, dict):
            continue  # a child's
        tensor = file_params.get(name)
        if tensor is None or tuple(tensor.shape) != tuple(wanted.shape):
            raise DamagedError(
                f"{name} of a {type(module).__name__} does not have the shape "
                f"{wanted.shape} that its settings demand."
            )
    return interned(layer)
