"""Information about a worker, as `torch.utils.data._utils.worker`."""

from funcnet.data import get_worker_info
from funcnet.data._workers._info import WorkerInfo, numpy_seed

_generate_state = numpy_seed

__all__ = ["WorkerInfo", "get_worker_info"]
