"""Convolutions."""

MESSAGES = {
    "conv.weight": "{name}: weight has shape {weight}, it must have {ndim} dimensions "
    "and a kernel of at least one tap.",
    "conv.groups": "{name}: groups is {groups}, it must be at least 1.",
    "conv.channels": "{name}: input has {input[1]} channels, the weight {weight} with "
    "groups={groups} was made for {needed}. Make the layer for this input, or bring "
    "the input to (batch, channels, *spatial).",
    "conv.out_channels": "{name}: groups={groups} must divide the {weight[0]} output "
    "channels.",
    "conv.bias": "{name}: bias has shape {bias}, it must be ({channels},), one number "
    "for each output channel.",
    "conv.same_strided": "{name}: padding='same' needs stride 1, got {stride}. Give "
    "the padding as a number.",
    "conv.kernel_too_large": "{name}: the padded input has spatial shape {padded}, "
    "smaller than the filter {kernel}. Use more padding or a smaller filter.",
    "conv_transpose.channels": "{name}: input has {input[1]} channels, the weight "
    "{weight} was made for {weight[0]}, in {groups} groups. Make the layer for this "
    "input, or bring the input to (batch, channels, *spatial).",
    "conv_transpose.output_padding": "{name}: output_padding is {extras}, it "
    "must be smaller than the stride or the dilation ({limit}).",
    "conv_transpose.no_output": "{name}: the output would have spatial shape "
    "{output}. Use less padding.",
    "conv_layer.groups": "{name}: groups={groups} must be at least 1 and divide "
    "in_channels {in_channels} and out_channels {out_channels}.",
    "conv_layer.output_rank": "{name}: output_size is {output_size}, it must have "
    "{dims} entries.",
    "conv_layer.output_size": "{name}: output_size is {output_size}, for an input "
    "{input} it must lie between {least} and {largest}.",
}
