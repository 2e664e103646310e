"""Scripts of what samples make a batch, as `default_collate` and `default_convert`."""

import builtins
import collections
import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.parity.scripts import common as scripts
from tests.parity.scripts.common import refused

ROWS: list[tuple[str, str, Any]] = []
script = functools.partial(scripts.script, rows=ROWS)

Point = collections.namedtuple("Point", "x y")
Triple = collections.namedtuple("Triple", "a b c")
Ordered, Default = collections.OrderedDict, collections.defaultdict


class Tagged(dict):
    """A dict with an attribute that a copy keeps."""

    tag = "kept"


class Frozen(collections.abc.Mapping):
    """A mapping that cannot be written to, made of pairs."""

    def __init__(self, pairs: Any) -> None:
        self._pairs = dict(pairs)

    def __getitem__(self, key: Any) -> Any:
        return self._pairs[key]

    def __iter__(self) -> Any:
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)


class Row(list):
    """A list that is made of two arguments, so that its copy cannot be."""

    def __init__(self, one: Any, other: Any) -> None:
        super().__init__([one, other])


class Arrayed:
    """Has `__array__` and is neither array nor tensor."""

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.ones(2)


def described(x: Any) -> Any:
    """A batch with the kinds of its containers beside what they hold."""
    if isinstance(x, collections.abc.Mapping):
        extra = getattr(x, "default_factory", None) or getattr(x, "tag", None)
        parts = [[key, described(value)] for key, value in x.items()]
        return [type(x).__name__, str(extra), parts]
    if isinstance(x, list | tuple | collections.deque):
        return [type(x).__name__, [described(part) for part in x]]
    if type(x).__module__ == "numpy":
        return [type(x).__name__, str(x.dtype), x.tolist()]
    if "float8" in str(getattr(x, "dtype", "")):
        return [str(x.dtype), x.float()]
    if type(x) in (object, Arrayed):
        return type(x).__name__
    return x


