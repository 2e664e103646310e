"""Files that want to do harm: every one must be refused.

`python -m tests.checkpoint.pth.attacks FOLDER` writes them all.
"""

import io
import struct
import sys
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.checkpoint.pth.crafted import (
    NO_HOOKS,
    OLD,
    SIX,
    Entry,
    archive,
    call,
    group,
    legacy,
    listed,
    mapped,
    members,
    name,
    number,
    pickled,
    storage,
    tensor,
    text,
    zipped,
)

CANARY = "funcnet-attack-canary"  # a file that an attack would make in its folder
SHELL = text(f"touch {CANARY}")
PYTHON = text(f"open({CANARY!r}, 'w').close()")
V2 = name("torch._utils", "_rebuild_tensor_v2")


def attacks() -> Iterator[tuple[str, bytes]]:
    """Names and bytes of all files."""
    for table in (_calls(), _values(), _tensors(), _bombs(), _archives(), _old()):
        yield from table.items()
    yield from _strangers().items()
    yield from _truncated()


def _calls() -> dict[str, bytes]:
    """Names that would run code, in all the ways in which a pickle can call."""
    shells = ["os.system", "posix.system", "nt.system", "subprocess.getoutput"]
    shells += ["commands.getoutput", "pty.spawn", "os.popen", "platform.popen"]
    pythons = ["builtins.eval", "builtins.exec", "__builtin__.eval", "__builtin__.exec"]
    pythons += ["timeit.timeit", "code.interact", "runpy._run_code", "bdb.Bdb.run"]
    others = ["builtins.__import__", "importlib.import_module", "pickle.loads"]
    others += ["webbrowser.open", "shutil.rmtree", "builtins.open", "torch.load"]
    others += ["torch.hub.load", "torch.jit.load", "torch.storage._load_from_bytes"]
    others += ["numpy.load", "numpy.fromfile", "joblib.load", "dill.loads"]
    others += ["torch._utils._import_dotted_name", "builtins.bytearray"]
    others += [
        "torch.utils._config_module.load_config",
        "torch.Tensor",
        "antigravity.x",
    ]
    result = {}
    for full in (*shells, *pythons, *others):
        module, _, attribute = full.rpartition(".")
        given = PYTHON if full in pythons else SHELL
        result[f"call {full}"] = zipped(call(name(module, attribute), given))
    system = name("os", "system")
    attribute = name("builtins", "getattr")
    partial = name("functools", "partial")
    made = group(name("torch", "Tensor"), group(SHELL), b"N")
    typed = name("torch._tensor", "_rebuild_from_type_v2")
    subclass = name("torch._utils", "_rebuild_wrapper_subclass")
    return result | {
        "call getattr": zipped(call(attribute, name("os", "path"), text("os"))),
        "call partial": zipped(call(partial, system, SHELL) + b")R"),
        "call attrgetter": zipped(call(name("operator", "attrgetter"), text("a"))),
        "call copyreg": zipped(call(name("copyreg", "_reconstructor"), system)),
        "call through a type": zipped(typed + group(system, made) + b"R"),
        "call a type's function": zipped(
            call(typed, system, name("torch", "Tensor"), group(SHELL), b"}")
        ),
        "call wrapper subclass": zipped(call(subclass, system, SHELL)),
        "call a string": zipped(call(text("os.system"), SHELL)),
        "call a dtype": zipped(call(name("torch", "float32"), SHELL)),
        "call a storage class": zipped(call(name("torch", "FloatStorage"), number(9))),
        "new subprocess": zipped(name("subprocess", "Popen") + group(SHELL) + b"\x81"),
        "new dict": zipped(name("collections", "OrderedDict") + b")\x81"),
        "new namespace with arguments": zipped(
            name("argparse", "Namespace") + group(SHELL) + b"\x81"
        ),
        "old instance": zipped(b"(" + SHELL + b"ios\nsystem\n"),
        "old object": zipped(b"(" + system + SHELL + b"o"),
        "stack global": zipped(text("os") + text("system") + b"\x93"),
        "extension code": zipped(b"\x82\x01"),
        "keyword object": zipped(system + b")" + b"}" + b"\x92"),
        "hidden behind a value": zipped(call(system, SHELL) + b"0" + number(1)),
        "in a key": zipped(mapped(call(system, SHELL), number(1))),
        "in metadata": zipped(
            NO_HOOKS + mapped(text("_metadata"), call(system, SHELL)) + b"b"
        ),
        "in a persistent id": zipped(storage(call(system, SHELL))),
        "in hooks": zipped(tensor(hooks=call(system, SHELL))),
        "text persistent id": zipped(b"Pos.system\n"),
    }


