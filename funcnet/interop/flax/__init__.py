"""Models to and from flax: modules of linen and of nnx, variables, training states.

Importing this registers `funcnet.train.TrainState` with `flax.serialization`.
"""

from funcnet.interop.flax._linen import LinenLayer, LinenModel, from_linen, to_linen
from funcnet.interop.flax._nnx import NNXLayer, NNXModel, from_nnx, nnx_arrays, to_nnx
from funcnet.interop.flax._train_state import (
    FlaxTrainState,
    from_train_state,
    to_train_state,
)
from funcnet.interop.flax._variables import from_variables, to_variables

__all__ = [
    "FlaxTrainState",
    "LinenLayer",
    "LinenModel",
    "NNXLayer",
    "NNXModel",
    "from_linen",
    "from_nnx",
    "from_train_state",
    "from_variables",
    "nnx_arrays",
    "to_linen",
    "to_nnx",
    "to_train_state",
    "to_variables",
]
