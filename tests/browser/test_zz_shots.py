import pytest
from tests.browser.test_guest_pages import Watched, reader

pytestmark = [pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


@pytest.mark.parametrize("width", [360, 1200])
def test_shots(chromium, address, reader, width):
    s = Watched(chromium, address, width=width)
    p = s.page

    def shot(n):
        p.screenshot(path=f"/tmp/w/shots/{n}_{width}.png", full_page=True)

    p.goto(address + "/r/" + "x" * 43)
    shot("01link")
    p.get_by_label("Your code").fill("12345678")
    p.get_by_role("button", name="Continue").click()
    shot("02failed")
    p.goto(address + "/guest")
    shot("03signin")
    p.goto(address + "/guest/set-up")
    given = reader.account()
    p.get_by_label("One-time text").fill(given["token"])
    p.get_by_role("button", name="Continue").click()
    shot("04setup")
    s.come(reader)
    shot("05item")
    p.get_by_role("button", name="I received this message").click()
    shot("06item_ack")
    for c in ("seen", "ask", "yes-to-enquiry"):
        p.goto(f"{address}{reader.at}/answers/{c}")
        shot(f"07{c}")
        p.get_by_role("button", name="Send").click()
        shot(f"08{c}_faults")
    p.goto(address + "/guest/items")
    shot("09items")
    p.goto(address + "/guest/items/abc")
    shot("10notthere")
    p.goto(f"{address}{reader.at}")
    p.get_by_role("button", name="Sign out").click()
    shot("11left")
    p.goto(f"{address}{reader.at}")
    shot("12over")
