"""Names of memory layouts; arrays of JAX have one, which XLA chooses."""

from typing import Any

from funcnet.compat._messages.keyword_errors import explains_keywords


@explains_keywords
class layout:  # noqa: N801 - PyTorch's name
    """How the elements of a tensor are stored."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> Any:
        return _named, (self.name,)


def _named(name: str) -> "layout":
    result: layout = globals()[name]
    return result


class memory_format(layout):  # noqa: N801
    """In which order the dimensions lie in memory; taken, and without effect."""


strided = layout("strided")
sparse_coo = layout("sparse_coo")
sparse_csr, sparse_csc = layout("sparse_csr"), layout("sparse_csc")
sparse_bsr, sparse_bsc = layout("sparse_bsr"), layout("sparse_bsc")
contiguous_format = memory_format("contiguous_format")
channels_last = memory_format("channels_last")
channels_last_3d = memory_format("channels_last_3d")
preserve_format = memory_format("preserve_format")
