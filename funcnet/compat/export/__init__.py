"""`torch.export`: not supported; `jax.export` writes programs."""

from typing import Any, Final

from funcnet.compat._messages.refused import refused
from funcnet.compat._messages.unsupported import missing

_WHY: Final = (
    "torch.pure(module) gives a function of arrays, which jax.export writes as a "
    "program without Python"
)
_refused = refused(
    "export",
    _WHY,
    "export export_for_training save load Dim dims ExportedProgram "
    "ExportGraphSignature register_dataclass unflatten draft_export "
    "default_decompositions UnflattenedModule ShapesCollection",
)
globals().update(_refused)


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "export")


__all__ = sorted([*_refused])
