"""Sequences of different lengths, as `torch.nn.utils.rnn`."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.suggestions import did_you_mean
from funcnet.compat._ops.create.creation import tensor
from funcnet.compat._ops.shape.joining import cat, stack
from funcnet.compat._tensor.tensor import Tensor


class _Packed(NamedTuple):
    data: Tensor
    batch_sizes: Tensor
    sorted_indices: Tensor | None
    unsorted_indices: Tensor | None


class PackedSequence(_Packed):
    """Packed sequences: those of a batch, step by step, without padding.

    `data` holds the first elements of all sequences, then the second ones, and so on;
    `batch_sizes` says how many sequences reach each step, the longest coming first.
    """

    def __new__(
        cls,
        data: Any,
        batch_sizes: Any = None,
        sorted_indices: Tensor | None = None,
        unsorted_indices: Tensor | None = None,
    ) -> "PackedSequence":
        if unsorted_indices is None:
            unsorted_indices = invert_permutation(sorted_indices)
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    def to(self, *args: Any, **kwargs: Any) -> "PackedSequence":
        """Move or cast the data."""
        return self._replace(data=self.data.to(*args, **kwargs))

    def __getattr__(self, name: str) -> Any:
        """`double()`, `cuda()` and the like, done with the data."""
        if name not in _CASTS:
            raise AttributeError(
                f"'PackedSequence' object has no attribute {name!r}."
                + did_you_mean(name, [*_CASTS, *dir(type(self))])
            )

        def cast(*args: object, **kwargs: object) -> "PackedSequence":
            return self._replace(data=getattr(self.data, name)(*args, **kwargs))

        return cast

    @property
    def is_cuda(self) -> bool:
        """Whether the data lie on a GPU."""
        return bool(self.data.is_cuda)

    def pin_memory(self) -> "PackedSequence":
        """Accepted: JAX moves arrays to GPUs itself."""
        return self

    def is_pinned(self) -> bool:
        """Whether the data lie in pinned memory."""
        return bool(self.data.is_pinned())


_CASTS = frozenset(
    ["cuda", "cpu", "double", "float", "half", "long", "int", "short", "char", "byte"]
)


def invert_permutation(permutation: Tensor | None) -> Any:
    """The order that undoes another, as `torch.nn.utils.rnn.invert_permutation`."""
    if permutation is None:
        return None
    order = np.argsort(permutation.cpu().numpy(), kind="stable")
    return _indices(order, permutation.device)


def _indices(array: np.ndarray, device: DeviceLike = "cpu") -> Any:
    return tensor(np.asarray(array, np.int64), device=device)


@explains_keywords
def pack_padded_sequence(
    input: Tensor,
    lengths: Tensor | Sequence[int],
    batch_first: bool = False,
    enforce_sorted: bool = True,
) -> PackedSequence:
    """Pack padded sequences: remove the padding, as `pack_padded_sequence`.

    `input` is `(time, batch, ...)`, with `batch_first` `(batch, time, ...)`; `lengths`
    says how much of each sequence counts, in falling order if `enforce_sorted`.
    """
    sizes = np.asarray(lengths, np.int64)
    order = None
    x: Any = input
    if not enforce_sorted:
        falling = np.argsort(-sizes, kind="stable")
        sizes = sizes[falling]
        order = _indices(falling, x.device)
        x = x.index_select(0 if batch_first else 1, order)
    elif (np.diff(sizes) > 0).any():
        raise RuntimeError(
            "`lengths` array must be sorted in decreasing order when `enforce_sorted` "
            "is True. You can pass `enforce_sorted=False` to pack_padded_sequence "
            "and/or pack_sequence to sidestep this requirement if you do not need ONNX "
            "exportability."
        )
    if sizes.size and sizes.min() <= 0:
        raise RuntimeError(
            "Length of all samples has to be greater than 0, but found an element in "
            "'lengths' that is <= 0"
        )
    if batch_first:
        x = x.transpose(0, 1)
    if x.shape[1] != len(sizes):
        raise RuntimeError(
            f"Expected `len(lengths)` to be equal to batch_size, but got {len(sizes)} "
            f"(batch_size={x.shape[1]})"
        )
    steps = int(sizes[0])
    batch_sizes = (sizes[None] > np.arange(steps)[:, None]).sum(1)
    flat = x[:steps].reshape((-1, *x.shape[2:]))
    indices = _indices(_packed_positions(batch_sizes, x.shape[1]), x.device)
    data = flat.index_select(0, indices)
    return PackedSequence(data, _indices(batch_sizes), order)


def _packed_positions(batch_sizes: np.ndarray, batch: int) -> np.ndarray:
    """Where the packed elements stand among the padded ones, step by step."""
    rows = [step * batch + np.arange(count) for step, count in enumerate(batch_sizes)]
    return np.concatenate(rows)


@explains_keywords
def pad_packed_sequence(
    sequence: PackedSequence,
    batch_first: bool = False,
    padding_value: float = 0.0,
    total_length: int | None = None,
) -> tuple[Any, Any]:
    """Pad packed sequences: `(padded, lengths)`, in the order from before packing."""
    batch_sizes = sequence.batch_sizes.numpy()
    steps = len(batch_sizes)
    if total_length is not None and total_length < steps:
        raise ValueError(
            "Expected total_length to be at least the length of the longest sequence "
            f"in input, but got total_length={total_length} and max sequence length "
            f"being {steps}"
        )
    length, batch = total_length or steps, int(batch_sizes[0])
    data = sequence.data
    flat = data.new_full((length * batch, *data.shape[1:]), padding_value)
    indices = _indices(_packed_positions(batch_sizes, batch), data.device)
    flat = flat.index_copy(0, indices, data)
    x = flat.reshape((length, batch, *data.shape[1:]))
    sizes = (batch_sizes[:, None] > np.arange(batch)).sum(0)
    if sequence.unsorted_indices is not None:
        x = x.index_select(1, sequence.unsorted_indices)
        sizes = sizes[sequence.unsorted_indices.cpu().numpy()]
    return (x.transpose(0, 1) if batch_first else x), _indices(sizes)


def padded(sequence: PackedSequence, batch_first: bool) -> tuple[Any, Any]:
    """Sequences in their packed order, padded, and their lengths."""
    return pad_packed_sequence(
        sequence._replace(sorted_indices=None, unsorted_indices=None), batch_first
    )


def pack_like(x: Tensor, sequence: PackedSequence, batch_first: bool) -> PackedSequence:
    """Pack what a network made of `padded(sequence)`."""
    batch_sizes = sequence.batch_sizes.numpy()
    x = x.transpose(0, 1) if batch_first else x
    flat = x.reshape((-1, *x.shape[2:]))
    indices = _indices(_packed_positions(batch_sizes, int(batch_sizes[0])), x.device)
    data = flat.index_select(0, indices)
    return sequence._replace(data=data)


@explains_keywords
def pad_sequence(
    sequences: Sequence[Tensor],
    batch_first: bool = False,
    padding_value: float = 0.0,
    padding_side: str = "right",
) -> Tensor:
    """Pad sequences and stack them, as `torch.nn.utils.rnn.pad_sequence`."""
    longest = max(len(sequence) for sequence in sequences)
    rows = []
    for sequence in sequences:
        missing = longest - len(sequence)
        if missing:
            filler = sequence.new_full((missing, *sequence.shape[1:]), padding_value)
            parts = (
                [sequence, filler] if padding_side == "right" else [filler, sequence]
            )
            sequence = cat(parts)
        rows.append(sequence)
    return stack(rows, 0 if batch_first else 1)


@explains_keywords
def unpad_sequence(
    padded_sequences: Tensor, lengths: Tensor, batch_first: bool = False
) -> list[Tensor]:
    """Undo `pad_sequence`."""
    x = padded_sequences if batch_first else padded_sequences.transpose(0, 1)
    return [
        sequence[: int(length)] for sequence, length in zip(x, lengths, strict=True)
    ]


@explains_keywords
def pack_sequence(
    sequences: Sequence[Tensor], enforce_sorted: bool = True
) -> PackedSequence:
    """Pack sequences of different lengths, as `torch.nn.utils.rnn.pack_sequence`."""
    lengths = [len(sequence) for sequence in sequences]
    return pack_padded_sequence(pad_sequence(sequences), lengths, False, enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Any]:
    """Undo `pack_sequence`."""
    return unpad_sequence(*pad_packed_sequence(packed_sequences))


__all__ = [
    "PackedSequence",
    "invert_permutation",
    "pack_padded_sequence",
    "pack_sequence",
    "pad_packed_sequence",
    "pad_sequence",
    "unpack_sequence",
    "unpad_sequence",
]
