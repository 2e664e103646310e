"""Nested tensors, as `torch.nested`: refused when used."""

from funcnet.compat._messages.refused_names import refused_names
from funcnet.compat._surface import suggestions

__all__ = refused_names("nested")
__getattr__ = suggestions(__name__)