def _values() -> dict[str, bytes]:
    """Opcodes, targets and values that no checkpoint has."""
    ordered = name("collections", "OrderedDict") + b")R"
    dtype, scalar = name("numpy", "dtype"), name("numpy.core.multiarray", "scalar")
    rebuilt = name("numpy.core.multiarray", "_reconstruct")
    array = call(rebuilt, name("numpy", "ndarray"), group(number(0)), text("b"))
    float64 = call(dtype, text("f8"), b"\x89", b"\x88")
    encoded = call(name("_codecs", "encode"), text("x" * 8), text("latin1"))
    latin = name("_codecs", "encode")
    return {
        "numpy object dtype": zipped(call(dtype, text("O8"), b"\x89", b"\x88")),
        "numpy record dtype": zipped(call(dtype, text("i4,i4"), b"\x89", b"\x88")),
        "numpy long string": zipped(call(dtype, text("S999999999"), b"\x89", b"\x88")),
        "numpy object scalar": zipped(call(scalar, text("O"), encoded)),
        "numpy scalar too long": zipped(
            call(scalar, float64, call(latin, text("x" * 9), text("latin1")))
        ),
        "numpy swapped dtype": zipped(
            float64 + group(number(3), text(">"), *[b"N"] * 3, *[number(-1)] * 3) + b"b"
        ),
        "numpy dtype with fields": zipped(
            float64 + group(number(3), text("<"), text("f8"), b"N", b"N", b"N") + b"b"
        ),
        "numpy other class": zipped(
            call(rebuilt, name("torch", "float32"), group(number(0)), text("b"))
        ),
        "numpy array too short": zipped(
            array
            + group(number(1), group(number(99)), float64, b"\x89", encoded)
            + b"b"
        ),
        "numpy array huge": zipped(
            array
            + group(number(1), group(number(2**40)), float64, b"\x89", encoded)
            + b"b"
        ),
        "numpy array negative": zipped(
            array
            + group(number(1), group(number(-1)), float64, b"\x89", encoded)
            + b"b"
        ),
        "numpy array of objects": zipped(
            array + group(number(1), group(number(1)), text("O"), b"\x89", b"]") + b"b"
        ),
        "numpy array twice": zipped(
            array
            + (group(number(1), group(number(1)), float64, b"\x89", encoded) + b"b") * 2
        ),
        "a function as value": zipped(V2),
        "a storage as value": zipped(storage()),
        "a storage class as value": zipped(name("torch", "FloatStorage")),
        "set item of a list": zipped(b"]" + number(0) + number(1) + b"s"),
        "set item of a tensor": zipped(tensor() + number(0) + number(1) + b"s"),
        "set items of a string": zipped(
            text("a") + b"(" + number(0) + number(1) + b"u"
        ),
        "append to a dict": zipped(b"}" + number(0) + b"a"),
        "append to a tensor": zipped(tensor() + b"(" + number(0) + b"e"),
        "append to a tuple": zipped(b")" + number(0) + b"a"),
        "build a list": zipped(b"]}b"),
        "build a dict": zipped(b"}}b"),
        "build a tensor": zipped(tensor() + group(number(1)) + b"b"),
        "build another attribute": zipped(ordered + mapped(text("x"), SHELL) + b"b"),
        "build a class": zipped(ordered + mapped(text("__class__"), SHELL) + b"b"),
        "build metadata of another kind": zipped(
            ordered + mapped(text("_metadata"), SHELL) + b"b"
        ),
        "key without a value": zipped(b"}(" + number(1) + b"u"),
        "key that is a list": zipped(mapped(b"]", number(1))),
        "key that is a tensor": zipped(mapped(tensor(), number(1))),
        "set of lists": zipped(call(name("builtins", "set"), listed(b"]"))),
        "set of a number": zipped(call(name("builtins", "set"), number(10**9))),
        "complex of strings": zipped(
            call(name("builtins", "complex"), text("1"), text("2"))
        ),
        "counter of strings": zipped(
            call(name("collections", "Counter"), mapped(text("a"), text("b")))
        ),
        "codec of another kind": zipped(call(latin, text("x"), text("hex"))),
        "size of strings": zipped(call(name("torch", "Size"), group(text("a")))),
        "device without a name": zipped(call(name("torch", "device"), number(1))),
        "sparse layout": zipped(
            call(name("torch.serialization", "_get_layout"), text("torch.sparse_coo"))
        ),
        "sparse tensor": zipped(
            call(name("torch._utils", "_rebuild_sparse_tensor"), b"N", b")")
        ),
        "quantized tensor": zipped(
            call(name("torch._utils", "_rebuild_qtensor"), b")")
        ),
        "nested tensor": zipped(
            call(name("torch._utils", "_rebuild_nested_tensor"), b")")
        ),
        "meta tensor": zipped(
            call(name("torch._utils", "_rebuild_meta_tensor_no_storage"), b")")
        ),
        "complex32": zipped(name("torch", "complex32")),
        "a whole user class": zipped(name("__main__", "Net") + b")\x81}b"),
        "namespace of numbers": zipped(
            name("argparse", "Namespace") + b")\x81" + mapped(number(1), SHELL) + b"b"
        ),
        "name without end": zipped(b"c" + b"x" * 600),
        "name that is no text": zipped(b"c\xff\xfe\nx\n"),
        "string that is no text": zipped(b"X\x02\0\0\0\xff\xfe"),
        "empty stack": zipped(b"R"),
        "mark without group": zipped(b"t"),
        "recall of nothing": zipped(b"h\x07"),
        "two values": zipped(b"NN"),
        "no value": zipped(b""),
        "no end": archive(
            [Entry("a/data.pkl", b"\x80\x02N"), Entry("a/version", b"3\n")]
        ),
        "bytes after the end": archive([Entry("a/data.pkl", pickled(b"N") + b"N.")]),
        "protocol 4": archive([Entry("a/data.pkl", b"\x80\x04\x95\1\0\0\0\0\0\0\0N.")]),
        "protocol 0": archive([Entry("a/data.pkl", b"cos\nsystem\n(S'x'\ntR.")]),
        "two protocols": zipped(b"\x80\x04N"),
        **{
            f"opcode {code:#04x}": zipped(b"N" + bytes([code]) + b"\0" * 9)
            for code in (*b"02FILSVdglp", *range(0x8B, 0x99))
        },
    }


