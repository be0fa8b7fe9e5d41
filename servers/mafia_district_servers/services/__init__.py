"""The services: one small file each, a table of routes and the handlers behind it.

Services never import each other; what two of them need stands beside this package.
"""
