"""
The count: forms are taken apart in memory, and only how often each answer was given is written.

It runs inside the box's own count, on forms in random order, and keeps
nothing that joins one rater's answers about two people or to two questions.
What a group too small has said is not written at all.
"""

import secrets
import uuid
from collections import Counter

from ..layout import is_scored, points_of
from ..models import Count, GroupTally, Remark
from ..queries.rounds import blocks_of_round
from ..voiding import void_kinds
from .core import locked

BATCH = 1000


def count_forms(poll, opened):
    """
    Take opened forms, [(group's code, answers or None)], and write what the round keeps; return (valid, void).

    A form that is damaged or broken by a rule of the round is void as a whole;
    which rule it was and whose form is not kept.
    """
    round_ = locked(uuid.UUID(poll.owner_id))
    blocks, definition = blocks_of_round(round_), poll.definition
    points, rules = points_of(round_.edition), list(round_.void_rules.all())
    valid = [
        (group, answers)
        for group, answers in opened
        if _is_whole(definition, answers) and not void_kinds(rules, blocks, answers, points)
    ]
    groups = {group.code: group for group in round_.groups.all()}
    if len(groups) == 1:  # slips that were printed before a code knew its group name none
        valid = [(next(iter(groups)), answers) for _group, answers in valid]
    for block in blocks:
        _write_block(round_, block, valid, groups)
    return len(valid), len(opened) - len(valid)


def _is_whole(definition, answers):
    return (
        isinstance(answers, dict)
        and set(answers) == {question.code for question in definition.questions}
        and all(question.is_answer(answers[question.code]) for question in definition.questions)
    )


def _write_block(round_, block, valid, groups):
    """Write what was said about one subject: by group and item, and the remarks by themselves."""
    raters, counts = Counter(), Counter()
    for group, answers in valid:
        given = [(item, answers[code]) for code, item in block.codes]
        if not any(is_scored(answer) for _item, answer in given):
            continue  # skipped, or does not know the subject at all
        raters[group] += 1
        counts.update((group, item.pk, answer) for item, answer in given)
    kept = {code for code in groups if raters[code] >= round_.k_scores}
    GroupTally.objects.bulk_create(
        GroupTally(
            subject=block.subject, group=group, raters=raters[code] if code in kept else 0, is_short=code not in kept
        )
        for code, group in groups.items()
    )
    scored = Counter()
    for (group, item, answer), times in counts.items():
        scored[group, item] += times if is_scored(answer) else 0
    Count.objects.bulk_create(
        (
            Count(subject=block.subject, group=groups[group], item_id=item, option=answer, times=times)
            for (group, item, answer), times in sorted(counts.items())
            if group in kept and scored[group, item] >= round_.k_scores
        ),
        batch_size=BATCH,
    )
    if block.remark and sum(raters.values()) >= round_.k_text:
        _write_remarks(block, [answers[block.remark] for _group, answers in valid])


def _write_remarks(block, texts):
    texts = [text for text in texts if text]
    secrets.SystemRandom().shuffle(texts)
    Remark.objects.bulk_create((Remark(subject=block.subject, text=text) for text in texts), batch_size=BATCH)