def _tensors() -> dict[str, bytes]:
    """Tensors and storages that are not what they say."""
    long, half = name("torch", "LongStorage"), name("torch", "HalfStorage")
    big = number(2**60)
    typed = name("torch._tensor", "_rebuild_from_type_v2")
    v3 = name("torch._utils", "_rebuild_tensor_v3")
    untyped = storage(name("torch.storage", "UntypedStorage"), count=number(24))
    shape = group(number(6))
    one = group(number(1))
    result = {
        "negative offset": tensor(offset=number(-1)),
        "offset past the end": tensor(offset=number(1)),
        "offset beyond 64 bits": tensor(offset=number(2**63)),
        "offset is a string": tensor(offset=text("0")),
        "offset is a flag": tensor(offset=b"\x88"),
        "negative stride": tensor(stride=(-3, 1)),
        "stride past the end": tensor(stride=(4, 1)),
        "stride beyond 64 bits": tensor(stride=(2**64, 1)),
        "negative size": tensor(shape=(-2, 3)),
        "size past the end": tensor(shape=(3, 3)),
        "product overflows": tensor(shape=(2**32, 2**32), stride=(0, 0)),
        "empty but endless": tensor(shape=(2**61, 2**61, 0), stride=(1, 1, 1)),
        "fewer strides": tensor(stride=(1,)),
        "65 dimensions": tensor(shape=(1,) * 65, stride=(1,) * 65),
        "gradient is a number": tensor(gradient=number(2)),
        "hooks with a function": tensor(hooks=mapped(number(0), name("torch", "Size"))),
        "unknown flag": call(
            *(V2, storage(), number(0), shape, one, b"\x89", NO_HOOKS),
            mapped(text("evil"), b"\x88"),
        ),
        "negated integers": call(
            *(V2, storage(long, count=number(3)), number(0), group(number(3)), one),
            *(b"\x89", NO_HOOKS, mapped(text("neg"), b"\x88")),
        ),
        "too few arguments": call(V2, storage()),
        "too many arguments": call(V2, storage(), *[number(0)] * 12),
        "no storage": call(V2, b"N", number(0), shape, one, b"\x89", NO_HOOKS),
        "no dtype": call(V2, untyped, number(0), shape, one, b"\x89", NO_HOOKS),
        "another dtype": call(
            *(v3, storage(), number(0), shape, one, b"\x89", NO_HOOKS),
            name("torch", "float64"),
        ),
        "a string as dtype": call(
            *(v3, untyped, number(0), shape, one, b"\x89", NO_HOOKS, text("float32")),
        ),
        "larger elements": call(
            *(v3, untyped, number(0), shape, one, b"\x89", NO_HOOKS),
            name("torch", "complex128"),
        ),
        "parameter of a number": call(
            name("torch._utils", "_rebuild_parameter"), number(1), b"\x88", NO_HOOKS
        ),
        "typed as another class": call(
            typed, V2, name("collections", "OrderedDict"), b")", b"}"
        ),
        "storage of too many": tensor(storage(count=number(7))),
        "storage of too few": tensor(storage(count=number(5)), shape=(1,), stride=(1,)),
        "storage of other elements": tensor(storage(half)),
        "storage of negative size": tensor(storage(count=number(-6))),
        "storage of endless size": tensor(storage(count=big)),
        "storage of a flag": tensor(storage(count=b"\x88")),
        "storage of a function": tensor(storage(name("torch", "Size"))),
        "storage of a quantized kind": tensor(storage(name("torch", "QInt8Storage"))),
        "storage without a name": tensor(storage(key=number(0))),
        "storage at a path": tensor(storage(key=text("../0"))),
        "storage at an absolute path": tensor(storage(key=text("/etc/passwd"))),
        "storage in another alphabet": tensor(storage(key=text("٣"))),
        "storage that is missing": tensor(storage(key=text("9"))),
        "storage without a place": tensor(storage(location=number(0))),
        "storage at a long place": tensor(storage(location=text("x" * 500))),
        "storage described twice": listed(
            tensor(), tensor(storage(long, count=number(3)), shape=(1,), stride=(1,))
        ),
        "identity of a string": text("storage") + b"Q",
        "identity of a number": number(0) + b"Q",
        "identity of a module": group(text("module"), V2, text("a"), text("b")) + b"Q",
        "identity that is short": group(text("storage")) + b"Q",
        "view past the end": tensor(
            storage(
                *(name("torch", "FloatStorage"), text("0"), text("cpu"), number(6)),
                group(text("1"), number(4), number(4)),
            )
        ),
    }
    return {f"tensor: {name}": zipped(value) for name, value in result.items()}


