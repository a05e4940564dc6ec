"""Why an upload was not taken, in words that say what to do instead."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "empty": _("This file is empty. Please choose it again."),
    "size": _("This file is larger than 10 MB. Please send a smaller one."),
    "kind": _("This kind of file is not taken. Please send JPG, PNG, WebP, PDF, DOCX or XLSX."),
    "damaged": _(
        "This file is damaged or is not what it claims to be. Please open it, save it again and choose it once more."
    ),
    "encrypted": _("This file is protected with a password. Please save a copy without the password and send that."),
    "macros": _("This document contains macros. Please save it as an ordinary DOCX or XLSX and send that."),
    "embedded": _("This document contains embedded objects. Please insert them as pictures and send it again."),
    "external": _("This document fetches content from elsewhere. Please paste the content itself and send it again."),
    "picture_kind": _(
        "This document contains drawings (EMF, WMF or SVG) that cannot be checked. Please insert them as PNG or JPG."
    ),
    "xml": _("This document has a form that is not safe to open. Please save it again with Word, Excel or WPS."),
    "entries": _("This document has too many parts. Please split it."),
    "unzipped": _("This document is too large once unpacked. Please split it."),
    "pixels": _("This picture has more than 40 million pixels. Please send a smaller one."),
    "complex": _("This file takes too long to check. Please simplify or split it."),
    "busy": _("Many files are being checked just now. Please send the form again in a minute."),
    "infected": _("The virus scanner refused this file."),
    "scanner": _(
        "The virus scanner does not answer, so files cannot be taken just now. "
        "Please try again later or send without files."
    ),
    "disk": _(
        "The file could not be stored because the portal's disk is full. "
        "Your text is kept; please send it without the file or tell the union desk."
    ),
}
TOO_MANY = _("At most %(limit)d files can be sent with one item; the rest was not taken.")
LOST = _("Some files you chose earlier were kept for one hour only. Please choose them again.")
NOT_KEPT = _("The files could not be kept while you correct the form. Please choose them again.")
UPLOADS_HELP = _(
    "JPG, PNG, WebP, PDF, DOCX or XLSX; at most %(limit)d files of 10 MB each. "
    "Place, time and camera data are removed from photos."
)
