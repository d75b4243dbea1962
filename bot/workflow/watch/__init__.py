"""What the bot does by itself: it looks, reminds, sums up and tidies; each tick may run twice."""
