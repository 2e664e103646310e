"""The type of a result, where it is not one tensor and the annotation does not tell."""

from typing import Final

_NAMED: Final = """
    geqrf linalg.cholesky_ex linalg.eig linalg.eigh linalg.inv_ex linalg.ldl_factor
    linalg.ldl_factor_ex linalg.lstsq linalg.lu linalg.lu_factor linalg.lu_factor_ex
    linalg.qr linalg.slogdet linalg.solve_ex linalg.svd lu_unpack qr slogdet svd
    triangular_solve aminmax cummax cummin frexp histogram histogramdd kthvalue mode
    sort topk
"""

BY_NAME: Final = {
    **{name: f"return_types.{name.replace('.', '_')}" for name in _NAMED.split()},
    **dict.fromkeys(
        ("gradient", "unravel_index", "meshgrid", "broadcast_tensors"),
        "tuple[Tensor, ...]",
    ),
    **dict.fromkeys(("var_mean", "std_mean"), "tuple[Tensor, Tensor]"),
    "lu": "tuple[Tensor, ...]",
    "get_printoptions": "dict[str, Any]",
    "item": "Number",
    "tolist": "list[Any]",
    "numpy": "np.ndarray[Any, Any]",
    "__array__": "np.ndarray[Any, Any]",
    "__array_wrap__": "Tensor",
    "__contains__": "bool",
    "__reduce_ex__": "tuple[Any, ...]",
    "__dlpack__": "object",
    "is_coalesced": "bool",
    "_is_view": "bool",
    "_nnz": "int",
    "sparse_dim": "int",
    "dense_dim": "int",
    "storage_type": "type",
    "__hash__": "int",
    "nn.functional.multi_head_attention_forward": "tuple[Tensor, Tensor | None]",
}

FIELDS: Final = {("histogramdd", "bin_edges"): "tuple[Tensor, ...]"}
"""Of named tuples, where they are not tensors."""
