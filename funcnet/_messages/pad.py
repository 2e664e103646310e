"""Padding."""

MESSAGES = {
    "pad.integers": "{name}: pad is {pad!r}, it must be a sequence of integers.",
    "pad.count": "{name}: pad has {count} numbers; two are needed for each padded "
    "dimension, at most {most} for the shape {input}.",
    "pad.cut": "{name}: cutting {pad} from the shape {input} leaves less than nothing.",
    "pad.value": "{name}: mode {mode!r} fills with no value, got value={value}.",
    "pad.rank": "{name}: mode {mode!r} with {count} numbers needs an input of "
    "{ranks[0]} or {ranks[1]} dimensions ([batch,] channels, *spatial), and 2, 4 or 6 "
    "numbers; got the shape {input}.",
    "pad.extent": "{name}: mode {mode!r} can add at most {most} to a dimension of size "
    "{size}, got {pair} (input shape {input}).",
    "pad_layer.padding": "{name}: padding is {padding!r}, it must be one number or "
    "{count}: two for each dimension, the last first.",
    "pad_layer.rank": "{name}: input has shape {input}, it must have {dims} spatial "
    "dimensions after (batch, channels).",
}
