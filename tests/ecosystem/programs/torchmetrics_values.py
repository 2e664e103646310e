"""torchmetrics: metrics of classes, numbers and images, beside plain formulas."""

import torch
import torchmetrics
from torchmetrics.image import (
    PeakSignalNoiseRatio,
    StructuralSimilarityIndexMeasure,
)

torch.manual_seed(0)
scores, labels = torch.rand(20, 3).softmax(1), torch.randint(0, 3, (20,))
settings = {"task": "multiclass", "num_classes": 3}
accuracy = torchmetrics.Accuracy(average="micro", **settings)
accuracy.update(scores[:10], labels[:10])
accuracy.update(scores[10:], labels[10:])
right = (scores.argmax(1) == labels).float().mean()
torch.testing.assert_close(accuracy.compute(), right)
confusion = torchmetrics.ConfusionMatrix(**settings)(scores, labels)
assert confusion.sum() == 20
assert confusion.trace() == right * 20
assert 0 < torchmetrics.AUROC(**settings)(scores, labels) < 1
a, b = scores[:, 0], scores[:, 1]
mean = ((a - b) ** 2).mean()
torch.testing.assert_close(torchmetrics.MeanSquaredError()(a, b), mean)
correlation = torch.corrcoef(torch.stack([a, b]))[0, 1]
torch.testing.assert_close(torchmetrics.PearsonCorrCoef()(a, b), correlation)
image = torch.rand(2, 3, 32, 32)
noise = 10 * torch.log10(1 / ((image * 0.1) ** 2).mean())
found = PeakSignalNoiseRatio(data_range=1.0)(image, image * 0.9)
torch.testing.assert_close(found, noise)
assert StructuralSimilarityIndexMeasure(data_range=1.0)(image, image) > 0.999
