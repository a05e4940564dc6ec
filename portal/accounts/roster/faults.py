"""What can be wrong with a roster file, in the words of the person who has to mend it."""

from dataclasses import asdict, dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Fault:
    """Something the writer of the file must mend, and where."""

    cell: str
    code: str
    value: str = ""

    def as_row(self):
        return asdict(self)


@dataclass(frozen=True)
class Fix:
    """Something that was read as meant, not as typed; shown, so that nobody is surprised."""

    cell: str
    code: str
    value: str
    taken: str

    def as_row(self):
        return asdict(self)


class Unreadable(Exception):
    """The file as a whole cannot be read; carries the one fault that says why."""

    def __init__(self, code, value=""):
        super().__init__(code)
        self.fault = Fault("", code, value)


SENTENCES = {
    # of the file
    "not_a_roster": _("This is neither an .xlsx nor a .csv file."),
    "old_excel": _("This is an old .xls file. Save it as .xlsx and upload it again."),
    "encrypted": _("The file is protected by a password. Remove the protection and upload it again."),
    "damaged": _("The file is damaged and cannot be read."),
    "too_big": _("The file unpacks to more than a roster ever needs. It was not opened."),
    "too_many_rows": _("The file has more than 60,000 rows."),
    "no_encoding": _("The text is neither UTF-8 nor GB18030. Save the file as .xlsx and upload it again."),
    "empty_file": _("There are headings, but no person below them."),
    # of the layout
    "wrong_sheet": _("The roster is on another sheet, or spread over several. Put all people on one sheet."),
    "no_headings": _("No row of headings was found. Missing: “%(value)s”."),
    "heading_missing": _("The column “%(value)s” is missing."),
    "heading_twice": _("The column “%(value)s” appears twice."),
    "second_heading": _("This row repeats the headings. Delete it."),
    "merged": _("Merged cells (%(value)s). Unmerge them and fill every cell."),
    # of a cell
    "formula": _("A formula stands here. Paste its result as a value."),
    "error_value": _("The cell shows an error (%(value)s)."),
    "empty": _("This cell must be filled."),
    "too_long": _("Too long."),
    "not_text": _("This kind of value is not expected here."),
    "job_no_bad": _("A job number has letters and digits only."),
    "job_no_twice": _("This job number stands in cell %(value)s already."),
    "scientific": _(
        "The number was turned into scientific notation and its digits are lost. "
        "Format the column as text and type it again."
    ),
    "zeros_lost": _(
        "The leading zeros seem to be lost. Format the column as text and type “%(value)s”, if that is what you mean."
    ),
    "unit_unknown": _("There is no unit with this code or name."),
    "unit_closed": _("This unit is closed."),
    "unit_ambiguous": _("Several units have this name. Give the code."),
    "unit_outside": _("This unit does not belong to the unit whose roster this is."),
    "date_bad": _("This is no day. Write it like 2026-11-23."),
    "date_number": _("A bare number stands here instead of a date; it may mean %(value)s. Format the cell as a date."),
    "date_future": _("This day lies in the future."),
    "category_unknown": _("Choose one of: 一线职工, 专业技术人员, 管理人员."),
    "gender_unknown": _("Choose one of: 男, 女."),
    "phone_bad": _("This is no telephone number."),
    "email_bad": _("This is no e-mail address."),
    # of the whole
    "admin_missing": _(
        "An administrator is missing from the file: %(value)s. End the appointment first, or add the person."
    ),
    "roster_changed": _("The roster was changed by somebody else since the preview. Upload the file again."),
    "guarded": _("%(value)s"),
    "broke_off": _("Writing broke off, and nothing was written. Please try again."),
}

FIX_SENTENCES = {
    "full_width": _("full-width characters read as plain ones"),
    "spaces": _("stray spaces removed"),
    "invisible": _("invisible characters removed"),
    "apostrophe": _("apostrophe in front removed"),
    "zeros_shown": _("zeros shown by the cell's format kept"),
    "upper": _("small letters read as capitals"),
    "dashes": _("dashes and dots removed"),
    "date_digits": _("eight digits read as a day"),
}


def sentence_of(fault):
    """Return a stored fault's sentence in the reader's language."""
    text = SENTENCES.get(fault.get("code"))
    return text % {"value": fault.get("value", "")} if text else fault.get("code", "")


def content_of(fault):
    """Return what stands in a fault's cell, unless its sentence uses the value for something else."""
    return "" if "%(value)s" in str(SENTENCES.get(fault.get("code"), "")) else fault.get("value", "")
