"""The CPU, as `torch.backends.cpu`."""


def get_cpu_capability() -> str:
    """XLA compiles for the very CPU there is."""
    return "NATIVE"


__all__ = [
    "get_cpu_capability",
]
