"""Files made to harm their reader, by name: for each its bytes and the refusal.

`python -m tests.checkpoint.attacks FOLDER` writes them into a folder.
"""

import json
import struct
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgpack

Attack = tuple[bytes, str]


def _array(shape: Any, dtype: Any, data: Any, code: int = 1) -> bytes:
    """An array of flax's layout, with whatever stands for its three parts."""
    return msgpack.packb(msgpack.ExtType(code, msgpack.packb((shape, dtype, data))))


def _chunked(**parts: bytes) -> bytes:
    """A map in the form of a chunked array."""
    head = {"__msgpack_chunked_array__": b"\xc3"} | parts
    body = b"".join(msgpack.packb(name) + value for name, value in head.items())
    return bytes([0x80 + len(head)]) + body


def _signed(kinds: Any, leaves: Any, tree: bytes, count: int = 1) -> bytes:
    """A file whose header says what it likes, with a checksum that is right."""
    head = b"\x85" + b"".join(
        msgpack.packb(part)
        for part in ("version", 2, "metadata", {}, "kinds", kinds, "leaves", leaves)
    )
    head += msgpack.packb("__crc32__") + b"\xce"
    head += zlib.crc32(head).to_bytes(4, "big")
    return bytes([0x81 + count]) + tree + msgpack.packb("__funcnet__") + head


_GOOD = msgpack.packb("a") + _array((2,), "int8", b"\1\2")
_ROW = [["a"], "int8", [2], [zlib.crc32(b"\1\2")]]


