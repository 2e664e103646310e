"""Embeddings, as `torch.nn.modules.sparse`."""

from typing import Any, ClassVar, Self

from funcnet import nn
from funcnet.compat._core.annotations import DeviceLike, DType, FactoryKwargs
from funcnet.compat._ops.nn.embeddings import check_indices
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.nn import init
from funcnet.compat.nn._module.native_module import NativeModule
from funcnet.compat.nn.modules.utils import _public_modules
from funcnet.compat.nn.parameter import Parameter


class _Table(NativeModule):
    """A table of vectors, which `function` looks up."""

    repr_positional = "num_embeddings embedding_dim"
    function: ClassVar[str]

    def _complete(self, native: Any, factory_kwargs: FactoryKwargs) -> None:
        if self.padding_idx is not None and self.padding_idx < 0:
            self.padding_idx += self.num_embeddings

    def _make(self, given: Tensor | None, *args: object, **settings: object) -> None:
        """Make the module, with a table if one is given."""
        self.__dict__["_given"] = given
        super().__init__(*args, **settings)
        del self.__dict__["_given"]
        if given is not None and list(given.shape) != list(self.weight.shape):
            raise AssertionError(
                "Shape of weight does not match num_embeddings and embedding_dim"
            )

    def reset_parameters(self) -> None:
        """Draw the table from N(0, 1), with zeros at `padding_idx`."""
        given = self.__dict__.get("_given")
        if given is not None:
            self.weight = given if isinstance(given, Parameter) else Parameter(given)
            return
        init.normal_(self.weight)
        if self.padding_idx is not None:
            self.weight.data[self.padding_idx] = 0

    def _looked_up(self, input: Tensor, *others: object) -> Any:
        own = self._parameters.get("weight")
        # A table that is parametrized is computed each time somebody looks at it.
        result = (self.num_embeddings, self.embedding_dim)
        check_indices(self.function, input, result if own is None else own._spec.shape)
        if self.max_norm is not None or self.sparse:
            # Rows of the table are shrunk, or its gradient is sparse.
            return self._formula(input, *others)
        return self._run((input, *others))

    @classmethod
    def _from(cls, embeddings: Tensor, freeze: bool, **settings: object) -> Self:
        if embeddings.dim() != 2:
            raise AssertionError("Embeddings parameter is expected to be 2-dimensional")
        result = cls(*embeddings.shape, _weight=embeddings, **settings)
        result.weight.requires_grad_(not freeze)
        return result


class Embedding(_Table):
    """Embedding: look up rows of a table, as `torch.nn.Embedding`."""

    native_class = nn.Embedding
    repr_if_changed = "padding_idx max_norm norm_type scale_grad_by_freq sparse"
    function = "embedding"

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
        _weight: Tensor | None = None,
        _freeze: bool = False,
        device: DeviceLike | None = None,
        dtype: DType | None = None,
    ) -> None:
        sizes = (num_embeddings, embedding_dim, padding_idx)
        norm = (max_norm, norm_type, scale_grad_by_freq, sparse)
        self._make(_weight, *sizes, *norm, device, dtype)
        if _freeze:
            self.weight.requires_grad_(False)

    def forward(self, input: Tensor) -> Any:
        """Look up the rows at the indices."""
        return self._looked_up(input)

    @classmethod
    def from_pretrained(
        cls,
        embeddings: Tensor,
        freeze: bool = True,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
    ) -> Self:
        """Make the module with a given table."""
        return cls._from(
            embeddings,
            freeze,
            padding_idx=padding_idx,
            max_norm=max_norm,
            norm_type=norm_type,
            scale_grad_by_freq=scale_grad_by_freq,
            sparse=sparse,
        )

    def _formula(self, input: Tensor) -> Any:
        norm = (self.max_norm, self.norm_type, self.scale_grad_by_freq, self.sparse)
        return F.embedding(input, self.weight, self.padding_idx, *norm)


class EmbeddingBag(_Table):
    """Embedding of bags of indices, each reduced, as `torch.nn.EmbeddingBag`."""

    native_class = nn.EmbeddingBag
    repr_if_changed = "max_norm norm_type scale_grad_by_freq"
    function = "embedding_bag"

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        _weight: Tensor | None = None,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
        device: DeviceLike | None = None,
        dtype: DType | None = None,
    ) -> None:
        norm = (max_norm, norm_type, scale_grad_by_freq, mode, sparse)
        sizes = (num_embeddings, embedding_dim)
        ends = (include_last_offset, padding_idx)
        self._make(_weight, *sizes, *norm, *ends, device, dtype)

    def forward(
        self,
        input: Tensor,
        offsets: Tensor | None = None,
        per_sample_weights: Tensor | None = None,
    ) -> Any:
        """Look the bags up and reduce them."""
        return self._looked_up(input, offsets, per_sample_weights)

    @classmethod
    def from_pretrained(
        cls,
        embeddings: Tensor,
        freeze: bool = True,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
    ) -> Self:
        """Make the module with a given table."""
        return cls._from(
            embeddings,
            freeze,
            max_norm=max_norm,
            norm_type=norm_type,
            scale_grad_by_freq=scale_grad_by_freq,
            mode=mode,
            sparse=sparse,
            include_last_offset=include_last_offset,
            padding_idx=padding_idx,
        )

    def _formula(
        self, input: Tensor, offsets: Tensor | None, per_sample_weights: Tensor | None
    ) -> Any:
        norm = (self.max_norm, self.norm_type, self.scale_grad_by_freq)
        return F.embedding_bag(
            *(input, self.weight, offsets, *norm, self.mode, self.sparse),
            *(per_sample_weights, self.include_last_offset, self.padding_idx),
        )

    def extra_repr(self) -> str:
        """The settings, as PyTorch prints them."""
        padding = (
            "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        )
        return f"{super().extra_repr()}, mode={self.mode!r}{padding}"


__all__ = _public_modules(globals())
