"""Networks by name, and what is known of their weights.

This file is executed twice, as all networks are: here and as
`torchvision.models._api` of compat.
"""

import fnmatch
import importlib
import inspect
import json
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

from funcnet.models import _catalog

from ._backend import load_state_dict, preset, with_weights

__all__ = [
    "Weights",
    "WeightsEnum",
    "get_model",
    "get_model_builder",
    "get_model_weights",
    "get_weight",
    "list_models",
    "register_model",
]

_PACKAGE = __name__.rpartition(".")[0]
_OF_COMPAT = {} if _PACKAGE == "funcnet.models" else _catalog.OF_COMPAT
_FILES = {**_catalog.FILES, **_OF_COMPAT}
_TABLES = Path(__file__).with_name("_weights")


@dataclass
class Weights:
    """Trained weights: where they are, what their inputs need, what is known of them.

    Args:
        url: the address of the file; its name ends with the first digits of its SHA256.
        transforms: makes the transform of the network's inputs.
        meta: categories, number of parameters, metrics and the like.
    """

    url: str
    transforms: Callable[..., Any]
    meta: dict[str, Any]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Weights):
            return NotImplemented
        return self._facts() == other._facts()

    def _facts(self) -> tuple[Any, ...]:
        """What is compared: a `partial` equals no other, so its parts are."""
        made = self.transforms
        if isinstance(made, partial):
            return self.url, self.meta, made.func, made.args, made.keywords
        return self.url, self.meta, made


class WeightsEnum(Enum):
    """The weights that there are for one network; `DEFAULT` is the best of them."""

    @classmethod
    def verify(cls, obj: Any) -> Any:
        """Return a member, given itself or its name; None stays None.

        Raises:
            TypeError: it is no member of this enumeration.
        """
        if isinstance(obj, str):
            return cls[obj.replace(f"{cls.__name__}.", "")]
        if obj is not None and not isinstance(obj, cls):
            raise TypeError(
                f"Invalid Weight class provided; expected {cls.__name__} but received "
                f"{type(obj).__name__}."
            )
        return obj

    def get_state_dict(self, *args: Any, **kwargs: Any) -> Any:
        """Return the arrays by name, from the file; it is downloaded at need.

        Args:
            progress: show how far the download is.
            check_hash: compare the file with the digits in its name.
        """
        return load_state_dict(self.url, *args, **kwargs)

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"

    @property
    def url(self) -> str:
        """The address of the file."""
        url: str = self.value.url
        return url

    @property
    def transforms(self) -> Callable[..., Any]:
        """What makes the transform of the network's inputs."""
        made: Callable[..., Any] = self.value.transforms
        return made

    @property
    def meta(self) -> dict[str, Any]:
        """What is known of the weights."""
        meta: dict[str, Any] = self.value.meta
        return meta


