"""What the experiments that recognise digits share: the data and the training.

The 1,797 digits of the UCI set are images of 8×8 pixels, of which a fifth is held out.
"""

import argparse
import logging

import jax

from funcnet import data, nn, optim, train

BATCH_SIZE = 64

log = logging.getLogger(__name__)


def recognise(
    net: nn.Model,
    args: argparse.Namespace,
    *,
    learning_rate: float,
    weight_decay: float,
    shift: float,
) -> float:
    """Train a network; return the share of held-out digits that it recognises.

    Args:
        net: `(batch, 1, 8, 8)` to `(batch, 10)`.
        shift: pixels by which a training image is moved at most, anew in each epoch,
            inside the compiled step.
    """

    def shifted(key, batch):
        images, labels = batch
        return train.random_shift(key, images, shift), labels

    log.info("\n%s", net.summary((BATCH_SIZE, 1, 8, 8)))
    training = data.ArrayLoader(
        data.digits("train"), BATCH_SIZE, seed=args.seed, drop_last=True
    )
    schedule = optim.cosine_annealing_lr(learning_rate, args.epochs * len(training))
    ts, history = train.fit(
        net,
        nn.CrossEntropyLoss(label_smoothing=0.1),
        optim.adamw(schedule, weight_decay=weight_decay),
        training,
        jax.random.key(args.seed),
        epochs=args.epochs,
        test_data=data.ArrayLoader(data.digits("test"), 359, shuffle=False),
        metrics={"accuracy": train.accuracy},
        augment=shifted,
        folder=args.out,
        resume=args.resume,
    )
    train.finish(args.out, ts, history)
    accuracy = history[-1]["test_accuracy"]
    log.info("accuracy on the 359 held-out digits: %.2f %%", 100 * accuracy)
    return accuracy
