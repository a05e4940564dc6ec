"""
The demo's display boards: one that has fallen silent, one for the changes of shift, one just put up, one gone.

Nobody runs a screen in the demo, so that only the boards that are silent or at
rest have been heard; what they have shown is written as their pulses would have
left it.
"""

import datetime as dt
import hashlib
import random
import uuid

from disclosures.enums import Audience, Channel, Orientation
from disclosures.models import Board, Outage, Override, Pin, Playlist, Publication, Pulse, Showing
from disclosures.models.boards import EVERY_DAY
from disclosures.operations.board_pulses import SILENCE
from portal.kernel.days import LOCAL, local_day
from portal.ledger.recording import record_many

WORKING_DAYS = 0b0011111
DAYS = 75  # of proof
BOARDS = (
    # unit, name, place, orientation, seconds, put up so many days ago
    ("QM", "公司一号门显示屏", "厂区一号门内侧，考勤闸机对面", Orientation.LANDSCAPE, 15, 600),
    ("YX", "中控楼大厅显示屏", "乙烯厂中控楼一层大厅，交接班通道", Orientation.LANDSCAPE, 14, 420),
    ("HF", "食堂立屏", "化肥厂职工食堂入口", Orientation.PORTRAIT, 16, 3),
    ("DL", "动力厂旧门岗屏", "动力厂南门岗", Orientation.LANDSCAPE, 18, 700),
)
ALL_CARDS = ["lamps", "missing", "head"]


def add_boards(plant, *, at, seed, months, has_ledger):
    """Write the boards with what they have shown in the days before a moment."""
    rng = random.Random(f"{seed}:boards")  # noqa: S311 -- made-up days
    writer = _Boards(plant, rng, at, months)
    writer.put_up()
    writer.show()
    writer.interrupt()
    if has_ledger:
        record_many(writer.acts)
    return writer.boards