@cache
def _table(file: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads((_TABLES / f"{file}.json").read_text("utf-8"))
    return table


def weights_enum(name: str, module: str) -> Any:
    """The enumeration of weights that a file of networks has under a name."""
    told = _table(module.removeprefix(f"{_PACKAGE}."))[name]
    members = {
        member: Weights(facts["url"], _transforms(facts), _meta(facts["meta"]))
        for member, facts in told["members"].items()
    }
    if told["default"]:
        members["DEFAULT"] = members[told["default"]]
    functional: Any = WeightsEnum  # Enum's form for names that are known when it runs
    made = functional(name, members, module=module)
    made.__doc__ = f"Weights of `{told['builder']}`."
    return made


def _transforms(facts: dict[str, Any]) -> Callable[..., Any]:
    name, settings = facts["transforms"]
    return preset(name, {key: _fixed(value) for key, value in settings.items()})


def _meta(told: dict[str, Any]) -> dict[str, Any]:
    meta = dict(told)
    if isinstance(meta.get("categories"), str):
        meta["categories"] = _table("categories")[meta["categories"]]
    if "min_size" in meta:
        meta["min_size"] = _fixed(meta["min_size"])
    return meta


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


# --- builders -------------------------------------------------------------------------

_makers: dict[str, Callable[..., Any]] = {}


def _stand_in(file: str, name: str) -> Callable[..., Any]:
    """A builder that imports its file when it is first called."""
    module = f"{_PACKAGE}.{file}"

    def builder(*args: Any, **options: Any) -> Any:
        if name not in _makers:
            importlib.import_module(module)
        return _makers[name](*args, **options)

    builder.__name__ = builder.__qualname__ = name
    builder.__module__ = module
    builder.__doc__ = f"Build `{name}`, a network of `{module}`."
    return builder


BUILTIN_MODELS: dict[str, Callable[..., Any]] = {
    name: _stand_in(file, name)
    for file, listed in _FILES.items()
    for name in listed.split()
    if _catalog.is_builder(name)
}


def network(
    weights: type[WeightsEnum],
    *,
    adjust: Callable[[dict[str, Any], Any], None] | None = None,
    rename: Callable[[str], str] | None = None,
    whole: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate what builds a network: let it take `weights` and `progress`.

    Also as scripts wrote it earlier, `pretrained=True`.

    Args:
        weights: which there are.
        adjust: sets options that weights ask for; the number of classes by default.
        rename: gives the name today of an array in the files of weights.
        whole: the function takes `weights` and `progress` itself, and loads them.
    """

    def decorate(build: Callable[..., Any]) -> Callable[..., Any]:
        name = build.__name__
        positional = [
            *("weights", "progress"),
            *(
                name
                for name in inspect.signature(build).parameters
                if name not in ("weights", "progress", "options")
            ),
        ]

        def make(*args: Any, **options: Any) -> Any:
            options |= _named(positional, args)
            chosen = weights.verify(_without_legacy(name, weights, options))
            progress = options.pop("progress", True)
            if whole:
                return build(weights=chosen, progress=progress, **options)
            if chosen is None:
                return build(**options)
            (adjust or number_of_classes)(options, chosen)
            return with_weights(build(**options), chosen, progress)

        builder = BUILTIN_MODELS[name]
        _makers[name] = make
        if rename is not None:
            _catalog.older_names.add(rename)
        builder.__doc__ = build.__doc__
        builder.__signature__ = _signature(weights, build)  # type: ignore[attr-defined]
        return builder

    return decorate


def number_of_classes(options: dict[str, Any], weights: WeightsEnum) -> None:
    """Set `num_classes` to that of the weights, or raise if it is another."""
    set_option(options, "num_classes", len(weights.meta["categories"]))


def set_option(options: dict[str, Any], name: str, value: Any) -> None:
    """Set what weights ask for; raise if the caller said otherwise."""
    given = options.setdefault(name, value)
    if given != value:
        raise ValueError(
            f"The parameter '{name}' expected value {value} but got {given} instead."
        )


def _signature(weights: Any, build: Callable[..., Any]) -> inspect.Signature:
    kind = inspect.Parameter.KEYWORD_ONLY
    options = inspect.Parameter("kwargs", inspect.Parameter.VAR_KEYWORD, annotation=Any)
    inner = [
        one.replace(kind=kind)
        for one in inspect.signature(build).parameters.values()
        if one.name not in ("weights", "progress", "options")
    ]
    first = inspect.Parameter("weights", kind, default=None, annotation=weights | None)
    progress = inspect.Parameter("progress", kind, default=True, annotation=bool)
    return inspect.Signature([first, progress, *inner, options])


def _named(positional: list[str], args: tuple[Any, ...]) -> dict[str, Any]:
    """Arguments by name that were given by position, with torchvision's warning."""
    named = dict(zip(positional, args, strict=False))
    if len(args) > len(positional):
        raise TypeError(f"{len(args)} positional arguments, {len(positional)} at most")
    if named:
        shown = "and ".join(", ".join(f"'{name}'" for name in named).rsplit(", ", 1))
        _warn(
            f"Using {shown} as positional parameter(s) is deprecated since 0.13 and "
            "may be removed in the future. Please use keyword parameter(s) instead."
        )
    return named


def _without_legacy(
    name: str, weights: type[WeightsEnum], options: dict[str, Any]
) -> Any:
    """Take the weights out of the options, also where they say `pretrained`."""
    given = options.pop("weights", None)
    old = "pretrained" in options
    if old:
        given = options.pop("pretrained")
    elif not isinstance(given, bool) and given != "legacy":
        return given
    legacy = None
    if given:
        file = weights.__module__.removeprefix(f"{_PACKAGE}.")
        member = _table(file)[weights.__name__]["legacy"]
        if member is None:
            raise ValueError(f"No weights available for model {name}")
        legacy = weights[member]
    if old:
        _warn(
            "The parameter 'pretrained' is deprecated since 0.13 and may be removed in "
            "the future, please use 'weights' instead."
        )
    best = f" You can also use `weights={weights.__name__}.DEFAULT` to get the most "
    _warn(
        "Arguments other than a weight enum or `None` for 'weights' are deprecated "
        "since 0.13 and may be removed in the future. The current behavior is "
        f"equivalent to passing `weights={legacy}`."
        + (f"{best}up-to-date weights." if legacy else "")
    )
    return legacy


def _warn(text: str) -> None:
    here = inspect.currentframe()
    depth = 1
    while here is not None and here.f_globals.get("__name__") == __name__:
        here, depth = here.f_back, depth + 1
    warnings.warn(text, UserWarning, stacklevel=depth)


# --- by name --------------------------------------------------------------------------


def register_model(
    name: str | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a builder so that `get_model` finds it, under its own or another name.

    Raises:
        ValueError: the name is taken.
    """

    def register(builder: Callable[..., Any]) -> Callable[..., Any]:
        key = name or builder.__name__
        if key in BUILTIN_MODELS:
            raise ValueError(f"An entry is already registered under the name '{key}'.")
        BUILTIN_MODELS[key] = builder
        return builder

    return register


def list_models(
    module: ModuleType | None = None,
    include: Iterable[str] | str | None = None,
    exclude: Iterable[str] | str | None = None,
) -> list[str]:
    """List the names of the networks that there are.

    Args:
        module: only those of a package, such as `models` itself.
        include: patterns as in a shell; a name is listed that matches one of them.
        exclude: patterns of names that are left out.
    """
    listed = {
        name
        for name, builder in BUILTIN_MODELS.items()
        if module is None or builder.__module__.rpartition(".")[0] == module.__name__
    }
    if include:
        listed = _matching(listed, include)
    return sorted(listed - _matching(listed, exclude or ()))


def _matching(names: set[str], patterns: Iterable[str] | str) -> set[str]:
    several = [patterns] if isinstance(patterns, str) else patterns
    return {name for pattern in several for name in fnmatch.filter(names, pattern)}


def get_model_builder(name: str) -> Callable[..., Any]:
    """Return the function that builds the network with a name.

    Raises:
        ValueError: there is no such network.
    """
    if name.lower() not in BUILTIN_MODELS:
        raise ValueError(f"Unknown model {name.lower()}")
    return BUILTIN_MODELS[name.lower()]


def get_model(name: str, **config: Any) -> Any:
    """Build the network with a name.

    Args:
        config: arguments of its builder.
    """
    return get_model_builder(name)(**config)


def get_model_weights(name: Callable[..., Any] | str) -> Any:
    """Return the enumeration of a network's weights.

    Args:
        name: of the network, or its builder.

    Raises:
        ValueError: there is none.
    """
    builder = get_model_builder(name) if isinstance(name, str) else name
    importlib.import_module(builder.__module__)  # it adds the signature
    given = inspect.signature(builder).parameters.get("weights")
    if given is None:
        raise ValueError("The method is missing the 'weights' argument.")
    for one in (given.annotation, *getattr(given.annotation, "__args__", ())):
        if isinstance(one, type) and issubclass(one, WeightsEnum):
            return one
    raise ValueError("The WeightsEnum class for the specific method couldn't be found.")


def get_weight(name: str) -> Any:
    """Return weights by their full name, such as "ResNet50_Weights.IMAGENET1K_V2".

    Raises:
        ValueError: there is no such enumeration.
    """
    enumeration, dot, member = name.partition(".")
    if not dot or "." in member:
        raise ValueError(f"Invalid weight name provided: '{name}'.")
    for file, listed in _FILES.items():
        if enumeration.endswith("_Weights") and enumeration in listed.split():
            module = importlib.import_module(f"{_PACKAGE}.{file}")
            return getattr(module, enumeration)[member]
    raise ValueError(
        f"The weight enum '{enumeration}' for the specific method couldn't be "
        "retrieved."
    )
