"""transformers: a BERT classifier by Trainer, which goes on from a checkpoint."""

import tempfile

import torch
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    Trainer,
    TrainingArguments,
)

torch.manual_seed(0)
sizes = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
config = BertConfig(vocab_size=50, intermediate_size=64, num_labels=2, **sizes)
model = BertForSequenceClassification(config)
y = torch.arange(64) % 2
examples = [
    {"input_ids": torch.full((8,), 10 + 5 * int(label)), "labels": label} for label in y
]


def trainer(folder, epochs):
    arguments = TrainingArguments(
        folder,
        num_train_epochs=epochs,
        per_device_train_batch_size=16,
        learning_rate=3e-3,
        save_strategy="epoch",
        report_to=[],
        disable_tqdm=True,
    )
    return Trainer(model, arguments, train_dataset=examples, eval_dataset=examples)


with tempfile.TemporaryDirectory() as folder:
    first = trainer(folder, 5)
    first.train()
    assert first.evaluate()["eval_loss"] < 0.3
    assert trainer(folder, 6).train(resume_from_checkpoint=True).global_step == 24
