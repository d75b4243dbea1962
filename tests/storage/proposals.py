"""A proposal as it is written, for tests that only need one to be there."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.proposals import Target
from bot.storage.proposal_rows import NewProposal, NewRevision
from tests.builders import an_item
from tests.clock import START


def a_new_proposal(target: Target | None = None) -> NewProposal:
    return NewProposal(
        target=target or Target(app_id="1", platform="IOS", version_id="v1"),
        app_name="Tidewell Notes",
        bundle_id="com.example.tidewell",
        version_number="2.4.0",
        version_state="PREPARE_FOR_SUBMISSION",
        live=False,
        proposer="U0MIA",
        channel="C0ASO",
        expires_at=START + timedelta(days=7),
    )


def a_new_revision() -> NewRevision:
    return NewRevision(digest="d", authors=("U0MIA",), reason="", items=(an_item(),), findings=())
