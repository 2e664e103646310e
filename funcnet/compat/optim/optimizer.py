"""The base of all optimizers: parameter groups, state, hooks."""

import copy
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias, TypeVar, overload

from funcnet.compat._autograd.accumulate import clear_gradient
from funcnet.compat._engine import executor
from funcnet.compat._messages.keyword_errors import (
    explain_constructor,
    explains_keywords,
)
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.optim._hooks import (
    Hooked,
    changed_by,
)
from funcnet.compat.optim._state import loaded

ParamsT: TypeAlias = (
    Iterable[Tensor] | Iterable[dict[str, Any]] | Iterable[tuple[str, Tensor]]
)

Loss = TypeVar("Loss")
"""The result of a step's closure."""


class _Required:
    def __repr__(self) -> str:
        return "<required parameter>"


required = _Required()


@explains_keywords
class Optimizer(Hooked):
    """Base of all optimizers, as `torch.optim.Optimizer`.

    A subclass writes `step`; hooks run around it, and what it recorded is computed when
    it ends.

    Args:
        params: the tensors to optimize, or dicts that group them with settings of
            their own, or pairs of name and tensor.
        defaults: the settings of groups that do not give their own.
    """

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        explain_constructor(cls)

    def __init__(self, params: ParamsT, defaults: dict[str, Any]) -> None:
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of "
                f"Tensors or dicts, but got {_typename(params)}. "
                "Put the tensor into a list."
            )
        self.defaults = defaults
        self.state: defaultdict[Tensor, Any] = defaultdict(dict)
        self.param_groups: list[dict[str, Any]] = []
        self._make_hooks()
        groups = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)  # type: ignore[arg-type]
        # The rest of building the model would make the first step's program differ
        # from that of all other steps.
        executor.run_pending()

    @overload
    def step(self, closure: None = None) -> None: ...
    @overload
    def step(self, closure: Callable[[], Loss]) -> Loss: ...
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update the parameters; `closure` computes the loss and its gradients."""
        raise NotImplementedError

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Set the gradients to None, or to zero."""
        for group in self.param_groups:
            for p in group["params"]:
                if set_to_none:
                    p._grad = None
                else:
                    clear_gradient(p, set_to_none)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group of parameters, with settings of its own."""
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group must be a dict, but got {type(param_group)}")
        params = param_group["params"]
        if isinstance(params, set):
            raise TypeError(
                "optimizer parameters need to be organized in ordered collections, but "
                "the ordering of tensors in sets will change between runs. Please use "
                "a list instead."
            )
        params = [params] if isinstance(params, Tensor) else list(params)
        named = [isinstance(item, tuple) for item in params]
        if any(named):
            if not all(named):
                raise ValueError(
                    "all optimizer params should be with/without names. Some param "
                    "names are missing"
                )
            param_group["param_names"] = [name for name, _ in params]
            params = [p for _, p in params]
        param_group["params"] = params
        self._check_group(param_group)
        for name, default in self.defaults.items():
            if default is required and name not in param_group:
                raise ValueError(
                    "parameter group didn't specify a value of required optimization "
                    f"parameter {name}"
                )
            param_group.setdefault(name, default)
        self.param_groups.append(param_group)

    def _check_group(self, group: dict[str, Any]) -> None:
        params = group["params"]
        for p in params:
            if not isinstance(p, Tensor):
                raise TypeError(
                    "optimizer can only optimize Tensors, but one of the params is "
                    f"{_typename(p)}"
                )
            if not (p.is_leaf or p._retains_grad):
                raise ValueError("can't optimize a non-leaf Tensor")
        if len({id(p) for p in params}) != len(params):
            warnings.warn(
                "optimizer contains a parameter group with duplicate parameters; in "
                "future, this will cause an error; see github.com/pytorch/pytorch/"
                "issues/40967 for more information",
                stacklevel=outside(),
            )
        others = {id(p) for other in self.param_groups for p in other["params"]}
        if any(id(p) in others for p in params):
            raise ValueError("some parameters appear in more than one parameter group")
        if any(
            ("param_names" in g) != ("param_names" in group) for g in self.param_groups
        ):
            raise ValueError(
                "all optimizer param groups should be with/without names. cannot add "
                f"param group with{'' if 'param_names' in group else 'out'} names to "
                "the optimizer"
            )

    # --- saving ----------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Return the state by parameters' indices, and the settings of the groups."""
        for hook in list(self._optimizer_state_dict_pre_hooks.values()):
            hook(self)
        indices: dict[int, int] = {}
        for group in self.param_groups:
            for p in group["params"]:
                indices.setdefault(id(p), len(indices))
        groups = [
            {k: v for k, v in group.items() if k != "params"}
            | {"params": [indices[id(p)] for p in group["params"]]}
            for group in self.param_groups
        ]
        state = {
            indices[id(p)] if isinstance(p, Tensor) else p: p_state
            for p, p_state in self.state.items()
        }
        result: dict[str, Any] = {"state": state, "param_groups": groups}
        for hook in list(self._optimizer_state_dict_post_hooks.values()):
            result = changed_by(hook(self, result), result)
        return result

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Load the result of `state_dict()`, of this package or of PyTorch."""
        state_dict = state_dict.copy()
        for hook in list(self._optimizer_load_state_dict_pre_hooks.values()):
            state_dict = changed_by(hook(self, state_dict), state_dict)
        groups, saved = self.param_groups, copy.copy(state_dict["param_groups"])
        if len(groups) != len(saved):
            raise ValueError(
                "loaded state dict has a different number of parameter groups"
            )
        for group, other in zip(groups, saved, strict=True):
            if len(group["params"]) != len(other["params"]):
                raise ValueError(
                    "loaded state dict contains a parameter group that doesn't match "
                    "the size of optimizer's group"
                )
        by_index: dict[Any, Tensor] = {}
        for group, other in zip(groups, saved, strict=True):
            by_index |= zip(other["params"], group["params"], strict=True)
        state: defaultdict[Any, Any] = defaultdict(dict)
        scalars: dict[Any, Any] = {}
        for index, p_state in state_dict["state"].items():
            p = by_index.get(index, index)
            state[p] = loaded(p_state, p, scalars) if isinstance(p, Tensor) else p_state
        merged = []
        for group, other in zip(groups, saved, strict=True):
            settings = {k: _copied(v) for k, v in other.items() if k != "params"}
            if "param_names" in group:
                settings["param_names"] = group["param_names"]
            merged.append(settings | {"params": group["params"]})
        self.__setstate__({"state": state, "param_groups": merged})
        for hook in list(self._optimizer_load_state_dict_post_hooks.values()):
            hook(self)

    def __getstate__(self) -> dict[str, Any]:
        return {
            "defaults": self.defaults,
            "state": self.state,
            "param_groups": self.param_groups,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if "_stepping" not in self.__dict__:
            self._make_hooks()
        for group in self.param_groups:  # a setting that an older checkpoint lacks
            for name, default in self.defaults.items():
                group.setdefault(name, default)

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__} ("]
        for index, group in enumerate(self.param_groups):
            lines.append(f"Parameter Group {index}")
            lines += [f"    {k}: {group[k]}" for k in sorted(group) if k != "params"]
        return "\n".join([*lines, ")"])


def _copied(setting: object) -> object:
    return setting if isinstance(setting, Tensor) else copy.deepcopy(setting)


def _typename(x: object) -> str:
    if isinstance(x, Tensor):
        return "torch.FloatTensor" if x.dtype.name == "float32" else "torch.Tensor"
    cls = type(x)
    return (
        cls.__name__
        if cls.__module__ == "builtins"
        else f"{cls.__module__}.{cls.__name__}"
    )


__all__ = [
    "Optimizer",
    "ParamsT",
    "required",
]