class _Boards:
    def __init__(self, plant, rng, at, months):
        self.plant, self.rng, self.at, self.months = plant, rng, at, months
        self.today = local_day(at)
        self.boards, self.acts = {}, []

    def _act(self, verb, board, actor, at, **facts):
        self.acts.append({"verb": verb, "subject": board, "actor": actor, "at": at, **facts})

    def _keeper(self, code):
        return self.plant.officers["QM"][0] if code == "QM" else self.plant.handlers[code]

    def _days_ago(self, days, hour, minute=0):
        day = self.today - dt.timedelta(days=days)
        return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=LOCAL).astimezone(dt.UTC)

    def put_up(self):
        for code, name, place, orientation, seconds, ago in BOARDS:
            added = self._days_ago(min(ago, self.months * 30), 9, 20)
            # Nobody knows the address; the page of a board makes a new one.
            secret = self.rng.getrandbits(256).to_bytes(32)
            board = Board.objects.create(
                id=uuid.UUID(int=self.rng.getrandbits(128), version=4),
                unit=self.plant.units[code],
                name=name,
                place=place,
                orientation=orientation,
                seconds=seconds,
                token_hash=hashlib.sha256(secret).hexdigest(),
                added_at=added,
                token_at=added,
            )
            self.boards[code] = board
            self._act("board.added", board, self._keeper(code), added, unit=code)
            self._playlists(code, board)
        gone = self.boards["DL"]
        gone.is_active, gone.retired_at = False, self._days_ago(40, 10)
        gone.save(update_fields=["is_active", "retired_at"])
        self._act("board.retired", gone, self._keeper("DL"), gone.retired_at)

    def _playlists(self, code, board):
        plain = {"board": board, "cards": ALL_CARDS}
        if code != "YX":
            Playlist.objects.create(
                **plain,
                name="全天",
                begins=dt.time(6, 30),
                ends=dt.time(22),
                sections=["D"] if code == "QM" else [],
                takes_below=code == "QM",
            )
            return
        for place, (name, days, begins, ends) in enumerate(
            (
                ("早班交接", EVERY_DAY, dt.time(7), dt.time(8, 30)),
                ("中班交接", WORKING_DAYS, dt.time(15, 30), dt.time(17)),
                ("夜班交接", EVERY_DAY, dt.time(23, 30), dt.time(0, 30)),
            ),
            1,
        ):
            Playlist.objects.create(
                **plain, name=name, place=place, weekdays=days, begins=begins, ends=ends, sections=["C", "D"]
            )

    def show(self):
        """Write what the two boards that were heard have shown, day by day, and when they were silent."""
        first = self.today - dt.timedelta(days=DAYS)
        texts = list(
            Publication.objects.appeared(self.at)
            .filter(shown_until__gte=first, audience=Audience.EVERYBODY)
            .exclude(state="withdrawn")
            .select_related("item", "unit")
            .order_by("publish_at", "pk")
        )
        rows = []
        for code, minutes, last_day in (("QM", 900, self.today - dt.timedelta(days=1)), ("YX", 210, self.today)):
            board = self.boards[code]
            for text in texts:
                if not self._takes(code, text):
                    continue
                day = max(first, local_day(text.publish_at))
                while day <= min(text.shown_until, last_day):
                    share = minutes * 60 // self.rng.randint(14, 26)
                    rows.append(
                        Showing(
                            board=board,
                            publication=text,
                            day=day,
                            seconds=share,
                            times=share // (board.seconds * 2) + 1,
                        )
                    )
                    day += dt.timedelta(days=1)
        Showing.objects.bulk_create(rows, batch_size=2000)
        self._outages()
        pinned = [text for text in texts if text.unit.code == "QM" and text.shown_until >= self.today][-1:]
        Pin.objects.bulk_create(
            Pin(
                playlist=self.boards["HF"].playlists.get(),
                publication=text,
                since=self.today - dt.timedelta(days=2),
                by=self._keeper("HF"),
            )
            for text in pinned
        )

    @staticmethod
    def _takes(code, text):
        is_listed = text.kind == "notice" or Channel.SCREEN in text.item.channels
        if code == "QM":
            return is_listed or text.item.section == "D"
        return text.unit.code in ("YX", "QM") and (is_listed or text.item.section in "CD")

    def _outages(self):
        for ago, hour, minutes in ((61, 9, 34), (23, 14, 112)):
            since = self._days_ago(ago, hour, 12)
            until = since + dt.timedelta(minutes=minutes)
            Outage.objects.create(board=self.boards["QM"], since=since, noticed_at=since + SILENCE, until=until)
            self._act("board.silent", self.boards["QM"], "system", since + SILENCE, unit="QM", since=since)
            self._act("board.back", self.boards["QM"], "system", until)
        lost = self._days_ago(1, 17, 41)
        Pulse.objects.create(board=self.boards["QM"], last_seen=lost)
        Outage.objects.create(board=self.boards["QM"], since=lost, noticed_at=lost + SILENCE)
        self._act("board.silent", self.boards["QM"], "system", lost + SILENCE, unit="QM", since=lost)
        Pulse.objects.create(board=self.boards["YX"], last_seen=min(self.at, self._days_ago(0, 8, 29)))

    def interrupt(self):
        """Write what has interrupted the display: a storm, a drill."""
        for ago, code, is_all, title, message, reason, hours in (
            (
                44,
                "QM",
                True,
                "大风蓝色预警",
                "今日阵风七级以上，停止一切高处、吊装和动火作业，现场人员撤到安全区域。",
                "气象台预警，安全环保处要求",
                6,
            ),
            (
                12,
                "YX",
                False,
                "消防演练通知",
                "今日14时裂解装置消防演练，警报响起请按疏散路线到西广场集合。",
                "演练当日告知",
                4,
            ),
        ):
            since = self._days_ago(ago, 9, 5)
            row = Override.objects.create(
                id=uuid.UUID(int=self.rng.getrandbits(128), version=4),
                unit=self.plant.units[code],
                board=None if is_all else self.boards[code],
                title=title,
                message=message,
                reason=reason,
                since=since,
                until=since + dt.timedelta(hours=hours),
                by=self._keeper(code),
                idempotency_key=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            )
            self._act(
                "board.override_set",
                f"disclosures.boards:{row.unit_id}" if is_all else self.boards[code],
                row.by,
                since,
                unit=code,
                until=row.until,
                override=row.pk,
            )
