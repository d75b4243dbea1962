"""How the bot speaks: what the outbox holds is said, what changed is drawn again, in time."""
