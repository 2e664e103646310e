"""Affine and bilinear maps."""

MESSAGES = {
    "linear.features": "{name}: input has shape {input}, its last dimension must be "
    "{features}, the in_features of the weight {weight}. Make the layer for this "
    "input, or reshape the input (an image wants Flatten first).",
    "linear.bias": "{name}: bias has shape {bias}, which cannot be added to the "
    "output {output} of the weight {weight}.",
    "bilinear.weight": "{name}: weight has shape {weight}, it must be (out_features, "
    "in1_features, in2_features).",
    "bilinear.batch": "{name}: input1 {input1} and input2 {input2} must agree in all "
    "dimensions but the last.",
    "bilinear.features": "{name}: input1 has {features[0]} features and input2 "
    "{features[1]}, the weight {weight} was made for {weight[1]} and {weight[2]}.",
}
