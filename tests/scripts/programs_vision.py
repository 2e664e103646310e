"""Scripts of images, graphs, reinforcement learning, and the beginners' tutorials."""

from tests.scripts.program import Program

PROGRAMS = [
    Program("quickstart", tolerance=2e-4),
]
