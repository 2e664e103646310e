"""lightning: a module by Trainer, with a schedule, validation and a checkpoint."""

import tempfile

import lightning
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Sum(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Linear(4, 1)

    def training_step(self, batch, index):
        loss = nn.functional.mse_loss(self.net(batch[0]), batch[1])
        self.log("loss", loss)
        return loss

    def validation_step(self, batch, index):
        self.log("val", nn.functional.mse_loss(self.net(batch[0]), batch[1]))

    def configure_optimizers(self):
        optimizer = torch.optim.Adam(self.parameters(), lr=0.05)
        schedule = torch.optim.lr_scheduler.StepLR(optimizer, 2)
        return {"optimizer": optimizer, "lr_scheduler": schedule}


lightning.seed_everything(0)
x = torch.randn(256, 4)
loader = DataLoader(TensorDataset(x, x.sum(1, keepdim=True)), batch_size=8)
options = {"logger": False, "enable_checkpointing": False}
trainer = lightning.Trainer(max_epochs=3, enable_progress_bar=False, **options)
model = Sum()
trainer.fit(model, loader, loader)
assert trainer.callback_metrics["val"] < 0.05, trainer.callback_metrics
with tempfile.TemporaryDirectory() as folder:
    trainer.save_checkpoint(f"{folder}/a.ckpt")
    again = Sum.load_from_checkpoint(f"{folder}/a.ckpt")
    assert torch.equal(again.net.weight, model.net.weight)
