"""Transforms made of transforms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from funcnet._errors import InputError, InputTypeError
from funcnet.data.transforms._base import AnyTransform, Transform, run
from funcnet.data.transforms._draws import Draws

__all__ = ["Compose", "Lambda", "RandomApply", "RandomChoice", "RandomOrder"]


class Container(Transform):
    """Transforms, printed one to a line."""

    transforms: Sequence[AnyTransform]

    def run(self, transform: AnyTransform, image: Any, draws: Draws) -> Any:
        """Call one of the transforms."""
        return run(transform, image, draws)

    def heading(self) -> list[str]:
        """Return the lines that stand above the transforms."""
        return []

    def __repr__(self) -> str:
        lines = [*self.heading(), *map(str, self.transforms)]
        return f"{type(self).__name__}(" + "".join(f"\n    {x}" for x in lines) + "\n)"


@dataclass(frozen=True, repr=False)
class Compose(Container):
    """Call transforms one after another, as `torchvision.transforms.Compose`.

    Raises:
        InputTypeError: one of them cannot be called.

    Example:
        >>> from PIL import Image
        >>> from funcnet.data.transforms import CenterCrop, ToTensor
        >>> prepare = Compose([CenterCrop(2), ToTensor()])
        >>> prepare.transforms[1]
        ToTensor()
        >>> prepare(Image.new("RGB", (8, 6))).shape
        (3, 2, 2)
    """

    transforms: Sequence[AnyTransform]

    def __post_init__(self) -> None:
        check_callable("Compose", self.transforms)

    def apply(self, image: Any, draws: Draws) -> Any:
        """Return what the last transform gives."""
        for transform in self.transforms:
            image = self.run(transform, image, draws)
        return image


@dataclass(frozen=True, repr=False)
class Lambda(Transform):
    """Call a function of your own, as `torchvision.transforms.Lambda`.

    Example:
        >>> Lambda(lambda x: x + 1)(1)
        2
    """

    lambd: Callable[[Any], Any]

    def __post_init__(self) -> None:
        if not callable(self.lambd):
            raise InputTypeError(
                f"Argument lambd should be callable, got {type(self.lambd).__name__!r}."
            )

    def apply(self, image: Any, draws: Draws) -> Any:
        """Return what the function gives."""
        return self.lambd(image)

    def shown(self) -> dict[str, object]:
        """Return nothing: a function is not printed."""
        return {}


@dataclass(frozen=True, repr=False)
class RandomApply(Container):
    """Call all transforms, or none, as `torchvision.transforms.RandomApply`.

    Args:
        p: the probability of calling them.
    """

    transforms: Sequence[AnyTransform]
    p: float = 0.5

    def __post_init__(self) -> None:
        check_callable("RandomApply", self.transforms)

    def apply(self, image: Any, draws: Draws) -> Any:
        """Return the image, or what the last transform gives."""
        if self.p < draws.rand(1)[0]:
            return image
        for transform in self.transforms:
            image = self.run(transform, image, draws)
        return image

    def heading(self) -> list[str]:
        """Return the probability."""
        return [f"p={self.p}"]


@dataclass(frozen=True, repr=False)
class RandomOrder(Container):
    """Call transforms in a random order, as `torchvision.transforms.RandomOrder`."""

    transforms: Sequence[AnyTransform]

    def __post_init__(self) -> None:
        check_callable("RandomOrder", self.transforms)

    def apply(self, image: Any, draws: Draws) -> Any:
        """Return what the last of them gives."""
        for index in draws.shuffled(len(self.transforms)):
            image = self.run(self.transforms[index], image, draws)
        return image


@dataclass(frozen=True, repr=False)
class RandomChoice(Container):
    """Call one of the transforms, as `torchvision.transforms.RandomChoice`.

    Args:
        p: how likely each of them is; equally by default.
    """

    transforms: Sequence[AnyTransform]
    p: Sequence[float] | None = None

    def __post_init__(self) -> None:
        check_callable("RandomChoice", self.transforms)
        if self.p is not None and not isinstance(self.p, Sequence):
            raise InputTypeError(f"Argument p should be a sequence, got {self.p!r}.")
        if self.p is not None and len(self.p) != len(self.transforms):
            raise InputError(
                f"RandomChoice: {len(self.p)} probabilities for "
                f"{len(self.transforms)} transforms."
            )

    def apply(self, image: Any, draws: Draws) -> Any:
        """Return what the chosen one gives."""
        index = draws.choice(len(self.transforms), self.p)
        return self.run(self.transforms[index], image, draws)

    def __repr__(self) -> str:
        return f"{super().__repr__()}(p={self.p})"


def check_callable(owner: str, transforms: object) -> None:
    """Raise unless these are transforms, naming the first that is not one."""
    if not hasattr(transforms, "__iter__"):
        raise InputTypeError(
            f"{owner}: Argument transforms should be a sequence, got a "
            f"{type(transforms).__name__}."
        )
    for index, transform in enumerate(transforms):
        if not callable(transform):
            raise InputTypeError(
                f"{owner}: the transform at position {index} is {transform!r}, a "
                f"{type(transform).__name__}, which cannot be called. Give a transform "
                "such as Normalize(mean, std), or leave it out."
            )
