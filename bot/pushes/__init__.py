"""Durable execution: a plan made from what Apple holds, a ledger of steps, a runner."""
