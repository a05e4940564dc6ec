"""Texts on the size of the congress: where each region's number comes from, and what its text leaves open."""

from django.utils.translation import gettext_lazy as _

# By the value of congress.enums.Region, which stands on the same floor.
SEAT_SOURCES = {
    "national": _(
        "企业民主管理规定 art. 8: five per cent of the staff, 30 at least; the part above 100 is negotiated between"
        " employer and union"
    ),
    "shanghai": _(
        "Shanghai 职工代表大会条例 art. 21: 100 to 3000 staff: 30, and 5 at least for every further 100;"
        " above 3000: 175 at least"
    ),
    "zhejiang": _(
        "Zhejiang 企业民主管理条例 art. 10: 100 to 1000 staff: 40, and 7 for every further 100; 1000 to 5000: 100, and"
        " 20 for every further 1000; from 5000: 200 at least"
    ),
    "henan": _(
        "Henan 企业职工民主权利保障条例 art. 18: 100 to 200 staff: 30 at least; 200 to 1000: 15 to 10 per cent;"
        " 1000 to 10,000: 10 to 3 per cent; above: 500 at most"
    ),
}
QUESTIONS = {
    "general_meeting": _(
        "With fewer than 100 staff a general meeting of all staff has the same powers. A congress has 30 delegates at"
        " least. Which of the two is it to be, and why?"
    ),
    "begun_step": _(
        "The text counts every further hundred or thousand. It does not say whether one that has only begun counts."
        " Which reading holds here?"
    ),
    "border": _("1000 staff stand on the border of two lines of the text. Which of the two holds here?"),
    "scale": _(
        "The text names the shares at both ends and not how the share falls between them. Which share holds here?"
    ),
    "no_least": _("The text names a largest number and no smallest one. Which number holds here?"),
}
# By the value of congress.enums.Gate, which stands on the same floor.
GATES = {
    "quota": _("number of delegates"),
    "composition": _("composition"),
    "credentials": _("credentials"),
    "notice": _("papers in time"),
    "quorum": _("quorum"),
    "presidium": _("presidium"),
    "secrecy": _("secret ballot"),
    "majority": _("majority"),
}
# What a line of the validity sheet says of its rule, and where the rule comes from.
GATE_RULES = {
    "quota": (
        _("at least as many delegates as the text asks for with %(staff)d staff"),
        _("企业民主管理规定 art. 8 and the text of the region"),
    ),
    "composition": (
        _("leaders at most %(percent)d per cent (%(leaders)d too many), women as among the staff (%(women)d missing)"),
        _("Shanghai 职工代表大会条例 art. 16, Zhejiang 企业民主管理条例 art. 11"),
    ),
    "credentials": (
        _("the credential report fixes how many delegates there are in all, before the opening"),
        _("SASAC guidance on workers' congresses; Shanghai 职工代表大会条例 art. 21"),
    ),
    "credentials_fixed": (
        _("the credential report has fixed how many delegates there are in all; %(active)d sit now"),
        _("SASAC guidance on workers' congresses; Shanghai 职工代表大会条例 art. 21"),
    ),
    "notice": (
        _("agenda and papers to every delegate %(days)d days before the opening; papers added later: %(late)d"),
        _("Shanghai 职工代表大会条例 art. 30, Henan 企业职工民主权利保障条例 art. 19"),
    ),
    "quorum": (
        _("two thirds of all delegates are there"),
        _("企业民主管理规定 art. 17; Shanghai art. 28, Zhejiang art. 15, Henan art. 19"),
    ),
    "presidium": (
        _("size by the number of delegates, front-line workers at least %(percent)d per cent"),
        _("Shanghai 职工代表大会条例 art. 23, 企业民主管理规定 art. 19"),
    ),
    "secrecy": (
        _("votes and elections by secret ballot in the sealed box; a void vote is repeated"),
        _("企业民主管理规定 art. 20, Shanghai 职工代表大会条例 art. 31"),
    ),
    "majority": (
        _("passed with more than half of ALL delegates, not of those there"),
        _("企业民主管理规定 art. 20"),
    ),
    "majority_half": (
        _("passed with half or more of ALL delegates, not of those there"),
        _("Shanghai 职工代表大会条例 art. 31"),
    ),
}
# The scale of an appraisal in a session (domain.md, glossary).
SCALE = {
    "excellent": _("excellent"),
    "competent": _("competent"),
    "basic": _("basically competent"),
    "not": _("not competent"),
}
