"""Indexing, gathering, scattering and sorting."""