def _bombs() -> dict[str, bytes]:
    """Small files that would take much memory, or time."""
    laughs = (
        b"]("
        + number(0) * 10
        + b"eq\0"
        + b"".join(
            b"](" + bytes([*b"h", i]) * 10 + b"eq" + bytes([i + 1]) for i in range(20)
        )
    )
    laughs = b"(" + laughs + b"t"
    collide = [number(i * (2**61 - 1)) + b"N" for i in range(1, 100_000)]
    pairs = [
        group(*(number(-1 - (i >> bit & 1)) for bit in range(14))) + b"N"
        for i in range(2**14)
    ]
    expanded = tensor(storage(count=number(6)), shape=(2**40,), stride=(0,))
    count = listed(*[tensor(shape=(2, 3), stride=(0, 0))] * 20)
    return {
        "bomb: expanded tensor": zipped(expanded),
        "bomb: many expanded tensors": zipped(
            listed(*[tensor(shape=(2**20, 3), stride=(0, 1))] * 100)
        ),
        "bomb: tensors that contain themselves": zipped(
            b"]q\0" + count + b"ah\0" + b"a"
        ),
        "bomb: nested lists": zipped(b"]" * 200_000 + b"a" * 199_999),
        "bomb: nested tuples": zipped(b")" + b"\x85" * 200_000),
        "bomb: nested dicts": zipped((b"}N") * 5000 + b"}" + b"s" * 5000),
        "bomb: lists side by side": zipped(b"](" + b"]" * 800_000 + b"e"),
        "bomb: dicts side by side": zipped(b"](" + b"}" * 700_000 + b"e"),
        "bomb: marks": zipped(b"(" * 1_300_000),
        "bomb: memos": zipped(
            b"N" + b"".join(b"r" + struct.pack("<I", i) for i in range(600_000))
        ),
        "bomb: a memo far away": zipped(b"Nr\xff\xff\xff\xff"),
        "bomb: ordered dicts": zipped(
            b"](" + name("collections", "OrderedDict") + b"q\0)R" + b"h\0)R" * 250_000
        ),
        "bomb: a long string": zipped(b"X\xff\xff\xff\xff" + b"x" * 99),
        "bomb: strings": zipped(text("x" * (2**20 + 1))),
        "bomb: an old long string": zipped(b"T\xff\xff\xff\x7f" + b"x" * 99),
        "bomb: lists of lists": zipped(laughs),
        "bomb: list in itself": zipped(b"]q\0h\0a"),
        "bomb: dict in itself": zipped(b"}q\0Nh\0s"),
        "bomb: list in a tuple in itself": zipped(b"]q\0h\0\x85a"),
        "bomb: metadata in itself": zipped(
            NO_HOOKS + b"q\0" + mapped(text("_metadata"), b"h\0") + b"b"
        ),
        "bomb: keys of one hash": zipped(mapped(*collide)),
        "bomb: tuples of one hash": zipped(mapped(*pairs)),
        "bomb: a large count": zipped(
            tensor(storage(count=number(2**40)), shape=(2**40,), stride=(1,))
        ),
    }


