"""Adapters: what fills the ports. None of them is imported but by the composition root."""
