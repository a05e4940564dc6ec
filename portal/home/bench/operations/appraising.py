"""An appraisal form beside the limit: thirty answers sealed and put in (performance.md §8, row 11)."""

from django.urls import reverse

from evaluations.appraisal_benching import Appraisal
from portal.ballots.benching import make_plain_table
from portal.home.bench.registry import register

RATERS, SUBJECTS = 900, 6


@register("appraisal: 30 answers, one form", limit="one_ballot", goal=4, statements=18)
def appraisal(bench):
    """Every shot is another rater's form about six people: looked over before, put in, the receipt drawn."""
    make_plain_table()
    made = Appraisal(subjects=SUBJECTS, raters=RATERS, at=bench.at)
    for person in made.people:
        bench.cookies(person)
    return bench.once_each(reverse("ballots:ballot", args=[made.poll.pk]), made.people, data=made.fields)