def msgpack_attacks() -> Iterator[tuple[str, Attack]]:
    """Yield name, bytes, and a pattern of the message for `.msgpack`."""
    yield "list_count_bomb", (b"\xdd\xff\xff\xff\xff", "4294967295 entries are")
    yield "map_count_bomb", (b"\xdf\xff\xff\xff\xff", "4294967295 entries are")
    yield "binary_length_bomb", (b"\xc6\xff\xff\xff\xff", "4294967295 bytes are")
    yield "text_length_bomb", (b"\xdb\xff\xff\xff\xff", "4294967295 bytes are")
    yield "extension_length_bomb", (b"\xc9\xff\xff\xff\xff\x01", "4294967295 bytes are")
    yield "list_of_nothing", (b"\xdd\0\x80\0\0" + b"\xc0" * 2**23, "more names")
    yield (
        "map_of_millions_of_names",
        (
            b"\xdf\0\x10\0\0"
            + b"".join(
                b"\xa4" + struct.pack(">I", i | 0x40404040) + b"\0"
                for i in range(2**20)
            ),
            "more names|not UTF-8|stands twice",
        ),
    )
    yield (
        "millions_of_empty_arrays",
        (b"\xdd\0\x04\0\0" + _array((0,), "int8", b"") * 2**18, "more names"),
    )
    yield "many_empty_maps", (b"\xdd\0\x40\0\0" + b"\x80" * 2**22, "more names")
    yield "deep_lists", (b"\x91" * 100_000 + b"\xc0", "nested more than 160 deep")
    yield "deep_maps", (b"\x81\xa1a" * 100_000 + b"\xc0", "nested more than 160 deep")
    deep = b"\xc0"
    for _ in range(100):
        deep = b"\xc7" + bytes([min(255, len(deep))]) + b"\x02" + deep
    yield "deep_extensions", (deep, "at byte")
    yield "negative_shape", (_array((-1,), "int8", b"a"), r"has the shape \[-1\]")
    yield "float_shape", (_array((1.0,), "int8", b"a"), r"has the shape \[1\.0\]")
    yield "bool_shape", (_array((True,), "int8", b"a"), r"has the shape \[True\]")
    yield "shape_that_overflows", (_array((2**63, 2), "int8", b""), "has the shape")
    yield "zero_times_too_much", (_array((2**62, 0), "int8", b""), "has the shape")
    yield "hundred_dimensions", (_array((1,) * 100, "int8", b"a"), "has the shape")
    yield "shape_that_is_no_list", (_array(4, "int8", b"abcd"), "has the shape 4")
    yield "lying_shape", (_array((1000,), "float32", b"abcd"), "has 4 bytes")
    yield "comma_dtype", (_array((1,), "i4,i4", b"a" * 8), "dtype 'i4,i4'")
    yield "object_dtype", (_array((1,), "object", b"a" * 8), "dtype 'object'")
    yield "void_dtype", (_array((1,), "V8", b"a" * 8), "unknown dtype 'V8'")
    yield "text_dtype", (_array((1,), "U2", b"a" * 8), "unknown dtype 'U2'")
    yield "big_endian_dtype", (_array((1,), ">f4", b"a" * 4), "unknown dtype '>f4'")
    yield (
        "dtype_that_is_a_list",
        (_array((1,), [["a", "O"]], b"a" * 8), "at byte"),
    )
    yield "numbers_that_are_text", (_array((1,), "int8", "a"), "are not bytes")
    yield "bool_of_two", (_array((1,), "bool", b"\2"), "others than 0 and 1")
    yield "scalar_with_a_shape", (_array((1,), "int8", b"a", code=3), "has the shape")
    yield (
        "pickle_extension",
        (msgpack.packb(msgpack.ExtType(4, b"\x80\x04.")), "type 4"),
    )
    yield "timestamp", (b"\xd6\xff\0\0\0\0", "extension type -1")
    yield (
        "complex_of_text",
        (msgpack.packb(msgpack.ExtType(2, b"\x92\xa1a\xa1b")), "two"),
    )
    yield "bytes_after_an_array", (b"\xd5\x01\x93\x90", "at byte")
    yield "duplicate_names", (b"\x82\xa1a\x01\xa1a\x02", "'a' stands twice")
    yield "numbers_and_text_of_one_name", (b"\x82\x01\x01\xa11\x02", "'1' stands twice")
    yield "name_that_is_a_map", (b"\x81\x80\x01", "is no string")
    yield (
        "name_that_is_an_array",
        (b"\x81" + _array((1,), "int8", b"a") + b"\0", "twice"),
    )
    yield "name_that_is_bytes", (b"\x81\xc4\x01a\x01", "is no string")
    yield "text_that_is_not_utf8", (b"\xa1\xff", "not UTF-8")
    yield "byte_that_means_nothing", (b"\xc1", "means nothing")
    yield "trailing_bytes", (b"\x81\xa1a\x01\x00", "1 bytes follow")
    yield "two_files_in_one", (b"\x81\xa1a\x01" * 2, "4 bytes follow")
    one = _array((2,), "int8", b"ab")
    yield "chunks_without_shape", (_chunked(chunks=b"\x80"), "lacks its shape")
    yield (
        "chunks_that_are_numbers",
        (
            _chunked(shape=b"\x80", chunks=b"\x81\xa10\x01"),
            "lacks its shape or a chunk",
        ),
    )
    yield (
        "chunks_of_other_size",
        (
            _chunked(shape=b"\x81\xa10\x05", chunks=b"\x81\xa10" + one),
            "have 2 bytes",
        ),
    )
    yield (
        "chunks_with_gaps",
        (
            _chunked(shape=b"\x81\xa10\x02", chunks=b"\x81\xa11" + one),
            "lacks its shape or a chunk",
        ),
    )
    yield (
        "chunks_of_two_dtypes",
        (
            _chunked(
                shape=b"\x81\xa10\x04",
                chunks=b"\x82\xa10" + one + b"\xa11" + _array((2,), "bool", b"\0\1"),
            ),
            "2 dtypes",
        ),
    )
    yield (
        "chunks_with_more",
        (
            _chunked(shape=b"\x81\xa10\x02", chunks=b"\x81\xa10" + one, more=b"\0"),
            "mean nothing",
        ),
    )
    yield "key_without_data", (b"\x81\xac__prng_key__\xa1x", "lacks its data")
    yield (
        "key_of_no_kind",
        (
            b"\x82\xac__prng_key__\xa4evil\xa4data" + _array((2,), "uint32", b"a" * 8),
            "kind 'evil' cannot be rebuilt",
        ),
    )
    yield (
        "header_that_lies_on_shape",
        (
            _signed([], [[["a"], "int8", [3], [0]]], _GOOD),
            "a: the file's table does not list",
        ),
    )
    yield (
        "header_that_lies_on_names",
        (
            _signed([], [[["b"], "int8", [2], [0]]], _GOOD),
            "does not list",
        ),
    )
    yield "header_without_sums", (_signed([], [[*_ROW[:3], []]], _GOOD), "no checksums")
    yield (
        "header_with_wrong_sum",
        (_signed([], [[*_ROW[:3], [1]]], _GOOD), "checksum is"),
    )
    yield "header_without_leaves", (_signed([], None, _GOOD), "does not list")
    yield "header_of_bad_kinds", (_signed([1], [_ROW], _GOOD), "table of kinds")
    yield (
        "header_of_maps_as_kinds",
        (_signed([[[{}], ["list"]]], [_ROW], _GOOD), "kinds"),
    )
    yield "header_in_a_leaf", (b"\x81\xa1a\x81\xab__funcnet__\x80", "none belongs")
    yield "two_headers", (_signed([], [_ROW], _GOOD)[:-1] + b"\0", "checksum")


