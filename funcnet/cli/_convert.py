"""Convert a checkpoint: the suffixes say the formats, names and shapes stay."""

import argparse
import fnmatch
from typing import get_args

from funcnet.cli._table import leaves, size

NAME, HELP = "convert", "convert between .msgpack, .pth, .safetensors and Orbax"
EXAMPLES = """
  funcnet convert resnet18.pth resnet18.msgpack
  funcnet convert run.pth.tar weights.safetensors --prefix state_dict
  funcnet convert big.safetensors big.safetensors.index.json --max-shard-size 2GB
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from funcnet.checkpoint._formats import Format

    parser.add_argument("source", metavar="A", help="the file to read, of any format")
    parser.add_argument("target", metavar="B", help="the file to write")
    parser.add_argument(
        "--format", choices=get_args(Format), help="of B, if its suffix is another"
    )
    add_selection(parser)
    parser.add_argument(
        "--max-shard-size",
        metavar="SIZE",
        help="bytes in each file of a .safetensors.index.json (5GB)",
    )


def add_selection(parser: argparse.ArgumentParser) -> None:
    """The arguments that choose a part of a file."""
    parser.add_argument(
        "--prefix", default="", metavar="NAME", help="only what lies below this name"
    )
    parser.add_argument(
        "--filter",
        metavar="GLOB",
        help="only leaves whose name fits, such as '*.weight'",
    )


def run(options: argparse.Namespace) -> int:
    from funcnet import checkpoint

    chosen = options.filter
    left_out = checkpoint.convert(
        options.source,
        options.target,
        format=options.format,
        prefix=options.prefix,
        filter=None if chosen is None else lambda x: fnmatch.fnmatchcase(x, chosen),
        max_shard_size=options.max_shard_size,
    )
    result = checkpoint.entries(options.target)
    total = size(sum(entry.nbytes for entry in result))
    print(f"{options.target}: {leaves(len(result))}, {total} of arrays")
    for words in left_out:
        print(f"  left out: {words}")
    return 0
