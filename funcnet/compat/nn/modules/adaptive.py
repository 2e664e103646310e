"""Softmax over many classes in clusters, as `torch.nn.modules.adaptive`."""

import itertools
from typing import Any, NamedTuple

from funcnet import nn
from funcnet.compat._core.annotations import FactoryKwargs
from funcnet.compat._ops.shape.joining import cat
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.nn._module.native_module import NativeModule
from funcnet.compat.nn.modules.container import ModuleList, Sequential
from funcnet.compat.nn.modules.linear import Linear
from funcnet.compat.nn.modules.utils import _public_modules


class AdaptiveLogSoftmaxOutput(NamedTuple):
    """What `AdaptiveLogSoftmaxWithLoss` returns."""

    output: Tensor
    loss: Tensor


class AdaptiveLogSoftmaxWithLoss(NativeModule):
    """Adaptive softmax, as `torch.nn.AdaptiveLogSoftmaxWithLoss`."""

    native_class = nn.AdaptiveLogSoftmaxWithLoss

    def _complete(self, native: Any, factory_kwargs: FactoryKwargs) -> None:
        # Not through setattr: the description holds them without the last one.
        self.__dict__["cutoffs"] = [*native.cutoffs, self.n_classes]
        self.shortlist_size = self.cutoffs[0]
        self.n_clusters = len(self.cutoffs) - 1
        self.head_size = self.shortlist_size + self.n_clusters
        self.head = Linear(
            self.in_features, self.head_size, bias=self.head_bias, **factory_kwargs
        )
        self.tail = ModuleList()
        for i in range(self.n_clusters):
            width = int(self.in_features // (self.div_value ** (i + 1)))
            classes = self.cutoffs[i + 1] - self.cutoffs[i]
            self.tail.append(
                Sequential(
                    Linear(self.in_features, width, bias=False, **factory_kwargs),
                    Linear(width, classes, bias=False, **factory_kwargs),
                )
            )

    def forward(self, input_: Tensor, target_: Tensor) -> Any:
        """Compute the log-probabilities of the targets, and the loss."""
        return self._run((input_, target_))

    def _registered(self) -> Any:
        layers = [self.head, *(part for pair in self.tail for part in pair.children())]
        for layer in layers:
            if not isinstance(layer, NativeModule) or layer._registered() is None:
                return None
        return super()._registered()

    def _formula(self, input_: Tensor, target_: Tensor) -> Any:
        single = target_.dim() == 0
        x = input_.unsqueeze(0) if single else input_
        target = target_.reshape(-1)
        head = F.log_softmax(self.head(x), 1)  # (batch, shortlist + clusters)
        output = head.gather(1, target.clamp(0, self.shortlist_size - 1)[:, None])
        for i, (start, end) in enumerate(itertools.pairwise(self.cutoffs)):
            inside = (target >= start) & (target < end)
            index = (target - start).clamp(0, end - start - 1)
            cluster = head[:, self.shortlist_size + i, None]
            result = F.log_softmax(self.tail[i](x), 1).gather(1, index[:, None])
            output = (result + cluster).where(inside[:, None], output)
        output = output.squeeze(1)
        loss = (-output).mean()
        return AdaptiveLogSoftmaxOutput(output.squeeze(0) if single else output, loss)

    def log_prob(self, input: Tensor) -> Any:
        """The log-probabilities of all classes, `(batch, n_classes)`."""
        return self._get_full_log_prob(input, self.head(input))

    def _get_full_log_prob(self, input: Tensor, head_output: Tensor) -> Any:
        head = F.log_softmax(head_output, 1)
        parts = [head[:, : self.shortlist_size]]
        for i, tail in enumerate(self.tail):
            cluster = head[:, self.shortlist_size + i, None]
            parts.append(F.log_softmax(tail(input), 1) + cluster)
        return cat(parts, 1)

    def predict(self, input: Tensor) -> Any:
        """The most probable class of each sample, `(batch,)`."""
        return self.log_prob(input).argmax(1)

    def extra_repr(self) -> str:
        """Nothing."""
        return ""


__all__ = _public_modules(globals())