def _safetensors(header: Any, data: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def _entry(dtype: Any, shape: Any, first: Any, last: Any) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [first, last]}


def safetensors_attacks() -> Iterator[tuple[str, Attack]]:
    """Yield name, bytes, and a pattern of the message for `.safetensors`."""
    good = _entry("U8", [1], 0, 1)
    yield (
        "header_longer_than_file",
        (
            _safetensors({"a": good}, b"a", length=2**31),
            "ends early",
        ),
    )
    yield (
        "header_of_2_to_the_63",
        (
            struct.pack("<Q", 2**63) + b'{"a":1}',
            "no checkpoint|ends early|empty|known|announced|at byte",
        ),
    )
    count = b",".join(
        b'"%d":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}' % i
        for i in range(90_000)
    )
    yield (
        "header_bomb_of_names",
        (_safetensors(b"{" + count + b"}"), "no file of tensors"),
    )
    digits = b'{"a":{"dtype":"U8","shape":[%s],"data_offsets":[0,0]}}' % (b"9" * 5000)
    yield "number_of_5000_digits", (_safetensors(digits), "damaged")
    yield "deep_header", (_safetensors(b'{"a":' * 100_000), "damaged|no JSON")
    yield "deep_lists_in_header", (_safetensors(b'{"a":' + b"[" * 99_999), "damaged")
    yield (
        "overlapping_tensors",
        (
            _safetensors(
                {"a": _entry("U8", [2], 0, 2), "b": _entry("U8", [2], 1, 3)}, b"abc"
            ),
            "invalid offset",
        ),
    )
    yield (
        "same_bytes_twice",
        (
            _safetensors({"a": good, "b": good}, b"a"),
            "invalid offset",
        ),
    )
    yield (
        "hole_between_tensors",
        (
            _safetensors({"a": good, "b": _entry("U8", [1], 2, 3)}, b"abc"),
            "invalid offset",
        ),
    )
    yield "bytes_behind_the_tensors", (_safetensors({"a": good}, b"abc"), "not fully")
    yield (
        "offsets_past_the_end",
        (
            _safetensors({"a": _entry("U8", [9], 0, 9)}, b"abc"),
            "damaged",
        ),
    )
    yield (
        "offsets_backwards",
        (_safetensors({"a": _entry("U8", [1], 1, 0)}, b"a"), "dam"),
    )
    yield (
        "offsets_negative",
        (_safetensors({"a": _entry("U8", [1], -1, 0)}, b"a"), "dam"),
    )
    yield (
        "offsets_of_text",
        (_safetensors({"a": _entry("U8", [1], "0", "1")}, b"a"), "da"),
    )
    yield (
        "shape_negative",
        (_safetensors({"a": _entry("U8", [-1], 0, 1)}, b"a"), "damag"),
    )
    yield (
        "shape_that_overflows",
        (
            _safetensors({"a": _entry("U8", [2**32, 2**32], 0, 0)}),
            "damaged",
        ),
    )
    yield (
        "zero_times_too_much",
        (
            _safetensors({"a": _entry("U8", [2**62, 0], 0, 0)}),
            "shape that no array has",
        ),
    )
    yield (
        "hundred_dimensions",
        (
            _safetensors({"a": _entry("U8", [1] * 100, 0, 1)}, b"a"),
            "shape that no array has",
        ),
    )
    yield (
        "lying_shape",
        (_safetensors({"a": _entry("F32", [9], 0, 4)}, b"abcd"), "damag"),
    )
    yield (
        "dtype_of_objects",
        (_safetensors({"a": _entry("O", [1], 0, 8)}, b"a" * 8), "d"),
    )
    yield (
        "dtype_of_half_bytes",
        (
            _safetensors({"a": _entry("F4", [2], 0, 1)}, b"a"),
            "'F4', which NumPy cannot hold",
        ),
    )
    yield (
        "bool_of_two",
        (_safetensors({"a": _entry("BOOL", [1], 0, 1)}, b"\2"), "0 and 1"),
    )
    body = b'"dtype":"U8","shape":[%d],"data_offsets":[0,%d]}'
    yield (
        "duplicate_names",
        (
            _safetensors(
                b'{"a":{' + body % (1, 1) + b',"a":{' + body % (2, 2) + b"}", b"ab"
            ),
            "'a' stands twice",
        ),
    )
    yield (
        "duplicate_metadata",
        (
            _safetensors(b'{"__metadata__":{"a":"1","a":"2"}}'),
            "'a' stands twice",
        ),
    )
    yield (
        "duplicate_fields",
        (
            _safetensors(b'{"a":{"dtype":"I8",' + body % (1, 1) + b"}", b"a"),
            "damaged|stands twice",
        ),
    )
    yield (
        "unknown_fields",
        (
            _safetensors({"a": good | {"code": "import os"}}, b"a"),
            "has not dtype, shape",
        ),
    )
    yield "metadata_of_numbers", (_safetensors({"__metadata__": {"a": 1}}), "damaged")
    yield "header_that_is_a_list", (_safetensors(b"[]"), "")
    yield "header_that_is_text", (_safetensors(b'{"a": "tensor"}'), "damaged")
    yield "header_not_utf8", (_safetensors(b'{"\xff":{}}'), "damaged")
    yield (
        "half_a_surrogate",
        (
            _safetensors(b'{"\\ud800":{' + body % (1, 1) + b"}", b"a"),
            "damaged",
        ),
    )
    yield "nan_in_header", (_safetensors(b'{"__metadata__": NaN}'), "damaged")
    yield "no_header", (struct.pack("<Q", 0), "")
    yield (
        "name_of_10000_parts",
        (
            _safetensors({"a." * 10_000: good}, b"a"),
            "accepted",
        ),
    )


def all_attacks() -> dict[str, Attack]:
    """All attacks under the names of their files."""
    result = {f"{name}.msgpack": attack for name, attack in msgpack_attacks()}
    return result | {f"{n}.safetensors": attack for n, attack in safetensors_attacks()}


if __name__ == "__main__":
    for file_name, (content, _) in all_attacks().items():
        (Path(sys.argv[1]) / file_name).write_bytes(content)
