"""Tensors are printed as PyTorch 2.13 prints them, character by character."""

import copy
import math
import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch

# What PyTorch 2.13 prints for each line.
PRINTED = """\
>>> torch.tensor(1)
tensor(1)
>>> torch.tensor(2.5)
tensor(2.5000)
>>> torch.tensor(-0.0)
tensor(-0.)
>>> torch.tensor(True)
tensor(True)
>>> torch.tensor(3 + 4j)
tensor(3.+4.j)
>>> torch.tensor(1e-5)
tensor(1.0000e-05)
>>> torch.tensor(123456789.0)
tensor(1.2346e+08)
>>> torch.tensor([1.0, 2.0])
tensor([1., 2.])
>>> torch.tensor([1.5, -2.25, 3.125])
tensor([ 1.5000, -2.2500,  3.1250])
>>> torch.tensor([0.1, 100.0])
tensor([  0.1000, 100.0000])
>>> torch.tensor([0.001, 2.0])
tensor([1.0000e-03, 2.0000e+00])
>>> torch.tensor([1e-4, 1e-2])
tensor([1.0000e-04, 1.0000e-02])
>>> torch.tensor([1.0, 1000.0, 1001.0])
tensor([1.0000e+00, 1.0000e+03, 1.0010e+03])
>>> torch.tensor([1.0, 10000.0])
tensor([1.0000e+00, 1.0000e+04])
>>> torch.tensor([1e8, 1.0])
tensor([1.0000e+08, 1.0000e+00])
>>> torch.tensor([2e8])
tensor([2.0000e+08])
>>> torch.tensor([1e-5, 1.0])
tensor([1.0000e-05, 1.0000e+00])
>>> torch.tensor([math.nan, 1.0])
tensor([nan, 1.])
>>> torch.tensor([math.nan, 1.5, math.inf, -math.inf])
tensor([   nan, 1.5000,    inf,   -inf])
>>> torch.tensor([math.nan, math.inf])
tensor([nan, inf])
>>> torch.tensor([math.nan, 1e10])
tensor([       nan, 1.0000e+10])
>>> torch.tensor([0.0, -0.0])
tensor([0., -0.])
>>> torch.tensor([-1, 10, 100])
tensor([ -1,  10, 100])
>>> torch.tensor([[1, -2], [300, 4]])
tensor([[  1,  -2],
        [300,   4]])
>>> torch.tensor([True, False])
tensor([ True, False])
>>> torch.tensor([[1.0, 2.0], [3.0, 4.5]])
tensor([[1.0000, 2.0000],
        [3.0000, 4.5000]])
>>> torch.tensor([1 + 2j, -1.5 - 0.25j])
tensor([ 1.0000+2.0000j, -1.5000-0.2500j])
>>> torch.tensor([complex(math.nan, 1.0), complex(2.0, -math.inf)])
tensor([nan+1.j, 2.-infj])
>>> torch.tensor([[1e-6 + 1j, 2 - 3e5j]])
tensor([[1.0000e-06+1.0000e+00j, 2.0000e+00-3.0000e+05j]])
>>> torch.arange(24).reshape(2, 3, 4)
tensor([[[ 0,  1,  2,  3],
         [ 4,  5,  6,  7],
         [ 8,  9, 10, 11]],

        [[12, 13, 14, 15],
         [16, 17, 18, 19],
         [20, 21, 22, 23]]])
>>> torch.arange(8.0).reshape(2, 2, 2) / 8
tensor([[[0.0000, 0.1250],
         [0.2500, 0.3750]],

        [[0.5000, 0.6250],
         [0.7500, 0.8750]]])
>>> torch.zeros(1, 1, 1, 1)
tensor([[[[0.]]]])
>>> torch.ones(2, 1, 2, 1)
tensor([[[[1.],
          [1.]]],


        [[[1.],
          [1.]]]])
>>> torch.arange(30)
tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,
        18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29])
>>> torch.arange(30.0)
tensor([ 0.,  1.,  2.,  3.,  4.,  5.,  6.,  7.,  8.,  9., 10., 11., 12., 13.,
        14., 15., 16., 17., 18., 19., 20., 21., 22., 23., 24., 25., 26., 27.,
        28., 29.])
>>> torch.arange(20.0) / 3
tensor([0.0000, 0.3333, 0.6667, 1.0000, 1.3333, 1.6667, 2.0000, 2.3333, 2.6667,
        3.0000, 3.3333, 3.6667, 4.0000, 4.3333, 4.6667, 5.0000, 5.3333, 5.6667,
        6.0000, 6.3333])
>>> torch.arange(2 * 26).reshape(2, 26)
tensor([[ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,
         18, 19, 20, 21, 22, 23, 24, 25],
        [26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
         44, 45, 46, 47, 48, 49, 50, 51]])
>>> torch.arange(1000)[:40]
tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,
        18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
        36, 37, 38, 39])
>>> torch.arange(1001)
tensor([   0,    1,    2,  ...,  998,  999, 1000])
>>> torch.arange(1001.0) / 7
tensor([  0.0000,   0.1429,   0.2857,  ..., 142.5714, 142.7143, 142.8571])
>>> torch.arange(10000).reshape(100, 100)
tensor([[   0,    1,    2,  ...,   97,   98,   99],
        [ 100,  101,  102,  ...,  197,  198,  199],
        [ 200,  201,  202,  ...,  297,  298,  299],
        ...,
        [9700, 9701, 9702,  ..., 9797, 9798, 9799],
        [9800, 9801, 9802,  ..., 9897, 9898, 9899],
        [9900, 9901, 9902,  ..., 9997, 9998, 9999]])
>>> torch.zeros(3, 2000)
tensor([[0., 0., 0.,  ..., 0., 0., 0.],
        [0., 0., 0.,  ..., 0., 0., 0.],
        [0., 0., 0.,  ..., 0., 0., 0.]])
>>> torch.zeros(2000, 3)
tensor([[0., 0., 0.],
        [0., 0., 0.],
        [0., 0., 0.],
        ...,
        [0., 0., 0.],
        [0., 0., 0.],
        [0., 0., 0.]])
>>> torch.arange(1728).reshape(12, 12, 12)
tensor([[[   0,    1,    2,  ...,    9,   10,   11],
         [  12,   13,   14,  ...,   21,   22,   23],
         [  24,   25,   26,  ...,   33,   34,   35],
         ...,
         [ 108,  109,  110,  ...,  117,  118,  119],
         [ 120,  121,  122,  ...,  129,  130,  131],
         [ 132,  133,  134,  ...,  141,  142,  143]],

        [[ 144,  145,  146,  ...,  153,  154,  155],
         [ 156,  157,  158,  ...,  165,  166,  167],
         [ 168,  169,  170,  ...,  177,  178,  179],
         ...,
         [ 252,  253,  254,  ...,  261,  262,  263],
         [ 264,  265,  266,  ...,  273,  274,  275],
         [ 276,  277,  278,  ...,  285,  286,  287]],

        [[ 288,  289,  290,  ...,  297,  298,  299],
         [ 300,  301,  302,  ...,  309,  310,  311],
         [ 312,  313,  314,  ...,  321,  322,  323],
         ...,
         [ 396,  397,  398,  ...,  405,  406,  407],
         [ 408,  409,  410,  ...,  417,  418,  419],
         [ 420,  421,  422,  ...,  429,  430,  431]],

        ...,

        [[1296, 1297, 1298,  ..., 1305, 1306, 1307],
         [1308, 1309, 1310,  ..., 1317, 1318, 1319],
         [1320, 1321, 1322,  ..., 1329, 1330, 1331],
         ...,
         [1404, 1405, 1406,  ..., 1413, 1414, 1415],
         [1416, 1417, 1418,  ..., 1425, 1426, 1427],
         [1428, 1429, 1430,  ..., 1437, 1438, 1439]],

        [[1440, 1441, 1442,  ..., 1449, 1450, 1451],
         [1452, 1453, 1454,  ..., 1461, 1462, 1463],
         [1464, 1465, 1466,  ..., 1473, 1474, 1475],
         ...,
         [1548, 1549, 1550,  ..., 1557, 1558, 1559],
         [1560, 1561, 1562,  ..., 1569, 1570, 1571],
         [1572, 1573, 1574,  ..., 1581, 1582, 1583]],

        [[1584, 1585, 1586,  ..., 1593, 1594, 1595],
         [1596, 1597, 1598,  ..., 1605, 1606, 1607],
         [1608, 1609, 1610,  ..., 1617, 1618, 1619],
         ...,
         [1692, 1693, 1694,  ..., 1701, 1702, 1703],
         [1704, 1705, 1706,  ..., 1713, 1714, 1715],
         [1716, 1717, 1718,  ..., 1725, 1726, 1727]]])
>>> torch.tensor([])
tensor([])
>>> torch.zeros(0, 3)
tensor([], size=(0, 3))
>>> torch.zeros(2, 0, 3)
tensor([], size=(2, 0, 3))
>>> torch.tensor([], dtype=torch.int64)
tensor([], dtype=torch.int64)
>>> torch.zeros(0, 3, dtype=torch.bool)
tensor([], size=(0, 3), dtype=torch.bool)
>>> torch.tensor([1.0], dtype=torch.float64)
tensor([1.], dtype=torch.float64)
>>> torch.tensor([1.0, 0.1], dtype=torch.float16)
tensor([1.0000, 0.1000], dtype=torch.float16)
>>> torch.tensor([1.0, 0.1], dtype=torch.bfloat16)
tensor([1.0000, 0.1001], dtype=torch.bfloat16)
>>> torch.tensor([1, 2], dtype=torch.int32)
tensor([1, 2], dtype=torch.int32)
>>> torch.tensor([1, 2], dtype=torch.uint8)
tensor([1, 2], dtype=torch.uint8)
>>> torch.tensor([1j], dtype=torch.complex128)
tensor([0.+1.j], dtype=torch.complex128)
>>> torch.tensor([1.0, 2.0], requires_grad=True)
tensor([1., 2.], requires_grad=True)
>>> torch.tensor([1.0, 2.0], requires_grad=True) + 1
tensor([2., 3.], grad_fn=<AddBackward0>)
>>> torch.tensor([1.0, 2.0], requires_grad=True).sum()
tensor(3., grad_fn=<SumBackward0>)
>>> torch.tensor([1.0], dtype=torch.float64, requires_grad=True) * 2
tensor([2.], dtype=torch.float64, grad_fn=<MulBackward0>)
>>> torch.zeros(0, 2, requires_grad=True)
tensor([], size=(0, 2), requires_grad=True)
>>> (torch.arange(8.0) / 3).requires_grad_()
tensor([0.0000, 0.3333, 0.6667, 1.0000, 1.3333, 1.6667, 2.0000, 2.3333],
       requires_grad=True)
>>> (torch.arange(6.0).to(torch.float64) / 3).requires_grad_()
tensor([0.0000, 0.3333, 0.6667, 1.0000, 1.3333, 1.6667], dtype=torch.float64,
       requires_grad=True)
>>> (torch.arange(6.0).to(torch.float64) / 3).requires_grad_() * 2
tensor([0.0000, 0.6667, 1.3333, 2.0000, 2.6667, 3.3333], dtype=torch.float64,
       grad_fn=<MulBackward0>)
>>> torch.arange(9.0).reshape(3, 3).requires_grad_() @ torch.ones(3, 3)
tensor([[ 3.,  3.,  3.],
        [12., 12., 12.],
        [21., 21., 21.]], grad_fn=<MmBackward0>)
>>> torch.nn.Parameter(torch.tensor([1.0, 2.0]))
Parameter containing:
tensor([1., 2.], requires_grad=True)
"""

