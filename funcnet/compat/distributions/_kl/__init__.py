"""Kullback-Leibler divergences of pairs of families."""
