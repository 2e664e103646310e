"""The registry: every public name of an operation, and the function behind it.

A module names what it has with one of these, and does nothing else when it is imported:

    @operation("add", inplace=True)                # of arrays; recorded; has `out=`
    def add(input, other, *, alpha=1): ...

    @register("allclose", out=True)                # of tensors
    def allclose(input, other, rtol=1e-05): ...

    _ALL_CLOSE = recorded("allclose")(...)         # an operation without public name
    register_attribute("grad", get, put)           # a property of tensors

A name is where PyTorch's documentation has it, without "torch": "add" is `torch.add`,
and `Tensor.add` besides unless `method=False`; "linalg.norm" is a function there;
"Tensor.item" is a method only. `_surface` lays all of it over the public modules.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import FunctionType
from typing import Any, Final, TypeVar

from funcnet.compat._engine.op import Op
from funcnet.compat._ops.forms import (
    Public,
    attribute_form,
    checked_form,
    function_form,
    inplace_form,
    operation_form,
)

Function = TypeVar("Function")

_METHOD: Final = "Tensor."


@dataclass(frozen=True, slots=True)
class Registration:
    """A public name.

    Attributes:
        path: where it is, without "torch": "add", "Tensor.add_", "linalg.norm".
        public: what the user gets: a function, method, property or class.
        formula: what computes: of arrays if it is an operation, else of tensors.
        op: the operation that is recorded, if it is one.
        has_out: whether it takes `out=`.
        overridable: whether `__torch_function__` is asked about it.
        alias_of: the path that has the same function, if it is not the first.
    """

    path: str
    public: Any
    formula: Any
    op: Op | None = None
    has_out: bool = False
    overridable: bool = True
    alias_of: str = ""


REGISTRY: Final[dict[str, Registration]] = {}
"""All of them, by path."""

FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {}
"""What `torch.NAME` is; `NAME` may have dots."""

METHODS: Final[dict[str, Any]] = {}
"""What `Tensor.NAME` is."""


# --- the decorators ------------------------------------------------------------------


def operation(
    *names: str,
    method: bool = True,
    inplace: bool = False,
    inplace_function: bool = False,
    grad_name: str | None = None,
    return_type: Callable[..., Any] | None = None,
    differentiable: bool = True,
    validate: Callable[..., None] | None = None,
    scalars_as_inputs: bool = False,
    undefined: str = "",
    doc: str = "",
) -> Callable[[Public], Public]:
    """Register a function of arrays: what is called with tensors is recorded.

    Args:
        names: where it is; the first is its own name, which errors and `grad_fn` have.
        method: whether names without a dot are methods of tensors, too.
        inplace: whether the methods have a form that writes into the tensor.
        inplace_function: whether the functions have one, too: `torch.relu_`.
        grad_name: of `grad_fn`, if it is not made of the name.
        return_type: makes what the user gets of a tuple of tensors: a named tuple.
        differentiable: whether it has a gradient at all.
        validate: looks at the operands before they are recorded, and may raise.
        scalars_as_inputs: Python numbers among the tensors are inputs of the program,
            so that another number does not compile another program.
        undefined: what PyTorch says has no derivative; see `Op`.
        doc: the docstring of a function that is made here.
    """
    record = recorded(
        names[0],
        grad_name=grad_name,
        return_type=return_type,
        differentiable=differentiable,
        validate=validate,
        scalars_as_inputs=scalars_as_inputs,
        undefined=undefined,
    )
    enter = register(
        *names,
        method=method,
        inplace=inplace,
        inplace_function=inplace_function,
        doc=doc,
    )
    return lambda run: enter(record(run))


def recorded(
    name: str,
    *,
    grad_name: str | None = None,
    return_type: Callable[..., Any] | None = None,
    differentiable: bool = True,
    validate: Callable[..., None] | None = None,
    scalars_as_inputs: bool = False,
    undefined: str = "",
) -> Callable[[Public], Public]:
    """Make an operation of a function of arrays, which has no public name by that.

    For the arguments see `operation`.
    """

    def enter(run: Any) -> Any:
        op = Op(name.removeprefix(_METHOD), run, grad_name, undefined)
        form = partial(
            operation_form,
            op,
            scalars_as_inputs=scalars_as_inputs,
            return_type=return_type,
            differentiable=differentiable,
            validate=validate,
        )
        return _recorder(form, op)

    return enter


def register(
    *names: str,
    method: bool = True,
    inplace: bool = False,
    inplace_function: bool = False,
    out: bool = False,
    settings: frozenset[str] = frozenset(),
    of_data: bool = False,
    overridable: bool = True,
    doc: str = "",
) -> Callable[[Function], Function]:
    """Register a function of tensors, or what `recorded` gave.

    Args:
        names, method, inplace, inplace_function, doc: see `operation`.
        out: give it the argument `out=`.
        settings: the keywords that it takes as `**settings`.
        of_data: it takes data of any kind: only modes are asked, not its arguments.
        overridable: whether `__torch_function__` is asked at all.
    """
    functions = [name for name in names if not name.startswith(_METHOD)]
    methods = [name for name in names if name.startswith(_METHOD)]
    if method:
        methods += [_METHOD + name for name in functions if "." not in name]
    groups = [*_by_module(functions), methods] if methods else _by_module(functions)
    asks = overridable and not _NOT_OVERRIDABLE(names[0])

    def enter(run: Any) -> Any:
        if hasattr(run, "_torch_name"):  # has another name already
            run = getattr(run, "recorder", None) or run.__wrapped__
        op = getattr(run, "op", None)
        formula = run if op is None else op.run
        if isinstance(formula, FunctionType):
            _name_formula(formula, names[0], doc)

        def form() -> Any:
            if op is not None:
                return run.form(asks=asks)
            if not isinstance(run, FunctionType) or not (functions or asks):
                return run
            if out or settings:
                return checked_form(names[0], run, settings, out, asks)
            return function_form(run, of_data, asks)

        result = [form() for _ in groups]
        for paths, public in zip(groups, result, strict=True):
            if op is not None:
                public.recorder = run
            _add(paths, public, formula, op, out or op is not None, asks)
        if inplace:
            for path in methods:
                if not path.endswith("__"):
                    register_inplace(f"{path}_")(result[0])
        if inplace_function:
            for path in functions:
                if "." not in path:
                    register_inplace(f"{path}_")(result[0])
        return result[0]

    return enter


def register_inplace(*names: str) -> Callable[[Function], Function]:
    """Register the form of a function that writes into its first argument: `relu_`."""
    functions = [name for name in names if not name.startswith(_METHOD)]
    methods = [name for name in names if name.startswith(_METHOD)]

    def enter(function: Any) -> Any:
        formula = inspect.unwrap(function)
        for paths in (functions, methods):
            if paths:
                base = paths[0].rpartition(".")[2].removesuffix("_")
                _add(paths, inplace_form(base, function), formula, None, False, True)
        return function

    return enter


def register_attribute(
    name: str,
    get: Callable[[Any], Any],
    put: Callable[[Any, Any], Any] | None = None,
) -> None:
    """Register a property of tensors."""
    public: Any = property(get, put)
    private = name.startswith("_")
    if not private:
        public = attribute_form(name, get, put)
        for step in (public.fget, public.fset):
            if step is not None:
                step._torch_name = f"torch.Tensor.{name}"
    _enter(Registration(_METHOD + name, public, get, overridable=not private))


def register_operator(name: str, public: Public) -> None:
    """Register a method of Python's protocols that asks by itself: `__add__`."""
    _add([_METHOD + name], public, public, None, False, True)


