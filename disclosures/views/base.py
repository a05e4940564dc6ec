"""The base of every act on a publication, and its working page."""

from django.http import Http404

from portal.kernel.rows import only_one
from portal.kernel.views import ActView

from ..operations import latest_version
from ..queries import desk_publications, hang_working_relations
from ..queries.publications import JOINED
from ..rules import may_read_unmasked, may_see_desk_page
from ..standing import publication_standing


def find_desk(user, pk):
    """Return the publication whose working page exists for this person; everything else is a 404."""
    publication = only_one(desk_publications(user).select_related(*JOINED).filter(pk=pk))
    if publication is None or not may_see_desk_page(user, hang_working_relations(publication)):
        raise Http404
    return publication


def approved_words(user, publication):
    """Return what has the title and body that were approved, or for those who may not read names the masked ones."""
    if publication.times_masked and not may_read_unmasked(user, publication):
        return latest_version(publication)
    return publication


def files_read(user, publication):
    """Return the attachments that this person may read: those that name somebody go with the masking."""
    held = publication.files.all()
    if any(row.masked_at for row in held) and not may_read_unmasked(user, publication):
        return publication.shown_files
    return held


def unmasked_about(user, publication):
    """Return whom a masked notice was about, for those who may read that; else nothing."""
    about = (publication.notice.unmasked or {}).get("about", "")
    return about if about and may_read_unmasked(user, publication) else ""


def seen_of(publication):
    """Return what an act's form remembers of the state it was shown in."""
    return f"{publication.state}.{publication.round}"


class PublicationActView(ActView):
    """One act on one publication."""

    name = "publication"
    home = "disclosures:work"
    template_name = "disclosures/act.html"

    @property
    def publication(self):
        return self.thing

    def find(self):
        return find_desk(self.request.user, self.kwargs["pk"])

    def seen(self):
        return seen_of(self.publication)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"standing": publication_standing(self.publication, self.at), **kwargs})
