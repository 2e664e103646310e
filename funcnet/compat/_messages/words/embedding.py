"""PyTorch's words for embeddings."""

from typing import Final

from funcnet.compat._messages.words.types import Facts, Told, Words


def _indices(facts: Facts) -> Told:
    return RuntimeError, (
        "Expected tensor for argument #1 'indices' to have one of the following scalar "
        f"types: Long, Int; but got torch.{facts['dtype'].type_name}Tensor instead "
        "(while checking arguments for {name})"
    )


def _bag_rank(facts: Facts) -> Told:
    ndim = facts["ndim"]
    if facts["what"] == "offsets":
        return ValueError, "offsets has to be a 1D Tensor"
    if facts["what"] == "weight":
        return ValueError, (
            f"weight has to be a 2D Tensor, but got Tensor of dimension {ndim}"
        )
    return ValueError, (
        f"input has to be 1D or 2D Tensor, but got Tensor of dimension {ndim}"
    )


def _bag_dtype(facts: Facts) -> Told:
    weight, factors = facts["dtypes"].values()
    return RuntimeError, (
        "Expected tensor for argument #1 'weight' to have the same type as tensor for "
        "argument #1 'per_sample_weights'; but type "
        f"torch.{weight.type_name}Tensor does not equal "
        f"torch.{factors.type_name}Tensor (while checking arguments for embedding_bag)"
    )


def _bag_weights(facts: Facts) -> Told:
    return ValueError, (
        "embedding_bag: If per_sample_weights "
        f"(torch.Size({facts['weights']})) is not None, then it must have the same "
        f"shape as the input (torch.Size({facts['input']}))"
    )


WORDS: Final[dict[str, Words]] = {
    "indices": _indices,
    "one_hot/indices": (
        RuntimeError,
        "one_hot is only applicable to index tensor of type LongTensor.",
    ),
    "embedding/rank": (RuntimeError, "'weight' must be 2-D"),
    "embedding.padding_idx": (
        AssertionError,
        "Padding_idx must be within num_embeddings",
    ),
    "embedding_bag/embedding.padding_idx": (
        RuntimeError,
        "padding_idx must be within the number of embeddings, -{rows} through {last}, "
        "but got {padding_idx}",
    ),
    "EmbeddingBag/embedding.padding_idx": (
        AssertionError,
        "padding_idx must be within num_embeddings",
    ),
    "embedding_bag/choice": (ValueError, "mode has to be one of sum, mean or max"),
    "EmbeddingBag/choice": (ValueError, "mode has to be one of sum, mean or max"),
    "embedding_bag/rank": _bag_rank,
    "embedding_bag/dtype.same": _bag_dtype,
    "embedding_bag.max_by_freq": (
        ValueError,
        "max mode does not support scaling the gradient by the frequency",
    ),
    "embedding_bag.offsets": (
        ValueError,
        "if input is 2D, then offsets has to be None, as input is treated is a "
        "mini-batch of fixed length sequences. However, found offsets of type <class "
        "'torch.Tensor'>",
    ),
    "embedding_bag.no_offsets": (
        ValueError,
        "offsets has to be a 1D Tensor but got None",
    ),
    "embedding_bag.no_last_offset": (
        RuntimeError,
        "include_last_offset: number of offset should be at least 1",
    ),
    "embedding_bag.weights_mode": (
        NotImplementedError,
        "embedding_bag: per_sample_weights was not None. per_sample_weights is only "
        "supported for mode='sum' (got mode={mode!r}). Please open a feature request "
        "on GitHub.",
    ),
    "embedding_bag.weights": _bag_weights,
}
