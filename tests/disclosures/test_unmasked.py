"""Who still reads the names of a masked notice: planted ones are looked for on every page of everybody."""

import datetime as dt
import io
import zipfile

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse

from disclosures import operations as does
from disclosures.models import Notice, PublicationFile, Version
from disclosures.rules import may_read_unmasked
from portal.accounts.enums import Role
from portal.accounts.models import Appointment
from portal.files.models import StoredFile
from portal.kernel.days import day_start
from tests.factories.disclosures import fresh, make_publication
from tests.factories.people import same_person
from tests.signing import signed_in as sign_in

OVER = day_start(dt.date(2026, 3, 17))
AT = OVER + dt.timedelta(hours=2)
TITLE, BODY = "拟聘用孔令仪公示", "经研究,拟聘用孔令仪、端木赐二人为技师,公示期五个工作日,如有异议请向纪委反映。"
NAMES = ("孔令仪", "端木赐")
METHOD, CAPTION, FILE = "考核组由端木赐等三人组成", "孔令仪等二人名单", "孔令仪名单.csv"
ABOUT, CAME_OF_IT = "拟聘用人员:孔令仪、端木赐", "端木赐一人经核查不符合条件"
MASKED_TITLE, MASKED = TITLE.replace("孔令仪", "孔某某"), BODY.replace("孔令仪", "孔某某").replace("端木赐", "端某某")
MASKED_ABOUT = ABOUT.replace("孔令仪", "孔某某").replace("端木赐", "端某某")
# Everywhere the words of a notice are shown: (page, arguments); v1 and the package are looked at beside.
PAGES = ("work", "slip", "preview_reader", "preview_board", "preview_paper", "mask", "correct")
PUBLIC = ("public", "public_board", "opinion")
WRITTEN_OR_SIGNED = {"handler", "head", "secrecy", "leader"}
SUPERVISE = {"union_chair", "inspector"}
OTHERS = {"colleague", "next_head", "leader2", "officer", "auditor", "worker", "stranger", "other_handler"}


@pytest.fixture
def people(offices):
    return vars(offices) | {
        "colleague": same_person("710031", "孙晓梅", offices.works, (Role.HANDLER, offices.works)),
        "next_head": same_person("710032", "钱立群", offices.works, (Role.DEPARTMENT_HEAD, offices.works)),
    }


@pytest.fixture
def masked(offices):
    text = make_publication(offices, item="C07", title=TITLE, body=BODY, method=METHOD)
    stored = StoredFile.objects.create(
        file=ContentFile("孔令仪,端木赐".encode(), name="x.csv"),
        name=FILE,
        media_type="text/csv",
        size=19,
        sha256="0" * 64,
        stored_on=OVER.date(),
    )
    Notice.objects.filter(publication=text).update(
        about=ABOUT,
        outcome="unfounded",
        outcome_note=CAME_OF_IT,
        outcome_by=offices.handler,
        outcome_at=OVER,
    )
    held = PublicationFile.objects.create(publication=text, file=stored, caption=CAPTION)
    with time_machine.travel(OVER, tick=False):
        does.close_notices(at=OVER)
        does.mask_publication(
            publication_id=text.pk,
            title=MASKED_TITLE,
            body=MASKED,
            method=METHOD.replace("端木赐", "端某某"),
            about=MASKED_ABOUT,
            outcome_note=CAME_OF_IT.replace("端木赐", "端某某"),
            files=[str(held.pk)],
            actor=offices.handler,
            at=OVER + dt.timedelta(0, 60),
        )
    return fresh(text)


def names_in(words):
    return [name for name in NAMES if name in words]


def words_of(client, name, *args):
    """Return (status, what is on the page), of a package all that is in it."""
    answer = client.get(reverse(f"disclosures:{name}", args=args))
    if name == "package" and answer.status_code == 200:
        with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as package:
            return 200, "".join(f"{part}\n{package.read(part).decode()}" for part in package.namelist())
    return answer.status_code, answer.content.decode()


def test_who_finds_the_names_of_a_masked_notice_and_where(client, people, masked):
    for who in sorted(WRITTEN_OR_SIGNED | SUPERVISE | OTHERS):
        must = who not in OTHERS
        assert bool(may_read_unmasked(people[who], masked)) is must, who
        with time_machine.travel(AT, tick=False):
            sign_in(client, people[who])
            found = {name: words_of(client, name, masked.pk) for name in PAGES}
            found |= {name: words_of(client, name, masked.number) for name in PUBLIC}
            found["desk"] = words_of(client, "desk")
            package = words_of(client, "package", masked.pk)
            first = words_of(client, "version", masked.number, 1)
            file = masked.files.get().file_id
            opened = []
            for name, key in (("file", masked.number), ("desk_file", masked.pk)):
                answer = client.get(reverse(f"disclosures:{name}", args=[key, file]))
                opened.append(answer.status_code)
                answer.getvalue()  # reading it to the end closes the file
        told = {name for name, (_status, words) in found.items() if names_in(words)}
        # The slip is what was signed; the working page shows what everybody reads, where the other is, and the files.
        assert told == ({"slip", "work"} if must else set()), (who, told)
        assert opened == [404, 200 if must else 404], who
        assert (FILE in package[1]) == (must and package[0] == 200), who
        assert found["public"][0] == 200 and MASKED in found["public"][1], who
        assert MASKED_ABOUT in found["public"][1] and "端某某一人经核查" in found["public"][1], who
        assert (ABOUT in found["work"][1], ABOUT in package[1]) == (must, must), who
        if found["work"][0] == 200:
            assert MASKED in found["work"][1] and MASKED in package[1], who
            link = reverse("disclosures:version", args=[masked.number, 1])
            assert (link in found["work"][1], bool(names_in(package[1]))) == (must, must), who
            assert ("versions/v1.html" in package[1], "隐名前的版本不在本包内" in package[1]) == (must, not must), who
            assert Version.objects.get(publication=masked, number=1).fingerprint in package[1]
        assert (first[0], bool(names_in(first[1]))) == ((200, True) if must else (404, False)), who


def test_the_right_ends_with_the_office_and_begins_with_a_correction(people, masked):
    leader2 = people["leader2"]
    assert not may_read_unmasked(leader2, masked)
    Version.objects.filter(publication=masked, number=1).update(approved_by=leader2)
    assert may_read_unmasked(leader2, fresh(masked))
    Appointment.objects.filter(person__in=[people["handler"], people["head"]]).update(until=AT)
    with time_machine.travel(AT + dt.timedelta(days=1), tick=False):
        handler, head = (type(one).objects.get(pk=one.pk) for one in (people["handler"], people["head"]))
        assert not may_read_unmasked(handler, fresh(masked)) and not may_read_unmasked(head, fresh(masked))


def test_a_correction_asked_before_is_decided_without_its_names(client, people, offices):
    text = make_publication(offices, item="C07", title=TITLE, body=BODY)
    with time_machine.travel(OVER, tick=False):
        wish = {"title": TITLE, "body": f"{BODY}另有端木赐。", "note_text": "补充人选"}
        does.ask_correction(publication_id=text.pk, actor=offices.handler, at=OVER, **wish)
        act = {"title": MASKED_TITLE, "body": MASKED, "actor": offices.handler, "at": AT}
        does.mask_publication(publication_id=text.pk, **act)
    with time_machine.travel(AT + dt.timedelta(hours=1), tick=False):
        sign_in(client, people["leader2"])
        status, page = words_of(client, "decide_correction", text.pk)
    assert (status, names_in(page), "补充人选" in page) == (200, [], True)
