"""The columns of a roster file and the words that may stand over them."""

from dataclasses import dataclass
from functools import lru_cache

from portal.kernel.texts import to_halfwidth

from ..enums import Category, Gender

SHEET_NAME = "职工名册"
MOST_ROWS = 60_000
MOST_COLUMNS = 60
HEADING_ROWS = 10  # a title and notes may stand above the headings


@dataclass(frozen=True)
class Column:
    """One column: its code, the heading in the template, other headings it is known by, and how long a cell may be."""

    code: str
    heading: str
    aliases: tuple[str, ...]
    most: int
    is_required: bool = False


COLUMNS = (
    Column(
        "job_no", "工号", ("职工号", "员工号", "员工编号", "人员编号", "职工编号", "job number", "job_no"), 20, True
    ),
    Column("name", "姓名", ("职工姓名", "员工姓名", "name"), 40, True),
    Column(
        "unit",
        "单位编码",
        ("单位代码", "部门编码", "单位", "单位名称", "部门", "所在单位", "unit", "unit code"),
        60,
        True,
    ),
    Column("post", "岗位", ("职务", "岗位名称", "职务岗位", "post"), 40),
    Column("category", "人员类别", ("类别", "职工类别", "category"), 20),
    Column("gender", "性别", ("gender",), 10),
    Column("phone", "手机", ("手机号", "手机号码", "联系电话", "电话", "phone"), 20),
    Column("email", "邮箱", ("电子邮箱", "电子邮件", "email", "e-mail"), 254),
    Column("joined_on", "入职日期", ("入职时间", "入厂日期", "到岗日期", "joined on"), 20),
)
BY_CODE = {column.code: column for column in COLUMNS}
REQUIRED = tuple(column for column in COLUMNS if column.is_required)

CATEGORIES = {
    "一线职工": Category.FRONTLINE,
    "一线": Category.FRONTLINE,
    "操作人员": Category.FRONTLINE,
    "工人": Category.FRONTLINE,
    "专业技术人员": Category.TECHNICIAN,
    "技术人员": Category.TECHNICIAN,
    "管理人员": Category.MANAGER,
    "管理": Category.MANAGER,
} | {value: Category(value) for value in Category.values}
CATEGORY_WORDS = {Category.FRONTLINE: "一线职工", Category.TECHNICIAN: "专业技术人员", Category.MANAGER: "管理人员"}
GENDERS = {"女": Gender.FEMALE, "男": Gender.MALE, "female": Gender.FEMALE, "male": Gender.MALE}
GENDER_WORDS = {Gender.FEMALE: "女", Gender.MALE: "男"}

_HEADINGS = {word: column for column in COLUMNS for word in (column.heading, *column.aliases)}


@lru_cache(maxsize=4096)
def column_of(heading):
    """Return the column a heading stands for, or None; spaces, stars, colons and "(必填)" do not matter."""
    text = to_halfwidth(str(heading or "")).strip().lower()
    for mark in ("(必填)", "(选填)", "*", ":", " ", "\n", "\t"):
        text = text.replace(mark, " " if mark in "\n\t" and text.isascii() else "")
    return _HEADINGS.get(text) or _HEADINGS.get(to_halfwidth(str(heading or "")).strip().lower())


def cell_name(column, row):
    """Return a cell's address as a spreadsheet shows it: (1, 4) is A4."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
