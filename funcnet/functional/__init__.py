"""The mathematics of `torch.nn.functional` on JAX arrays: pure, keys explicit.

A function is public that its file names in `__all__`. The rooms are families, those of
`funcnet.nn`: activation, attention, conv, embedding, loss, norm, pool and so on.
"""

from funcnet.functional._activation.activation import *
from funcnet.functional._activation.rectifier import *
from funcnet.functional._activation.softmax import *
from funcnet.functional._attention.attention import *
from funcnet.functional._attention.multi_head import *
from funcnet.functional._conv.conv import *
from funcnet.functional._conv.conv_transpose import *
from funcnet.functional._dropout import *
from funcnet.functional._embedding.embedding import *
from funcnet.functional._embedding.embedding_bag import *
from funcnet.functional._linear import *
from funcnet.functional._loss.binary import *
from funcnet.functional._loss.classification import *
from funcnet.functional._loss.ctc import *
from funcnet.functional._loss.distance import *
from funcnet.functional._loss.embedding import *
from funcnet.functional._loss.likelihood import *
from funcnet.functional._loss.linear import *
from funcnet.functional._loss.margin import *
from funcnet.functional._loss.regression import *
from funcnet.functional._norm.batch_norm import *
from funcnet.functional._norm.norm import *
from funcnet.functional._pool.adaptive_pool import *
from funcnet.functional._pool.avg_pool import *
from funcnet.functional._pool.fractional_pool import *
from funcnet.functional._pool.max_pool import *
from funcnet.functional._pool.unpool import *
from funcnet.functional._recurrent.cells import *
from funcnet.functional._recurrent.recurrent import *
from funcnet.functional._recurrent.sequences import *
from funcnet.functional._shape.fold import *
from funcnet.functional._shape.pad import *
from funcnet.functional._shape.shape import *
from funcnet.functional._vision.grid import *
from funcnet.functional._vision.interpolate import *
from funcnet.functional._vision.shuffle import *

__all__ = sorted(name for name in globals() if not name.startswith("_"))
