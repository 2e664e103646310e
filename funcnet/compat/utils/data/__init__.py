"""Datasets and loaders, as `torch.utils.data`; batches come in PyTorch's order."""

import functools
from collections.abc import Callable
from typing import Any

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.unsupported import missing
from funcnet.compat._random.generator import engine_of
from funcnet.compat.utils.data import (
    _utils,
    dataloader,
    dataset,
    distributed,
    sampler,
)
from funcnet.compat.utils.data._utils.collate import default_collate, default_convert
from funcnet.compat.utils.data._workers import begin
from funcnet.compat.utils.data.dataloader import DataLoader, _DatasetKind
from funcnet.compat.utils.data.dataset import *
from funcnet.compat.utils.data.distributed import DistributedSampler
from funcnet.compat.utils.data.sampler import *
from funcnet.data import get_worker_info
from funcnet.data._workers._info import at_worker_start, draw_from

at_worker_start(begin, "funcnet.compat")
draw_from(functools.partial(engine_of, None))


for _name in ("", ".iter", ".map", ".datapipe", ".dataframe", ".utils"):
    show_as(f"{__name__}.datapipes{_name}", {})
show_as(f"{__name__}.graph_settings", {})


def functional_datapipe(
    name: str, enable_df_api_tracing: bool = False
) -> Callable[[Any], Any]:
    """Return a decorator that leaves a class as it is; to make one refuses."""
    return lambda cls: cls


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "utils.data")


__all__ = [
    "DataLoader",
    "DistributedSampler",
    "_DatasetKind",
    "_utils",
    "dataloader",
    "dataset",
    "default_collate",
    "default_convert",
    "distributed",
    "functional_datapipe",
    "get_worker_info",
    "sampler",
]
__all__ += dataset.__all__
__all__ += sampler.__all__
