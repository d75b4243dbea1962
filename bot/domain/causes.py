"""Why something failed for good, in people's words: one row for each kind of cause.

What is written down is Apple's code, or the name of one of our errors; its longest known
beginning speaks. Apple's codes: App Store Connect API, "Interpreting and Handling Errors".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A kind of cause: what people call it, what they do about it.

    `again` says whether sending the same once more can help, when the world has changed.
    """

    words: str
    remedy: str
    again: bool


TOO_LONG = Cause(words="Too long", remedy="Shorten it with Propose again.", again=False)
TOO_SHORT = Cause(words="Too short", remedy="Write more with Propose again.", again=False)
CHARACTERS = Cause(
    words="Characters Apple does not allow",
    remedy="Take them out with Propose again.",
    again=False,
)
TAKEN = Cause(
    words="Name already taken", remedy="Choose another one with Propose again.", again=False
)
EMPTY = Cause(
    words="Empty where a text is required", remedy="Write one with Propose again.", again=False
)
NOT_ACCEPTED = Cause(
    words="Not accepted by Apple", remedy="Change it with Propose again.", again=False
)
LOCKED = Cause(
    words="Locked in this state",
    remedy="Retry when a version is being prepared again; until then Apple takes no change.",
    again=True,
)
SUBMISSION = Cause(
    words="Part of another submission",
    remedy="Wait for that submission or cancel it, then retry.",
    again=True,
)
SCREENSHOT = Cause(
    words="Screenshot missing", remedy="Add it in App Store Connect, then retry.", again=True
)
LIMIT = Cause(
    words="Apple's request limit reached", remedy="Retry when the hour is over.", again=True
)
SILENT = Cause(
    words="Apple did not answer or had an error", remedy="Retry; it passes as a rule.", again=True
)
NOT_STORED = Cause(
    words="Taken by Apple, but not stored",
    remedy="Look at it in App Store Connect, then retry.",
    again=True,
)
NOT_VERIFIED = Cause(
    words="Sent, but not read back", remedy="Retry to have it checked.", again=True
)
AGREEMENT = Cause(
    words="Agreement missing or expired",
    remedy="The Account Holder accepts it in App Store Connect under Business; then retry.",
    again=True,
)
KEY_ROLE = Cause(
    words="Not allowed for the API key",
    remedy="Give the key a role that may edit metadata, then retry.",
    again=True,
)
KEY_REFUSED = Cause(
    words="API key not accepted",
    remedy="Check key id, issuer id and private key, then retry.",
    again=True,
)
GONE = Cause(
    words="No longer at Apple", remedy="Propose it again on what is there now.", again=False
)
UNFINISHED = Cause(
    words="Not finished at Apple yet", remedy="Retry; it goes on from there.", again=True
)
NOT_TRIED = Cause(
    words="Not tried, since something before it failed",
    remedy="See to that, then retry.",
    again=True,
)
NOT_NOW = Cause(
    words="Not possible now",
    remedy="Retry when what stands in the way is gone.",
    again=True,
)
OVER = Cause(
    words="Its time was over before it was sent",
    remedy="Propose it again with a later end.",
    again=False,
)
ALTERED = Cause(
    words="Not what was approved",
    remedy="Look at the record with `marquee audit verify`, then propose it anew.",
    again=False,
)
OTHER = Cause(words="Something else", remedy="", again=True)

CAUSES: Mapping[str, Cause] = {
    "ENTITY_ERROR.ATTRIBUTE.INVALID.TOO_LONG": TOO_LONG,
    "ENTITY_ERROR.ATTRIBUTE.INVALID.TOO_SHORT": TOO_SHORT,
    "ENTITY_ERROR.ATTRIBUTE.INVALID.INVALID_CHARACTERS": CHARACTERS,
    "ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE": TAKEN,
    "ENTITY_ERROR.ATTRIBUTE.INVALID.UNMODIFIABLE": LOCKED,
    "ENTITY_ERROR.ATTRIBUTE.INVALID.INVALID_STATE": LOCKED,
    "ENTITY_ERROR.ATTRIBUTE.REQUIRED": EMPTY,
    "ENTITY_ERROR": NOT_ACCEPTED,
    "ENTITY_UNPROCESSABLE": NOT_ACCEPTED,
    "PARAMETER_ERROR": NOT_ACCEPTED,
    "STATE_ERROR.ITEM_PART_OF_ANOTHER_SUBMISSION": SUBMISSION,
    "STATE_ERROR.SCREENSHOT_REQUIRED": SCREENSHOT,
    "STATE_ERROR": LOCKED,
    "not editable": LOCKED,
    "not stored": NOT_STORED,
    "not verified": NOT_VERIFIED,
    "not done yet": UNFINISHED,
    "not tried": NOT_TRIED,
    "not possible now": NOT_NOW,
    "Limited": LIMIT,
    "Unavailable": SILENT,
    "Unsure": SILENT,
    "AgreementsMissing": AGREEMENT,
    "NotAllowed": KEY_ROLE,
    "NotAuthorized": KEY_REFUSED,
    "Gone": GONE,
    "TooLate": OVER,
    "Altered": ALTERED,
}


def cause_of(written: str) -> Cause:
    """Return the kind of cause that was written down as a code or an error's name."""
    parts = written.split(".")
    for end in range(len(parts), 0, -1):
        if found := CAUSES.get(".".join(parts[:end])):
            return found
    return OTHER
