"""Divergences of Kullback and Leibler; they register themselves when imported."""

from funcnet.compat.distributions._kl import across as across
from funcnet.compat.distributions._kl import alike as alike
