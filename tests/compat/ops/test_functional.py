"""nn.functional: mistakes, warnings, writing in place, randomness."""

import re
import warnings

import pytest

import funcnet.compat as torch
import funcnet.compat.nn.functional as F
from funcnet.compat._engine import executor

z = torch.zeros
F64, I64 = torch.float64, torch.int64

MISTAKES = [
    (
        lambda: F.linear(z(2, 3), z(4, 5)),
        RuntimeError,
        "mat1 and mat2 shapes cannot be multiplied (2x3 and 5x4)",
    ),
    (
        lambda: F.linear(z(2, 3, dtype=F64), z(4, 3), z(4)),
        RuntimeError,
        "mat1 and mat2 must have the same dtype, but got Double and Float",
    ),
    (
        lambda: F.conv2d(z(3, 3), z(4, 3, 3, 3)),
        RuntimeError,
        "Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of "
        "size: [3, 3]",
    ),
    (
        lambda: F.conv2d(z(1, 1, 8, 8), z(4, 3, 3, 3)),
        RuntimeError,
        "Given groups=1, weight of size [4, 3, 3, 3], expected input[1, 1, 8, 8] to "
        "have 3 channels, but got 1 channels instead",
    ),
    (
        lambda: F.conv2d(z(1, 3, 2, 2), z(4, 3, 3, 3)),
        RuntimeError,
        "Calculated padded input size per channel: (2 x 2). Kernel size: (3 x 3). "
        "Kernel size can't be greater than actual input size",
    ),
    (
        lambda: F.conv2d(z(1, 3, 8, 8, dtype=torch.uint8), z(4, 3, 3, 3)),
        RuntimeError,
        "expected scalar type Byte but found Float",
    ),
    (
        lambda: F.conv_transpose2d(z(1, 2, 3, 3), z(4, 3, 3, 3)),
        RuntimeError,
        "Given transposed=1, weight of size [4, 3, 3, 3], expected input[1, 2, 3, 3] "
        "to have 4 channels, but got 2 channels instead",
    ),
    (
        lambda: F.max_pool2d(z(1, 1, 1, 1), 2),
        RuntimeError,
        "Given input size: (1x1x1). Calculated output size: (1x0x0). Output size is "
        "too small",
    ),
    (
        lambda: F.batch_norm(z(1, 3), z(3), z(3), training=True),
        ValueError,
        "Expected more than 1 value per channel when training, got input size "
        "torch.Size([1, 3])",
    ),
    (
        lambda: F.batch_norm(z(2, 3), z(4), z(4), training=True),
        RuntimeError,
        "running_mean should contain 3 elements not 4",
    ),
    (
        lambda: F.layer_norm(z(2, 3), (4,)),
        RuntimeError,
        "Given normalized_shape=[4], expected input with shape [*, 4], but got input "
        "of size[2, 3]",
    ),
    (
        lambda: F.softmax(z(2, 3), 3),
        IndexError,
        "Dimension out of range (expected to be in range of [-2, 1], but got 3)",
    ),
    (
        lambda: F.dropout(z(2, 3), 1.5),
        ValueError,
        "dropout probability has to be between 0 and 1, but got 1.5",
    ),
    (
        lambda: F.mse_loss(z(2), z(2), reduction="avg"),
        ValueError,
        "avg is not a valid value for reduction",
    ),
    (
        lambda: F.binary_cross_entropy_with_logits(z(2, 1), z(2)),
        ValueError,
        "Target size (torch.Size([2])) must be the same as input size (torch.Size([2, "
        "1]))",
    ),
    (
        lambda: F.binary_cross_entropy(z(2), z(2, dtype=I64)),
        RuntimeError,
        "Found dtype Long but expected Float",
    ),
    (
        lambda: F.binary_cross_entropy(torch.tensor([2.0]), z(1)),
        RuntimeError,
        "all elements of input should be between 0 and 1",
    ),
    (
        lambda: F.cross_entropy(z(2, 3), z(2)),
        RuntimeError,
        "expected target dtype to be Long or Byte, but got Float",
    ),
    (
        lambda: F.cross_entropy(z(2, 3), torch.tensor([3, 0])),
        IndexError,
        "Target 3 is out of bounds.",
    ),
    (
        lambda: F.nll_loss(z(2, 3), torch.tensor([-1, 0])),
        IndexError,
        "Target -1 is out of bounds.",
    ),
    (
        lambda: F.cross_entropy(z(2, 3), torch.tensor([1, 0, 1])),
        ValueError,
        "Expected input batch_size (2) to match target batch_size (3).",
    ),
    (
        lambda: F.cross_entropy(z(2, 3), torch.tensor([[1], [0]])),
        RuntimeError,
        "0D or 1D target tensor expected, multi-target not supported",
    ),
    (
        lambda: F.cross_entropy(z(2, 3, 4), torch.tensor([1, 0])),
        RuntimeError,
        "Expected target size [2, 4], got [2]",
    ),
    (
        lambda: F.embedding(torch.tensor([5]), z(3, 2)),
        IndexError,
        "index out of range in self",
    ),
    (
        lambda: F.embedding(torch.tensor([1.0]), z(3, 2)),
        RuntimeError,
        "Expected tensor for argument #1 'indices' to have one of the following scalar "
        "types: Long, Int; but got torch.FloatTensor instead (while checking arguments "
        "for embedding)",
    ),
    (
        lambda: F.one_hot(torch.tensor([5]), 3),
        RuntimeError,
        "Class values must be smaller than num_classes.",
    ),
    (
        lambda: F.pad(z(2, 3), (1,)),
        RuntimeError,
        "Padding length must be divisible by 2",
    ),
    (
        lambda: F.interpolate(z(2, 3, 4, 4)),
        ValueError,
        "either size or scale_factor should be defined",
    ),
]


