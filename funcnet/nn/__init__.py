"""Layers: frozen descriptions with `init` and `apply`, named as in `torch.nn`.

A layer is public that its file names in `__all__`; the rooms are the families of
`funcnet.functional`.
"""

from funcnet.functional import LinearCrossEntropyOptions as LinearCrossEntropyOptions
from funcnet.nn._activation.activation import *
from funcnet.nn._activation.adaptive_softmax import *
from funcnet.nn._activation.random_rectifier import *
from funcnet.nn._activation.rectifier import *
from funcnet.nn._activation.softmax import *
from funcnet.nn._attention.attention import *
from funcnet.nn._attention.transformer import *
from funcnet.nn._attention.transformer_layers import *
from funcnet.nn._base import *
from funcnet.nn._containers import *
from funcnet.nn._conv.conv import *
from funcnet.nn._conv.conv_transpose import *
from funcnet.nn._dropout import *
from funcnet.nn._embedding.embedding import *
from funcnet.nn._frozen import *
from funcnet.nn._linear import *
from funcnet.nn._loss.base import *
from funcnet.nn._loss.classification import *
from funcnet.nn._loss.distance import *
from funcnet.nn._loss.linear import *
from funcnet.nn._loss.margin import *
from funcnet.nn._loss.regression import *
from funcnet.nn._model import *
from funcnet.nn._norm.batch_norm import *
from funcnet.nn._norm.instance_norm import *
from funcnet.nn._norm.norm import *
from funcnet.nn._pool.adaptive_pool import *
from funcnet.nn._pool.fractional_pool import *
from funcnet.nn._pool.pool import *
from funcnet.nn._pool.unpool import *
from funcnet.nn._recurrent.cells import *
from funcnet.nn._recurrent.recurrent import *
from funcnet.nn._shape.fold import *
from funcnet.nn._shape.pad import *
from funcnet.nn._shape.shape import *
from funcnet.nn._vision.shuffle import *
from funcnet.nn._vision.upsample import *

__all__ = sorted(name for name in globals() if not name.startswith("_"))
