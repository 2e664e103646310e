"""`torch.quasirandom`: not supported; SciPy has low-discrepancy sequences."""

from funcnet.compat._messages.refused import refused_class

SobolEngine = refused_class(
    "quasirandom.SobolEngine",
    "scipy.stats.qmc.Sobol(d) has such points: torch.from_numpy(sobol.random(n))",
)

__all__ = ["SobolEngine"]
