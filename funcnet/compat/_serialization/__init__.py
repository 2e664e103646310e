"""What `torch.save` and `torch.load` are made of; `funcnet.compat.serialization`."""
