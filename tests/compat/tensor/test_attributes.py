"""`tensor.__dict__` shows what a user set, as PyTorch's does, and nothing of ours."""

import copy
import io
import pickle

import pytest

import funcnet.compat as torch


class Tagged(torch.Tensor):
    """A subclass as packages write them."""


class Mixin:
    """A class with a `__dict__` of its own that stands before `Tensor`."""

    def tag_all(self, **tags: object) -> None:
        self.__dict__.update(tags)


class Mixed(Mixin, torch.Tensor):
    """A tensor whose attributes its mixin sets."""


CLASSES = [torch.Tensor, Tagged, Mixed]


def _tensor(cls: type) -> torch.Tensor:
    return torch.arange(3.0).as_subclass(cls)


@pytest.mark.parametrize("cls", CLASSES)
def test_a_new_tensor_has_no_attributes(cls: type) -> None:
    assert vars(_tensor(cls)) == {}
    assert vars(_tensor(cls)[1:] * 2) == {}


@pytest.mark.parametrize("cls", CLASSES)
def test_attributes_are_set_read_and_removed_through_the_dictionary(cls: type) -> None:
    x = _tensor(cls)
    x._meta = 1
    x.__dict__.update(tag="a", other=2)
    assert x.tag == "a"
    assert x.__dict__ == {"_meta": 1, "tag": "a", "other": 2}
    assert x.__dict__.pop("other") == 2
    del x.__dict__["tag"]
    assert not hasattr(x, "tag")
    assert x.__dict__.setdefault("more", 3) == 3
    x.__dict__ |= {"last": 4}
    assert (x.more, x.last) == (3, 4)
    x.__dict__.clear()
    assert vars(x) == {}
    assert x.tolist() == [0, 1, 2]


@pytest.mark.parametrize("cls", CLASSES)
def test_a_package_may_replace_the_dictionary(cls: type) -> None:
    x, y = _tensor(cls), torch.ones(2).as_subclass(cls)
    x.tag = 1
    y.gone = 2
    y.__dict__ = x.__dict__
    assert vars(y) == {"tag": 1}
    assert y.tolist() == [1, 1]


def _saved(x: torch.Tensor) -> torch.Tensor:
    file = io.BytesIO()
    torch.save(x, file)
    file.seek(0)
    return torch.load(file, weights_only=False)


@pytest.mark.parametrize("cls", CLASSES)
@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x)), _saved],
    ids=["copy", "deepcopy", "pickle", "save"],
)
def test_copies_keep_all_attributes(cls: type, copied: object) -> None:
    x = _tensor(cls)
    x.tag, x._meta = 1, {"a": [2]}
    result = copied(x)
    assert type(result) is cls
    assert vars(result) == {"tag": 1, "_meta": {"a": [2]}}
    assert result.tolist() == x.tolist()


def test_a_mixin_that_writes_to_the_dictionary_sets_attributes() -> None:
    x = _tensor(Mixed)
    x.tag_all(tag=1)
    assert (x.tag, vars(x)) == (1, {"tag": 1})


def test_a_parameter_is_made_anew_with_the_attributes_of_another() -> None:
    old = torch.nn.Parameter(torch.ones(1))
    assert torch.nn.Parameter(torch.zeros(1), **vars(old)).tolist() == [0]
