"""Methods of tensors: operators, protocols, conversions, memory."""