# --- what they do --------------------------------------------------------------------


def _add(
    paths: list[str],
    public: Any,
    formula: Callable[..., Any],
    op: Op | None,
    out: bool,
    asks: bool,
) -> None:
    """Register one function under all of these paths; the first is its own."""
    _name(public, paths[0], formula)
    for path in paths:
        alias_of = paths[0] if path != paths[0] else ""
        _enter(Registration(path, public, formula, op, out, asks, alias_of))


def _enter(entry: Registration) -> None:
    assert entry.path not in REGISTRY, f"{entry.path} is registered twice"
    REGISTRY[entry.path] = entry
    if entry.path.startswith(_METHOD):
        METHODS[entry.path.removeprefix(_METHOD)] = entry.public
    else:
        FUNCTIONS[entry.path] = entry.public


def _by_module(paths: list[str]) -> list[list[str]]:
    """Group the paths that show one function: `nn.functional` mostly has its own."""
    own = [path for path in paths if path.startswith(_NN)]
    rest = [path for path in paths if not path.startswith(_NN)]
    if not own or not rest or _SHARED(own[0].removeprefix(_NN)):
        return [paths] if paths else []
    return [own, rest] if paths[0] in own else [rest, own]


_NN: Final = "nn.functional."
# Which functions are those of `torch` itself; others only compute the same.
_SHARED: Final = re.compile(
    r"conv(_transpose)?\dd|(adaptive_)?avg_pool1d|pixel_(un)?shuffle|bilinear|"
    r"channel_shuffle|cosine_similarity|hardshrink|pairwise_distance|pdist|prelu"
).fullmatch


def _recorder(form: Any, op: Op) -> Any:
    """What calls an operation; `register` makes the public forms of it."""
    call = form(asks=False)
    call.__name__ = call.__qualname__ = op.name
    call.__doc__, call.__module__ = op.run.__doc__, op.run.__module__
    call.__wrapped__, call.op, call.form = op.run, op, form
    return call


# Of modules that PyTorch does not ask about, and private methods.
_NOT_OVERRIDABLE: Final = re.compile(r"(masked|signal)\.|Tensor\._(?!_)").match

# What PyTorch writes in Python, in a module `torch.functional` of its own.
_IN_FUNCTIONAL: Final = frozenset(
    (
        *("split", "einsum", "norm", "stft", "istft", "meshgrid", "cdist", "unique"),
        *("unique_consecutive", "block_diag", "tensordot", "chain_matmul", "lu"),
        *("broadcast_tensors", "atleast_1d", "atleast_2d", "atleast_3d"),
        *("cartesian_prod", "unravel_index"),
    )
)


def _name(public: Any, path: str, formula: Callable[..., Any]) -> None:
    """Say in a public form where the user has it and what it shows.

    By `__module__` and `__qualname__` it can be pickled.
    """
    if not isinstance(public, FunctionType):
        return
    home, _, name = path.rpartition(".")
    if home == "Tensor":
        home, name = "", path
    public.__name__ = path.rpartition(".")[2]
    public.__qualname__ = name
    public.__module__ = f"funcnet.compat.{home}".rstrip(".")
    shown = f"functional.{path}" if path in _IN_FUNCTIONAL else path
    public._torch_name = f"torch.{shown}"  # type: ignore[attr-defined]
    if formula is None or formula is public:
        return
    public.__wrapped__ = formula  # type: ignore[attr-defined]
    public.__doc__ = public.__doc__ or formula.__doc__


def _name_formula(formula: FunctionType, path: str, doc: str) -> None:
    """Name a function that was made by another, for errors of its arguments."""
    if doc:
        formula.__doc__ = doc
    if "<l" in formula.__qualname__:  # <locals>, <lambda>
        formula.__name__ = formula.__qualname__ = path.rpartition(".")[2]
