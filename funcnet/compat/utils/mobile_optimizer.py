"""Programs for phones, as `torch.utils.mobile_optimizer`: refused when used."""

from funcnet.compat._messages.refused_names import refused_names
from funcnet.compat._surface import suggestions

__all__ = refused_names("utils.mobile_optimizer")
__getattr__ = suggestions(__name__)
