"""`state_dict` and `load_state_dict`: names, tensors, and what does not fit."""

import warnings
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, NamedTuple

from funcnet.compat._core.context import no_grad
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.views import alias
from funcnet.compat.nn.parameter import Parameter

EXTRA = "_extra_state"


class _Keys(NamedTuple):
    missing_keys: list[str]
    unexpected_keys: list[str]


class IncompatibleKeys(_Keys):
    """What `load_state_dict` returns: names and tensors that found no partner."""

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return (
            f"_IncompatibleKeys(missing_keys={self.missing_keys}, "
            f"unexpected_keys={self.unexpected_keys})"
        )

    __str__ = __repr__


def collect(
    module: Any, destination: dict[str, Any] | None, prefix: str, keep_vars: bool
) -> Any:
    """The state of a module and of all inside it."""
    if destination is None:
        destination = OrderedDict()
        destination._metadata = OrderedDict()  # type: ignore[attr-defined]
    metadata = {"version": module._version}
    if hasattr(destination, "_metadata"):
        destination._metadata[prefix[:-1]] = metadata
    for hook in list(module._state_dict_pre_hooks.values()):
        hook(module, prefix, keep_vars)
    module._save_to_state_dict(destination, prefix, keep_vars)
    for name, child in module._modules.items():
        if child is not None:
            child.state_dict(
                destination=destination, prefix=f"{prefix}{name}.", keep_vars=keep_vars
            )
    for hook in list(module._state_dict_hooks.values()):
        replaced = hook(module, destination, prefix, metadata)
        if replaced is None:
            continue
        if getattr(hook, "_from_public_api", False):
            raise RuntimeError("state_dict post-hook must return None")
        destination = replaced
    return destination


def _same(x: Tensor) -> Tensor:
    """The same memory outside the gradient graph."""
    return x.detach() if x._sparse else alias(x)


def save_own(
    module: Any, destination: dict[str, Any], prefix: str, keep_vars: bool
) -> None:
    """Put the tensors that a module itself holds into a state."""
    for name, param in module._parameters.items():
        if param is not None:
            destination[prefix + name] = param if keep_vars else _same(param)
    for name, buffer in module._buffers.items():
        if buffer is not None and name not in module._non_persistent_buffers_set:
            destination[prefix + name] = buffer if keep_vars else _same(buffer)
    if module._has_extra_state():
        destination[prefix + EXTRA] = module.get_extra_state()


def load(
    module: Any, state: Mapping[str, Any], strict: bool, assign: bool
) -> IncompatibleKeys:
    """Copy a state into a module and all inside it."""
    if not isinstance(state, Mapping):
        raise TypeError(
            f"Expected state_dict to be dict-like, got {type(state)}. Write "
            "model.load_state_dict(torch.load(path))."
        )
    missing: list[str] = []
    unexpected: list[str] = []
    errors: list[str] = []
    metadata = getattr(state, "_metadata", {})
    state = OrderedDict(state)
    state._metadata = metadata  # type: ignore[attr-defined]

    def descend(target: Any, part: Any, prefix: str) -> None:
        local = dict(metadata.get(prefix[:-1], {}))
        if assign:
            local["assign_to_params_buffers"] = True
        target._load_from_state_dict(
            part, prefix, local, True, missing, unexpected, errors
        )
        for name, child in target._modules.items():
            if child is not None:
                below = f"{prefix}{name}."
                inside = {k: v for k, v in part.items() if k.startswith(below)}
                descend(child, inside, below)
        keys = IncompatibleKeys(missing, unexpected)
        for hook in list(target._load_state_dict_post_hooks.values()):
            if hook(target, keys) is not None:
                raise AssertionError(
                    "Hooks registered with ``register_load_state_dict_post_hook`` are "
                    "not expected to return new values, if incompatible_keys need to "
                    "be modified, it should be done inplace."
                )

    descend(module, state, "")
    if strict:
        if unexpected:
            errors.insert(
                0, f"Unexpected key(s) in state_dict: {_quoted(unexpected)}. "
            )
        if missing:
            errors.insert(0, f"Missing key(s) in state_dict: {_quoted(missing)}. ")
    if errors:
        lines = "\n\t".join(errors)
        raise RuntimeError(
            f"Error(s) in loading state_dict for {type(module).__name__}:\n\t{lines}"
            + _prefix_hint(missing, unexpected)
        )
    return IncompatibleKeys(missing, unexpected)


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _prefix_hint(missing: list[str], unexpected: list[str]) -> str:
    """Say so when all names would fit without the prefix of nn.DataParallel."""
    stripped = {name.removeprefix("module.") for name in unexpected}
    if missing and stripped == set(missing):
        return (
            '\n\tAll names fit without the prefix "module.", which nn.DataParallel '
            'adds: load {k.removeprefix("module."): v for k, v in state.items()}.'
        )
    return ""


