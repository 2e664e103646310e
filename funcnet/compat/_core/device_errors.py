"""Errors of devices that scripts catch by name."""


class AcceleratorError(RuntimeError):
    """A GPU failed, as `torch.AcceleratorError`."""


class OutOfMemoryError(RuntimeError):
    """There is too little memory on a GPU, as `torch.cuda.OutOfMemoryError`."""


class NoGPUError(AssertionError, RuntimeError):
    """A GPU was asked for where there is none: PyTorch raises either of the two."""