KINDS = [
    "bool",
    "uint8",
    "int8",
    "int16",
    "int32",
    "int64",
    "float16",
    "float32",
    "float64",
    "complex64",
    "complex128",
    "uint16",
    "uint32",
]
SMALL = ["bfloat16", "float8_e4m3fn", "float8_e5m2", "float16", "bool", "complex64"]
SAMPLES: dict[str, Callable[[Any], list[Any]]] = {
    "ints": lambda t: [1, 2, 3],
    "floats": lambda t: [1.0, 2.5],
    "int, float": lambda t: [1, 2.5],
    "float, int": lambda t: [2.5, 1],
    "bools": lambda t: [True, False],
    "bool, int": lambda t: [True, 2],
    "bool, float": lambda t: [True, 2.5],
    "int, bool": lambda t: [2, True],
    "complex": lambda t: [1j, 2j],
    "int, complex": lambda t: [1, 2j],
    "large int": lambda t: [2**40, 1],
    "too large int": lambda t: [2**70, 1],
    "strings": lambda t: ["a", "bc"],
    "bytes": lambda t: [b"a", b"bc"],
    "string, int": lambda t: ["a", 1],
    "int, string": lambda t: [1, "a"],
    "None": lambda t: [None, None],
    "tensor, None": lambda t: [t.ones(2), None],
    "int, None": lambda t: [1, None],
    "None in a tuple": lambda t: [(1, None), (2, None)],
    "set": lambda t: [{1}, {2}],
    "object": lambda t: [object(), object()],
    "function": lambda t: [len, len],
    "range": lambda t: [range(2), range(2)],
    "tuple": lambda t: [(1, 2.0), (3, 4.0)],
    "list": lambda t: [[1, 2.0], [3, 4.0]],
    "tuple in list": lambda t: [[(1, "a")], [(2, "b")]],
    "named tuple": lambda t: [Point(1, t.ones(2)), Point(2, t.zeros(2))],
    "named tuple of three": lambda t: [Triple(1, "a", {"k": 1.0})] * 2,
    "dict": lambda t: [{"a": 1, "b": [1.0]}, {"a": 2, "b": [2.0]}],
    "dict of another order": lambda t: [{"a": 1, "b": 2}, {"b": 3, "a": 4}],
    "dict, more keys": lambda t: [{"a": 1}, {"a": 2, "b": 3}],
    "dict, fewer keys": lambda t: [{"a": 1, "b": 2}, {"a": 2}],
    "ordered dict": lambda t: [Ordered(b=1, a=2), Ordered(b=3, a=4)],
    "default dict": lambda t: [Default(list, a=1), Default(list, a=2)],
    "counter": lambda t: [collections.Counter("ab"), collections.Counter("ab")],
    "tagged dict": lambda t: [Tagged(a=1), Tagged(a=2)],
    "mapping": lambda t: [Frozen({"a": 1}), Frozen({"a": 2})],
    "empty dict": lambda t: [{}, {}],
    "empty list": lambda t: [[], []],
    "empty tuple": lambda t: [(), ()],
    "empty string": lambda t: ["", ""],
    "no sample": lambda t: [],
    "a tuple of samples": lambda t: (t.ones(2), t.ones(2)),
    "list of two arguments": lambda t: [Row(1, 2), Row(3, 4)],
    "lists, unequal": lambda t: [[1, 2], [1]],
    "tuples, unequal": lambda t: [(1, 2), (1, 2, 3)],
    "named tuples, unequal": lambda t: [Point(1, 2), Triple(1, 2, 3)],
    "deque": lambda t: [collections.deque([1, 2])] * 2,
    "bytearray": lambda t: [bytearray(b"ab")] * 2,
    "tensors": lambda t: [t.arange(3), t.arange(3)],
    "0-d tensors": lambda t: [t.tensor(1.5), t.tensor(2.5)],
    "empty tensors": lambda t: [t.zeros(0, 3)] * 2,
    "tensors, unequal": lambda t: [t.ones(2), t.ones(3)],
    "tensors, other rank": lambda t: [t.ones(2), t.ones(2, 1)],
    "tensor, array": lambda t: [t.ones(2), np.ones(2)],
    "tensor, number": lambda t: [t.ones(2), 1],
    "number, tensor": lambda t: [1, t.ones(())],
    "float, tensor": lambda t: [1.0, t.ones(())],
    "tensors of two dtypes": lambda t: [t.ones(2), t.ones(2, dtype=t.float64)],
    "int and float tensors": lambda t: [t.arange(2), t.ones(2)],
    "half and int tensors": lambda t: [t.ones(2, dtype=t.float16), t.arange(2)],
    "bfloat16 and float16": lambda t: [t.ones(2).bfloat16(), t.ones(2).half()],
    "tensor with a gradient": lambda t: [t.ones(2, requires_grad=True)] * 2,
    "transposed": lambda t: [t.arange(6).view(2, 3).t()] * 2,
    "tensors of words": lambda t: [np.array(["a", "b"])] * 2,
    "arrays": lambda t: [np.arange(3), np.arange(3)],
    "0-d arrays": lambda t: [np.array(1), np.array(2)],
    "arrays, unequal": lambda t: [np.ones(2), np.ones((1, 2))],
    "arrays of two dtypes": lambda t: [np.ones(2, np.float32), np.ones(2)],
    "array, tensor": lambda t: [np.ones(2), t.ones(2)],
    "array of objects": lambda t: [np.array([1, None], object)] * 2,
    "array of bytes": lambda t: [np.array([b"a"])] * 2,
    "array of dates": lambda t: [np.array(["2020-01-01"], "datetime64[D]")] * 2,
    "array with fields": lambda t: [np.zeros(2, [("a", "i4")])] * 2,
    "array, other byte order": lambda t: [np.ones(2, ">f4")] * 2,
    "array, negative strides": lambda t: [np.arange(3)[::-1]] * 2,
    "array that is read only": lambda t: [np.broadcast_to(1.0, (2,))] * 2,
    "numpy string": lambda t: [np.str_("a"), np.str_("b")],
    "numpy bytes": lambda t: [np.bytes_(b"a"), np.bytes_(b"b")],
    "numpy numbers of two kinds": lambda t: [np.float32(1), np.float64(2)],
    "numpy int, float": lambda t: [np.int64(1), np.float32(2)],
    "numpy int, int": lambda t: [np.int32(1), 2],
    "int, numpy float": lambda t: [1, np.float32(2.5)],
    "float, numpy float": lambda t: [1.0, np.float32(2.5)],
    "numpy float, float": lambda t: [np.float32(2.5), 1.0],
    "with __array__": lambda t: [Arrayed(), Arrayed()],
    "nested": lambda t: [{"a": [(t.ones(1), {"b": "x"})], "c": Point(1, 2.0)}] * 2,
}
for kind in KINDS:
    SAMPLES[f"numpy {kind}"] = lambda t, kind=kind: [np.dtype(kind).type(1)] * 2
    SAMPLES[f"arrays of {kind}"] = lambda t, kind=kind: [np.ones(2, kind)] * 2
for kind in SMALL:
    SAMPLES[f"tensors of {kind}"] = lambda t, kind=kind: (
        [t.ones(2).to(getattr(t, kind))] * 2
    )


def kind_of(error: Exception) -> str:
    """The last class of an error that everybody has, such as RuntimeError."""
    known = [kind.__name__ for kind in type(error).__mro__ if kind in BUILTIN]
    return "RuntimeError" if "RuntimeError" in known else known[0]


BUILTIN = tuple(kind for kind in vars(builtins).values() if isinstance(kind, type))


