"""Marquee: App Store metadata, proposed, approved and pushed from Slack."""
