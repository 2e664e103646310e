"""The transformations of `torch.func`, on the recording."""
