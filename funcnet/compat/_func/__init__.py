"""The transforms of `torch.func`, on recorded operations."""
