"""What comes in from outside of Slack by a token: who may, what they see, what they propose."""
