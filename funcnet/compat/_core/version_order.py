"""The order of version numbers, as in PEP 440."""

import functools
import re
from typing import Any, Final

_FORM: Final = (
    r"\s*v?(?:(?P<epoch>\d+)!)?(?P<release>\d+(?:\.\d+)*)"
    r"(?:[-_.]?(?P<pre>a|b|c|rc|alpha|beta|pre|preview)[-_.]?(?P<pre_n>\d*))?"
    r"(?:-(?P<post_only>\d+)|[-_.]?(?P<post>post|rev|r)[-_.]?(?P<post_n>\d*))?"
    r"(?:[-_.]?(?P<dev>dev)[-_.]?(?P<dev_n>\d*))?"
    r"(?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*"
)  # compiled by `re` when a version is compared
_PRE: Final = {
    "alpha": "a",
    "beta": "b",
    **dict.fromkeys(("c", "pre", "preview"), "rc"),
}


class InvalidVersion(ValueError):  # noqa: N818 - the name it has elsewhere
    """Raised for text that is no version."""


@functools.total_ordering
class Version:
    """A version number; later ones are larger.

    Raises:
        InvalidVersion: the text is no version.

    Example:
        >>> Version("2.0rc1") < Version("2.0") < Version("2.0.post1")
        True
    """

    def __init__(self, version: str) -> None:
        result = re.fullmatch(_FORM, version, re.IGNORECASE)
        if result is None:
            raise InvalidVersion(f"Invalid version: {version!r}")
        self.epoch = int(result["epoch"] or 0)
        self.release = tuple(map(int, result["release"].split(".")))
        self.pre: tuple[str, int] | None = None
        if result["pre"]:
            label = result["pre"].lower()
            self.pre = (_PRE.get(label, label), int(result["pre_n"] or 0))
        self.post: int | None = None
        if result["post_only"] or result["post"]:
            self.post = int(result["post_only"] or result["post_n"] or 0)
        self.dev = int(result["dev_n"] or 0) if result["dev"] else None
        parts = re.split(r"[-_.]", result["local"].lower()) if result["local"] else []
        self.local = ".".join(parts) or None
        self._key = self._order(parts)

    def _order(self, local: list[str]) -> Any:
        release = list(self.release)
        while len(release) > 1 and not release[-1]:
            release.pop()
        # Development comes before what it leads to, a candidate before the release.
        alone = self.pre is None and self.post is None and self.dev is not None
        pre = (-1,) if alone else (1,) if self.pre is None else (0, *self.pre)
        post = -1 if self.post is None else self.post
        dev = float("inf") if self.dev is None else self.dev
        # Of local parts numbers come after words, and none before all.
        named = [(1, int(x), "") if x.isdigit() else (0, 0, x) for x in local]
        return self.epoch, tuple(release), pre, post, dev, tuple(named)

    @property
    def public(self) -> str:
        """The version without what follows its plus sign."""
        return str(self).partition("+")[0]

    @property
    def base_version(self) -> str:
        """The epoch and the release alone."""
        epoch = f"{self.epoch}!" if self.epoch else ""
        return epoch + ".".join(map(str, self.release))

    @property
    def is_prerelease(self) -> bool:
        """Return whether it comes before a release."""
        return self.pre is not None or self.dev is not None

    @property
    def is_postrelease(self) -> bool:
        """Return whether it comes after one."""
        return self.post is not None

    @property
    def is_devrelease(self) -> bool:
        """Return whether it is in development."""
        return self.dev is not None

    @property
    def major(self) -> int:
        """The first number."""
        return self.release[0]

    @property
    def minor(self) -> int:
        """The second number, or 0."""
        return (*self.release, 0)[1]

    @property
    def micro(self) -> int:
        """The third number, or 0."""
        return (*self.release, 0, 0)[2]

    def __eq__(self, other: object) -> bool:
        return self._key == other._key if isinstance(other, Version) else NotImplemented

    def __lt__(self, other: "Version") -> bool:
        return self._key < other._key if isinstance(other, Version) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key)

    def __str__(self) -> str:
        text = self.base_version
        text += "".join(map(str, self.pre or ()))
        text += "" if self.post is None else f".post{self.post}"
        text += "" if self.dev is None else f".dev{self.dev}"
        return text + (f"+{self.local}" if self.local else "")

    def __repr__(self) -> str:
        return f"<Version('{self}')>"


def parse(version: str) -> Version:
    """The version that a text means."""
    return Version(version)