WITH_OPTIONS = """\
>>> precision=2 | torch.tensor([1.23456, 2.0])
tensor([1.23, 2.00])
>>> precision=0 | torch.tensor([1.5, 2.0])
tensor([2, 2])
>>> sci_mode=True | torch.tensor([1.5, -200.0])
tensor([ 1.5000e+00, -2.0000e+02])
>>> sci_mode=True | torch.zeros(2)
tensor([0., 0.])
>>> sci_mode=False | torch.tensor([1e10, 0.5])
tensor([10000000000.0000,           0.5000])
>>> threshold=5 | torch.arange(7)
tensor([0, 1, 2,  ..., 4, 5, 6])
>>> threshold=5, edgeitems=1 | torch.arange(9).reshape(3, 3)
tensor([[0,  ..., 2],
        ...,
        [6,  ..., 8]])
>>> threshold=5, edgeitems=0 | torch.arange(9, dtype=torch.int32).reshape(3, 3)
tensor([...], size=(3, 3), dtype=torch.int32)
>>> linewidth=40 | torch.arange(12.0) / 7
tensor([0.0000, 0.1429, 0.2857, 0.4286,
        0.5714, 0.7143, 0.8571, 1.0000,
        1.1429, 1.2857, 1.4286, 1.5714])
>>> profile='short' | torch.arange(1001.0) / 7
tensor([  0.00,   0.14,  ..., 142.71, 142.86])
>>> profile='full', linewidth=400 | torch.arange(1001)[-5:]
tensor([ 996,  997,  998,  999, 1000])
>>> profile='default', precision=6 | torch.tensor(2 / 3)
tensor(0.666667)
"""


