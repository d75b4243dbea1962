"""Emoji names as the Web API gives and takes them: one name for each, skin tones kept.

A small table of names that people use; a name of the usual form outside it counts as custom
emoji only when the workspace has it.
"""

from __future__ import annotations

import re

from bot.sandbox.slack.limits import words

# What people may type, and the one name that the API reports.
ALIASES = {
    "thumbsup": "+1",
    "thumbsdown": "-1",
    "satisfied": "laughing",
    "hankey": "poop",
    "boom": "collision",
    "envelope_with_arrow": "incoming_envelope",
    "red_car": "car",
    "running": "runner",
    "raised_hand": "hand",
    "punch": "facepunch",
}

NAMES = words(
    "+1 -1 ok_hand clap pray wave muscle raised_hands facepunch hand v point_up eyes "
    "white_check_mark heavy_check_mark ballot_box_with_check x heavy_multiplication_x "
    "negative_squared_cross_mark o no_entry no_entry_sign octagonal_sign stop_sign warning "
    "question grey_question exclamation bangbang tada confetti_ball rocket sparkles star star2 "
    "fire heart broken_heart purple_heart blue_heart green_heart yellow_heart 100 collision zap "
    "smile smiley grin joy laughing wink blush thinking_face neutral_face confused cry sob rage "
    "poop ghost robot_face hourglass hourglass_flowing_sand stopwatch alarm_clock clock1 "
    "arrows_counterclockwise leftwards_arrow_with_hook back fast_forward lock unlock key bell "
    "no_bell mega loudspeaker speech_balloon thought_balloon memo pencil pencil2 books bookmark "
    "mag mag_right bulb gear wrench hammer package gift apple iphone desktop_computer computer "
    "globe_with_meridians earth_africa flag-jp flag-de flag-fr jp de fr es it gb us runner car "
    "bug snail turtle crab cat dog bird butterfly cactus herb seedling coffee tea pizza cake "
    "incoming_envelope email inbox_tray outbox_tray calendar date chart_with_upwards_trend "
    "chart_with_downwards_trend bar_chart large_green_circle large_red_circle red_circle "
    "large_blue_circle large_yellow_circle white_circle black_circle arrow_up arrow_down "
    "arrow_right arrow_left heavy_plus_sign heavy_minus_sign new free cool up soon recycle "
    "ballot_box white_large_square black_large_square pushpin link paperclip shield"
)

_TONED = re.compile(r"^(?P<name>[^:]+)(?P<tone>::skin-tone-[2-6])?$")


def api_name(name: str, custom: frozenset[str] = frozenset()) -> str | None:
    """Return the name that the API reports for `name`, its skin tone kept; None if there is none.

    Colons round the name, which people type, are taken off.
    """
    found = _TONED.match(name.strip().removeprefix(":").removesuffix(":"))
    if found is None:
        return None
    plain = ALIASES.get(found["name"], found["name"])
    if plain not in NAMES and plain not in custom:
        return None
    return plain + (found["tone"] or "")
