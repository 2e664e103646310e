"""Attention and transformers."""

MESSAGES = {
    "attention.two_masks": "{name}: both attn_mask {mask} and is_causal=True are "
    "given. Put both into the mask: attn_mask & "
    "jnp.tril(jnp.ones(attn_mask.shape, bool)).",
    "attention.key": "{name} draws random numbers to drop weights and got no random "
    "key. Pass one: dropout_key=jax.random.key(0), a new one for each step.",
    "attention.heads": "{name}: with enable_gqa the {heads} heads of the query {query} "
    "must be a multiple of those of key and value, {shared} in {shape}.",
    "attention.shapes": "{name}: query must be (*, queries, features), key (*, keys, "
    "features) and value (*, keys, value_features); got {query}, {key} and {value}.",
    "attention.mask_dtype": "{name}: the mask has dtype {dtype}; it must be booleans, "
    "or floating-point numbers that are added to the scores ({query}). Convert it: "
    "mask.astype(bool).",
    "attention.mask": "{name}: the mask has shape {mask}, which cannot be broadcast to "
    "the scores {scores}, (*, queries, keys).",
    "multi_head.sizes": "{name}: embed_dim is {embed_dim} and num_heads {num_heads}, "
    "both must be greater than 0.",
    "multi_head.heads": "{name}: embed_dim is {embed_dim}, it must be a multiple of "
    "num_heads, {num_heads}.",
    "multi_head.ranks": "{name}: query, key and value have shapes {query}, {key} and "
    "{value}; they must all be (length, batch, features) or all (length, features), "
    "with batch_first (batch, length, features).",
    "multi_head.query": "{name}: query has shape {query}, its last dimension must be "
    "the embed_dim, {embed_dim}.",
    "multi_head.key_value": "{name}: key {key} and value {value} must agree, but for "
    "their features where each has a weight of its own.",
    "multi_head.batch": "{name}: query {query} and key {key} must have the same batch.",
    "multi_head.no_in_proj": "{name}: in_proj_weight is None; give it, or the three "
    "weights with use_separate_proj_weight=True.",
    "multi_head.in_proj": "{name}: in_proj_weight has shape {weight}, it must be "
    "{wanted}: three times embed_dim, and embed_dim.",
    "multi_head.no_projection": "{name}: use_separate_proj_weight needs q_proj_weight, "
    "k_proj_weight and v_proj_weight; {what}_proj_weight is None.",
    "multi_head.projection": "{name}: {what}_proj_weight has shape {weight}, it must "
    "be {wanted}: embed_dim, and the features of what it projects.",
    "multi_head.bias_kv": "{name}: give both of bias_k and bias_v, or neither; only "
    "bias_{given} is given.",
    "multi_head.static": "{name}: {what} has shape {shape}, it must be ({rows}, keys, "
    "{width}): one row for each head of each sample.",
    "multi_head.mask_dtype": "{name}: {what} has dtype {dtype}; it must be booleans, "
    "True where not to look, or floating-point numbers that are added to the scores. "
    "Convert it: {what}.astype(bool).",
    "multi_head.mask": "{name}: {what} has shape {mask}, it must be {wanted}.",
    "transformer.inputs": "{name}: src has shape {src} and tgt {tgt}; both must be "
    "{layout} {d_model}) with the same batch, or both (length, {d_model}).",
}
