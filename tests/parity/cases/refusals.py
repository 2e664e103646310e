# ruff: noqa: E501 - a program to a line is easier to read than one in pieces
"""Wrong calls of `torch.nn.functional` and of layers, by family.

`f` has floating-point numbers of a shape, `n` integers; several calls may stand on a
line, between bars.
"""

PRELUDE = """
def f(*shape, dtype=torch.float32):
    size = 1
    for one in shape:
        size *= one
    return torch.linspace(0.1, 0.9, size).reshape(shape).to(dtype)
def n(*values, dtype=torch.int64):
    return torch.tensor(values, dtype=dtype)
def labels(*shape, dtype=torch.int64):
    return torch.zeros(shape, dtype=dtype)
d, h, l, b, z, u, w = torch.float64, torch.float16, torch.int64, torch.bool, torch.complex64, torch.uint8, torch.int32
inf = float('inf')
"""

REGRESSION = " | ".join(
    f"F.{name}({arguments})"
    for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
    for arguments in (
        "f(2, 3), f(2, 4)",
        "f(2, 3), f(3, 2)",
        "f(2, 3), labels(2, 3)",
        "labels(2, 3), labels(2, 3)",
        "f(2, 3), f(2, 3, dtype=d)",
        "f(2, 3), f(2, 3, dtype=z)",
        "f(2, 3, dtype=z), f(2, 3, dtype=z)",
        "f(2), f(2, dtype=b)",
        "f(2), f(2), reduction='average'",
        "f(2), f(2), reduction=None",
        "f(2), None",
        "f(2), 1.0",
        "f(2)",
        "f(2), f(3), reduction='none'",
        "f(0), f(2)",
    )
)

