"""
An appraisal beside the limits: thirty answers sealed and put in, a closed result read (performance.md §8, rows 11, 12).

A closed result is read from what the publication stored: 200 forms or 10,000 make the same page. The count is a
job (``--job appraisals``), beside one GROUP BY over equal plain rows.
"""

import datetime as dt

from django.urls import reverse

from evaluations.appraisal_benching import Appraisal, make_published
from portal.ballots.benching import make_plain_table
from portal.home.bench.registry import register

RATERS, SUBJECTS = 900, 6
RATED, FORMS = 20, 200  # of a published one


@register("appraisal: 30 answers, one form", limit="one_ballot", goal=4, statements=8)
def appraisal(bench):
    """Every shot is another rater's form about six people: looked over before, put in, the receipt drawn."""
    make_plain_table()
    made = Appraisal(subjects=SUBJECTS, raters=RATERS, at=bench.at)
    for person in made.people:
        bench.cookies(person)
    return bench.once_each(reverse("ballots:ballot", args=[made.poll.pk]), made.people, data=made.fields)


def _published(bench):
    """Publish one appraisal for all operations of a run."""
    if not hasattr(bench, "appraisal"):
        bench.appraisal = make_published(subjects=RATED, raters=FORMS, at=bench.at - dt.timedelta(days=3))
    return bench.appraisal


@register("appraisal: closed results", limit="signed_in", goal=2, statements=6, has_loop=True)
def closed_results(bench):
    """The results of twenty leaders, as somebody who rated them sees them."""
    made = _published(bench)
    return bench.page(reverse("evaluations:results", args=[made.round.pk]), person=made.people[0])


@register("appraisal: own result", limit="signed_in", statements=6)
def own_result(bench):
    """One result with radar and tables, as the person rated sees it."""
    subject = _published(bench).round.subjects.select_related("person").first()
    return bench.page(reverse("evaluations:result", args=[subject.pk]), person=subject.person)