def entries(table: str) -> list[tuple[str, str]]:
    """Each line with what is printed for it."""
    parts = [part.split("\n", 1) for part in table.split(">>> ")[1:]]
    return [(line, shown.removesuffix("\n")) for line, shown in parts]


@pytest.fixture(autouse=True)
def usual_options() -> Iterator[None]:
    yield
    torch.set_printoptions(profile="default")


@pytest.mark.parametrize(("line", "shown"), entries(PRINTED))
def test_repr(line: str, shown: str) -> None:
    tensor = eval(line, {"torch": torch, "math": math})
    assert repr(tensor) == shown
    assert str(tensor) == shown


@pytest.mark.parametrize(("line", "shown"), entries(WITH_OPTIONS))
def test_print_options(line: str, shown: str) -> None:
    options, result = line.split(" | ")
    eval(f"torch.set_printoptions({options})", {"torch": torch})
    assert repr(eval(result, {"torch": torch})) == shown


def test_print_options_stay_and_sci_mode_does_not() -> None:
    torch.set_printoptions(precision=2, sci_mode=True)
    torch.set_printoptions(linewidth=100)
    assert torch.get_printoptions() == {
        "precision": 2,
        "threshold": 1000,
        "edgeitems": 3,
        "linewidth": 100,
        "sci_mode": None,
    }


