"""Names of files as readers see them."""

import re

from portal.kernel.texts import clean_line

EXTENSIONS = {"jpeg": "jpg", "png": "png", "webp": "webp", "pdf": "pdf", "docx": "docx", "xlsx": "xlsx"}
MAX_STEM = 80
# Endings that a name may carry before the one its content earns: report.pdf.exe holding a PDF becomes report.pdf.
_ENDING = re.compile(
    r"\.(jpe?g|jfif|png|webp|gif|bmp|heic|heif|pdf|docx?|docm|dotx?|dotm|xlsx?|xlsm|xltx?|csv|txt|wps|et|zip|rar|7z|exe|com|bat|cmd|ps1"
    r"|vbs|js|jar|msi|scr|lnk|html?|xhtml|shtml|svg|xml|php\d?|phtml|asp|aspx|jsp|sh|py|apk|dll)$",
    re.I,
)
_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
MADE_UP = "附件"


def clean_name(raw, kind):
    """Return a name to show and save under: no folder, no control or reordering mark, the ending its content has."""
    stem = clean_line(re.split(r"[\\/]", str(raw or ""))[-1])
    while (shorter := _ENDING.sub("", stem.rstrip(" ."))) != stem:
        stem = shorter
    stem = _UNFIT.sub("", stem).strip(" .")[:MAX_STEM].strip(" .")
    return f"{stem or MADE_UP}.{EXTENSIONS[kind]}"


def made_up_name(number, kind):
    """Return a name that tells nothing about its sender: 附件1.jpg."""
    return f"{MADE_UP}{number}.{EXTENSIONS[kind]}"
