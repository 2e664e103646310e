"""`DistributedDataParallel`: a module in a group of processes, here of one."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from funcnet.compat import distributed
from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat.nn.modules.module import Module


class DistributedDataParallel(Module):
    """Wrap a module, as `torch.nn.parallel.DistributedDataParallel`.

    In a group of one process nothing is exchanged: the module is called as it is, and
    its state has the prefix "module.".

    Raises:
        ValueError: `torch.distributed.init_process_group` was not called.
        RuntimeError: no parameter of the module requires a gradient.
    """

    def __init__(
        self,
        module: Module,
        device_ids: Sequence[DeviceLike] | None = None,
        output_device: DeviceLike | None = None,
        dim: int = 0,
        broadcast_buffers: bool = True,
        init_sync: bool = True,
        process_group: object = None,
        bucket_cap_mb: float | None = None,
        find_unused_parameters: bool = False,
        check_reduction: bool = False,
        gradient_as_bucket_view: bool = False,
        static_graph: bool = False,
        **others: object,
    ) -> None:
        super().__init__()
        if not distributed.is_initialized():
            raise ValueError(
                "Default process group has not been initialized, please make sure to "
                "call init_process_group."
            )
        if not any(p.requires_grad for p in module.parameters()):
            raise RuntimeError(
                "DistributedDataParallel is not needed when a module doesn't have any "
                "parameters that require a gradient."
            )
        self.module = module
        self.device_ids = device_ids
        self.output_device = output_device
        self.dim = dim
        self.broadcast_buffers = broadcast_buffers
        self.process_group = process_group
        self.find_unused_parameters = find_unused_parameters
        self.gradient_as_bucket_view = gradient_as_bucket_view
        self.static_graph = static_graph
        self.require_backward_grad_sync = True

    def forward(self, *inputs: object, **kwargs: object) -> Any:
        """Call the module."""
        return self.module(*inputs, **kwargs)

    @contextlib.contextmanager
    def no_sync(self) -> Iterator[None]:
        """Exchange no gradients in a block; in a group of one there are none to."""
        before, self.require_backward_grad_sync = self.require_backward_grad_sync, False
        try:
            yield
        finally:
            self.require_backward_grad_sync = before
