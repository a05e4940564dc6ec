"""Archiving: its act and its package."""

from django.urls import path

from ..views import archiving

urlpatterns = [
    path("desk/open/<uuid:pk>/archive/", archiving.ArchiveView.as_view(), name="archive"),
    path("desk/open/<uuid:pk>/package/", archiving.PackageView.as_view(), name="package"),
]
