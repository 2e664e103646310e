"""Tables of facts about PyTorch's gradients: names of nodes, what they save."""
