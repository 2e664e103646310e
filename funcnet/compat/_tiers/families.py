"""Families of calls: the same operation at other sizes is not traced again.

Passes through here: a call that is new. Where another of its family was traced, which
differs in sizes alone, the two show which sizes change and how. The operation is then
traced once more with symbols in place of these: this is a prototype. What a new size
needs of it is numbers in place of the symbols.
"""

from collections import OrderedDict
from typing import Any, Final

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.device import META
from funcnet.compat._engine.op import Op, OpCall, TensorSpec, tensor_spec
from funcnet.compat._interpreter.comparison import is_same_computation
from funcnet.compat._interpreter.symbols import LEAST, Symbols
from funcnet.compat._tiers.patterns import Pattern, split, with_integers

_MOST_PROTOTYPES: Final = 6
"""So often a family is traced with symbols: each time with fewer sizes fixed."""
_MOST_CALLS: Final = 8
"""So many calls of a family are compared."""
_MOST_FAMILIES: Final = 4096

Integers = tuple[int, ...]


class Prototype:
    """A call of a family with symbols in place of sizes.

    Attributes:
        call: the call, of symbolic sizes.
        symbols: the symbols.
        plans: what `plans.py` made of it.
    """

    def __init__(
        self, base: OpCall, integers: Integers, others: list[Integers]
    ) -> None:
        sizes = sum(size >= LEAST for spec in base.input_specs for size in spec.shape)
        self._pattern = Pattern([integers, *others], sizes)
        self.symbols = symbols = Symbols(self._pattern.values(integers))
        numbers = self._pattern.integers(symbols.sizes)
        template, shapes = with_integers(base.template, base.input_specs, numbers)
        specs = tuple(
            [
                TensorSpec(shape, spec.dtype, spec.device, spec.weak_type)
                for shape, spec in zip(shapes, base.input_specs, strict=True)
            ]
        )
        with symbols.noted():
            self.call = OpCall(base.op, template, specs)
        symbols.note_reshapes(self.call.jaxpr)
        self._integers = symbols.function(numbers)
        self._holds = symbols.holds()
        outs = self.call.output_specs
        self._shapes = symbols.function([out.shape for out in outs])
        self.plans: dict[Any, Any] = {}

    def is_that_of(self, base: OpCall) -> bool:
        """Whether its computation is that of the call that it was made for."""
        example = self.symbols.example
        return self._holds(*example) and is_same_computation(
            self.call.jaxpr, self.symbols, base.jaxpr
        )

    def values(self, integers: Integers) -> Integers | None:
        """What the symbols are in a call; None where it is another computation."""
        values = self._pattern.values(integers)
        if self._integers(*values) == integers and self._holds(*values):
            return values
        return None

    def output_specs(self, values: Integers) -> tuple[TensorSpec, ...]:
        """The specs of the outputs of a call."""
        return tuple(
            [
                tensor_spec(shape, out.dtype, out.device)
                for shape, out in zip(
                    self._shapes(*values), self.call.output_specs, strict=True
                )
            ]
        )


class UntracedCall(OpCall):
    """A call that is traced only when XLA compiles it.

    Args:
        structure: the tree of the outputs.
    """

    __slots__ = ("_jaxpr",)

    def __init__(
        self, op: Op, template: object, specs: tuple[TensorSpec, ...], structure: Any
    ) -> None:
        self._describe(op, template, specs)
        self.rule = None
        self._jaxpr: Any = None
        self.structure = structure
        self.single = structure.num_nodes == 1

    @property
    def jaxpr(self) -> Any:
        """That of its own sizes."""
        if self._jaxpr is None:
            self._jaxpr, _ = self._traced()
        return self._jaxpr


class Member(UntracedCall):
    """A call that was not traced: its prototype says what there is to know.

    Attributes:
        prototype: of its family.
        values: what the symbols are.
    """

    __slots__ = ("prototype", "values")

    def __init__(
        self,
        op: Op,
        template: object,
        specs: tuple[TensorSpec, ...],
        prototype: Prototype,
        values: Integers,
    ) -> None:
        super().__init__(op, template, specs, prototype.call.structure)
        self.prototype = prototype
        self.values = values
        self._set_outputs(prototype.output_specs(values))


class _Family:
    """The calls of an operation that differ in sizes alone."""

    def __init__(self) -> None:
        self._prototypes: list[Prototype] = []
        self._calls: list[Integers] = []
        self._base: tuple[OpCall, Integers] | None = None
        self._left = _MOST_PROTOTYPES

    def call(
        self,
        op: Op,
        template: object,
        specs: tuple[TensorSpec, ...],
        integers: Integers,
    ) -> OpCall:
        """The call with these integers."""
        for prototype in self._prototypes:
            values = prototype.values(integers)
            if values is not None:
                return Member(op, template, specs, prototype, values)
        new = self._new_prototype(integers)
        if new is not None:
            values = new.values(integers)
            if values is not None:
                return Member(op, template, specs, new, values)
        call = OpCall(op, template, specs)
        if call.rule is None:
            self._note(integers)
            self._base = call, integers
        return call

    def _note(self, integers: Integers) -> None:
        self._calls = [*self._calls, integers][-_MOST_CALLS:]

    def _new_prototype(self, integers: Integers) -> Prototype | None:
        """What a call is compared with the last one that was traced for, if it fits."""
        if self._base is None or not self._left:
            return None
        self._left -= 1
        base, first = self._base
        others = [one for one in (*self._calls, integers) if one != first]
        try:
            prototype = Prototype(base, first, others)
            if not prototype.is_that_of(base):
                return None
        except Exception:
            return None
        self._note(integers)
        self._prototypes.insert(0, prototype)
        return prototype


_families: Final[OrderedDict[Any, _Family]] = OrderedDict()


def new_call(op: Op, template: object, specs: tuple[TensorSpec, ...]) -> OpCall:
    """The call of an operation with settings or specs that are new."""
    common, integers = split(template, specs)
    if not integers or any(spec.device is META for spec in specs):
        return OpCall(op, template, specs)
    key = (op, common, _dtypes.default_dtype)
    family = _families.get(key)
    if family is None:
        family = _families[key] = _Family()
        if len(_families) > _MOST_FAMILIES:
            _families.popitem(last=False)
    return family.call(op, template, specs, integers)