def _archives() -> dict[str, bytes]:
    """Archives that two readers would read in two ways."""
    good = lambda: members(tensor())  # noqa: E731
    result: dict[str, bytes] = {}

    def changed(what: str, place: int, **fields: object) -> None:
        entries = good()
        for field, value in fields.items():
            setattr(entries[place], field, value)
        result[f"zip: {what}"] = archive(entries)

    packed = zlib.compressobj(wbits=-15)
    squeezed = packed.compress(b"\0" * 10**7) + packed.flush()
    changed(
        "deflate bomb", 2, data=squeezed, method=8, size=10**7, packed=len(squeezed)
    )
    changed("compressed with no gain", 2, method=8)
    changed("encrypted", 2, flags=0x0809)
    changed("strong encryption", 2, flags=0x0848)
    changed("size too large", 2, size=10**6)
    changed("size of 4 gigabytes", 2, size=0xFFFFFFFE)
    changed("size too small", 2, size=8)
    changed("two sizes", 2, packed=12)
    changed("wrong checksum", 2, checksum=1)
    changed("wrong checksum of the pickle", 0, checksum=1)
    changed("offset of another", 2, offset=0)
    changed("offset past the end", 2, offset=10**6)
    changed("offset into the directory", 3, offset=700)
    changed("other local name", 2, local_name="archive/data/7")
    changed("shorter local name", 2, local_name="archive/data")
    changed("local size too large", 2, local_size=99)
    changed("other local flags", 2, local_flags=0x0800)
    changed("lying descriptor", 2, descriptor=b"PK\7\x08" + b"\1" * 12)
    changed("short descriptor", 2, descriptor=b"PK\7\x08\0\0")
    changed("bytes behind a member", 2, gap=b"#!/bin/sh\n")
    changed("wide fields that lie", 2, size=0xFFFFFFFF, packed=0xFFFFFFFF)
    changed(
        *("wide size of an exabyte", 2),
        size=0xFFFFFFFF,
        packed=0xFFFFFFFF,
        extra=struct.pack("<HHQQ", 1, 16, 2**60, 2**60),
    )
    changed("broken extra field", 2, extra=b"\1\0\xff\0")
    changed("two extra fields", 2, extra=struct.pack("<HHQ", 1, 8, 0) * 2)
    for what, path in {
        "absolute path": "/etc/data/0",
        "path upwards": "archive/../../data/0",
        "path with a dot": "archive/./data/0",
        "empty path part": "archive//data/0",
        "backslashes": "archive\\..\\data/0",
        "zero in a name": "archive/data/0\0.txt",
        "no folder": "data.pkl",
        "second folder": "other/data/0",
        "folder entry": "archive/",
        "stranger": "archive/run.sh",
        "arrays of numpy": "x.npy",
        "stranger in data": "archive/data/x",
        "torchscript": "archive/constants.pkl",
        "torchscript code": "archive/code/model.py",
        "same name twice": "archive/version",
    }.items():
        result[f"zip: {what}"] = archive([*good(), Entry(path, SIX)])
    double = good()
    double[0:0] = [Entry("archive/data.pkl", pickled(b"N"))]
    overlap = good()
    overlap.append(Entry("archive/data/1", SIX, offset=0))
    order = good()
    order[1].data = b"middle"
    late = good()
    late[0] = Entry("archive/data.pkl", b"\x80\x02" + b"]" * 10)
    end = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 0, 45, 0, 0, 99, 99, 99, 99)
    end += struct.pack("<4sIQI", b"PK\6\7", 0, 5, 1)
    latin = archive(good()).replace(b"archive/version", b"archive/v\xe9rsion")
    return result | {
        "zip: two pickles": archive(double),
        "zip: overlapping members": archive(overlap),
        "zip: unknown byte order": archive(order),
        "zip: pickle cut off": archive(late),
        "zip: no pickle": archive(good()[1:]),
        "zip: nothing": archive([]),
        "zip: name that is no text": latin,
        "zip: shell script before": archive(good(), before=b"#!/bin/sh\n"),
        "zip: program before": archive(good(), before=b"\x7fELF" + b"\0" * 60),
        "zip: zip before": archive(good()) + archive(good()),
        "zip: page before": archive(good(), before=b"<script>"),
        "zip: hidden start": archive(good(), before=b"PK\3\4"),
        "zip: bytes after": archive(good(), after=b"\0"),
        "zip: pickle after": archive(good(), after=pickled(b"N")),
        "zip: comment": archive(good(), comment=b"PK\5\6" + b"\0" * 18),
        "zip: more members than there are": archive(good(), count=5),
        "zip: fewer members than there are": archive(good(), count=2),
        "zip: 65535 members": archive(good(), count=0xFFFF),
        "zip: directory elsewhere": archive(good(), start=0),
        "zip: directory past the end": archive(good(), start=10**8),
        "zip: directory too long": archive(good(), size=10**8),
        "zip: directory too short": archive(good(), size=40),
        "zip: second end that lies": archive(good(), end64=end),
        "zip: only an end": b"PK\5\6" + b"\0" * 18,
        "zip: only a start": b"PK\3\4" + b"\0" * 300,
        "zip: very many members": _crowd(),
    }


