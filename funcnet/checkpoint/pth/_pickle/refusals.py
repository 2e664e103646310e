"""What a name that is refused says of the file, and what to do."""

from typing import Final

from funcnet.checkpoint.pth._dtypes import QUANTIZED, WITHOUT_NUMPY

_STATE_DICT = "In PyTorch, save model.state_dict() instead of it."
SPARSE = "sparse tensors are not read: save x.to_dense()."
_REASONS: Final = {
    "torch._utils._rebuild_qtensor": "a quantized tensor: save x.dequantize().",
    "torch._utils._rebuild_sparse_tensor": SPARSE,
    "torch._utils._rebuild_sparse_csr_tensor": SPARSE,
    "torch._utils._rebuild_nested_tensor": "a nested tensor: save x.unbind(), a list.",
    "torch.nested._internal.nested_tensor.NestedTensor": "a nested tensor: save "
    "x.unbind(), a list.",
    "torch._utils._rebuild_meta_tensor_no_storage": "a tensor on the meta device, "
    "which has no numbers.",
    "torch.storage._load_from_bytes": "a tensor inside a pickle of its own. Save it "
    "with torch.save instead of pickle.",
}


def reason(name: str) -> str:
    """What a name says of the file that holds it, and what to do."""
    package, _, last = name.rpartition(".")
    if name in _REASONS:
        return _REASONS[name]
    if last in QUANTIZED:
        return "a quantized tensor: save x.dequantize()."
    if package == "torch" and last in WITHOUT_NUMPY:
        return f"a dtype that numpy lacks. Save x.to() of another one than {last}."
    if package.startswith("torch.nn.modules."):
        return (
            f"so it holds a whole module. {_STATE_DICT} Or load it with "
            "funcnet.compat, which has these classes."
        )
    if package.startswith("torch.optim"):
        return "so it holds an optimizer. In PyTorch, save optimizer.state_dict()."
    if package.startswith(("torch.jit", "__torch__")):
        return f"so it is a TorchScript program. {_STATE_DICT}"
    return f"which no checkpoint needs; it was not called. {_STATE_DICT}"
