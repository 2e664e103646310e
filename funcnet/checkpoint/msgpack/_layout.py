"""What the writer and the reader of flax's msgpack layout both know.

A file is what `flax.serialization.msgpack_serialize` writes, and holds in addition one
map, the header, under the name `HEADER`:

    version     2
    metadata    the user's
    kinds       [[path, [word, ...]], ...]: nodes that are not plain dicts
    leaves      [[path, dtype or type, shape, [CRC-32, ...]], ...], in the file's order;
                an array has a checksum for each 16 MiB, another value has one
    __crc32__   of the header up to here

flax ignores an entry too many in a dict, but counts those of lists, tuples and
dataclasses of its own. The header of such a tree lies in its last array, which is
written in flax's form for very large arrays, a dict in which flax ignores it, too.
"""

HEADER = "__funcnet__"
CHECKSUM = "__crc32__"
CHUNKED = "__msgpack_chunked_array__"
KEY = "__prng_key__"
RESERVED = (HEADER, CHECKSUM, CHUNKED, KEY)

VERSION = 2
FIELDS = ("version", "metadata", "kinds", "leaves", CHECKSUM)
CHECKSUM_HEAD = b"\xa9" + CHECKSUM.encode() + b"\xce"  # four bytes follow

# Extension types.
ARRAY, COMPLEX, SCALAR = 1, 2, 3

LARGEST_CHUNK = 2**30  # flax's MAX_CHUNK_SIZE: msgpack ends at 2**32 - 1 bytes
