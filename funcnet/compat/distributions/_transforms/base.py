"""Transforms of random variables: the base class, inverses, compositions."""

import weakref
from collections.abc import Sequence
from typing import Any, Self

import funcnet.compat as torch
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import constraints
from funcnet.compat.distributions.utils import _sum_rightmost


class Transform:
    """Transform: a function with the log determinant of its Jacobian.

    Equals `torch.distributions.transforms.Transform`. A subclass writes `_call` and,
    where there is one, `_inverse` and `log_abs_det_jacobian`.

    Args:
        cache_size: 1 keeps the last pair of input and output, so that the inverse of a
            value that was just made is the very input.

    Attributes:
        domain, codomain: the constraints of inputs and outputs.
        bijective: whether there is an inverse for every output.
        sign: of the derivative of a bijective function of one variable.
    """

    bijective: Any = False
    domain: Any
    codomain: Any

    def __init__(self, cache_size: int = 0) -> None:
        self._cache_size = cache_size
        self._inv: Any = None
        if cache_size not in (0, 1):
            raise ValueError("cache_size must be 0 or 1")
        self._cached_x_y: tuple[Any, Any] = (None, None)

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        state["_inv"] = None
        return state

    @property
    def event_dim(self) -> int:
        """Number of dimensions that are transformed together."""
        if self.domain.event_dim == self.codomain.event_dim:
            return int(self.domain.event_dim)
        raise ValueError("Please use either .domain.event_dim or .codomain.event_dim")

    @property
    def inv(self) -> "Transform":
        """Inverse transform."""
        result = self._inv() if self._inv is not None else None
        if result is None:
            result = _InverseTransform(self)
            self._inv = weakref.ref(result)
        return result

    @property
    def sign(self) -> Any:
        """1 if the transform is increasing, -1 if it is decreasing."""
        raise NotImplementedError

    def with_cache(self, cache_size: int = 1) -> Self:
        """Return the same transform with another size of its cache."""
        if self._cache_size == cache_size:
            return self
        if type(self).__init__ is Transform.__init__:
            return type(self)(cache_size=cache_size)
        raise NotImplementedError(f"{type(self)}.with_cache is not implemented")

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return id(self)

    def __call__(self, x: Tensor) -> Tensor:
        if self._cache_size == 0:
            return self._call(x)
        last_x, last_y = self._cached_x_y
        if x is last_x:
            return last_y
        y = self._call(x)
        self._cached_x_y = x, y
        return y

    def _inv_call(self, y: Tensor) -> Tensor:
        if self._cache_size == 0:
            return self._inverse(y)
        last_x, last_y = self._cached_x_y
        if y is last_y:
            return last_x
        x = self._inverse(y)
        self._cached_x_y = x, y
        return x

    def _call(self, x: Tensor) -> Tensor:
        raise NotImplementedError

    def _inverse(self, y: Tensor) -> Tensor:
        raise NotImplementedError

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the log determinant of the Jacobian, `log |dy/dx|`, at an input."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return type(self).__name__ + "()"

    def forward_shape(self, shape: ShapeLike) -> Any:
        """Return the shape of the output for one of the input."""
        return shape

    def inverse_shape(self, shape: ShapeLike) -> Any:
        """Return the shape of the input for one of the output."""
        return shape


