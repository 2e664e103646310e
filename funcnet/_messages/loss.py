"""Losses."""

MESSAGES = {
    "loss.no_classes": "{name}: input has no dimensions; it must be {layout}.",
    "loss.complex": "{name}: {what} has dtype {dtype}, the loss is defined for real "
    "numbers. Take jnp.abs, or the real and imaginary parts apart.",
    "loss.shapes": "{name}: {first} has shape {shapes[0]} and {what} {shapes[1]}; they "
    "must be equal, for broadcasting would pair elements that do not belong together. "
    "Write {how}.",
    "loss.broadcast": "{name}: {what} has shape {shape}, which cannot be broadcast to "
    "the shape of the input, {input}.",
    "loss.probability": "{name}: {what} holds {value}; it must be between 0 and 1. For "
    "logits use binary_cross_entropy_with_logits.",
    "loss.signs": "{name}: target holds {value}; it must be 1 for what is alike and -1 "
    "for what is not. Labels of 0 and 1 become that by 2 * target - 1.",
    "gaussian.negative": "{name}: var holds {value}; a variance is not negative. "
    "Predict its logarithm and give jnp.exp of it.",
    "gaussian.shape": "{name}: var has shape {var}, the input {input}. It must be the "
    "same shape, or that with one dimension of 1, or without the last.",
    "cosine_embedding.shapes": "{name}: input1 has shape {input} and target {target}. "
    "Needed are (batch, features) and (batch,), or (features,) and ().",
    "linear_cross_entropy.method": "{name}: chunking_method is {method!r}, it must be "
    "'auto', 'aspect_ratio', 'aspect_ratio:N' with a positive N, or None.",
    "linear_cross_entropy.both": "{name}: give either batch_chunk_size or "
    "chunking_method, not both.",
    "linear_cross_entropy.weight": "{name}: linear_weight has shape {weight}, the "
    "input {input}; it must be (classes, features), or (classes, *spatial, features) "
    "with a batch.",
    "linear_cross_entropy.bias": "{name}: linear_bias has shape {bias}, it must be "
    "{wanted}, for linear_weight is {weight}.",
    "ctc.blank": "{name}: blank is {blank}, it must be 0 to {last}.",
    "ctc.lengths": "{name}: {what} has shape {shape}, one length for each of the "
    "{batch} sequences is needed: ({batch},).",
    "ctc.length": "{name}: {what} holds {length}; lengths must be 0 to {longest}.",
    "ctc.targets": "{name}: targets has shape {targets}; it must be ({batch}, length), "
    "or one row of all labels, (sum(target_lengths),).",
    "ctc.traced": "{name}: targets is one row of all labels, shape {targets}, and "
    "target_lengths is traced, so they cannot be told apart. Give a tuple of ints, or "
    "pad the targets to shape ({batch}, length).",
    "ctc.sum": "{name}: targets holds {labels} labels, target_lengths sums to {total}.",
    "ctc.blank_label": "{name}: targets holds {blank}, the blank. Labels must be other "
    "classes; number them from 1, or set blank to a class of its own.",
}