def load_own(
    module: Any,
    state: dict[str, Any],
    prefix: str,
    local_metadata: dict[str, Any],
    strict: bool,
    missing: list[str],
    unexpected: list[str],
    errors: list[str],
) -> None:
    """Copy the tensors of a state that a module itself holds."""
    for hook in list(module._load_state_dict_pre_hooks.values()):
        hook(state, prefix, local_metadata, strict, missing, unexpected, errors)
    persistent = {
        name: buffer
        for name, buffer in module._buffers.items()
        if name not in module._non_persistent_buffers_set
    }
    own = {n: x for n, x in (module._parameters | persistent).items() if x is not None}
    assign = local_metadata.get("assign_to_params_buffers", False)
    for name, mine in own.items():
        key = prefix + name
        if key not in state:
            if strict:
                missing.append(key)
            continue
        _copy(module, name, mine, state[key], key, assign, errors)
    extra = prefix + EXTRA
    if module._takes_extra_state():
        if extra in state:
            module.set_extra_state(state[extra])
        elif strict:
            missing.append(extra)
    elif strict and extra in state:
        unexpected.append(extra)
    if strict:
        for key in state:
            if not key.startswith(prefix) or key == extra:
                continue
            first, *further = key[len(prefix) :].split(".", 1)
            if first not in (module._modules if further else own):
                unexpected.append(key)


def _copy(
    module: Any,
    name: str,
    mine: Tensor,
    given: Tensor,
    key: str,
    assign: bool,
    errors: list[str],
) -> None:
    if not isinstance(given, Tensor):
        errors.append(
            f'While copying the parameter named "{key}", expected torch.Tensor or '
            f"Tensor-like object from checkpoint but received {type(given)}"
        )
        return
    if not mine.shape and tuple(given.shape) == (1,):
        given = given[0]  # scalars of PyTorch 0.3
    if mine.shape != given.shape:
        errors.append(
            f"size mismatch for {key}: copying a param with shape {given.shape} from "
            f"checkpoint, the shape in current model is {mine.shape}."
        )
        return
    with no_grad():
        if not assign and mine.is_meta and not given.is_meta:
            warnings.warn(
                f"for {key}: copying from a non-meta parameter in the checkpoint to a "
                "meta parameter in the current model, which is a no-op. (Did you mean "
                "to pass `assign=True` to assign items in the state dictionary to "
                "their corresponding key in the module instead of copying them in "
                "place?)",
                stacklevel=outside(),
            )
        try:
            if assign:
                _assign(module, name, mine, given)
            else:
                mine.copy_(given)
        except Exception as error:
            errors.append(
                f'While copying the parameter named "{key}", whose dimensions in the '
                f"model are {mine.size()} and whose dimensions in the checkpoint are "
                f"{given.shape}, an exception occurred : {error.args}."
            )


def _assign(module: Any, name: str, mine: Tensor, given: Tensor) -> None:
    """Put a tensor in the place of another, which it requires gradients like."""
    if isinstance(mine, Parameter):
        if isinstance(given, Parameter):
            given.requires_grad_(mine.requires_grad)
        else:
            given = type(mine)(alias(given), mine.requires_grad)
    setattr(module, name, given)
