"""Helpers that packages use from `torch.utils.data._utils`."""

from typing import Any, Final

from funcnet.compat._messages.unsupported import missing
from funcnet.compat.utils.data._utils import collate, fetch, pin_memory, worker

MP_STATUS_CHECK_INTERVAL: Final = 5.0
python_exit_status: bool = False


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "utils.data._utils")


__all__ = ["collate", "fetch", "pin_memory", "worker"]
