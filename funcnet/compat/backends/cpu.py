"""The CPU, as `torch.backends.cpu`."""


def get_cpu_capability() -> str:
    """Return "NATIVE": XLA compiles for the CPU at hand."""
    return "NATIVE"


__all__ = [
    "get_cpu_capability",
]
