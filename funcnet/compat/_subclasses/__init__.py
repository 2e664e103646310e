"""Names that packages use from `torch._subclasses`; there are no fake tensors."""

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.refused import refused

_names = refused(
    "_subclasses",
    'tensors of torch.device("meta") have shapes and no numbers',
    "FakeTensor FakeTensorMode FakeTensorConverter UnsupportedFakeTensorException",
)
globals().update(_names)


def _is_fake(x: object) -> bool:
    return False


fake_tensor = show_as(f"{__name__}.fake_tensor", _names | {"is_fake": _is_fake})
