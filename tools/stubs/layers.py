"""The classes of `funcnet.compat.nn.modules`, out of what they are at run time.

A layer takes its arguments from its description, which no type checker follows. The
stub of each inherits from the class itself, where a statement defines that, and adds
the arguments, the settings and tensors among its attributes, and what `forward` gives.
"""

import ast
import dataclasses
import importlib
import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Final

from funcnet._homes import home_of
from funcnet.compat.nn.modules import CLASSES
from funcnet.compat.nn.modules.module import Module
from tools.stubs.introspect import Signature, parameter_type, parsed
from tools.stubs.render import Writer, first_line

PACKAGE: Final = "funcnet.compat.nn.modules"

# The attributes that are tensors, by the beginnings of classes' names.
_NORMS = "BatchNorm InstanceNorm SyncBatchNorm LazyBatchNorm LazyInstanceNorm"
_WITH_BIAS = f"Linear LazyLinear Bilinear Conv LazyConv GroupNorm LayerNorm {_NORMS}"
_TENSORS: Final = {
    "weight: Parameter": f"{_WITH_BIAS} NonDynamically Embedding PReLU RMSNorm",
    "bias: Parameter": f"{_WITH_BIAS} NonDynamically",
    "running_mean: Tensor": _NORMS,
    "running_var: Tensor": _NORMS,
    "num_batches_tracked: Tensor": _NORMS,
    "in_proj_weight: Parameter": "MultiheadAttention",
    "in_proj_bias: Parameter": "MultiheadAttention",
}
# Settings that are attributes in another form than they are given in.
_STORED: Final = {
    "kernel_size": "tuple[int, ...]",
    "stride": "tuple[int, ...]",
    "dilation": "tuple[int, ...]",
    "output_padding": "tuple[int, ...]",
    "padding": "str | tuple[int, ...]",
}
_PLAIN = {"int", "float", "bool", "str"}

# What `forward` takes and gives where it is not tensors and one tensor.
_PAIR = "tuple[Tensor, Tensor]"
_FORWARD: Final = {
    **dict.fromkeys(
        ("RNN", "GRU"), f"(self, input: Tensor, hx: Tensor | None = None) -> {_PAIR}"
    ),
    "LSTM": f"(self, input: Tensor, hx: {_PAIR} | None = None)"
    f" -> tuple[Tensor, {_PAIR}]",
    **dict.fromkeys(
        ("RNNCell", "GRUCell"),
        "(self, input: Tensor, hx: Tensor | None = None) -> Tensor",
    ),
    "LSTMCell": f"(self, input: Tensor, hx: {_PAIR} | None = None) -> {_PAIR}",
    "MultiheadAttention": "(self, query: Tensor, key: Tensor, value: Tensor, "
    "key_padding_mask: Tensor | None = None, need_weights: bool = True, "
    "attn_mask: Tensor | None = None, average_attn_weights: bool = True, "
    "is_causal: bool = False) -> tuple[Tensor, Tensor | None]",
    "Identity": "(self, input: T) -> T",
    "AdaptiveLogSoftmaxWithLoss": "(self, input_: Tensor, target_: Tensor)"
    " -> AdaptiveLogSoftmaxOutput",
}
# Containers are ordinary Python, and typed there.
_AS_THEY_ARE: Final = ("container",)


def layer_classes() -> Writer:
    """All layers, for the stub of the package that holds their modules."""
    package = importlib.import_module(PACKAGE)
    writer = Writer(inspect.getdoc(package) or "")
    modules = {}
    for shown, result in sorted(vars(package).items()):
        if isinstance(result, ModuleType) and result.__name__ == f"{PACKAGE}.{shown}":
            modules[shown] = result
            writer.reexport(PACKAGE, _file_of(result), shown)
    writer.reexport(home_of(Module), "Module")
    writer.line("CLASSES: dict[str, type[Module]]")
    done: set[str] = set()
    for shown in sorted(CLASSES):
        for result in reversed(CLASSES[shown].__mro__):  # bases before what needs them
            own = result.__name__
            if CLASSES.get(own) is result and own not in done:
                done.add(own)
                _layer(writer, own, result, modules)
    return writer


