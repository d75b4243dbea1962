"""What of Slack is emulated and what is not: a table to read before trusting a green run.

Kept equal to the routes, methods and events by a test.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One method, event or behaviour; `but` says where it falls short of Slack."""

    name: str
    emulated: bool = True
    but: str = ""


METHODS = (
    Entry(name="api.test"),
    Entry(name="apps.connections.open"),
    Entry(name="auth.test"),
    Entry(name="bots.info"),
    Entry(name="chat.delete", but="files stay"),
    Entry(name="chat.getPermalink", but="the address leads nowhere"),
    Entry(name="chat.postEphemeral", but="stays after a reload of the client"),
    Entry(
        name="chat.postMessage",
        but="no unfurling or custom name; nobody deactivated is written to, by whatever id",
    ),
    Entry(name="chat.update", but="no edit window"),
    Entry(name="conversations.history"),
    Entry(name="conversations.info"),
    Entry(name="conversations.join"),
    Entry(name="conversations.list"),
    Entry(name="conversations.members"),
    Entry(name="conversations.open", but="one person only, by `users`"),
    Entry(name="conversations.replies"),
    Entry(name="files.completeUploadExternal", but="the message is there at once; no custom name"),
    Entry(name="files.delete", but="the app's own only; a block that shows it stays"),
    Entry(name="files.getUploadURLExternal", but="10 MB at most; a few types of snippets"),
    Entry(name="files.info", but="without where it was shared, comments and a snippet's content"),
    Entry(name="reactions.add", but="a small table of emoji, and custom ones people used"),
    Entry(name="reactions.get"),
    Entry(name="reactions.list", but="messages only"),
    Entry(name="reactions.remove"),
    Entry(name="team.info"),
    Entry(name="usergroups.list"),
    Entry(name="usergroups.users.list"),
    Entry(name="users.info"),
    Entry(name="users.list"),
    Entry(name="views.open", but="replaces the modal that was open"),
    Entry(name="views.publish"),
    Entry(name="views.push"),
    Entry(name="views.update"),
    Entry(name="blocks.validate", emulated=False),
    Entry(name="chat.scheduleMessage", emulated=False),
    Entry(name="chat.unfurl", emulated=False),
    Entry(name="oauth.v2.access", emulated=False),
    Entry(name="users.lookupByEmail", emulated=False),
)

EVENTS = (
    Entry(name="app_home_opened"),
    Entry(name="message.channels", but="no edits or deletions; nothing the app itself posts"),
    Entry(name="message.groups", but="likewise"),
    Entry(name="message.im", but="likewise"),
    Entry(name="reaction_added", but="on messages only"),
    Entry(name="reaction_removed", but="on messages only"),
    Entry(name="app_mention", emulated=False),
    Entry(name="file_shared", emulated=False),
    Entry(name="app_rate_limited", emulated=False),
    Entry(name="member_joined_channel", emulated=False),
    Entry(name="team_join", emulated=False),
    Entry(name="user_change", emulated=False),
)

BEHAVIOURS = (
    Entry(name="slash commands", but="should_escape is off; not in threads, as in Slack"),
    Entry(name="block_actions", but="state.values of a message holds the picked element only"),
    Entry(name="view_submission", but="no response_urls"),
    Entry(name="view_closed"),
    Entry(name="response_url"),
    Entry(name="Socket Mode", but="a socket is sent away on demand only"),
    Entry(name="signed HTTP"),
    Entry(name="url_verification"),
    Entry(name="event retries"),
    Entry(name="rate tiers", but="each minute slides; Slack's own windows are unknown"),
    Entry(name="Block Kit limits", but="code points; what Slack counts is undocumented"),
    Entry(name="text over 3,000 in an input without max_length", but="accepted, by report"),
    Entry(name="budget of a whole message", but="13,000 with 126 for each block, by report"),
    Entry(name="scopes", but="by method; user tokens are unknown"),
    Entry(name="block_suggestion (external_select)", emulated=False),
    Entry(name="date and time pickers in the client", but="the browser's time zone"),
    Entry(name="file pickers in the client", but="no block_actions; refusals in other words"),
    Entry(name="files that people share", but="20 MB at most; the subtype in events only"),
    Entry(name="downloads of files", but="a file that was deleted or is unknown: 404"),
    Entry(name="files of another workspace", but="told by check_file_info in messages only"),
    Entry(name="uploads to a file's address", but="how Slack words a wrong length is unknown"),
    Entry(
        name="pictures in blocks (slack_file)", but="fit at once unless told; in a modal by belief"
    ),
    Entry(name="direct messages of the app", but="nobody else's"),
    Entry(name="inviting the app (/invite)", but="no message and no event of it"),
    Entry(name="message shortcuts"),
    Entry(name="global shortcuts", emulated=False),
    Entry(name="token rotation and OAuth installation", emulated=False),
    Entry(name="Enterprise Grid", but="flags of people only"),
    Entry(name="Slack's rendering of blocks", emulated=False),
)
