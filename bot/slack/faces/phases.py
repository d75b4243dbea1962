"""What a phased release means to people, in the same words everywhere.

Phases are those of automatic updates; whoever looks at the App Store finds the version at once.
Apple: App Store Connect Help, "Release a version update in phases".
"""

PHASED_IN = "On the first day 1 % of those with automatic updates get it."
ANYBODY = "Anybody can get it from the App Store by hand, also while it is paused."


def share(percent: int) -> str:
    """Return whom a share of a phased release reaches."""
    return f"{percent} % of automatic updates"
