"""The union's board and the acts of those who handle a matter."""


class Desk:
    """What staff do with one matter, by mouse."""

    def __init__(self, page):
        self.page = page

    def open(self, number):
        """Open the working page."""
        self.page.goto(f"/desk/{number}/")

    def begin(self, number, act):
        """Open the form of an act."""
        return self.page.goto(f"/desk/{number}/{act}/")

    def send(self, button="form.desk-form .btn-primary, form.desk-form .btn-seal, form.desk-form .btn-danger"):
        """Send the open form."""
        with self.page.expect_navigation():
            self.page.locator(button).first.click()

    def register(self, number, unit, instruction=""):
        self.begin(number, "register")
        self.page.select_option("#id_lead_unit", unit)
        if instruction:
            self.page.fill("#id_instruction", instruction)
        self.send()

    def use_template(self, number, *, title):
        """Put a template into the reply."""
        self.begin(number, "reply")
        self.page.select_option("#id_template", label=title)
        self.send("button[name=act][value=template]")

    def reply(self, number, text, *, outcome="A"):
        """Write a reply and send it for approval."""
        if not self.page.url.endswith(f"/desk/{number}/reply/"):
            self.begin(number, "reply")
        self.page.fill("#id_text", text)
        self.choose_outcome(outcome)
        self.send("button[name=act][value=send]")

    def choose_outcome(self, outcome):
        """Choose how a matter was settled, as people do: by the words, once they stand still."""
        field = self.page.locator(f"input[name=outcome][value={outcome}]")
        self.page.locator(f"label[for={field.get_attribute('id')}]").click()

    def approve(self, number):
        self.begin(number, "approve")
        self.send()

    def deliver(self, number, *, channel="union_bulletin", place="", bulletin_no="", day=None):
        self.begin(number, "deliver")
        self.page.check(f"input[name=channel][value={channel}]", force=True)
        if day:
            self.page.fill("#id_delivered_on", day)
        if place:
            self.page.fill("#id_place", place)
        if bulletin_no:
            self.page.fill("#id_bulletin_no", bulletin_no)
        self.send()

    def act(self, number, act, *, choices=None, **texts):
        """Fill in an act's form (texts and selects by field name, radio ``choices``) and send it."""
        self.begin(number, act)
        for name, value in texts.items():
            field = self.page.locator(f"#id_{name}")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        for name, value in (choices or {}).items():
            self.page.check(f"input[name={name}][value='{value}']", force=True)
        self.send()

    @property
    def words(self):
        return self.page.locator("main").inner_text()

    @property
    def said(self):
        """The message the portal shows after an act."""
        return " ".join(self.page.locator(".messages, .notice-success, [role=status]").all_inner_texts())


class Keyboard:
    """Somebody who has no mouse: keys only."""

    def __init__(self, page):
        self.page = page

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def press_and_go(self, key):
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def tab_to(self, selector, *, limit=120):
        """Walk with Tab until the focus is on the first element of a selector; return how many presses it took."""
        for count in range(1, limit + 1):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return count
        return None

    def choose_entry(self, selector, value, *, limit=60):
        """Walk the focused select with the arrow until it shows an entry; return whether it was found."""
        self.page.keyboard.press("Home")
        for _press in range(limit):
            if self.page.input_value(selector) == value:
                return True
            self.page.keyboard.press("ArrowDown")
        return False

    @property
    def focused(self):
        """The words and the outline of what has the focus."""
        return self.page.evaluate(
            "() => ({ words: document.activeElement.innerText, tag: document.activeElement.tagName,"
            " ring: getComputedStyle(document.activeElement).outlineStyle })"
        )
