"""The pure middle: facts and decisions about listings, with no I/O and no waiting."""
