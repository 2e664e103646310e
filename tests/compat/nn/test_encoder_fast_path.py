"""Encoders in evaluation: what PyTorch's fast path gives, and where it is taken."""

from typing import Any

import pytest

from funcnet import compat as torch
from funcnet.compat import nn

PAD = torch.tensor([[False, False, True], [True, True, True]])
X = (torch.arange(24.0) * 0.7).cos().reshape(2, 3, 4)


def encoder(**options: Any) -> nn.TransformerEncoder:
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(4, 2, 4, 0.0, batch_first=True)
    return nn.TransformerEncoder(layer, 2, **options).eval()


def test_padded_places_are_zeros_where_no_gradient_is_wanted() -> None:
    model = encoder()
    with torch.no_grad():
        fast = model(X, src_key_padding_mask=PAD)
    slow = model(X, src_key_padding_mask=PAD)
    assert fast[PAD].tolist() == [[0.0] * 4] * 4
    assert torch.allclose(fast[0, :2], slow[0, :2])
    assert slow[0, 2].abs().sum() > 0.1
    model.requires_grad_(False)
    assert torch.equal(model(X, src_key_padding_mask=PAD), fast)


@pytest.mark.parametrize("why", ["training", "not nested", "switched off", "a mask"])
def test_nothing_is_cut(why: str) -> None:
    model = encoder(enable_nested_tensor=why != "not nested")
    given = {"mask": torch.zeros(3, 3).bool()} if why == "a mask" else {}
    padding = PAD[:1].expand(2, 3)
    model.train(why == "training")
    torch.backends.mha.set_fastpath_enabled(why != "switched off")
    try:
        with torch.no_grad():
            result = model(X, src_key_padding_mask=padding, **given)
    finally:
        torch.backends.mha.set_fastpath_enabled(True)
    assert result[0, 2].abs().sum() > 0.1


def test_padding_that_stands_before_is_not_cut() -> None:
    before = torch.tensor([[True, False, False], [False, False, False]])
    with torch.no_grad():
        checked = encoder()(X, src_key_padding_mask=before)
        unchecked = encoder(mask_check=False)(X, src_key_padding_mask=before)
    assert checked[0, 0].abs().sum() > 0.1
    assert unchecked[0, 2].abs().sum() == 0  # as if the padding stood at the end


def test_kernels_read_numbers_as_not_zero_and_see_nan_where_they_see_nothing() -> None:
    layer = encoder().layers[0]
    numbers = torch.tensor([[0.0, -1.0, -1.0], [0.0, 0.0, -1.0], [0.0, 0.0, 0.0]])
    with torch.no_grad():
        result = layer(X, src_mask=numbers)
        assert torch.allclose(result, layer(X, src_mask=numbers != 0))
        blind = layer(X, src_key_padding_mask=PAD)
    assert blind[1].isnan().all()
    assert not blind[0].isnan().any()
    assert not torch.allclose(layer(X, src_mask=numbers), result)


def test_a_hint_without_a_mask_is_refused_or_not_asked() -> None:
    layer = encoder().layers[0]
    with torch.no_grad():
        assert torch.equal(layer(X, is_causal=True), layer(X))
    with pytest.raises(
        RuntimeError, match="Need attn_mask if specifying the is_causal"
    ):
        layer(X, is_causal=True)


def test_encoders_say_why_they_cannot_cut() -> None:
    layer = nn.TransformerEncoderLayer(4, 2, 4)
    with pytest.warns(UserWarning, match="self_attn.batch_first was not True"):
        assert not nn.TransformerEncoder(layer, 1).use_nested_tensor


def test_a_mask_and_the_causal_one_are_both_applied() -> None:
    q = torch.arange(6.0).reshape(1, 3, 2)
    mask = torch.tensor([[True] * 3, [False, True, True], [True] * 3])
    attend = nn.functional.scaled_dot_product_attention
    result = attend(q, q, q, mask, is_causal=True)
    assert result[0, 0].tolist() == [0.0, 1.0]
    assert result[0, 1].tolist() == [2.0, 3.0]
