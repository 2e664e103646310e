"""The registry: every public name of an operation, and the function behind it.

A module names what it has with one of these, and does nothing else when it is imported:

    @operation("add", inplace=True)                # of arrays; recorded; has `out=`
    def add(input, other, *, alpha=1): ...

    @register("allclose", out=True)                # of tensors
    def allclose(input, other, rtol=1e-05): ...

    _ALL_CLOSE = recorded("allclose")(...)         # an operation without public name
    register_attribute("grad", get, put)           # a property of tensors
    @register_kernel("native_dropout_backward")    # torch.ops.aten.NAME, nothing else

A name is where PyTorch's documentation has it, without "torch": "add" is `torch.add`,
and `Tensor.add` besides unless `method=False`; "linalg.norm" is a function there;
"Tensor.item" is a method only. `_surface` lays all of it over the public modules.

What a public name calls is made in `forms.py`; what it is called, in `naming.py`.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import FunctionType
from typing import Any, Final, TypedDict, TypeVar, Unpack

from funcnet.compat._core.strides import ResultStrides
from funcnet.compat._engine.op import Op
from funcnet.compat._ops.forms import (
    Public,
    attribute_form,
    checked_form,
    function_form,
    inplace_form,
    operation_form,
)
from funcnet.compat._ops.naming import (
    METHOD,
    group_by_module,
    is_internal,
    name_formula,
    name_public,
)

Function = TypeVar("Function")


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
        alias_of: the path of the same function, if this is not its first.
    """

    path: str
    public: Any
    formula: Any
    op: Op | None = None
    has_out: bool = False
    overridable: bool = True
    alias_of: str = ""


REGISTRY: Final[dict[str, Registration]] = {}
"""All registrations, by path."""

OPERATIONS: Final[dict[str, Op]] = {}
"""What is recorded, by the operation's name; the first of several of one name."""

FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {}
"""What `torch.NAME` is; `NAME` may have dots."""

METHODS: Final[dict[str, Any]] = {}
"""What `Tensor.NAME` is."""

KERNELS: Final[dict[str, Callable[..., Any]]] = {}
"""What only `torch.ops.aten.NAME` is."""


# --- the decorators ------------------------------------------------------------------


class Recording(TypedDict, total=False):
    """How an operation is recorded: keywords of `operation` and `recorded`.

    Attributes:
        grad_name: of `grad_fn`, if it is not made of the name.
        undefined: what PyTorch says has no derivative; see `Op`.
        strides: those of PyTorch's results, if they are not contiguous.
        return_type: makes what the user gets of a tuple of tensors: a named tuple.
        differentiable: whether it has a gradient at all (by default it has).
        validate: looks at the operands before they are recorded, and may raise.
        scalars_as_inputs: Python numbers among the tensors are inputs of the program,
            so that another number does not compile another program.
    """

    grad_name: str | None
    undefined: str
    strides: ResultStrides
    return_type: Callable[..., Any] | None
    differentiable: bool
    validate: Callable[..., None] | None
    scalars_as_inputs: bool


def operation(
    *names: str,
    method: bool = True,
    inplace: bool = False,
    inplace_function: bool = False,
    doc: str = "",
    **recording: Unpack[Recording],
) -> Callable[[Public], Public]:
    """Register a function of arrays: what is called with tensors is recorded.

    Args:
        names: where it is; the first is its own name, which errors and `grad_fn` have.
        method: whether names without a dot are methods of tensors, too.
        inplace: whether the methods have a form that writes into the tensor.
        inplace_function: whether the functions have one, too: `torch.relu_`.
        doc: the docstring of a function that is made here.
        recording: see `Recording`.
    """
    record = recorded(names[0], **recording)
    enter = register(
        *names,
        method=method,
        inplace=inplace,
        inplace_function=inplace_function,
        doc=doc,
    )
    return lambda run: enter(record(run))


elementwise: Final = partial(operation, strides=ResultStrides.ELEMENTWISE)
"""`operation` for a formula of each element: results lie in memory as the inputs do."""


