"""The checker of pages finds what it is there for."""

import pytest

from tests.markup import faults_of

PAGE = """<!doctype html><html lang="en"><head><title>A page</title></head><body><main><h1>A page</h1>{}</main></body></html>"""
WRONG = {
    "<p>one<div>two</div></p>": "unexpected-end-tag",
    "<p id='a'>one</p><p id='a'>two</p>": "stands 2 times",
    "<input name='find'>": "has no label",
    "<label for='nobody'>Name</label>": "which is not there",
    "<a href='#nowhere'>there</a>": "leads to",
    "<fieldset><label><input type='checkbox'> yes</label></fieldset>": "has no legend",
    "<label><input type='radio' name='a'> yes</label>": "belongs to no question",
    "<h3>too deep</h3>": "after <h1> comes <h3>",
    "<h1>another</h1>": "headings of the first level",
    "<ul><p>no</p></ul>": "lies directly in <ul",
    "<a href='/desk'><button type='button'>x</button></a>": "lies in something that is pressed",
    "<p style='color: red'>x</p>": "carries style",
    "<script>alert(1)</script>": "stands in the page",
    "<img src='/x.png'>": "no words instead",
    "<table><tr><td>1</td></tr></table>": "has no head",
    "<button>go</button>": "what it does when pressed",
    "<p title=a title=b>x</p>": "duplicate-attribute",
    "<p>a & b &nosuch; </b></p>": "unexpected-end-tag",
}


@pytest.mark.parametrize("markup", WRONG)
def test_each_fault_is_found_by_what_is_wrong_with_it(markup: str) -> None:
    faults = faults_of(PAGE.format(markup))

    assert any(WRONG[markup] in fault for fault in faults), faults


def test_a_page_as_it_should_be_has_no_fault() -> None:
    good = (
        "<form method='post' action='/desk'><label for='find'>Find</label><input id='find' name='find'>"
        "<fieldset><legend>Sure?</legend><label><input type='radio' name='a' value='yes'> yes</label></fieldset>"
        "<button type='submit'>Go</button></form><h2>More</h2><ul><li>one</li></ul>"
    )

    assert faults_of(PAGE.format(good)) == ()
    assert faults_of("<p>part of a page</p>") == ()
