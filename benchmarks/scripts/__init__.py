"""Scripts as other people write them, run from start to end beside PyTorch.

Each file stands alone: it imports torch, makes its data, trains and prints its losses.
"""

from typing import Final, NamedTuple


class Script(NamedTuple):
    """What is run and how its output is compared.

    Attributes:
        smoke: arguments, or settings of the environment, of a run of seconds.
        compared: of the first so many numbers printed is asked that they agree; a
            network whose course amplifies the last digit has only its beginning
            compared. None: of all.
        tolerance: by how much of itself, or of 1 if that is more, a number may differ.
    """

    smoke: tuple[str, ...]
    compared: int | None = None
    tolerance: float = 2e-3


SCRIPTS: Final = {
    "mnist": Script(("--epochs=1", "--images=256"), tolerance=0.05),
    "vae": Script(("--epochs=1", "--images=512"), tolerance=0.01),
    "dcgan": Script(
        ("--niter=1", "--images=8", "--batchSize=4", "--ngf=4", "--ndf=4"),
        compared=40,
        tolerance=0.02,
    ),
    "word_language_model": Script(
        ("--epochs=1", "--words=4000", "--emsize=16", "--nhid=16", "--log-interval=2"),
        tolerance=0.02,
    ),
    "time_sequence_prediction": Script(
        ("--steps=1", "--length=20", "--future=5"), tolerance=0.02
    ),
    "actor_critic": Script(("--episodes=3", "--log-interval=1"), compared=40),
    "dqn": Script(("--episodes=10",), compared=40),
    "char_rnn": Script(
        ("--n_epochs=1", "--print_every=1", "--hidden_size=8", "--chunk_len=10"),
        tolerance=0.05,
    ),
    "siamese": Script(("--epochs=1", "--pairs=32"), compared=20, tolerance=0.06),
    "super_resolution": Script(("--nEpochs=1", "--images=6"), tolerance=0.02),
    "autoencoder": Script(("EPOCHS=1",), tolerance=0.02),
    # PyTorch on one thread and on two differs by 11 % in the third epoch.
    "conv_autoencoder": Script(
        ("--epochs=1", "--images=40"), compared=4, tolerance=0.03
    ),
    "gan": Script(("--n_epochs=1", "--images=128"), compared=20, tolerance=0.02),
    "gcn": Script(("--epochs=3", "--nodes=200"), tolerance=0.01),
}
