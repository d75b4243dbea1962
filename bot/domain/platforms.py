"""Apple's platforms, with the words people use for them."""

from __future__ import annotations

from collections.abc import Mapping

# The first of the words is how it is written.
PLATFORMS: Mapping[str, tuple[str, ...]] = {
    "IOS": ("iOS", "iphone", "ipad", "ipados"),
    "MAC_OS": ("macOS", "mac", "mac_os", "osx"),
    "TV_OS": ("tvOS", "tv", "appletv", "tv_os"),
    "VISION_OS": ("visionOS", "vision", "vision_os"),
}


def platform_name(code: str) -> str:
    """Return Apple's platform as people write it; one we do not know stays as it is."""
    return PLATFORMS.get(code, (code,))[0]
