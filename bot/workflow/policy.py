"""What marquee.toml says of approvals, as the policy that decisions are made by."""

from __future__ import annotations

from bot.domain.approvals import Policy, Rule
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
        rules=tuple(
            Rule(
                app=rule.app,
                field=rule.field,
                locale=rule.locale,
                quorum=rule.quorum,
                approvers=rule.approvers,
                escalation=rule.escalation,
            )
            for rule in approval.rules
        ),
    )