def _crowd() -> bytes:
    """A directory of 260,000 members in few bytes each, all of the same place."""
    entry = struct.pack("<4s16xIII", b"PK\1\2", 0, 0, 0)[:28] + struct.pack("<H", 3)
    entry = entry.ljust(46, b"\0") + b"a/b"
    directory = entry * 60_000
    head = b"PK\3\4" + b"\0" * 30
    return (
        head
        + directory
        + struct.pack(
            *(
                "<4sHHHHIIH",
                b"PK\5\6",
                0,
                0,
                60_000,
                60_000,
                len(directory),
                len(head),
                0,
            )
        )
    )


def _old() -> dict[str, bytes]:
    """Files of the format before 1.6 that lie."""
    good, six = tensor(OLD), struct.pack("<q", 6) + SIX
    system = call(name("os", "system"), SHELL)
    module = group(text("module"), name("os", "system"), text("a"), text("b")) + b"Q"
    endless = storage(
        *(name("torch", "FloatStorage"), text("0"), text("cpu"), number(2**50)), b"N"
    )
    view = storage(
        *(name("torch", "FloatStorage"), text("0"), text("cpu"), number(6)),
        group(text("1"), number(5), number(5)),
    )
    return {
        "old: another magic": legacy(good, magic=number(1)),
        "old: another protocol": legacy(good, protocol=number(1002)),
        "old: no system": legacy(good, system=number(1)),
        "old: no byte order": legacy(good, system=b"}"),
        "old: call in the system": legacy(good, system=system),
        "old: call": legacy(system, keys=b"]", tail=b""),
        "old: call in the keys": legacy(good, keys=system),
        "old: call of a module": legacy(*(module + b")R",), keys=b"]", tail=b""),
        "old: object of a module": legacy(*(module + b")\x81",), keys=b"]", tail=b""),
        "old: storages without keys": legacy(good, keys=b"]"),
        "old: keys that are no list": legacy(good, keys=text("0")),
        "old: keys that are numbers": legacy(good, keys=listed(number(0))),
        "old: keys twice": legacy(good, keys=listed(text("0"), text("0"))),
        "old: other keys": legacy(good, keys=listed(text("1"))),
        "old: another count": legacy(good, tail=struct.pack("<q", 7) + SIX),
        "old: negative count": legacy(good, tail=struct.pack("<q", -6) + SIX),
        "old: storage cut off": legacy(good, tail=six[:-1]),
        "old: no storage": legacy(good, tail=b""),
        "old: bytes after": legacy(good, tail=six + b"\0"),
        "old: zip after": legacy(good, tail=six + zipped(tensor())),
        "old: endless storage": legacy(tensor(endless, shape=(1,), stride=(1,))),
        "old: view past the end": legacy(tensor(view, shape=(1,), stride=(1,))),
        "old: swapped count": legacy(good, tail=struct.pack(">q", 6) + SIX),
        "old: expanded": legacy(tensor(OLD, shape=(2**40,), stride=(0,))),
    }


