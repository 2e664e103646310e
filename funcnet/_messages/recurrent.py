"""Recurrent networks, their cells, and sequences of different lengths."""

MESSAGES = {
    "recurrent.features": "{name}: input has shape {input}, its last dimension must be "
    "the input_size, {weight[1]}, the features of w_ih {weight}.",
    "recurrent.empty": "{name}: input has shape {input}; there must be at least one "
    "step and one sequence.",
    "recurrent.lengths": "{name}: lengths are for a batch of sequences, the input has "
    "shape {input}; cut a single one instead: x[:length].",
    "recurrent.params": "{name}: params hold {params} arrays; {layers} layers in "
    "{directions} direction(s) need {wanted}: w_ih, w_hh{biases} for each.",
    "recurrent.hx_ranks": "{name}: hx has shape {given}, it must have {ndim} "
    "dimensions as the input: (layers * directions, batch, features), without the "
    "batch for a single sequence.",
    "recurrent.hx": "{name}: hx has shape {given}, it must be {needed}: (layers * "
    "directions, batch, features), without the batch for a single sequence.",
    "recurrent.weights": "{name}: w_ih has shape {w_ih} and w_hh {w_hh}; with {hidden} "
    "hidden units they must be ({wanted[0]}, features) and {wanted}.",
    "recurrent.projection": "{name}: w_hh has shape {w_hh}, so the output of a step "
    "must have {output} features; {hidden} hidden units and w_hr {w_hr} give "
    "{expected}. w_hr must be ({output}, {hidden}).",
    "recurrent.proj_size": "{name}: proj_size is {proj_size}; it must be 0, for no "
    "projection, or less than hidden_size, {hidden_size}.",
    "recurrent_cell.features": "{name}: input has shape {input}, its last dimension "
    "must be the input_size, {weight[1]}, the features of w_ih {weight}.",
    "recurrent_cell.hx": "{name}: hx has shape {given}; it must be {arrays} array(s) "
    "of shape {wanted}: (batch, hidden_size) or (hidden_size,).",
    "recurrent_cell.weights": "{name}: w_ih has shape {w_ih} and w_hh {w_hh}; they "
    "must have {gates} * hidden_size rows, and w_hh hidden_size columns.",
    "sequences.pad": "{name}: sequences must be one or more arrays of a dtype that "
    "differ in their first dimension only; got {found}.",
    "sequences.unpad": "{name}: lengths are {lengths}; for padded sequences of shape "
    "{padded} there must be {batch}, from 0 to {time}.",
    "sequences.dtype": "{name}: lengths has dtype {dtype}, integers are needed.",
    "sequences.count": "{name}: lengths has shape {lengths}, there must be one for "
    "each of the {batch} sequences: ({batch},).",
    "sequences.length": "{name}: lengths holds {length}; a length is at least 1 and at "
    "most {time}, the time steps of the input.",
}
