"""Downloads, QR codes, calendars and feeds."""

import datetime as dt
import io
import re
from xml.etree import ElementTree

import icalendar
import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.utils import translation

from portal.exports.calendar import Event, make_calendar
from portal.exports.csvfile import make_csv
from portal.exports.feeds import PortalFeed
from portal.exports.qr import qr_svg
from portal.exports.responses import disposition, download

AT = dt.datetime(2026, 3, 4, 17, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("content", "kind"), [(b"x", HttpResponse), (io.BytesIO(b"x"), FileResponse), (iter([b"x"]), StreamingHttpResponse)]
)
def test_download_has_a_chinese_name_and_is_not_kept(content, kind):
    response = download(content, "信息卡 统计.xlsx")
    assert type(response) is kind
    assert response.headers["Content-Disposition"] == (
        "attachment; filename=\"export.xlsx\"; filename*=UTF-8''%E4%BF%A1%E6%81%AF%E5%8D%A1%20%E7%BB%9F%E8%AE%A1.xlsx"
    )
    assert (response.headers["X-Content-Type-Options"], response.headers["Cache-Control"]) == (
        "nosniff",
        "private, no-store",
    )
    assert response.headers["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response.close()


@pytest.mark.parametrize(
    "name", ['a"b;c%.csv', "../../x\r\nSet-Cookie: a.csv", "\u202evsc.csv", ".csv", "x" * 500 + ".csv"]
)
def test_name_of_a_download_cannot_break_its_header(name):
    value = download(b"", name).headers["Content-Disposition"]
    assert re.fullmatch(
        r'attachment; filename="[A-Za-z0-9._-]+\.csv"; filename\*=UTF-8\'\'[A-Za-z0-9._%-]+\.csv', value
    )
    assert len(value) < 1000


def test_plain_names_stay_as_they_are():
    assert disposition("roster-2026.csv").startswith('attachment; filename="roster-2026.csv"; ')


def test_unknown_kinds_are_a_mistake_of_the_caller():
    with pytest.raises(KeyError):
        download(b"", "x.html")


def test_csv_is_written_as_the_rows_come():
    pieces = make_csv(columns=["号", "日", "时"], rows=[["007", dt.date(2026, 3, 5), AT], ["a,b", None, 1.5]])
    assert (
        b"".join(pieces).decode("utf-8-sig")
        == '"号","日","时"\r\n"007","2026-03-05","2026-03-05 01:30"\r\n"a,b","","1.5"\r\n'
    )


def test_qr_code_is_one_picture_without_style():
    svg = qr_svg("https://portal.example.lan/t/ABCD-1234", label='查询 "本件"')
    root = ElementTree.fromstring(svg)
    assert (root.get("role"), root.get("aria-label"), root.get("class")) == ("img", '查询 "本件"', "qr")
    assert ("style" in svg, "<script" in svg) == (False, False)
    assert [child.tag.split("}")[1] for child in root] == ["title", "rect", "path"]
    # A finder pattern stands in the corner, after four modules of quiet.
    assert root[2].get("d").startswith("M4 4h7v1h-7z")


def test_qr_code_marks_just_the_dark_modules():
    import segno

    text = "2026-0042"
    path = ElementTree.fromstring(qr_svg(text, label="x"))[2].get("d")
    drawn = {(int(x) + n, int(y)) for x, y, w in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path) for n in range(int(w))}
    matrix = segno.make(text, error="m", micro=False).matrix
    assert drawn == {(x + 4, y + 4) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}


def test_calendar_gives_due_days_whole_and_meetings_their_time():
    events = [
        Event(
            uid="p1",
            on=dt.date(2026, 3, 5),
            summary="应答复\r\nX:1",
            description="甲;乙,丙",
            url="https://portal.example.lan/a",
        ),
        Event(uid="m1", starts_at=AT, ends_at=AT + dt.timedelta(hours=2), summary="会议", place="二楼"),
    ]
    content = make_calendar(name="待答复", events=events, at=AT)
    calendar = icalendar.Calendar.from_ical(content)
    due, meeting = calendar.walk("VEVENT")
    assert (due.decoded("dtstart"), due.decoded("dtend")) == (dt.date(2026, 3, 5), dt.date(2026, 3, 6))
    assert (str(due["summary"]), str(due["description"]), str(due["uid"])) == ("应答复 X:1", "甲;乙,丙", "p1@portal")
    assert meeting.decoded("dtstart") == AT
    assert meeting["dtstart"].params["TZID"] == "Asia/Shanghai"
    (zone,) = calendar.walk("VTIMEZONE")
    assert str(zone["tzid"]) == "Asia/Shanghai"
    assert calendar["x-wr-calname"] == "待答复"
    assert b"\r\nX:1" not in content
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_empty_calendar_is_a_calendar():
    assert icalendar.Calendar.from_ical(make_calendar(name="空", events=[], at=AT)).walk("VEVENT") == []


class AnsweredFeed(PortalFeed):
    title = "已答复"
    link = "/cards/"

    def items(self):
        return ["通风\x00 <b>", "照明"]

    def item_title(self, item):
        return item

    def item_description(self, item):
        return f"{item}\x0b说明"

    def item_link(self, item):
        return f"/cards/{self.items().index(item)}/"

    def item_day(self, item):
        return dt.date(2026, 3, 5)


def test_feed_takes_any_text_and_gives_days():
    with translation.override("zh-hans"):
        response = AnsweredFeed()(RequestFactory().get("/feed/"))
    assert (response.headers["Content-Type"], response.headers["X-Content-Type-Options"]) == (
        "application/rss+xml; charset=utf-8",
        "nosniff",
    )
    channel = ElementTree.fromstring(response.content)[0]
    assert (channel.findtext("title"), channel.findtext("language"), channel.findtext("ttl")) == (
        "已答复",
        "zh-hans",
        "60",
    )
    rows = [
        [item.findtext(key) for key in ("title", "description", "link", "pubDate")] for item in channel.findall("item")
    ]
    assert rows == [
        ["通风 <b>", "通风 <b>说明", "http://testserver/cards/0/", "Wed, 04 Mar 2026 16:00:00 +0000"],
        ["照明", "照明说明", "http://testserver/cards/1/", "Wed, 04 Mar 2026 16:00:00 +0000"],
    ]