def class_statements(module: ModuleType) -> set[str]:
    """The names of the classes that stand in a module's source."""
    if not hasattr(module, "__file__"):
        return set()
    tree = ast.parse(inspect.getsource(module))
    return {node.name for node in tree.body if isinstance(node, ast.ClassDef)}


def _file_of(module: ModuleType) -> str:
    """The file whose classes a module shows, which PyTorch has in a file of its own."""
    if hasattr(module, "__file__"):
        return module.__name__.rpartition(".")[2]
    shown = [result for result in vars(module).values() if isinstance(result, type)]
    package = module.__name__.rpartition(".")[0]
    files = [home_of(one) for one in shown if home_of(one).startswith(package + ".")]
    return max(set(files), key=files.count).rpartition(".")[2]


def _layer(
    writer: Writer,
    name: str,
    found: type,
    modules: dict[str, ModuleType],
) -> None:
    file = home_of(found).rpartition(".")[2]
    is_static = file in modules and name in class_statements(modules[file])
    if is_static and file in _AS_THEY_ARE:
        writer.reexport(home_of(found), name)
        return
    shown_bases = [
        base.__name__
        for base in found.__mro__[1:]
        if CLASSES.get(base.__name__) is base
    ][:1]
    bases = [f"{file}.{name}"] if is_static else []
    bases += shown_bases or ([] if is_static else ["Module"])
    writer.line(f"class {name}({', '.join(bases)}):")
    says = first_line(found)
    if says:
        writer.line(f'    """{says}"""')
    given = list(inspect.signature(found).parameters.values())
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in given):
        given = []  # of a base class of PyTorch's that nobody makes directly
    names = [f"nn.{name}", name]
    described = getattr(found, "native_class", None)
    types = {p.name: _type(names, p, described) for p in given}
    for text in _attributes(name, types) if described else ():
        attribute, _, kind = text.partition(": ")
        writer.line(f"    {attribute}: {writer.type_text(kind)}")
    if given:
        writer.definition("__init__", [_signature(given, types)], "", "    ")
    forward = _FORWARD.get(name)
    signature = parsed(forward) if forward else _forward(names, found)
    writer.definition("forward", [signature], "", "    ")


def _type(names: list[str], parameter: inspect.Parameter, described: Any) -> str:
    """The type of an argument, which the description of the layer may tell."""
    if parameter.annotation is parameter.empty and dataclasses.is_dataclass(described):
        for field in dataclasses.fields(described):
            if field.name == parameter.name:
                parameter = parameter.replace(annotation=field.type)
    return parameter_type(names, parameter)


def _attributes(name: str, types: dict[str, str]) -> Iterator[str]:
    tensors = [
        text
        for text, beginnings in _TENSORS.items()
        if name.startswith(tuple(beginnings.split()))
    ]
    yield from tensors
    taken = {text.partition(":")[0] for text in tensors}
    for setting, kind in types.items():
        if setting in taken or setting.startswith("_"):
            continue
        if kind in _PLAIN:
            yield f"{setting}: {kind}"
        elif "Conv" in name and setting in _STORED:
            yield f"{setting}: {_STORED[setting]}"


def _signature(given: list[inspect.Parameter], types: dict[str, str]) -> Signature:
    pieces = ["self"]
    for parameter in given:
        star = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in pieces:
            pieces.append("*")
        piece = (
            f"{star.get(parameter.kind, '')}{parameter.name}: {types[parameter.name]}"
        )
        if parameter.default is not parameter.empty:
            plain = isinstance(parameter.default, int | float | str | tuple | None)
            piece += f" = {parameter.default!r}" if plain else " = ..."
        pieces.append(piece)
    return parsed(f"({', '.join(pieces)}) -> None")


def _forward(names: list[str], found: Any) -> Signature:
    """`forward` of tensors, which gives a tensor."""
    _, *given = inspect.signature(found.forward).parameters.values()
    types = {p.name: parameter_type(names, p) for p in given}
    signature = _signature(given, types)
    signature.returns = parsed("() -> Tensor").returns
    return signature
