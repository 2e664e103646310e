"""The functions of `torch.nn.functional`, recorded."""

from funcnet.compat._ops._functional import (
    _activations,
    _attention,
    _convolutions,
    _distances,
    _dropout,
    _embeddings,
    _loss_classes,
    _loss_ctc,
    _loss_pairs,
    _losses,
    _norm_forms,
    _norms,
    _pools,
    _rrelu,
    _softmax,
    _vision,
)

__all__ = [
    "_activations",
    "_attention",
    "_convolutions",
    "_distances",
    "_dropout",
    "_embeddings",
    "_loss_classes",
    "_loss_ctc",
    "_loss_pairs",
    "_losses",
    "_norm_forms",
    "_norms",
    "_pools",
    "_rrelu",
    "_softmax",
    "_vision",
]
