"""Webhooks: where Apple posts what happened, signed, and what became of each delivery."""
