"""Passes over graphs, as `torch.fx.passes`."""

from funcnet.compat._core.lazy_modules import parts_of

__getattr__ = parts_of(
    __name__,
    ("fake_tensor_prop", "graph_drawer", "infra", "shape_prop",
     "split_module", "tools_common"),
    globals(),
)  # fmt: skip

__all__: list[str] = []
