"""
docs/roles.md: the table of access.csv in words, for people.

    python -m tests.matrix.roles        # writes the document anew
"""

from pathlib import Path

from tests.matrix import table

PLACE = Path(__file__).parents[2] / "docs" / "roles.md"
SEEN, DONE = {"200", "302"}, {"200", "302", "422"}
COLUMNS = {
    "visitor": "visitor 访客",
    "worker": "worker 职工",
    "author": "author 提交人",
    "handler": "handler 承办人",
    "dept_head": "department head 部门负责人",
    "leader": "leader in charge 分管领导",
    "union_officer": "union officer 工会干部",
    "union_chair": "union chair of the unit 本单位工会主席",
    "company_chair": "union chair of the enterprise 公司工会主席",
    "discipline": "discipline inspector 纪检人员",
    "secrecy": "secrecy reviewer 保密审查员",
    "system_admin": "system administrator 系统管理员",
    "security_admin": "security administrator 安全管理员",
    "auditor": "auditor 审计员",
}
MARKS = {
    frozenset(): "",
    frozenset({"-"}): "●",
    frozenset({"own"}): "◐",
    frozenset({"own", "other"}): "●",
    frozenset({"own", "discipline"}): "◐◆",
    frozenset({"own", "other", "discipline"}): "●◆",
    frozenset({"other"}): "◑",
    frozenset({"other", "discipline"}): "◑◆",
    frozenset({"discipline"}): "◆",
}
FLOORS = {
    "home": "The house",
    "accounts": "People, units, roles",
    "ledger": "Ledger",
    "deadlines": "Clocks and calendar",
    "notices": "Notices",
    "ballots": "Votes",
    "feedback": "Cards",
    "disclosures": "Disclosures",
    "congress": "Congress",
    "evaluations": "Evaluations",
}
HEAD = """# Who may do what

Drawn from `tests/matrix/access.csv` by `python -m tests.matrix.roles`; a test compares the two, and another
asks the portal for every cell (`tests/matrix/test_access.py`). To change a permission, change the rule, then the
table, then draw this anew.

Everybody but the administrators and the chair of the enterprise holds the role for one works; “own” is what
belongs to that works or department (for the author: the own card), “other” is the same in another works.

| mark | meaning |
| --- | --- |
| ● | everywhere, or the page belongs to no unit |
| ◐ | own unit only |
| ◑ | other people's only: nobody decides on what they asked for themselves |
| ◆ | also, or only, matters that are with discipline inspection |
| (empty) | no: 404 where the thing must not be known, 403 with the reason otherwise, the sign-in page for visitors |

An act is listed as open when the rule lets the role begin it on a matter in the right state; the operation asks
again under its lock, and more rules may say no then (never the own reply, never a second time).

"""


def _mark(rows, role, open_cells):
    return MARKS[frozenset(row.whose for row in rows if row.cells[role] in open_cells)]


def _lines(routes, rows, method, open_cells):
    for name, (path, about) in routes.items():
        mine = [row for row in rows if row.route == name and row.method == method]
        read = {cell for row in rows if row.route == name and row.method == "GET" for cell in row.cells.values()}
        if (
            method == "POST"
            and "302" in read
            and {cell for row in mine for cell in row.cells.values()} <= {"302", "405"}
        ):
            continue  # only sent on, as a reader is
        marks = [_mark(mine, role, open_cells) for role in COLUMNS]
        if any(marks):
            yield f"| {about}<br>`{path}` | " + " | ".join(marks) + " |\n"


def _routes():
    """Return {name: (path, what the view's docstring says)} of every address."""
    from django.urls import URLPattern, get_resolver

    found = {}

    def look(patterns, path, namespace):
        for item in patterns:
            here = path + str(item.pattern).removeprefix("^").removesuffix("$")
            if isinstance(item, URLPattern):
                view = getattr(item.callback, "view_class", item.callback)
                words = (view.__doc__ or type(view).__doc__ or "").strip().splitlines()[0]
                name = item.name or f"{item.callback.__module__}.{item.callback.__name__}"
                found[f"{namespace}{name}"] = (_readable(here), words.rstrip(".").replace("|", "\\|"))
            else:
                look(item.url_patterns, here, f"{namespace}{item.namespace}:" if item.namespace else namespace)

    look(get_resolver().url_patterns, "/", "")
    return found


def _readable(path):
    import re

    path = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", path)
    return re.sub(r"<\w+:(\w+)>", r"<\1>", path).replace("\\.", ".")


def drawn():
    """Return the document as it ought to be."""
    rows, routes = table.read(), _routes()
    text = [HEAD]
    for floor, title in FLOORS.items():
        own = {name: told for name, told in routes.items() if name.startswith(f"{floor}:")}
        for kind, method, open_cells in (("pages", "GET", SEEN), ("acts", "POST", DONE)):
            lines = list(_lines(own, rows, method, open_cells))
            if lines:
                text.append(f"## {title}: {kind}\n\n")
                text.append("| | " + " | ".join(COLUMNS.values()) + " |\n" + "| --- " * (len(COLUMNS) + 1) + "|\n")
                text += [*lines, "\n"]
    return "".join(text).rstrip() + "\n"


if __name__ == "__main__":
    import os

    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    PLACE.write_text(drawn(), encoding="utf-8")
