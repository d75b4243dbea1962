"""What marquee.toml says of approvals, as the policy that decisions are made by."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.locales import meant
from bot.domain.policy import Policy, Rule, unmatched_locales
from bot.settings import ApprovalSettings


def policy_of(approval: ApprovalSettings) -> Policy:
    """Return the policy that these settings describe."""
    return Policy(
        approvers=approval.approvers,
        quorum=approval.quorum,
        approve=approval.approve,
        reject=approval.reject,
        expires=approval.expires,
        self_approval=approval.self_approval,
        escalation=approval.escalation,
        keep_votes=approval.keep_votes,
        undo_window=approval.undo_window,
        persons=approval.persons,
        rules=tuple(
            Rule(
                app=rule.app,
                field=rule.field,
                locale=rule.locale,
                quorum=rule.quorum,
                approvers=rule.approvers,
                escalation=rule.escalation,
                confirm=rule.confirm,
            )
            for rule in approval.rules
        ),
    )


def unmatched(approval: ApprovalSettings) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with each locale of a rule that no text can have, and what to do."""
    for number, pattern in unmatched_locales(policy_of(approval)):
        likely = " or ".join(meant(pattern))
        yield (
            f'No known locale of the App Store is "{pattern}" (locale of [[approval.rule]] number'
            f" {number}), so no text falls under the rule by it.",
            f"Did you mean {likely}?" if likely else 'Write Apple\'s code, as in "ja" or "pt-BR".',
        )
