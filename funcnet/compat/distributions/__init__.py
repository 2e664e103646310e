"""Probability distributions, as `torch.distributions`.

Seeded samples are PyTorch's. Parameters and values are checked by default, which
computes what was recorded until then; `validate_args=False`, or
`Distribution.set_default_validate_args(False)`, leaves a training step one program.

Example:
    >>> import funcnet.compat as torch
    >>> from funcnet.compat.distributions import Normal, kl_divergence
    >>> p = Normal(torch.zeros(2), torch.ones(2))
    >>> kl_divergence(p, Normal(1.0, 1.0))
    tensor([0.5000, 0.5000])
"""

from funcnet.compat._messages.unsupported import missing as _missing
from funcnet.compat.distributions import _kl as _kl
from funcnet.compat.distributions import (
    constraint_registry,
    constraints,
    kl,
    transforms,
    utils,
)
from funcnet.compat.distributions._distribution import *
from funcnet.compat.distributions._families.beta import *
from funcnet.compat.distributions._families.categorical import *
from funcnet.compat.distributions._families.continuous_bernoulli import *
from funcnet.compat.distributions._families.gamma import *
from funcnet.compat.distributions._families.generalized_pareto import *
from funcnet.compat.distributions._families.independent import *
from funcnet.compat.distributions._families.location_scale import *
from funcnet.compat.distributions._families.matrices import *
from funcnet.compat.distributions._families.multivariate import *
from funcnet.compat.distributions._families.rate import *
from funcnet.compat.distributions._families.relaxed import *
from funcnet.compat.distributions._families.transformed import *
from funcnet.compat.distributions._families.transformed_families import *
from funcnet.compat.distributions._families.two_outcomes import *
from funcnet.compat.distributions._families.von_mises import *
from funcnet.compat.distributions._files import show_files as _show_files
from funcnet.compat.distributions.constraint_registry import biject_to, transform_to
from funcnet.compat.distributions.kl import *
from funcnet.compat.distributions.transforms import *

__all__ = sorted(name for name in globals() if not name.startswith("_"))

_show_files(globals())


def __getattr__(name: str) -> object:
    return _missing(name, globals(), "distributions")