def test_dtype_is_printed_when_it_is_not_the_default() -> None:
    torch.set_default_dtype(torch.float64)
    try:
        assert repr(torch.ones(1)) == "tensor([1.])"
        assert (
            repr(torch.ones(1, dtype=torch.float32))
            == "tensor([1.], dtype=torch.float32)"
        )
        assert repr(torch.ones(1, dtype=torch.complex128)) == "tensor([1.+0.j])"
    finally:
        torch.set_default_dtype(torch.float32)


def test_subclasses_are_printed_by_name() -> None:
    class Mine(torch.Tensor):
        pass

    assert repr(Mine([1.0, 2.0])) == "Mine([1., 2.])"


FORMATTED = [
    ("{:>7f}", 2.5, "2.500000"),
    ("{:>0.1f}", 99.25, "99.2"),
    ("{:.2f}", 2.5, "2.50"),
    ("{:05d}", 3, "00003"),
    ("{}", 2.5, "2.5"),
    ("{}", True, "True"),
    ("{:.2f}", 1 + 2j, "1.00+2.00j"),
    ("{!r}", 2.5, "tensor(2.5000)"),
    ("{}", [1.0, 2.0], "tensor([1., 2.])"),
]


@pytest.mark.parametrize(("spec", "data", "shown"), FORMATTED)
def test_format(spec: str, data: Any, shown: str) -> None:
    assert spec.format(torch.tensor(data)) == shown


def test_format_of_several_numbers_takes_no_specification() -> None:
    message = r"unsupported format string passed to Tensor.__format__"
    with pytest.raises(TypeError, match=message):
        format(torch.ones(2), ".2f")


# --- Python's questions --------------------------------------------------------------

ONE = "only one element tensors can be converted to Python scalars"
INDEX = "only integer tensors of a single element can be converted to an index"
CONTAINS = "Tensor.__contains__ only supports Tensor or scalar, but you passed in a"

REFUSED = [
    (
        bool,
        [1.0, 2.0],
        RuntimeError,
        "Boolean value of Tensor with more than one value",
    ),
    (bool, [], RuntimeError, "Boolean value of Tensor with no values is ambiguous"),
    (int, [1, 2], ValueError, ONE),
    (float, [], ValueError, ONE),
    (complex, [1.0, 2.0], ValueError, ONE),
    (int, 1 + 2j, RuntimeError, "cannot be converted to type int64_t without overflow"),
    (
        float,
        1 + 2j,
        RuntimeError,
        "cannot be converted to type double without overflow",
    ),
    (range, 2.5, TypeError, INDEX),
    (range, [1, 2], TypeError, INDEX),
    (len, 1.0, TypeError, r"len\(\) of a 0-d tensor"),
    (list, 1.0, TypeError, "iteration over a 0-d tensor"),
    (lambda x: "a" in x, [1.0], RuntimeError, CONTAINS),
]