PROGRAMS = {
    "regression": f"""
{REGRESSION}
F.smooth_l1_loss(f(2), f(2), beta=-1.) | F.smooth_l1_loss(f(2), f(2), beta=0.) | nn.SmoothL1Loss(beta=-1.)(f(2), f(2))
F.huber_loss(f(2), f(2), delta=0.) | F.huber_loss(f(2), f(2), delta=-1.) | nn.HuberLoss(delta=0.)(f(2), f(2))
F.mse_loss(f(2), f(2), weight=f(3)) | F.mse_loss(f(2), f(2), weight=f(2)) | F.l1_loss(f(2), f(2), weight=f(3))
F.huber_loss(f(2), f(2), weight=f(3)) | F.huber_loss(f(2, 3), f(2, 3), weight=f(3)) | F.mse_loss(f(2), f(2), weight=f(2, dtype=d))
F.mse_loss(f(2, 3), f(2, 3), weight=f(3)) | F.l1_loss(f(2), f(2), weight=labels(2)) | F.smooth_l1_loss(f(2), f(2), weight=f(2))
""",
    "binary": """
F.binary_cross_entropy(f(2), f(3)) | F.binary_cross_entropy(f(2), f(2, 1)) | F.binary_cross_entropy(f(2), f(2, dtype=d))
F.binary_cross_entropy(f(2), labels(2)) | F.binary_cross_entropy(labels(2), f(2)) | F.binary_cross_entropy(labels(2), labels(2))
F.binary_cross_entropy(f(2) * 2, f(2)) | F.binary_cross_entropy(-f(2), f(2)) | F.binary_cross_entropy(f(2), f(2) * 2)
F.binary_cross_entropy(f(2), -f(2)) | F.binary_cross_entropy(torch.tensor([.5, 1.1]), f(2)) | F.binary_cross_entropy(f(2), torch.tensor([-.5, 1.]))
F.binary_cross_entropy(torch.tensor([.5, float('nan')]), f(2)) | F.binary_cross_entropy(torch.tensor([inf, .1]), f(2))
F.binary_cross_entropy(f(2), f(2), weight=f(3)) | F.binary_cross_entropy(f(2, 3), f(2, 3), weight=f(2)) | F.binary_cross_entropy(f(2), f(2), weight=f(1, 2))
F.binary_cross_entropy(f(2), f(2), weight=f(2, dtype=d)) | F.binary_cross_entropy(f(2), f(2), weight=labels(2))
F.binary_cross_entropy(f(2, dtype=z), f(2, dtype=z)) | F.binary_cross_entropy(f(2), f(2, dtype=z)) | F.binary_cross_entropy(f(2), f(2), reduction='no')
F.binary_cross_entropy(f(2, dtype=b), f(2)) | F.binary_cross_entropy(f(2), f(2, dtype=b)) | F.binary_cross_entropy(f(2), None)
nn.BCELoss()(f(2), f(3)) | nn.BCELoss(weight=f(3))(f(2), f(2)) | nn.BCELoss()(f(2) * 3, f(2)) | nn.BCELoss(reduction='mode')(f(2), f(2))
F.binary_cross_entropy_with_logits(f(2), f(3)) | F.binary_cross_entropy_with_logits(f(2), f(2, 1)) | F.binary_cross_entropy_with_logits(f(2), labels(2))
F.binary_cross_entropy_with_logits(labels(2), f(2)) | F.binary_cross_entropy_with_logits(labels(2), labels(2)) | F.binary_cross_entropy_with_logits(f(2), f(2, dtype=d))
F.binary_cross_entropy_with_logits(f(2), f(2), weight=f(3)) | F.binary_cross_entropy_with_logits(f(2), f(2), pos_weight=f(3))
F.binary_cross_entropy_with_logits(f(2), f(2), weight=f(2, 2)) | F.binary_cross_entropy_with_logits(f(2), f(2), pos_weight=f(3, 2))
F.binary_cross_entropy_with_logits(f(2, 3), f(2, 3), pos_weight=f(2)) | F.binary_cross_entropy_with_logits(f(2, 3), f(2, 3), weight=f(2))
F.binary_cross_entropy_with_logits(f(2), f(2), weight=labels(2)) | F.binary_cross_entropy_with_logits(f(2), f(2), pos_weight=labels(2))
F.binary_cross_entropy_with_logits(f(2), f(2, dtype=z)) | F.binary_cross_entropy_with_logits(f(2, dtype=z), f(2, dtype=z))
F.binary_cross_entropy_with_logits(f(2), f(2, dtype=b)) | F.binary_cross_entropy_with_logits(f(2), f(2), reduction='a')
nn.BCEWithLogitsLoss()(f(2), f(3)) | nn.BCEWithLogitsLoss(weight=f(3))(f(2), f(2)) | nn.BCEWithLogitsLoss(pos_weight=f(3))(f(2), f(2))
F.multilabel_soft_margin_loss(f(2, 3), f(2, 4)) | F.multilabel_soft_margin_loss(f(2, 3), labels(2, 3)) | F.multilabel_soft_margin_loss(f(), f())
F.multilabel_soft_margin_loss(f(2, 3), f(2, 3), weight=f(2)) | F.multilabel_soft_margin_loss(labels(2, 3), f(2, 3)) | F.multilabel_soft_margin_loss(f(3), f(3, dtype=d))
F.multilabel_soft_margin_loss(f(2, 3), f(2, 3), reduction='x') | F.multilabel_soft_margin_loss(labels(2, 3), labels(2, 3)) | nn.MultiLabelSoftMarginLoss()(f(2, 3), f(4))
F.soft_margin_loss(f(2), f(3)) | F.soft_margin_loss(f(2), f(2, 2)) | F.soft_margin_loss(f(2), labels(2)) | F.soft_margin_loss(labels(2), f(2))
F.soft_margin_loss(labels(2), labels(2)) | F.soft_margin_loss(f(2), f(2, dtype=d)) | F.soft_margin_loss(f(2), f(2), reduction='x') | nn.SoftMarginLoss()(f(2), f(3))
""",
    "likelihood": """
F.kl_div(f(2, 3), f(2, 4)) | F.kl_div(f(2), labels(2)) | F.kl_div(labels(2), f(2)) | F.kl_div(labels(2), labels(2)) | F.kl_div(f(2), f(2), reduction='x')
F.kl_div(f(2), f(2, dtype=d)) | F.kl_div(f(2, dtype=z), f(2, dtype=z)) | F.kl_div(f(2, 3), f(3, 2), reduction='batchmean') | nn.KLDivLoss()(f(2), f(3))
F.poisson_nll_loss(f(2), f(3)) | F.poisson_nll_loss(f(2), labels(2)) | F.poisson_nll_loss(labels(2), f(2)) | F.poisson_nll_loss(labels(2), labels(2))
F.poisson_nll_loss(f(2), f(2), reduction='x') | F.poisson_nll_loss(f(2), f(2, dtype=z)) | nn.PoissonNLLLoss()(f(2), f(3)) | F.poisson_nll_loss(f(2), f(2, dtype=d))
F.gaussian_nll_loss(f(2, 3), f(2, 4), f(2, 3)) | F.gaussian_nll_loss(f(2, 3), f(2, 3), f(2, 4)) | F.gaussian_nll_loss(f(2, 3), f(2, 3), f(3))
F.gaussian_nll_loss(f(2, 3), f(2, 3), f(3, 1)) | F.gaussian_nll_loss(f(2, 3), f(2, 3), f(2, 3, 1)) | F.gaussian_nll_loss(f(2, 3), f(2, 3), -f(2, 3))
F.gaussian_nll_loss(f(2), f(2), -1.0) | F.gaussian_nll_loss(f(2), f(2), torch.tensor([1., -1.])) | F.gaussian_nll_loss(f(2), f(2), f(2), reduction='x')
F.gaussian_nll_loss(f(2), f(2), f(2), eps=0.) | F.gaussian_nll_loss(f(2), f(2), f(2), eps=-1.) | F.gaussian_nll_loss(labels(2), labels(2), labels(2) + 1)
F.gaussian_nll_loss(f(2), f(3), f(2)) | F.gaussian_nll_loss(f(2), f(2), 'x') | F.gaussian_nll_loss(f(2), f(2), f(2, dtype=d)) | nn.GaussianNLLLoss()(f(2), f(2), f(3))
F.gaussian_nll_loss(f(2), f(1), f(2)) | F.gaussian_nll_loss(f(2, 1), f(2), f(2)) | F.gaussian_nll_loss(f(2), f(2), f()) | F.gaussian_nll_loss(f(2), f(2), f(1))
""",
    "classification": """
F.cross_entropy(f(2, 3), n(0, 3)) | F.cross_entropy(f(2, 3), n(0, -1)) | F.cross_entropy(f(2, 3), n(0, -100)) | F.cross_entropy(f(2, 3), n(0, 5), ignore_index=5)
F.cross_entropy(f(2, 3), n(0, 1, 2)) | F.cross_entropy(f(2, 3), n(0)) | F.cross_entropy(f(2, 3), labels(2, 1)) | F.cross_entropy(f(2, 3), labels(2, 2)) | F.cross_entropy(f(2, 3), labels())
F.cross_entropy(f(2, 3), n(0, 1, dtype=w)) | F.cross_entropy(f(2, 3), n(0, 1, dtype=u)) | F.cross_entropy(f(2, 3), n(0, 1, dtype=torch.int16)) | F.cross_entropy(f(2, 3), f(2))
F.cross_entropy(f(2, 3), n(0, 1, dtype=b)) | F.cross_entropy(f(2, 3), labels(2, 3)) | F.cross_entropy(f(2, 3), f(2, 3, dtype=d)) | F.cross_entropy(f(2, 3), f(2, 3, dtype=z))
F.cross_entropy(f(2, 3), f(2, 3), ignore_index=1) | F.cross_entropy(f(2, 3), f(2, 3), ignore_index=-100) | F.cross_entropy(f(2, 3), f(2, 4)) | F.cross_entropy(f(2, 3), f(3, 3))
F.cross_entropy(labels(2, 3), n(0, 1)) | F.cross_entropy(f(2, 3, dtype=z), n(0, 1)) | F.cross_entropy(f(), n(0)) | F.cross_entropy(f(), labels()) | F.cross_entropy(f(3), n(0, 1))
F.cross_entropy(f(3), n(5)[0]) | F.cross_entropy(f(3), n(1)) | F.cross_entropy(f(3), n(5)) | F.cross_entropy(f(3), labels(1, 1)) | F.cross_entropy(f(3), labels(3))
F.cross_entropy(f(2, 3, 4), labels(2, 5)) | F.cross_entropy(f(2, 3, 4), labels(2)) | F.cross_entropy(f(2, 3, 4), labels(3, 4)) | F.cross_entropy(f(2, 3, 4), labels(2, 4, 1))
F.cross_entropy(f(2, 3, 4, 4), labels(2, 4)) | F.cross_entropy(f(2, 3, 4, 4), labels(2, 4, 3)) | F.cross_entropy(f(2, 3, 4, 4), labels(2, 4, 4) + 7) | F.cross_entropy(f(2, 3, 4), labels(2, 4) + 7)
F.cross_entropy(f(2, 3, 4), labels(2, 4, dtype=w)) | F.cross_entropy(f(2, 3, 4, 4), labels(2, 4, 4, dtype=w)) | F.cross_entropy(f(2, 3, 4, 4), labels(1, 4, 4)) | F.cross_entropy(f(2, 3, 2, 2, 2), labels(2, 2, 2))
F.cross_entropy(f(2, 3), n(0, 1), weight=f(2)) | F.cross_entropy(f(2, 3), n(0, 1), weight=f(3, dtype=d)) | F.cross_entropy(f(2, 3), n(0, 1), weight=f(1, 3)) | F.cross_entropy(f(2, 3), n(0, 1), weight=labels(3))
F.cross_entropy(f(2, 3), f(2, 3), weight=f(2)) | F.cross_entropy(f(2, 3), f(2, 3), weight=f(3, dtype=d)) | F.cross_entropy(f(2, 3, 4), labels(2, 4), weight=f(4)) | F.cross_entropy(f(2, 3, 4), f(2, 3, 4), weight=f(4))
F.cross_entropy(f(2, 3), n(0, 1), label_smoothing=-.1) | F.cross_entropy(f(2, 3), n(0, 1), label_smoothing=1.1) | F.cross_entropy(f(2, 3), f(2, 3), label_smoothing=2.)
F.cross_entropy(f(2, 3), n(0, 1), reduction='x') | F.cross_entropy(f(2, 3), n(0, 1), reduction=1) | F.cross_entropy(f(2, 3), None) | F.cross_entropy(f(2, 3), [0, 1]) | F.cross_entropy(f(2, 3))
nn.CrossEntropyLoss()(f(2, 3), n(0, 3)) | nn.CrossEntropyLoss(weight=f(2))(f(2, 3), n(0, 1)) | nn.CrossEntropyLoss(label_smoothing=3.)(f(2, 3), n(0, 1)) | nn.CrossEntropyLoss()(f(2, 3), n(0, 1, 1))
F.cross_entropy(f(2, 3), n(0, 3) * 1) | F.cross_entropy(f(2, 3), (f(2) * 10).long()) | F.cross_entropy(f(2, 3, dtype=h), n(0, 3)) | F.cross_entropy(f(0, 3), n(0)) | F.cross_entropy(f(2, 0), n(0, 0))
F.nll_loss(f(2, 3), n(0, 3)) | F.nll_loss(f(2, 3), n(0, -1)) | F.nll_loss(f(2, 3), n(0, 1, 2)) | F.nll_loss(f(2, 3), labels(2, 1)) | F.nll_loss(f(2, 3), labels()) | F.nll_loss(f(2, 3), f(2))
F.nll_loss(f(2, 3), f(2, 3)) | F.nll_loss(f(2, 3), labels(2, 3)) | F.nll_loss(f(2, 3), n(0, 1, dtype=w)) | F.nll_loss(f(2, 3), n(0, 1, dtype=b)) | F.nll_loss(labels(2, 3), n(0, 1)) | F.nll_loss(f(), n(0))
F.nll_loss(f(3), n(0, 1)) | F.nll_loss(f(3), n(5)[0]) | F.nll_loss(f(3), n(1)) | F.nll_loss(f(3), labels(3)) | F.nll_loss(f(2, 3, 4), labels(2, 5)) | F.nll_loss(f(2, 3, 4), labels(2))
F.nll_loss(f(2, 3, 4, 4), labels(2, 4)) | F.nll_loss(f(2, 3, 4, 4), labels(2, 4, 3)) | F.nll_loss(f(2, 3, 4, 4), labels(2, 4, 4) + 7) | F.nll_loss(f(2, 3, 4, 4), labels(2, 4, 4, dtype=w)) | F.nll_loss(f(2, 3, 4, 4), labels(1, 4, 4))
F.nll_loss(f(2, 3), n(0, 1), weight=f(2)) | F.nll_loss(f(2, 3), n(0, 1), weight=f(3, dtype=d)) | F.nll_loss(f(2, 3, 4), labels(2, 4), weight=f(4)) | F.nll_loss(f(2, 3), n(0, 1), weight=f(1, 3))
F.nll_loss(f(2, 3), n(0, 1), reduction='x') | nn.NLLLoss()(f(2, 3), n(0, 3)) | nn.NLLLoss(weight=f(2))(f(2, 3), n(0, 1)) | F.nll_loss(f(2, 3, dtype=z), n(0, 1)) | F.nll_loss(f(2, 3), n(0, 3) * 1)
""",
    "margins": """
F.multi_margin_loss(f(2, 3), n(0, 3)) | F.multi_margin_loss(f(2, 3), n(0, -1)) | F.multi_margin_loss(f(2, 3), n(0)) | F.multi_margin_loss(f(2, 3), labels(2, 1)) | F.multi_margin_loss(f(2, 3), f(2))
F.multi_margin_loss(f(2, 3), n(0, 1, dtype=w)) | F.multi_margin_loss(f(2, 3), n(0, 1), p=3) | F.multi_margin_loss(f(2, 3), n(0, 1), weight=f(2)) | F.multi_margin_loss(f(2, 3), n(0, 1), weight=f(3, dtype=d))
F.multi_margin_loss(f(2, 3, 4), n(0, 1)) | F.multi_margin_loss(f(), n(0)) | F.multi_margin_loss(f(3), n(0, 1)) | F.multi_margin_loss(f(3), n(5)) | F.multi_margin_loss(labels(2, 3), n(0, 1)) | F.multi_margin_loss(f(2, 3), n(0, 1), reduction='x')
F.multi_margin_loss(f(2, 3), n(0, 1), weight=f(1, 3)) | F.multi_margin_loss(f(2, 3), n(0, 1), weight=labels(3)) | nn.MultiMarginLoss(p=3) | nn.MultiMarginLoss(weight=f(2))(f(2, 3), n(0, 1)) | nn.MultiMarginLoss(weight=f(1, 3)) | nn.MultiMarginLoss()(f(2, 3), n(0, 4))
F.multi_margin_loss(f(2, 0), n(0, 0)) | F.multi_margin_loss(f(2, 3), n(0, 1, dtype=u)) | F.multi_margin_loss(f(2, 3), n(0, 3) * 1)
F.multilabel_margin_loss(f(2, 3), labels(2, 4)) | F.multilabel_margin_loss(f(2, 3), labels(2)) | F.multilabel_margin_loss(f(2, 3), f(2, 3)) | F.multilabel_margin_loss(f(2, 3), labels(2, 3) + 5) | F.multilabel_margin_loss(f(2, 3), labels(2, 3) - 2)
F.multilabel_margin_loss(f(2, 3, 4), labels(2, 3, 4)) | F.multilabel_margin_loss(f(), labels()) | F.multilabel_margin_loss(f(3), labels(2)) | F.multilabel_margin_loss(labels(2, 3), labels(2, 3)) | F.multilabel_margin_loss(f(2, 3), labels(2, 3, dtype=w))
F.multilabel_margin_loss(f(2, 3), labels(2, 3), reduction='x') | nn.MultiLabelMarginLoss()(f(2, 3), labels(2, 4)) | nn.MultiLabelMarginLoss()(f(2, 3), labels(2, 3) + 5) | F.multilabel_margin_loss(f(2, 0), labels(2, 0))
""",
    "pairs": """
F.cosine_embedding_loss(f(2, 3), f(2, 3), n(1, 1, 1)) | F.cosine_embedding_loss(f(2, 3), f(2, 3), labels(2, 1)) | F.cosine_embedding_loss(f(2, 3), f(2, 4), n(1, 1)) | F.cosine_embedding_loss(f(3), f(3), n(1))
F.cosine_embedding_loss(f(2, 3, 4), f(2, 3, 4), n(1, 1)) | F.cosine_embedding_loss(f(3), f(3), labels()) | F.cosine_embedding_loss(f(2, 3), f(3), n(1, 1)) | F.cosine_embedding_loss(f(), f(), labels())
F.cosine_embedding_loss(f(2, 3), f(2, 3, dtype=d), n(1, 1)) | F.cosine_embedding_loss(labels(2, 3), labels(2, 3), n(1, 1)) | F.cosine_embedding_loss(f(2, 3), f(2, 3), n(1, 0)) | F.cosine_embedding_loss(f(2, 3), f(2, 3), n(1, 1), reduction='x')
nn.CosineEmbeddingLoss()(f(2, 3), f(2, 3), n(1, 1, 1)) | F.cosine_embedding_loss(f(2, 3), f(2, 3), f(2)) | F.cosine_embedding_loss(f(2, 3), f(1, 3), n(1, 1))
F.hinge_embedding_loss(f(2, 3), n(1, 1)) | F.hinge_embedding_loss(f(2), n(1, 1, 1)) | F.hinge_embedding_loss(f(2), n(1, 0)) | F.hinge_embedding_loss(labels(2), n(1, 1)) | F.hinge_embedding_loss(f(2), n(1, 1), reduction='x') | nn.HingeEmbeddingLoss()(f(2), n(1, 1, 1))
F.margin_ranking_loss(f(2), f(2), f(2, 1)) | F.margin_ranking_loss(f(2), f(3), f(2)) | F.margin_ranking_loss(f(2, 1), f(2), f(2)) | F.margin_ranking_loss(labels(2), labels(2), labels(2)) | F.margin_ranking_loss(f(2), f(2), f(3))
F.margin_ranking_loss(f(2), f(2), f(2), reduction='x') | nn.MarginRankingLoss()(f(2), f(2), f(2, 1)) | F.margin_ranking_loss(f(2), f(2), n(1, 1)) | F.margin_ranking_loss(f(2), f(2, dtype=d), f(2))
F.triplet_margin_loss(f(2, 3), f(2, 3), f(3)) | F.triplet_margin_loss(f(2, 3), f(2, 4), f(2, 3)) | F.triplet_margin_loss(f(2, 3), f(2, 3), f(2, 4)) | F.triplet_margin_loss(f(2, 3), f(2, 3), f(2, 3), margin=0.)
F.triplet_margin_loss(f(2, 3), f(2, 3), f(2, 3), margin=-1.) | F.triplet_margin_loss(f(2, 3), f(2, 3), f(2, 3), reduction='x') | F.triplet_margin_loss(labels(2, 3), labels(2, 3), labels(2, 3)) | F.triplet_margin_loss(f(2, 3), f(2, 3), f(2, 3), p=-1.)
F.triplet_margin_loss(f(), f(), f()) | nn.TripletMarginLoss(margin=0.) | nn.TripletMarginLoss()(f(2, 3), f(2, 3), f(3)) | nn.TripletMarginWithDistanceLoss(margin=-1.) | nn.TripletMarginWithDistanceLoss()(f(2, 3), f(2, 3), f(3))
F.triplet_margin_with_distance_loss(f(2, 3), f(2, 3), f(3)) | F.triplet_margin_with_distance_loss(f(2, 3), f(2, 3), f(2, 3), margin=0.) | F.triplet_margin_with_distance_loss(f(2, 3), f(2, 3), f(2, 3), reduction='x')
F.triplet_margin_with_distance_loss(f(2, 3), f(2, 3), f(2, 3), distance_function=lambda x, y: (x - y).sum(), margin=-1) | F.triplet_margin_with_distance_loss(f(2, 3), f(2, 3), f(3), distance_function=lambda x, y: (x - y).sum())
""",
    "ctc": """
F.ctc_loss(f(5, 2, 4), labels(2, 3) + 1, n(5, 5), n(3, 3), blank=4) | F.ctc_loss(f(5, 2, 4), labels(2, 3) + 1, n(5, 5), n(3, 3), blank=-1) | F.ctc_loss(f(5, 2, 4), labels(2, 3) + 1, n(6, 5), n(3, 3)) | F.ctc_loss(f(5, 2, 4), labels(2, 3) + 1, n(5), n(3, 3))
F.ctc_loss(f(5, 2, 4), labels(2, 3) + 1, n(5, 5), n(3)) | F.ctc_loss(f(5, 2, 4), labels(2, 3) + 1, n(5, 5), n(4, 3)) | F.ctc_loss(f(5, 2, 4), labels(5) + 1, n(5, 5), n(3, 3)) | F.ctc_loss(f(5, 2, 4), labels(5) + 1, (5, 5), (3, 3))
F.ctc_loss(f(5, 2, 4), labels(2, 3) + 1, (6, 5), (3, 3)) | F.ctc_loss(f(5, 2, 4), labels(2, 3) + 1, (5,), (3, 3)) | F.ctc_loss(f(5, 2, 4), labels(3, 3) + 1, (5, 5), (3, 3)) | F.ctc_loss(f(5, 2, 4), labels(2, 3, 1) + 1, (5, 5), (3, 3))
F.ctc_loss(labels(5, 2, 4), labels(2, 3) + 1, (5, 5), (3, 3)) | F.ctc_loss(f(5, 2, 4), f(2, 3), (5, 5), (3, 3)) | F.ctc_loss(f(5, 2, 4), labels(2, 3) + 1, (5, 5), (3, 3), reduction='x') | F.ctc_loss(f(5), labels(2, 3), (5, 5), (3, 3))
F.ctc_loss(f(5, 2, 4), labels(2, 3) + 1, f(2), n(3, 3)) | F.ctc_loss(f(5, 2, 4), labels(2, 3) + 1, n(5, 5), f(2)) | F.ctc_loss(f(5, 2, 4), labels(2, 3) + 1, n(5, -1), n(3, 3)) | F.ctc_loss(f(5, 2, 4), labels(2, 3) + 1, n(5, 5), n(3, -1))
nn.CTCLoss()(f(5, 2, 4), labels(2, 3) + 1, n(6, 5), n(3, 3)) | nn.CTCLoss(blank=7)(f(5, 2, 4), labels(2, 3) + 1, n(5, 5), n(3, 3)) | F.ctc_loss(f(5, 4), labels(3) + 1, n(6), n(3)) | F.ctc_loss(f(5, 2, 4), labels(2, 3) + 1, (5, 5), (4, 3))
""",
    "distances": """
F.cosine_similarity(f(2, 3), f(2, 4)) | F.cosine_similarity(f(2, 3), f(2, 3), dim=2) | F.cosine_similarity(f(2), f(2)) | F.cosine_similarity(labels(2, 3), labels(2, 3)) | F.cosine_similarity(f(2, 3), f(2, 3, dtype=d)) | nn.CosineSimilarity()(f(2, 3), f(2, 4))
F.cosine_similarity(f(), f()) | nn.CosineSimilarity(dim=3)(f(2, 3), f(2, 3)) | F.cosine_similarity(f(2, 3), f(2, 3), eps=-1.)
F.pairwise_distance(f(2, 3), f(2, 4)) | F.pairwise_distance(f(2, 3), f(3, 3)) | F.pairwise_distance(labels(2, 3), labels(2, 3)) | F.pairwise_distance(f(2, 3), f(2, 3), p=-1.) | F.pairwise_distance(f(2, 3), f(2, 3, dtype=d)) | nn.PairwiseDistance()(f(2, 3), f(2, 4))
F.pdist(f(3)) | F.pdist(f(2, 3, 4)) | F.pdist(f(3, 2), p=-1.) | F.pdist(labels(3, 2)) | torch.pdist(f(3)) | F.pdist(f())
torch.cdist(f(2), f(2)) | torch.cdist(f(2, 3), f(2, 4)) | torch.cdist(f(2, 3), f(2, 3), p=-1.) | torch.cdist(labels(2, 3), labels(2, 3)) | torch.cdist(f(2, 2, 3), f(3, 2, 3)) | torch.cdist(f(2, 3), f(3)) | torch.cdist(f(2, 3), f(2, 3, dtype=d)) | torch.cdist(f(2, 3), f(2, 3), compute_mode='x')
""",
    "linear cross entropy": """
F.linear_cross_entropy(f(2, 3), f(4, 3), n(0, 4)) | F.linear_cross_entropy(f(2, 3), f(4, 5), n(0, 1)) | F.linear_cross_entropy(f(2, 3), f(4, 3), n(0, 1, 2)) | F.linear_cross_entropy(f(2, 3), f(4, 3), n(0, 1), linear_bias=f(3))
F.linear_cross_entropy(f(2, 3), f(4), n(0, 1)) | F.linear_cross_entropy(f(), f(4, 3), n(0, 1)) | F.linear_cross_entropy(f(2, 3), f(4, 3), n(0, 1), weight=f(3)) | F.linear_cross_entropy(f(2, 3), f(4, 3), n(0, 1), reduction='x')
F.linear_cross_entropy(f(2, 3), f(4, 3), f(2, 4), ignore_index=1) | F.linear_cross_entropy(f(2, 3), f(4, 3), n(0, 1, dtype=w)) | F.linear_cross_entropy(f(2, 3), f(4, 3, dtype=d), n(0, 1)) | F.linear_cross_entropy(f(2, 3), f(4, 3), n(0, 1), label_smoothing=2.)
nn.LinearCrossEntropyOptions(batch_chunk_size=0) | nn.LinearCrossEntropyOptions(chunking_method='x') | nn.LinearCrossEntropyLoss(3, 4)(f(2, 3), n(0, 4)) | nn.LinearCrossEntropyLoss(3, 4)(f(2, 5), n(0, 1))
""",
    "padding": """
F.pad(f(2, 3), (1,)) | F.pad(f(2, 3), (1, 1, 1)) | F.pad(f(2, 3), (1, 1, 1, 1, 1, 1)) | F.pad(f(2, 3), (-2, -2)) | F.pad(f(2, 3), (-4, 0)) | F.pad(f(2, 3), (0, -4)) | F.pad(f(2, 3), (-4, 5)) | F.pad(f(3), (-3, 0)) | F.pad(f(3), (-2, -1))
F.pad(f(2, 3), (1, 1), mode='x') | F.pad(f(2, 3), (1, 1), mode='reflect', value=1.) | F.pad(f(2, 3), (1, 1), mode='reflect', value=0.) | F.pad(f(2, 3), (3, 1), mode='reflect') | F.pad(f(2, 3), (1, 3), mode='reflect') | F.pad(f(2, 3), (1, 1, 1, 1), mode='reflect')
F.pad(f(3), (1, 1), mode='reflect') | F.pad(f(2, 3, 4), (1, 1), mode='reflect') | F.pad(f(2, 3, 4, 5), (1, 1), mode='reflect') | F.pad(f(2, 3, 4, 5), (1, 1, 4, 1), mode='reflect') | F.pad(f(2, 3, 4, 5), (5, 1, 1, 1), mode='reflect') | F.pad(f(2, 3, 4, 5), (1, 1, 1), mode='reflect')
F.pad(f(2, 3, 4, 5), (1, 1, 1, 1, 4, 4), mode='reflect') | F.pad(f(1, 2, 3, 4, 5), (1, 1, 1, 1, 3, 4), mode='reflect') | F.pad(f(1, 2, 3, 4, 5), (1, 5, 1, 1, 1, 1), mode='reflect') | F.pad(f(2, 3, 4, 5, 6, 7), (1, 1, 1, 1), mode='reflect')
F.pad(f(2, 3), (1, 1, 1, 1), mode='replicate') | F.pad(f(3), (1, 1), mode='replicate') | F.pad(f(2, 3, 4, 5), (1, 1), mode='replicate') | F.pad(f(2, 0), (1, 1), mode='replicate') | F.pad(f(2, 3, 0), (1, 1), mode='replicate') | F.pad(f(2, 3, 4), (-2, -3), mode='replicate')
F.pad(f(2, 3, 4), (-2, -2), mode='replicate') | F.pad(f(2, 3, 4), (-2, -2), mode='reflect') | F.pad(f(2, 3, 4), (-2, -3), mode='reflect') | F.pad(f(2, 3, 4), (-2, -2), mode='circular') | F.pad(f(2, 3, 4), (-2, -3), mode='circular') | F.pad(f(2, 3, 4), (-5, 3), mode='circular')
F.pad(f(2, 3), (4, 1), mode='circular') | F.pad(f(2, 3), (1, 4), mode='circular') | F.pad(f(2, 3), (1, 1, 1, 1), mode='circular') | F.pad(f(3), (1, 1), mode='circular') | F.pad(f(2, 3, 4), (1, 1, 4, 1), mode='circular') | F.pad(f(2, 3, 4, 5), (1, 1), mode='circular') | F.pad(f(2, 3), (1, 1), mode='circular', value=2)
F.pad(f(2, 3), (1.5, 1)) | F.pad(f(2, 3), 1) | F.pad(f(2, 3), (1, 'x')) | F.pad(f(2, 3), None) | F.pad(f(2, 3), (1, 1), value='x') | F.pad(labels(2, 3), (1, 1), value=1.5) | F.pad(labels(2, 3), (1, 1), mode='reflect') | F.pad(f(2, 3, dtype=b), (1, 1), mode='reflect') | F.pad(f(2, 3, dtype=b), (1, 1), mode='replicate')
nn.ReflectionPad1d(3)(f(2, 3)) | nn.ReflectionPad1d(1)(f(3)) | nn.ReflectionPad1d(1)(f(1, 2, 3, 4)) | nn.ReflectionPad2d(4)(f(2, 3, 4)) | nn.ReflectionPad2d(1)(f(3, 4)) | nn.ReflectionPad2d((1, 2))(f(2, 3, 4)) | nn.ReflectionPad3d(5)(f(2, 3, 4, 5)) | nn.ReflectionPad3d(1)(f(3, 4, 5)) | nn.ReflectionPad1d((1, 2, 3))(f(2, 3))
nn.ReplicationPad1d(1)(f(3)) | nn.ReplicationPad2d(1)(f(3, 4)) | nn.ReplicationPad3d(1)(f(3, 4, 5)) | nn.ReplicationPad2d(1)(f(3, 0, 4)) | nn.ReplicationPad1d(-2)(f(2, 3)) | nn.ReplicationPad2d(-2)(f(2, 3, 4)) | nn.ReplicationPad3d(-3)(f(2, 3, 4, 5)) | nn.ReplicationPad1d('x')(f(2, 3))
nn.ZeroPad2d(-2)(f(2, 3, 4)) | nn.ZeroPad1d(-2)(f(2, 3)) | nn.ConstantPad1d(-2, 0.)(f(2, 3)) | nn.ConstantPad2d(-3, 1.)(f(2, 3, 4)) | nn.ConstantPad2d(1, 1.)(f(3)) | nn.ConstantPad1d((1, 2, 3), 0.) | nn.ZeroPad2d((1, 2, 3)) | nn.ConstantPad3d(1, 0.)(f(3, 4)) | nn.ZeroPad3d(1)(f(3, 4))
nn.CircularPad1d(4)(f(2, 3)) | nn.CircularPad1d(1)(f(3)) | nn.CircularPad1d(1)(f(1, 2, 3, 4)) | nn.CircularPad2d(5)(f(2, 3, 4)) | nn.CircularPad2d(1)(f(3, 4)) | nn.CircularPad3d(1)(f(3, 4, 5)) | nn.CircularPad3d(6)(f(2, 3, 4, 5)) | nn.CircularPad2d((1, 2))(f(2, 3, 4))
""",
    "pools": " | ".join(
        call
        for D, small, good, bad in (
            (1, "f(2, 3)", "f(2, 3, 8)", "f(2, 3, 4, 5)"),
            (2, "f(2, 3, 3)", "f(2, 3, 8, 8)", "f(2, 3, 4, 4, 4)"),
            (3, "f(2, 3, 3, 3)", "f(2, 3, 8, 8, 8)", "f(1, 2, 2, 2, 2, 2)"),
        )
        for kind in ("max", "avg")
        for call in (
            f"F.{kind}_pool{D}d({small}, 5)",
            f"F.{kind}_pool{D}d({bad}, 2)",
            f"F.{kind}_pool{D}d(f(3), 2)",
            f"F.{kind}_pool{D}d(f(), 2)",
            f"F.{kind}_pool{D}d({good}, 0)",
            f"F.{kind}_pool{D}d({good}, -1)",
            f"F.{kind}_pool{D}d({good}, 2, stride=0)",
            f"F.{kind}_pool{D}d({good}, 2, stride=-1)",
            f"F.{kind}_pool{D}d({good}, 2, padding=2)",
            f"F.{kind}_pool{D}d({good}, 2, padding=-1)",
            f"F.{kind}_pool{D}d({good}, (2, 2, 2, 2))",
            f"F.{kind}_pool{D}d({good}, 2, padding=(1, 1, 1, 1))",
            f"F.{kind}_pool{D}d({good}, 2, stride=(1, 1, 1, 1))",
            f"F.{kind}_pool{D}d({good}, 1.5)",
            f"F.{kind}_pool{D}d({good}, 'x')",
            f"F.{kind}_pool{D}d({good}, None)",
            f"F.{kind}_pool{D}d({good}.bool(), 2)",
            f"F.{kind}_pool{D}d({good}.long(), 2)",
            f"F.{kind}_pool{D}d({good}.to(z), 2)",
            f"F.{kind}_pool{D}d({good}[:0], 2)",
            f"F.{kind}_pool{D}d({good}[:, :0], 2)",
            f"F.{kind}_pool{D}d({good}[:, :, :0], 2)",
            f"nn.{kind.title()}Pool{D}d(2)({bad})",
            f"nn.{kind.title()}Pool{D}d(5)({small})",
            f"nn.{kind.title()}Pool{D}d(2, padding=2)({good})",
            f"nn.{kind.title()}Pool{D}d(0)({good})",
        )
    )
    + " | "
    + " | ".join(
        f"F.max_pool{D}d(f({shape}), 2, dilation={dilation})"
        for D, shape in ((1, "2, 3, 8"), (2, "2, 3, 8, 8"), (3, "2, 3, 8, 8, 8"))
        for dilation in ("0", "-1", "(1, 1, 1, 1)", "9")
    )
    + """
F.avg_pool2d(f(2, 3, 4), 2, divisor_override=0) | F.avg_pool3d(f(1, 2, 3, 4), 2, divisor_override=0) | nn.AvgPool2d(2, divisor_override=0)(f(2, 3, 4)) | F.avg_pool2d(f(2, 3, 4), 2, divisor_override=-1)
F.lp_pool1d(f(2, 3), 2, 5) | F.lp_pool1d(f(3), 2, 2) | F.lp_pool2d(f(2, 3, 4), 2, 5) | F.lp_pool2d(f(3, 4), 2, 2) | F.lp_pool2d(f(2, 3, 4), 0, 2) | F.lp_pool2d(f(2, 3, 4), 2, 0) | F.lp_pool2d(f(2, 3, 4), 2, 2, stride=0) | F.lp_pool2d(labels(2, 3, 4), 2, 2) | F.lp_pool3d(f(2, 3, 4), 2, 2) | nn.LPPool2d(2, 5)(f(2, 3, 4)) | nn.LPPool1d(2, 5)(f(2, 3))
""",
    "adaptive pools": " | ".join(
        call
        for D, good, bad in (
            (1, "f(2, 3, 8)", "f(2, 3, 4, 5)"),
            (2, "f(2, 3, 8, 8)", "f(2, 3, 4, 4, 4)"),
            (3, "f(2, 3, 8, 8, 8)", "f(1, 2, 2, 2, 2, 2)"),
        )
        for kind in ("max", "avg")
        for name in (f"F.adaptive_{kind}_pool{D}d",)
        for call in (
            f"{name}({bad}, 2)",
            f"{name}(f(3), 2)",
            f"{name}(f(), 2)",
            f"{name}({good}, -1)",
            f"{name}({good}, 0)",
            f"{name}({good}, (2, 2, 2, 2))",
            f"{name}({good}, (2, -2, 2)[:{D}])",
            f"{name}({good}, 1.5)",
            f"{name}({good}, 'x')",
            f"{name}({good}, None)",
            f"{name}({good}, (None,) * {D})",
            f"{name}({good}, ())",
            f"{name}({good}.bool(), 2)",
            f"{name}({good}.long(), 2)",
            f"{name}({good}.to(z), 2)",
            f"{name}({good}[:0], 2)",
            f"{name}({good}[:, :0], 2)",
            f"{name}({good}[:, :, :0], 2)",
            f"{name}({good}[..., :0], 2)",
            f"nn.Adaptive{kind.title()}Pool{D}d(2)({bad})",
            f"nn.Adaptive{kind.title()}Pool{D}d(-1)({good})",
            f"nn.Adaptive{kind.title()}Pool{D}d((2, 2, 2, 2))({good})",
            f"nn.Adaptive{kind.title()}Pool{D}d(2)({good}[..., :0])",
        )
    ),
    "fractional pools": " | ".join(
        call
        for D, good, bad in (
            (2, "f(2, 3, 8, 8)", "f(2, 3, 4, 4, 4)"),
            (3, "f(2, 3, 8, 8, 8)", "f(2, 3, 4)"),
        )
        for name in (f"F.fractional_max_pool{D}d",)
        for layer in (f"nn.FractionalMaxPool{D}d",)
        for call in (
            f"{name}({bad}, 2, 2)",
            f"{name}({good}, 2)",
            f"{name}({good}, 2, 2, 0.5)",
            f"{name}({good}, 2, output_ratio=0.)",
            f"{name}({good}, 2, output_ratio=1.5)",
            f"{name}({good}, 2, output_ratio=(.5,) * {D + 1})",
            f"{name}({good}, 2, 0)",
            f"{name}({good}, 2, -1)",
            f"{name}({good}, 0, 2)",
            f"{name}({good}, 2, 9)",
            f"{name}({good}, 8, 2)",
            f"{name}({good}, 2, (2,) * {D + 1})",
            f"{name}({good}, (2,) * {D + 1}, 2)",
            f"{name}({good}.long(), 2, 2)",
            f"{name}({good}.bool(), 2, 2)",
            f"{name}({good}[..., :0], 2, 2)",
            f"{name}({good}[:0], 2, 2)",
            f"{name}({good}[:, :0], 2, 2)",
            f"{name}({good}, 2, 2, _random_samples=f(2, 3, {D + 1}))",
            f"{name}({good}, 2, 2, _random_samples=f(1, 3, {D}))",
            f"{name}({good}, 2, 2, _random_samples=f(2, 4, {D}))",
            f"{name}({good}, 2, 2, _random_samples=f(2, 3, {D}, dtype=d))",
            f"{name}({good}, 2, 2, _random_samples=f(2, 3))",
            f"{name}({good}, 'x', 2)",
            f"{layer}(2)",
            f"{layer}(2, 2, 0.5)",
            f"{layer}(2, output_ratio=1.5)",
            f"{layer}(2, output_ratio=0.)",
            f"{layer}(2, 9)({good})",
            f"{layer}(2, 2)({bad})",
            f"{layer}(2, output_ratio=(.5,) * {D + 1})",
        )
    ),
    "unpooling": " | ".join(
        call
        for D, good, wanted, bad in (
            (1, "f(2, 3, 4)", "8", "f(3)"),
            (2, "f(2, 3, 4, 4)", "8, 8", "f(3, 4)"),
            (3, "f(2, 3, 4, 4, 4)", "8, 8, 8", "f(2, 3, 4)"),
        )
        for name in (f"F.max_unpool{D}d",)
        for call in (
            f"{name}({good}, labels(2, 3), 2)",
            f"{name}({good}, labels(*{good}.shape, 1), 2)",
            f"{name}({good}, labels(*{good}.shape)[:1], 2)",
            f"{name}({good}, {good}, 2)",
            f"{name}({good}, labels(*{good}.shape, dtype=w), 2)",
            f"{name}({bad}, {bad}.long(), 2)",
            f"{name}({good}, labels(*{good}.shape) + 9999, 2)",
            f"{name}({good}, labels(*{good}.shape) - 1, 2)",
            f"{name}({good}, labels(*{good}.shape), 2, output_size=({wanted}, 5, 5))",
            f"{name}({good}, labels(*{good}.shape), 2, output_size=(11,) * {D})",
            f"{name}({good}, labels(*{good}.shape), 2, output_size=(6,) * {D})",
            f"{name}({good}, labels(*{good}.shape), 2, output_size=(2, 3, {wanted}))",
            f"{name}({good}, labels(*{good}.shape), 2, output_size=(2,) * {D + 1})",
            f"{name}({good}, labels(*{good}.shape), 2, output_size=(11,) * {D + 2})",
            f"{name}({good}, labels(*{good}.shape), 0)",
            f"{name}({good}, labels(*{good}.shape), 2, stride=0)",
            f"{name}({good}, labels(*{good}.shape), 2, stride=(2, 2, 2, 2))",
            f"{name}({good}, labels(*{good}.shape), 2, padding=-1)",
            f"{name}({good}, labels(*{good}.shape), (2, 2, 2, 2))",
            f"{name}({good}.long(), labels(*{good}.shape), 2)",
            f"{name}({good}.bool(), labels(*{good}.shape), 2)",
            f"{name}({good}[:, :0], labels(*{good}.shape)[:, :0], 2)",
            f"{name}({good}[:0], labels(*{good}.shape)[:0], 2)",
            f"{name}({good}, None, 2)",
            f"nn.MaxUnpool{D}d(2)({good}, labels(2, 3))",
            f"nn.MaxUnpool{D}d(2)({good}, labels(*{good}.shape) + 9999)",
            f"nn.MaxUnpool{D}d(2)({good}, labels(*{good}.shape), output_size=(11,) * {D})",
        )
    ),
}
