"""A real page, and everything its browser complained about or asked for."""

from typing import Any

from tests.api.guest_pages import Reader


class Watched:
    """A page at phone width, and everything its browser complained about or asked for."""

    def __init__(
        self,
        chromium: Any,
        address: str,
        *,
        width: int = 360,
        scripts: bool = False,
        bypass_csp: bool = False,
    ) -> None:
        self.context = chromium.new_context(
            viewport={"width": width, "height": 740},
            java_script_enabled=scripts,
            locale="en-GB",
            bypass_csp=bypass_csp,
        )
        self.page, self.address = self.context.new_page(), address
        self.page.set_default_timeout(5000)
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def come(self, reader: Reader) -> None:
        """Open a fresh link as the recipient does, by its labels."""
        path, code = reader.link()
        self.page.goto(self.address + path)
        self.page.get_by_label("Your code").fill(f"{code[:4]} {code[4:]}")
        self.page.get_by_role("button", name="Continue").click()
        self.page.get_by_role("heading", name="Enquiry about a child").wait_for()

    def troubles(self) -> list[str]:
        """What the browser complained about; that an answer was a refusal is none."""
        refusal = "Failed to load resource: the server responded"
        return [one for one in self.said if not one.startswith(refusal)]

    def is_too_wide(self) -> bool:
        """Whether somebody has to scroll sideways."""
        box = self.page.locator("main").bounding_box()
        widest = max((one["x"] + one["width"] for one in self._boxes()), default=0)
        return box is None or widest > self.page.viewport_size["width"] + 1

    def _boxes(self) -> list[Any]:
        found = self.page.locator(
            "main input, main button, main dd, main p, main h1, main select, main textarea"
        )
        return [box for one in found.all() if (box := one.bounding_box()) is not None]
