"""What the pages take over of the kit's style sheet, and what they must not."""

import pytest

from kit.trimming import only, trimmed

SHEET = """
@font-face{font-family:GDS Transport;src:url(fonts/light.woff2)}
.govuk-button,.govuk-header__logotype{color:red;font-family:GDS Transport,arial,sans-serif}
@media print{.govuk-accordion__icon,.govuk-body{color:black}.govuk-accordion-nav{color:blue}}
.govuk-crest{background:url(crest.svg)}
.govuk-table:not(.govuk-accordion,.x) td{margin:0}
.govuk-list{padding:0}
"""


def test_fonts_emblems_and_unused_components_are_left_out_and_the_rest_stays() -> None:
    text = trimmed(SHEET, ["govuk-accordion"])

    assert "url(" not in text
    assert "GDS" not in text
    assert "crest" not in text
    assert "logotype" not in text
    assert "accordion" not in text
    assert ".govuk-button{color:red;font-family:system-ui" in text
    assert "@media print{.govuk-body{color:black}}" in text
    assert ".govuk-list{padding:0}" in text


def test_only_the_components_named_are_taken() -> None:
    text = only(".moj-badge{a:b}.moj-badge--red{a:b}.moj-badger{a:b}.moj-menu{a:b}", ["moj-badge"])

    assert text == ".moj-badge{a:b}.moj-badge--red{a:b}"


def test_a_style_sheet_with_another_name_of_the_font_is_refused() -> None:
    with pytest.raises(ValueError, match="GDS Transport"):
        trimmed('.a{font-family:"GDS Transport",serif}', [])
