"""The old name of `torch.hub`, as `torch.utils.model_zoo`."""

from funcnet.compat.hub import load_state_dict_from_url

load_url = load_state_dict_from_url

__all__ = ["load_url"]
