"""What stands in the thread of a proposal of many texts: its table, and its files.

Knows their words and names; refuses to know how they come there.
"""

from __future__ import annotations

from bot.domain.matrix import Matrix
from bot.domain.proposals import Proposal
from bot.slack.faces.blocks import context, header
from bot.slack.faces.matrix import matrix_image, matrix_table, title
from bot.slack.faces.messages import Message


def table_message(proposal: Proposal, shown: Matrix, picture: str = "") -> Message:
    """Return locales by fields as a picture, a file's id, and as a table."""
    heading = f"{title(shown)}, by locale and field"
    return Message(
        text=f"Proposal {proposal.id}: {heading}.",
        blocks=[header(heading), *matrix_image(shown, picture), *matrix_table(shown)],
    )


def file_names(proposal: Proposal) -> tuple[str, str]:
    """Return what the difference and the table of a revision are called."""
    stem = f"proposal-{proposal.id}-revision-{proposal.revision}"
    return f"{stem}.diff", f"{stem}.csv"


def files_comment(proposal: Proposal) -> str:
    """Return what is said with the files."""
    return (
        f"Every text of proposal {proposal.id}, revision {proposal.revision}, before and after: "
        "as a difference and as a table."
    )


def no_files_message(proposal: Proposal, code: str) -> Message:
    """Return what is said where Slack takes no files, with Slack's word for the reason."""
    words = (
        f"The .diff and the .csv of proposal {proposal.id} could not be uploaded ({code}). "
        "Details shows every text."
    )
    return Message(text=words, blocks=[context(words)])
