"""Benchmarks: ratios to what the machine can do at best, beside their limits."""