@pytest.mark.parametrize(
    ("call", "kind", "message"), MISTAKES, ids=[text for _, _, text in MISTAKES]
)
def test_mistake_is_told_in_pytorchs_words(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert str(caught.value) == message


DOUBTS = [
    (lambda: F.softmax(z(2, 3)), "Implicit dimension choice for softmax"),
    (lambda: F.mse_loss(z(2, 1), z(2)), "Using a target size (torch.Size([2]))"),
    (lambda: F.l1_loss(z(2, 1), z(2)), "Using a target size (torch.Size([2]))"),
    (
        lambda: F.nll_loss(z(2, 3), torch.tensor([1, 0]), size_average=False),
        "please use reduction='sum' instead.",
    ),
    (lambda: F.mse_loss(z(2), z(2), None, False), "please use reduction='none'"),
    (lambda: F.kl_div(z(2), z(2)), "reduction: 'mean' divides the total loss"),
    (
        lambda: F.upsample(z(1, 1, 2, 2), scale_factor=2),
        "Use `nn.functional.interpolate` instead",
    ),
    (
        lambda: F.grid_sample(z(1, 1, 4, 4), z(1, 2, 2, 2)),
        "Please specify align_corners=True",
    ),
]


@pytest.mark.parametrize(("call", "message"), DOUBTS, ids=[text for _, text in DOUBTS])
def test_doubtful_call_warns_each_time(call, message):
    for _ in range(2):
        with pytest.warns(UserWarning, match=re.escape(message)):
            call()


def test_old_spellings_of_reduction_mean_what_they_did():
    x, y = torch.tensor([1.0, 2.0]), torch.tensor([2.0, 4.0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert F.mse_loss(x, y, size_average=False).item() == 5
        assert F.mse_loss(x, y, size_average=True).item() == 2.5
        assert F.mse_loss(x, y, reduce=False).tolist() == [1, 4]
        assert F.mse_loss(x, y, False).item() == 5


def test_activation_in_place_writes_into_its_input_and_its_views():
    x = torch.tensor([-1.0, 2.0])
    view = x.view(2, 1)
    assert F.relu(x, True) is x
    assert view.tolist() == [[0], [2]]
    assert F.leaky_relu(torch.tensor([-1.0]), 0.5, inplace=True).item() == -0.5
    y = torch.tensor([-3.0])
    assert torch.relu_(y) is y
    assert y.item() == 0


def test_activation_in_place_on_a_leaf_raises():
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        F.relu(torch.ones(2, requires_grad=True), inplace=True)


def test_running_statistics_are_written_in_place():
    mean, var = torch.zeros(2), torch.ones(2)
    seen = mean.view(1, 2)
    x = torch.tensor([[1.0, 2.0], [3.0, 6.0]], requires_grad=True)
    y = F.batch_norm(x, mean, var, training=True, momentum=0.5)
    assert seen.tolist() == [[1, 2]]
    assert var.tolist() == pytest.approx([1.5, 4.5])
    assert not mean.requires_grad
    assert y.requires_grad
    F.batch_norm(x, mean, var)
    assert mean.tolist() == [1, 2]


def test_momentum_that_changes_does_not_compile_again():
    mean, var = torch.zeros(2), torch.ones(2)
    x = torch.tensor([[1.0, 2.0], [3.0, 6.0]])
    counts = []
    for step in range(1, 5):
        F.batch_norm(x, mean, var, training=True, momentum=1 / step)
        mean.tolist()
        counts.append(executor.counts.compiles)
    assert counts[1] == counts[-1]


def test_dropout_that_drops_nothing_returns_its_input():
    x = torch.ones(3)
    assert F.dropout(x, training=False) is x
    assert F.dropout(x, 0.0) is x


def test_dropout_draws_anew_without_compiling_and_follows_the_seed():
    def drawn():
        torch.manual_seed(3)
        return [F.dropout(torch.ones(100), 0.5).tolist() for _ in range(3)]

    first = drawn()
    assert first[0] != first[1] != first[2]
    before = executor.counts.compiles
    assert drawn() == first
    assert executor.counts.compiles == before


def test_temperature_that_changes_does_not_compile_again():
    counts = []
    for tau in (1.0, 0.5, 0.25):
        y = F.gumbel_softmax(z(2, 3), tau, hard=True)
        assert y.sum(1).tolist() == [1, 1]
        counts.append(executor.counts.compiles)
    assert counts[1] == counts[2]


def test_embedding_with_max_norm_shrinks_the_table():
    table = torch.tensor([[3.0, 4.0], [6.0, 8.0]])
    result = F.embedding(torch.tensor([0]), table, max_norm=1.0)
    assert result.tolist()[0] == pytest.approx([0.6, 0.8])
    assert table[0].tolist() == pytest.approx([0.6, 0.8])
    assert table[1].tolist() == [6, 8]


def test_pool_gives_the_places_that_unpool_needs():
    x = torch.arange(16.0).reshape(1, 1, 4, 4)
    values, places = F.max_pool2d(x, 2, return_indices=True)
    assert places.tolist() == [[[[5, 7], [13, 15]]]]
    assert places.dtype is I64
    assert F.max_unpool2d(values, places, 2).sum().item() == values.sum().item()


def test_attention_without_weights_returns_none():
    x = torch.ones(3, 1, 4)
    w = torch.ones(12, 4), torch.ones(4, 4)
    settings = (4, 2, w[0], None, None, None, False, 0.0, w[1], None)
    y, weights = F.multi_head_attention_forward(x, x, x, *settings, need_weights=False)
    assert y.shape == (3, 1, 4)
    assert weights is None
    _, weights = F.multi_head_attention_forward(x, x, x, *settings)
    assert weights.shape == (1, 3, 3)


def test_triplet_loss_calls_the_users_distance_on_tensors():
    def distance(x, y):
        assert isinstance(x, torch.Tensor)
        return (x - y).abs().sum(-1)

    a, p, n = torch.zeros(1, 2), torch.ones(1, 2), 2 * torch.ones(1, 2)
    result = F.triplet_margin_with_distance_loss(
        a, p, n, distance_function=distance, margin=3.0
    )
    assert result.item() == 1