@pytest.mark.parametrize(("ask", "data", "error", "message"), REFUSED)
def test_refused_conversions(ask: Any, data: Any, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        ask(torch.tensor(data))


ANSWERS = [
    (bool, [[0.5]], True),
    (bool, [0], False),
    (bool, math.nan, True),
    (int, [[4.75]], 4),
    (int, -2.5, -2),
    (float, 3, 3.0),
    (float, 1 + 0j, 1.0),
    (complex, 2.5, 2.5 + 0j),
    (len, [[1, 2], [3, 4], [5, 6]], 3),
    (range, 3, range(3)),
    (lambda x: "abcd"[x], [2], "c"),
    (lambda x: "abcd"[x], True, "b"),
    (lambda x: 2.0 in x, [1.0, 2.0], True),
    (lambda x: torch.tensor(5) in x, [1.0, 2.0], False),
    (lambda x: [int(part) for part in x], [3, 4], [3, 4]),
    (
        lambda x: [part.tolist() for part in reversed(x)],
        [[1, 2], [3, 4]],
        [[3, 4], [1, 2]],
    ),
    (math.floor, 2.5, 2),
    (lambda x: len({x, x, torch.tensor(1)}), 1, 2),
]


@pytest.mark.parametrize(("ask", "data", "answer"), ANSWERS)
def test_conversions(ask: Any, data: Any, answer: Any) -> None:
    result = ask(torch.tensor(data))
    assert result == answer
    assert type(result) is type(answer)


def test_iteration_keeps_the_gradient() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    sum(part * part for part in x).backward()
    assert x.grad.tolist() == [2.0, 4.0]


@pytest.mark.parametrize(
    ("name", "meant"),
    [("bachward", "backward"), ("shpae", "shape"), ("requries_grad", "requires_grad")],
)
def test_misspelt_attributes_name_the_right_one(name: str, meant: str) -> None:
    message = f"'Tensor' object has no attribute '{name}'. Did you mean '{meant}'?"
    with pytest.raises(AttributeError) as caught:
        getattr(torch.ones(1), name)
    assert str(caught.value) == message


def test_unknown_attributes() -> None:
    x = torch.ones(1)
    assert not hasattr(x, "no_such_thing_anywhere")
    assert getattr(x, "_private", 3) == 3
    x.mine = 5
    assert x.mine == 5


# --- copies --------------------------------------------------------------------------

KINDS = [
    "float32",
    "float64",
    "bfloat16",
    "float16",
    "int64",
    "uint8",
    "bool",
    "complex64",
]


@pytest.mark.parametrize("kind", KINDS)
def test_pickles_keep_numbers_and_dtype(kind: str) -> None:
    x = torch.tensor([[0.0, 1.0], [2.0, 1.5]]).to(getattr(torch, kind))
    for one in (x, x.t(), x[1:], x[0, 0], x[:0]):
        again = pickle.loads(pickle.dumps(one))
        assert again.dtype is x.dtype
        assert again.tolist() == one.tolist()
        assert again.shape == one.shape


def test_pickles_and_copies_of_names_are_the_names_themselves() -> None:
    for name in (torch.float32, torch.bits8, torch.strided, torch.channels_last):
        assert pickle.loads(pickle.dumps(name)) is name
        assert copy.deepcopy(name) is name


def test_pickles_keep_requires_grad_class_and_attributes() -> None:
    x = torch.ones(2, requires_grad=True)
    x.note = "mine"
    again = pickle.loads(pickle.dumps(x))
    assert again.requires_grad
    assert again.note == "mine"
    assert pickle.loads(pickle.dumps(x * 2)).is_leaf
    parameter = torch.nn.Parameter(torch.ones(2), requires_grad=False)
    again = pickle.loads(pickle.dumps(parameter))
    assert type(again) is torch.nn.Parameter
    assert not again.requires_grad


def test_copy_shares_memory() -> None:
    x = torch.ones(2)
    shallow = copy.copy(x)
    shallow[0] = 5
    assert x.tolist() == [5.0, 1.0]
    assert shallow is not x


def test_deepcopy_has_its_own_memory_and_grad() -> None:
    x = torch.ones(2, requires_grad=True)
    (x * 3).sum().backward()
    x.note = ["mine"]
    deep = copy.deepcopy(x)
    with torch.no_grad():
        deep += 1
        deep.grad.zero_()
    deep.note.append("yours")
    assert deep.requires_grad
    assert deep.is_leaf
    assert (x.tolist(), x.grad.tolist(), x.note) == ([1, 1], [3, 3], ["mine"])


def test_deepcopy_respects_what_is_shared() -> None:
    x = torch.arange(4.0)
    first, again, view = copy.deepcopy([x, x, x.view(2, 2)])
    assert first is again
    first[0] = 9
    assert view.tolist() == [[9.0, 1.0], [2.0, 3.0]]
    assert x[0].item() == 0


def test_deepcopy_of_shared_memory_is_not_shared() -> None:
    array = np.ones(2)
    deep = copy.deepcopy(torch.from_numpy(array))
    array[0] = 5
    assert deep.tolist() == [1.0, 1.0]


def test_deepcopy_of_results_raises() -> None:
    x = torch.ones(2, requires_grad=True)
    message = r"Only Tensors created explicitly by the user \(graph leaves\)"
    with pytest.raises(RuntimeError, match=message):
        copy.deepcopy(x * 2)
