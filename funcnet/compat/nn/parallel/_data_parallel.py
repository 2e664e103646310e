"""`DataParallel`: a module under the name that it has when it is replicated."""

from collections.abc import Sequence
from typing import Any

from funcnet.compat import cuda
from funcnet.compat._core.device import device
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.modules.module import Module


class DataParallel(Module):
    """Wrap a module, as `torch.nn.DataParallel`: its state has the prefix "module.".

    Without a GPU the module is called as it is. With GPUs it runs on the first of
    `device_ids`, to which the inputs are moved: what it gives are PyTorch's numbers,
    but for layers that see the statistics of the whole batch at once.

    Example:
        >>> import funcnet.compat as torch
        >>> model = torch.nn.DataParallel(torch.nn.Linear(2, 1))
        >>> list(model.state_dict())
        ['module.weight', 'module.bias']
    """

    def __init__(
        self,
        module: Module,
        device_ids: Sequence[int | device] | None = None,
        output_device: int | device | None = None,
        dim: int = 0,
    ) -> None:
        super().__init__()
        self.module = module
        self.device_ids: list[int | None] = []
        if not cuda.is_available():
            return
        ids = device_ids or [0]
        self.dim = dim
        self.device_ids = [
            item if isinstance(item, int) else item.index for item in ids
        ]
        self.output_device = ids[0] if output_device is None else output_device
        self.src_device_obj = device("cuda", self.device_ids[0])
        module.to(self.src_device_obj)

    def forward(self, *inputs: object, **kwargs: object) -> Any:
        """Call the module."""
        if not self.device_ids:
            return self.module(*inputs, **kwargs)
        target = self.src_device_obj
        return self.module(*_moved(inputs, target), **_moved(kwargs, target))


def _moved(x: object, target: device) -> Any:
    if isinstance(x, Tensor):
        return x.to(target)
    if isinstance(x, dict):
        return type(x)((key, _moved(value, target)) for key, value in x.items())
    if isinstance(x, tuple | list):
        parts = [_moved(part, target) for part in x]
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    return x


def data_parallel(
    module: Module,
    inputs: object,
    device_ids: Sequence[int | device] | None = None,
    output_device: int | device | None = None,
    dim: int = 0,
    module_kwargs: dict[str, Any] | None = None,
) -> Any:
    """Call a module as `DataParallel` would, as `torch.nn.parallel.data_parallel`."""
    positional = inputs if isinstance(inputs, tuple) else (inputs,)
    wrapped = DataParallel(module, device_ids, output_device, dim)
    return wrapped(*positional, **(module_kwargs or {}))
