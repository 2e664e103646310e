"""Embeddings, as `torch.nn.modules.sparse`."""

from typing import Any, ClassVar, Self

from funcnet import nn
from funcnet.compat._ops._functional._embeddings import check_indices, shrink_rows
from funcnet.compat.nn import init
from funcnet.compat.nn.modules._native import NativeModule, apply_native
from funcnet.compat.nn.parameter import Parameter


class _Table(NativeModule):
    """A table of vectors, which `function` looks up."""

    function: ClassVar[str]

    def __init__(
        self, *args: Any, _weight: Any = None, _freeze: bool = False, **kw: Any
    ) -> None:
        self.__dict__["_given"] = _weight
        super().__init__(*args, **kw)
        del self.__dict__["_given"]
        if _freeze:
            self.weight.requires_grad_(False)

    def reset_parameters(self) -> None:
        """Draw the table from N(0, 1), with zeros at `padding_idx`."""
        given = self.__dict__.get("_given")
        if given is not None:
            self.weight = given if isinstance(given, Parameter) else Parameter(given)
            return
        init.normal_(self.weight)
        if self.padding_idx is not None:
            self.weight.data[self.padding_idx] = 0

    def forward(self, input: Any, *others: Any) -> Any:
        """Look up what the indices say."""
        own = self._parameters.get("weight")
        # A table that is parametrized is computed each time somebody looks at it.
        made = (self.num_embeddings, self.embedding_dim)
        check_indices(self.function, input, made if own is None else own._aval.shape)
        layer = self._native.layer
        if self.max_norm is not None:
            shrink_rows(self.weight, input, self.max_norm, self.norm_type)
            layer = layer.replace(max_norm=None)
        return apply_native(self, layer, (input, *others), {})

    @classmethod
    def from_pretrained(
        cls,
        embeddings: Any,
        freeze: bool = True,
        padding_idx: Any = None,
        **settings: Any,
    ) -> Self:
        """Make the module with a table that is there already."""
        if embeddings.dim() != 2:
            raise AssertionError("Embeddings parameter is expected to be 2-dimensional")
        rows, columns = embeddings.shape
        settings |= {
            "padding_idx": padding_idx,
            "_weight": embeddings,
            "_freeze": freeze,
        }
        return cls(rows, columns, **settings)


class Embedding(_Table):
    """Look vectors up, as `torch.nn.Embedding`."""

    native_class = nn.Embedding
    function = "embedding"

    def extra_repr(self) -> str:
        """The settings that are not the defaults, as PyTorch prints them."""
        parts = [f"{self.num_embeddings}, {self.embedding_dim}"]
        if self.padding_idx is not None:
            parts.append(f"padding_idx={self.padding_idx}")
        if self.max_norm is not None:
            parts.append(f"max_norm={self.max_norm}")
        if self.norm_type != 2:
            parts.append(f"norm_type={self.norm_type}")
        if self.scale_grad_by_freq:
            parts.append("scale_grad_by_freq=True")
        if self.sparse:
            parts.append("sparse=True")
        return ", ".join(parts)


class EmbeddingBag(_Table):
    """Look bags of vectors up and reduce each, as `torch.nn.EmbeddingBag`."""

    native_class = nn.EmbeddingBag
    function = "embedding_bag"

    def extra_repr(self) -> str:
        """The settings that are not the defaults, as PyTorch prints them."""
        parts = [f"{self.num_embeddings}, {self.embedding_dim}"]
        if self.max_norm is not None:
            parts.append(f"max_norm={self.max_norm}")
        if self.norm_type != 2:
            parts.append(f"norm_type={self.norm_type}")
        if self.scale_grad_by_freq:
            parts.append("scale_grad_by_freq=True")
        parts.append(f"mode={self.mode!r}")
        if self.padding_idx is not None:
            parts.append(f"padding_idx={self.padding_idx}")
        return ", ".join(parts)
