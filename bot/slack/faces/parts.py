"""A text above Slack's 3,000 characters as two inputs, and the two put together again.

Knows where to cut; refuses to know when two inputs are needed.
"""

from __future__ import annotations

from bot.slack.faces.blocks import split_text

ONE_INPUT = 3000


def parts(drawn: str) -> tuple[str, ...]:
    """Return the text as one part or as two, cut at the end of a paragraph where it can be.

    The blanks at the cut belong to neither part, since an input may drop them.
    """
    if len(drawn) <= ONE_INPUT:
        return (drawn,)
    first, _, second = _cut(drawn)
    return first, second


def joined(drawn: str, first: str | None, second: str | None) -> str:
    """Return the whole text from what the two inputs hold.

    `drawn` is the text that the inputs were drawn with: it says what stood between them.
    A part that is None was not touched and is as drawn; "" was emptied.
    """
    own_first, between, own_second = _cut(drawn)
    start = own_first if first is None else first
    end = own_second if second is None else second
    if (start, end) == (own_first, own_second):
        return drawn
    return f"{start}{between}{end}" if start and end else start or end


def _cut(drawn: str) -> tuple[str, str, str]:
    # Far enough on for the rest to fit into the other input.
    least = min(max(0, len(drawn) - ONE_INPUT), ONE_INPUT)
    window = split_text(drawn[least:], ONE_INPUT - least) if least < ONE_INPUT else []
    # What people see as one character is never cut, unless it alone is longer than an input.
    head = (drawn[:least] + (window[0] if window else ""))[:ONE_INPUT]
    first = head.rstrip()
    second = drawn[len(head) :].lstrip()
    return first, drawn[len(first) : len(drawn) - len(second)], second
