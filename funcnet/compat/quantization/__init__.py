"""`torch.quantization`, the old name of `torch.ao.quantization`."""

from funcnet.compat.ao import quantization as _quantization

globals().update(
    {name: one for name, one in vars(_quantization).items() if name[:1] != "_"}
)


def __getattr__(name: str) -> object:
    return getattr(_quantization, name)