class _InverseTransform(Transform):
    """Inverse of a transform, with which it shares the cache."""

    def __init__(self, transform: Transform) -> None:
        super().__init__(cache_size=transform._cache_size)
        self._inv: Transform = transform

    @property
    def domain(self) -> Any:
        """Codomain of the inverted transform."""
        return self._inv.codomain

    @property
    def codomain(self) -> Any:
        """Domain of the inverted transform."""
        return self._inv.domain

    @property
    def bijective(self) -> bool:
        """Whether the inverted transform is bijective."""
        return bool(self._inv.bijective)

    @property
    def sign(self) -> Any:
        """Sign of the inverted transform."""
        return self._inv.sign

    @property
    def inv(self) -> Transform:
        """Transform that this is the inverse of."""
        return self._inv

    def with_cache(self, cache_size: int = 1) -> Any:
        """Return the inverse of the transform with another size of its cache."""
        return self.inv.with_cache(cache_size).inv

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _InverseTransform) and self._inv == other._inv

    __hash__ = Transform.__hash__

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._inv!r})"

    def __call__(self, x: Tensor) -> Tensor:
        return self._inv._inv_call(x)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the negative log determinant of the inverted transform."""
        return -self._inv.log_abs_det_jacobian(y, x)

    def forward_shape(self, shape: ShapeLike) -> Any:
        """Return the shape of the output for one of the input."""
        return self._inv.inverse_shape(shape)

    def inverse_shape(self, shape: ShapeLike) -> Any:
        """Return the shape of the input for one of the output."""
        return self._inv.forward_shape(shape)


class ComposeTransform(Transform):
    """Composition of transforms, the first of which is applied first.

    Args:
        parts: the first one is applied first.
        cache_size: see `Transform`.
    """

    def __init__(self, parts: Sequence[Transform], cache_size: int = 0) -> None:
        if cache_size:
            parts = [part.with_cache(cache_size) for part in parts]
        super().__init__(cache_size=cache_size)
        self.parts = list(parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ComposeTransform) and self.parts == other.parts

    __hash__ = Transform.__hash__

    @property
    def domain(self) -> Any:
        """Domain of the first part, with the dimensions that later parts need."""
        if not self.parts:
            return constraints.real
        dims = self.parts[-1].codomain.event_dim
        for part in reversed(self.parts):
            dims += part.domain.event_dim - part.codomain.event_dim
            dims = max(dims, part.domain.event_dim)
        return _with_dims(self.parts[0].domain, dims)

    @property
    def codomain(self) -> Any:
        """Codomain of the last part, with the dimensions that earlier parts need."""
        if not self.parts:
            return constraints.real
        dims = self.parts[0].domain.event_dim
        for part in self.parts:
            dims += part.codomain.event_dim - part.domain.event_dim
            dims = max(dims, part.codomain.event_dim)
        return _with_dims(self.parts[-1].codomain, dims)

    @property
    def bijective(self) -> bool:
        """Whether all parts are bijective."""
        return all(p.bijective for p in self.parts)

    @property
    def sign(self) -> Any:
        """Product of the parts' signs."""
        sign = 1
        for part in self.parts:
            sign = sign * part.sign
        return sign

    @property
    def inv(self) -> Transform:
        """Composition of the parts' inverses, the last one first."""
        result = self._inv() if self._inv is not None else None
        if result is None:
            result = ComposeTransform([p.inv for p in reversed(self.parts)])
            self._inv = weakref.ref(result)
            result._inv = weakref.ref(self)
        return result

    def with_cache(self, cache_size: int = 1) -> "ComposeTransform":
        """Return the same transform with another size of its cache."""
        if self._cache_size == cache_size:
            return self
        return ComposeTransform(self.parts, cache_size=cache_size)

    def __call__(self, x: Tensor) -> Tensor:
        for part in self.parts:
            x = part(x)
        return x

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the sum of the parts' log determinants."""
        if not self.parts:
            return torch.zeros_like(x)
        values = [x]
        for part in self.parts[:-1]:
            values.append(part(values[-1]))
        values.append(y)
        total: Any = 0
        dims = self.domain.event_dim
        for part, before, after in zip(self.parts, values, values[1:], strict=False):
            result = part.log_abs_det_jacobian(before, after)
            total = total + _sum_rightmost(result, dims - part.domain.event_dim)
            dims += part.codomain.event_dim - part.domain.event_dim
        return total

    def forward_shape(self, shape: ShapeLike) -> Any:
        """Return the shape of the output for one of the input."""
        for part in self.parts:
            shape = part.forward_shape(shape)
        return shape

    def inverse_shape(self, shape: ShapeLike) -> Any:
        """Return the shape of the input for one of the output."""
        for part in reversed(self.parts):
            shape = part.inverse_shape(shape)
        return shape

    def __repr__(self) -> str:
        parts = ",\n    ".join(repr(p) for p in self.parts)
        return f"{type(self).__name__}(\n    {parts}\n)"


def _with_dims(constraint: constraints.Constraint, dims: int) -> Any:
    if dims > constraint.event_dim:
        return constraints.independent(constraint, dims - constraint.event_dim)
    return constraint


identity_transform = ComposeTransform([])


