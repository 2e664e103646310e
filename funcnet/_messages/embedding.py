"""Embeddings and one-hot rows."""

MESSAGES = {
    "indices": "{name}: {what} has dtype {dtype}, integers are needed. Convert it: "
    "{what}.astype(jnp.int32).",
    "embedding.padding_idx": "{name}: padding_idx is {padding_idx}; the table has "
    "{rows} rows, so it must be in -{rows}..{last}.",
    "embedding.index": "{name}: input holds the index {index}; there are {rows} "
    "rows, whose indices are 0 to {last}.",
    "embedding_bag.max_by_freq": "{name}: scale_grad_by_freq does not go with "
    "mode={mode!r}.",
    "embedding_bag.offsets": "{name}: input has shape {input}, whose rows are the "
    "bags; offsets go with a one-dimensional input.",
    "embedding_bag.no_offsets": "{name}: a one-dimensional input {input} needs "
    "offsets, where each bag begins; or give a two-dimensional one, a bag in each row.",
    "embedding_bag.no_last_offset": "{name}: include_last_offset needs at least one "
    "offset; without it there are {bags} bags.",
    "embedding_bag.bad_offsets": "{name}: offsets are {offsets}; for an input of "
    "{indices} indices they must begin with 0, never fall, and {last}.",
    "embedding_bag.weights_mode": "{name}: per_sample_weights go with mode='sum', the "
    "mode is {mode!r}.",
    "embedding_bag.weights": "{name}: per_sample_weights has shape {weights}, it must "
    "be that of the input, {input}.",
    "one_hot.unknown": "{name}: num_classes=-1 takes the greatest index plus 1, and "
    "the indices {shape} are empty or not known yet (inside jit, grad or vmap). Say "
    "how many classes there are: num_classes=10.",
}