def recorded(name: str, **recording: Unpack[Recording]) -> Callable[[Public], Public]:
    """Make an operation of a function of arrays, which has no public name by that.

    Args:
        name: what errors and `grad_fn` call it.
        recording: see `Recording`.
    """
    facts, options = _split(recording)

    def enter(run: Any) -> Any:
        op = Op(name.removeprefix(METHOD), run, **facts)
        OPERATIONS.setdefault(op.name, op)
        form = partial(operation_form, op, **options)
        call: Any = form(overridable=False)
        call.__name__ = call.__qualname__ = op.name
        call.__doc__, call.__module__ = run.__doc__, run.__module__
        call.__wrapped__, call.op, call.form = run, op, form
        return call

    return enter


def _split(recording: Recording) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the operation has, and what the function has that records it."""
    of_op = ("grad_name", "undefined", "strides")
    facts = {name: x for name, x in recording.items() if name in of_op}
    options = {name: x for name, x in recording.items() if name not in of_op}
    return facts, options


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
    functions = [name for name in names if not name.startswith(METHOD)]
    methods = [name for name in names if name.startswith(METHOD)]
    if method:
        methods += [METHOD + name for name in functions if "." not in name]
    groups = (
        [*group_by_module(functions), methods]
        if methods
        else group_by_module(functions)
    )
    overridable = overridable and not is_internal(names[0])

    def enter(run: Any) -> Any:
        if hasattr(run, "_torch_name"):  # has another name already
            run = getattr(run, "recorder", None) or run.__wrapped__
        op = getattr(run, "op", None)
        formula = run if op is None else op.run
        if isinstance(formula, FunctionType):
            name_formula(formula, names[0], doc)

        def form() -> Any:
            if op is not None:
                return run.form(overridable=overridable)
            if not isinstance(run, FunctionType) or not (functions or overridable):
                return run
            if out or settings:
                return checked_form(names[0], run, settings, out, overridable)
            return function_form(run, of_data, overridable)

        publics = [form() for _ in groups]
        for paths, public in zip(groups, publics, strict=True):
            if op is not None:
                public.recorder = run
            _insert(paths, public, formula, op, out or op is not None, overridable)
        written = [x for x in methods if inplace and not x.endswith("__")]
        written += [x for x in functions if inplace_function and "." not in x]
        for path in written:
            register_inplace(f"{path}_")(publics[0])
        return publics[0]

    return enter


def register_inplace(*names: str) -> Callable[[Function], Function]:
    """Register the form of a function that writes into its first argument: `relu_`."""
    functions = [name for name in names if not name.startswith(METHOD)]
    methods = [name for name in names if name.startswith(METHOD)]

    def enter(function: Any) -> Any:
        formula = inspect.unwrap(function)
        for paths in (functions, methods):
            if paths:
                base = paths[0].rpartition(".")[2].removesuffix("_")
                _insert(paths, inplace_form(base, function), formula, None, False, True)
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
    _insert_one(Registration(METHOD + name, public, get, overridable=not private))


def register_kernel(name: str) -> Callable[[Public], Public]:
    """Register a function of tensors that PyTorch has in `torch.ops.aten` only."""

    def enter(run: Public) -> Public:
        assert name not in KERNELS, f"{name} is registered twice"
        KERNELS[name] = run
        return run

    return enter


def register_operator(name: str, public: Public) -> None:
    """Register a method of Python's protocols that asks overrides itself: `__add__`."""
    _insert([METHOD + name], public, public, None, False, True)


# --- the tables ----------------------------------------------------------------------


def _insert(
    paths: list[str],
    public: Any,
    formula: Callable[..., Any],
    op: Op | None,
    has_out: bool,
    overridable: bool,
) -> None:
    """Enter one function under all of these paths; the first is its own."""
    name_public(public, paths[0], formula)
    for path in paths:
        alias_of = paths[0] if path != paths[0] else ""
        _insert_one(
            Registration(path, public, formula, op, has_out, overridable, alias_of)
        )


def _insert_one(entry: Registration) -> None:
    assert entry.path not in REGISTRY, f"{entry.path} is registered twice"
    REGISTRY[entry.path] = entry
    if entry.path.startswith(METHOD):
        METHODS[entry.path.removeprefix(METHOD)] = entry.public
    else:
        FUNCTIONS[entry.path] = entry.public
