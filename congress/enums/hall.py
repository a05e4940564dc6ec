"""The hall: how somebody signed in, which gates a session passes, how matters that bypassed it stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SignInWay(models.TextChoices):
    """How a delegate was signed in at the door."""

    LIST = "list", _("from the list")
    CODE = "code", _("by code")
    ONLINE = "online", _("online, by the delegate")


class Gate(models.TextChoices):
    """One line of the validity sheet."""

    QUOTA = "quota", _("Number of delegates")
    COMPOSITION = "composition", _("Composition")
    CREDENTIALS = "credentials", _("Credentials reviewed")
    NOTICE = "notice", _("Papers in time")
    QUORUM = "quorum", _("Quorum")
    PRESIDIUM = "presidium", _("Presidium")
    SECRECY = "secrecy", _("Secret ballot")
    MAJORITY = "majority", _("Majority")


# No reason in the world makes up for these: the law knows no exception.
NEVER_WAIVED = (Gate.CREDENTIALS, Gate.QUORUM, Gate.SECRECY, Gate.MAJORITY)


class Light(models.TextChoices):
    """What a line of the validity sheet says."""

    GREEN = "green", _("met")
    RED = "red", _("not met")
    WAIVED = "waived", _("waived, on record")
    OPEN = "open", _("not yet to be judged")


class RecordKind(models.TextChoices):
    """What a signed paper is, of which the scan is kept: where law asks for paper, the paper is the record."""

    MINUTES = "minutes", _("signed minutes")
    SIGN_IN = "sign_in", _("sheet of sign-ins")
    OTHER = "other", _("another signed paper")