def _strangers() -> dict[str, bytes]:
    """Files of other kinds."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as file:
        for part in ("storages", "tensors", "pickle"):
            file.addfile(tarfile.TarInfo(part))
    return {
        "no file: empty": b"",
        "no file: tar": tar.getvalue(),
        "no file: pickle": pickled(call(name("os", "system"), SHELL)),
        "no file: pickle of protocol 4": b"\x80\x04\x8c\x02os\x8c\x06system\x93.",
        "no file: text pickle": b"cos\nsystem\n(S'true'\ntR.",
        "no file: page": b"<!DOCTYPE html><html>404</html>",
        "no file: json": b'{"__metadata__": {}}',
        "no file: pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:0",
        "no file: gzip": zlib.compress(b"x", wbits=31),
        "no file: noise": bytes(range(256)) * 4,
        "no file: zeros": b"\0" * 1000,
    }


def _truncated() -> Iterator[tuple[str, bytes]]:
    """Whole files, cut off at every hundredth."""
    value = mapped(text("a"), tensor(), text("b"), number(7))
    for form, whole in {
        "zip": zipped(value),
        "old": legacy(mapped(text("a"), tensor(OLD), text("b"), number(7))),
    }.items():
        for percent in range(1, 100):
            yield f"cut: {form} at {percent}%", whole[: len(whole) * percent // 100]


def good() -> dict[str, Callable[[], bytes]]:
    """The files that the attacks were made from: these are read."""
    return {
        "zip": lambda: zipped(tensor()),
        "old": lambda: legacy(tensor(OLD)),
    }


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for place, (what, data) in enumerate(attacks()):
        safe = "".join(c if c.isalnum() else "-" for c in what)
        (folder / f"{place:03}-{safe}.pth").write_bytes(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
