"""The gateway's way to services in other processes: which to ask, and how to pass things on.

A service in the gateway's own process is called without any of this.
"""
