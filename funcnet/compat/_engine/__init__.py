"""The recorder and compiler, which knows nothing of tensors.

In the order in which an operation passes through it: `op` (what is known of it without
values), `pullback` (its gradient), `graph` (recorded nodes), `trace` (all that is
pending, as numbered steps), `buffer_reuse` (which memory is free), `program` (the
function that XLA compiles) and `executor` (when programs run). `deferred_errors` and
`compilation_cache` stand beside them.
"""
