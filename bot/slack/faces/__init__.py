"""How values look in Slack: pure functions from cards to blocks and views."""
