"""What passes are made of, as `torch.fx.passes.infra`."""

from funcnet.compat._core.lazy_modules import parts_of

__getattr__ = parts_of(__name__, ("pass_base", "pass_manager"), globals())

__all__: list[str] = []
