"""What the bot does, told in its own words; the edges only translate to and from it."""
