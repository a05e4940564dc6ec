"""Addresses of disclosure, a file for each area: what is public under ``open/``, what is work under ``desk/open/``."""

from . import archiving, boards, briefings, bulletin, commitments, consultations, publications, regulations, yearly

app_name = "disclosures"
urlpatterns = [
    *publications.urlpatterns,
    *briefings.urlpatterns,
    *bulletin.urlpatterns,
    *consultations.urlpatterns,
    *boards.urlpatterns,
    *commitments.urlpatterns,
    *regulations.urlpatterns,
    *archiving.urlpatterns,
    *yearly.urlpatterns,
]