def outcome(call: Callable[[], Any]) -> Any:
    """What a call gives, or how it fails, word for word."""
    try:
        return described(call())
    except Exception as error:
        return f"{kind_of(error)}: {error}"


@script("default_collate", *SAMPLES)
def of(lib: Any, name: str) -> Any:
    samples = SAMPLES[name](lib)
    return outcome(lambda: lib.utils.data.default_collate(samples))


@script("default_convert", *SAMPLES)
def each_of(lib: Any, name: str) -> Any:
    samples = SAMPLES[name](lib)
    convert = lib.utils.data.default_convert
    return [outcome(lambda x=x: convert(x)) for x in (*samples, samples)]


@script("DataLoader collates", *SAMPLES)
def whole(lib: Any, name: str) -> Any:
    samples = SAMPLES[name](lib)
    loader = lib.utils.data.DataLoader(samples, max(1, len(samples)))
    result = outcome(lambda: list(loader))
    if isinstance(result, str):  # the loader tells more: which samples they are
        return result.split(":")[0]
    return result


@script("DataLoader converts", *SAMPLES)
def one_by_one(lib: Any, name: str) -> Any:
    loader = lib.utils.data.DataLoader(SAMPLES[name](lib), None)
    return outcome(lambda: list(loader))


@script("default_collate", "float32", "float64", "float16", "bfloat16")
def with_a_default_dtype(lib: Any, kind: str) -> Any:
    before = lib.get_default_dtype()
    lib.set_default_dtype(getattr(lib, kind))
    try:
        collate = lib.utils.data.default_collate
        result = [[1, 2.5], [1.5, 2], [1, 2], [np.float32(1), 2], [True, 0.5]]
        return [collate(samples) for samples in result]
    finally:
        lib.set_default_dtype(before)


class Word:
    """A class that `default_collate` does not know."""

    def __init__(self, text: str) -> None:
        self.text = text


class Longer(Word):
    """A subclass of it."""


def of_words(batch: Any, *, collate_fn_map: Any = None) -> Any:
    return "+".join(word.text for word in batch)


@script("_utils.collate", "class", "subclass", "tuple of classes", "nested", "unknown")
def with_functions_of_ones_own(lib: Any, case: str) -> Any:
    module = lib.utils.data._utils.collate
    known = {Word: of_words} | module.default_collate_fn_map
    words = [Word("a"), Word("b")]
    if case == "subclass":
        words = [Longer("a"), Longer("b")]
    if case == "tuple of classes":
        known = {(Longer, Word): of_words}
    batch = [[word, {"k": word}] for word in words] if case == "nested" else words
    known = {} if case == "unknown" else known
    return outcome(lambda: module.collate(batch, collate_fn_map=known))


@script("_utils.collate")
def a_function_entered_for_all(lib: Any) -> Any:
    module = lib.utils.data._utils.collate
    module.default_collate_fn_map[Word] = of_words
    try:
        samples = [(Word("a"), 1), (Word("b"), 2)]
        loader = lib.utils.data.DataLoader(samples, 2)
        result = module.default_collate(samples)
        return [described(result), described(list(loader))]
    finally:
        del module.default_collate_fn_map[Word]


@script("_utils.collate")
def tensors_in_a_way_of_ones_own(lib: Any) -> Any:
    module = lib.utils.data._utils.collate

    def listed(batch: Any, *, collate_fn_map: Any = None) -> Any:
        return list(batch)

    known = module.default_collate_fn_map | {lib.Tensor: listed}
    batch = [(lib.ones(1), 2), (lib.ones(2), 3)]
    return module.collate(batch, collate_fn_map=known)


@script(
    "_utils.collate", *["float", "int", "str", "tensor", "numpy_array", "numpy_scalar"]
)
def the_functions(lib: Any, name: str) -> Any:
    module = lib.utils.data._utils.collate
    batch: Any = {
        "float": [1, 2.0],
        "int": [1, 2],
        "str": ["a", "b"],
        "tensor": [lib.ones(1), lib.zeros(1)],
        "numpy_array": [np.ones(1), np.zeros(1)],
        "numpy_scalar": [np.float32(1), np.float32(2)],
    }[name]
    run = getattr(module, f"collate_{name}_fn")
    return run(batch, collate_fn_map=module.default_collate_fn_map)


@script("_utils.collate")
def what_else_is_there(lib: Any) -> Any:
    module, data = lib.utils.data._utils.collate, lib.utils.data
    return [
        module.default_collate_err_msg_format.format(int),
        module.np_str_obj_array_pattern.pattern,
        module.default_collate is data.default_collate,
        module.default_convert is data.default_convert,
        module.default_collate is data.dataloader.default_collate,
        refused(lambda: module.collate([object()]), 200)[:60],
    ]
