"""What marquee.toml says of approvals, as the policy that decisions are made by."""

from __future__ import annotations

from bot.domain.policy import Policy, Rule
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
