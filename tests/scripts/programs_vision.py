"""Scripts of images, graphs, reinforcement learning, and the beginners' tutorials."""

from tests.scripts.program import Program

PROGRAMS = [
    Program("quickstart", tolerance=2e-4),
    Program("tensors_tutorial", tolerance=1e-5),
    Program("datasets_tutorial", tolerance=1e-5, needs=("matplotlib",)),
    Program("autograd_tutorial", tolerance=1e-4),
    Program("build_model_tutorial", tolerance=1e-4),
    Program("mnist", "--epochs 2 --save-model", tolerance=1e-3),
    Program("mnist", "--dry-run --epochs 1", tolerance=1e-4, id="mnist_dry_run"),
    Program("vae", tolerance=1e-4),
    Program("dcgan", "--manualSeed 1", tolerance=0.02),
    Program("wgan_gp", tolerance=1e-3),
    Program("siamese", tolerance=5e-3),
    Program("super_resolution", tolerance=1e-3),
    Program("neural_style", "train", tolerance=1e-3),
    Program("imagenet", "--dummy --seed 1", tolerance=1e-3),
    Program(
        "imagenet",
        "--dummy -a resnet18 --seed 3 --images 16 -b 8 --size 48 --epochs 1 -j 0",
        tolerance=0.02,
        id="imagenet_resnet18",
    ),
    Program(
        "imagenet",
        "--seed 2 --amp --epochs 1",
        learns={r"Epoch.*Loss (\S+)": (1.0, 2.4)},
        id="imagenet_amp",
    ),
    Program("reinforce", tolerance=1e-3),
    Program("actor_critic", tolerance=1e-3),
    Program("dqn", tolerance=1e-3, needs=("matplotlib",)),
    Program("gcn", tolerance=1e-3),
    Program("gat", tolerance=1e-3),
    Program("gat", "--sparse", tolerance=1e-3, id="gat_sparse"),
    Program("forward_forward", tolerance=1e-3),
    Program("regression", tolerance=1e-3),
    Program(
        "spatial_transformer",
        learns={r"Test set: Average loss: (\S+),": (0.5, 2.25)},
        needs=("matplotlib",),
    ),
    Program("distillation", tolerance=1e-3),
    Program(
        "style_transfer",
        prints=["Style Loss"],
        learns={r"Style Loss : (\S+)": (0, 0.02)},
    ),
    Program("fgsm", tolerance=1e-3, needs=("matplotlib",)),
    Program("transfer_learning", tolerance=1e-3, needs=("matplotlib",)),
    Program(
        "tensorboard_run",
        learns={r"29 (\S+)": (0.0, 0.6)},
        prints=["True True"],
        needs=("matplotlib", "tensorboardX"),
    ),
]
