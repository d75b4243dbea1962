from bot.slack import ids


def test_a_field_block_says_its_field_locale_draft_and_part() -> None:
    block = ids.parse_field_block(ids.field_block("whatsNew", "zh-Hans", 41, ids.SECOND))
    assert block == ids.FieldBlock(
        attribute="whatsNew", locale="zh-Hans", draft=41, part=ids.SECOND
    )


def test_a_field_block_is_the_whole_text_unless_it_says_otherwise() -> None:
    block = ids.parse_field_block(ids.field_block("name", "ja", 7))
    assert block is not None
    assert block.part == ids.WHOLE


def test_blocks_of_other_inputs_are_no_fields() -> None:
    for block in (ids.reason_block(7), ids.locale_block(7), "", "field/x/ja/name/0", "field/1/ja"):
        assert ids.parse_field_block(block) is None


def test_every_locale_draft_and_part_has_a_block_of_its_own() -> None:
    blocks = {
        ids.field_block(attribute, locale, draft, part)
        for attribute in ("name", "description")
        for locale in ("pt-BR", "pt-PT")
        for draft in (1, 11)
        for part in (ids.WHOLE, ids.FIRST, ids.SECOND)
    }
    assert len(blocks) == 24


def test_a_details_value_leads_back_to_proposal_page_and_what_it_begins_with() -> None:
    assert ids.parse_details_value(ids.details_value(12, 3)) == (12, 3, "")
    for start in ("zh-Hans", ids.OVERVIEW):
        assert ids.parse_details_value(ids.details_value(12, 3, start)) == (12, 3, start)


def test_a_strange_details_value_leads_nowhere() -> None:
    assert ids.parse_details_value("12") is None
    assert ids.parse_details_value("12:3:") is None
    assert ids.parse_details_value("12:3:a b") is None


def test_no_two_ids_are_the_same() -> None:
    named = [
        value
        for name, value in vars(ids).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, str)
    ]
    assert len(named) == len(set(named))
