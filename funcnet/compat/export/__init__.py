"""`torch.export`: not supported; `funcnet.export` writes programs."""

from funcnet.compat._messages.refused_names import refused_here, refused_names
from funcnet.compat._surface import suggestions

__all__ = refused_names("export")
globals().update({name: refused_here("export", name) for name in __all__})
__getattr__ = suggestions(__name__)
