"""The command line for pipelines: check texts offline, compare, propose and export them.

Each command has a file of its own. What they need of a running bot they ask over its HTTP
side, as anybody could: docs/pipelines.md.
"""
