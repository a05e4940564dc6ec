"""Archiving a text, and the package with everything that is kept of it."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.views import View

from portal.exports.responses import download

from .. import operations as does
from .. import rules
from ..archive import archive_package
from ..forms import ArchiveForm
from .base import PublicationActView, find_desk


class ArchiveView(PublicationActView):
    """Give a text its archive number."""

    form_class = ArchiveForm
    may = staticmethod(rules.may_archive)
    title = _("Archive")
    lead = _("Nothing of the text can be changed afterwards. Its package can be taken into the file archive.")
    button = _("Archive")
    icon = "archive"
    said = _("The text is archived.")

    def get_initial(self):
        return {"archive_no": does.usual_archive_no(self.publication)}

    def operate(self, form):
        self.act(does.archive_publication, archive_no=form.cleaned_data["archive_no"])
        return self.done()


class PackageView(View):
    """The package of a text that has been published, for those who have its working page: it names who signed."""

    def get(self, request, pk):
        publication = find_desk(request.user, pk)
        if publication.serial is None:
            raise Http404
        package = archive_package(publication, with_unmasked=bool(rules.may_read_unmasked(request.user, publication)))
        return download(package, f"归档包{publication.number}.zip")