class IndependentTransform(Transform):
    """Transform with batch dimensions reinterpreted as event dimensions."""

    def __init__(
        self,
        base_transform: Transform,
        reinterpreted_batch_ndims: int,
        cache_size: int = 0,
    ) -> None:
        super().__init__(cache_size=cache_size)
        self.base_transform = base_transform.with_cache(cache_size)
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims

    def with_cache(self, cache_size: int = 1) -> "IndependentTransform":
        """Return the same transform with another size of its cache."""
        if self._cache_size == cache_size:
            return self
        dims = self.reinterpreted_batch_ndims
        return IndependentTransform(self.base_transform, dims, cache_size=cache_size)

    @property
    def domain(self) -> Any:
        """Constraint of the base, with more event dimensions."""
        base = self.base_transform.domain
        return constraints.independent(base, self.reinterpreted_batch_ndims)

    @property
    def codomain(self) -> Any:
        """Constraint of the base, with more event dimensions."""
        base = self.base_transform.codomain
        return constraints.independent(base, self.reinterpreted_batch_ndims)

    @property
    def bijective(self) -> bool:
        """Whether the base is bijective."""
        return bool(self.base_transform.bijective)

    @property
    def sign(self) -> Any:
        """Sign of the base."""
        return self.base_transform.sign

    def _call(self, x: Tensor) -> Tensor:
        if x.dim() < self.domain.event_dim:
            raise ValueError("Too few dimensions on input")
        return self.base_transform(x)

    def _inverse(self, y: Tensor) -> Tensor:
        if y.dim() < self.codomain.event_dim:
            raise ValueError("Too few dimensions on input")
        return self.base_transform.inv(y)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the base's log determinant, summed over the event dimensions."""
        result = self.base_transform.log_abs_det_jacobian(x, y)
        return _sum_rightmost(result, self.reinterpreted_batch_ndims)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({self.base_transform!r}, "
            f"{self.reinterpreted_batch_ndims})"
        )

    def forward_shape(self, shape: ShapeLike) -> Any:
        """Return the shape of the output for one of the input."""
        return self.base_transform.forward_shape(shape)

    def inverse_shape(self, shape: ShapeLike) -> Any:
        """Return the shape of the input for one of the output."""
        return self.base_transform.inverse_shape(shape)


class ReshapeTransform(Transform):
    """Transform that reshapes the last dimensions.

    Raises:
        ValueError: the shapes have different numbers of elements.
    """

    bijective = True

    def __init__(
        self, in_shape: ShapeLike, out_shape: ShapeLike, cache_size: int = 0
    ) -> None:
        self.in_shape = Size(in_shape)
        self.out_shape = Size(out_shape)
        if self.in_shape.numel() != self.out_shape.numel():
            raise ValueError("in_shape, out_shape have different numbers of elements")
        super().__init__(cache_size=cache_size)

    @property
    def domain(self) -> Any:
        """Real numbers in the input shape."""
        return constraints.independent(constraints.real, len(self.in_shape))

    @property
    def codomain(self) -> Any:
        """Real numbers in the output shape."""
        return constraints.independent(constraints.real, len(self.out_shape))

    def with_cache(self, cache_size: int = 1) -> "ReshapeTransform":
        """Return the same transform with another size of its cache."""
        if self._cache_size == cache_size:
            return self
        return ReshapeTransform(self.in_shape, self.out_shape, cache_size=cache_size)

    def _call(self, x: Tensor) -> Tensor:
        batch = x.shape[: x.dim() - len(self.in_shape)]
        return x.reshape(batch + self.out_shape)

    def _inverse(self, y: Tensor) -> Tensor:
        batch = y.shape[: y.dim() - len(self.out_shape)]
        return y.reshape(batch + self.in_shape)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        """Return zeros."""
        return x.new_zeros(x.shape[: x.dim() - len(self.in_shape)])

    def forward_shape(self, shape: ShapeLike) -> Any:
        """Return the shape of the output for one of the input."""
        return _reshaped(shape, self.in_shape, self.out_shape)

    def inverse_shape(self, shape: ShapeLike) -> Any:
        """Return the shape of the input for one of the output."""
        return _reshaped(shape, self.out_shape, self.in_shape)


def _reshaped(shape: ShapeLike, old: Size, new: Size) -> Size:
    if len(shape) < len(old):
        raise ValueError("Too few dimensions on input")
    cut = len(shape) - len(old)
    if tuple(shape[cut:]) != tuple(old):
        raise ValueError(f"Shape mismatch: expected {shape[cut:]} but got {old}")
    return Size(tuple(shape[:cut]) + tuple(new))
