"""
Searching in Chinese (performance.md §8, row 15): what all words cost beside a bare look-up of the same grams.

The documents are made up and filed under a kind of their own, as many as
``PORTAL_BENCH_DOCUMENTS`` says; 200,000 are what the goal is about.
"""

import datetime as dt
import os
import random
from unittest import mock
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.urls import reverse

from portal.accounts.models import Unit
from portal.home.bench.limits import shot_of
from portal.home.bench.registry import register
from portal.kernel import rates
from portal.kernel.statistics import refresh_statistics
from portal.search.folding import grams_for, terms_of
from portal.search.models import SearchEntry
from portal.search.operations import index_entries
from portal.search.queries import search
from portal.search.registry import Document, register_kind

KIND = "bench.document"
COUNT = int(os.environ.get("PORTAL_BENCH_DOCUMENTS", "2000"))
BATCH = 2000
FIRST = dt.date(2021, 1, 1)
# Of two to six characters: common ones, one that stands in every other title, and rare ones.
WORDS = {"common": "食堂", "phrase": "食堂事项说明", "title": "通知", "rare": "丙烯腈", "rarest": "硫化氢报警仪"}
PIECES = (
    *(
        "食堂事项说明",
        "夜班职工反映",
        "请有关部门答复",
        "劳动保护用品发放",
        "加班工资核算",
        "浴室热水供应",
        "通勤班车时刻调整",
        "年休假安排",
    ),
    *(
        "绩效奖金二次分配",
        "职工代表提案办理",
        "厂务公开栏更新",
        "合理化建议评审",
        "高温津贴标准",
        "更衣柜维修",
        "经职代会审议通过",
    ),
    *(
        "按规定公示七天",
        "由安全环保处牵头",
        "已列入下半年计划",
        "目前不具备条件",
        "正在组织招标采购",
        "经现场核查情况属实",
        "限期整改完成",
    ),
)
RARE = ("丙烯腈泄漏演练", "硫化氢报警仪校验")


def documents(count):
    """Yield so many documents of about 380 characters, always the same."""
    rng = random.Random("bench")  # noqa: S311 -- made-up texts
    units = list(Unit.objects.order_by("path").values_list("pk", flat=True)[:60])
    for number in range(count):
        pieces = [rng.choice(PIECES) for _piece in range(52)]
        if number % 1000 == 17:
            pieces[rng.randrange(52)] = rng.choice(RARE)
        title = f"{rng.choice(PIECES)}{'通知' if number % 2 else '公告'}"
        on = FIRST + dt.timedelta(days=number * 1800 // count)
        yield Document(str(number), title, "，".join(pieces), on, rng.choice(units) if units else None)


def offer():
    """Make the documents a kind that can be found, as often as anybody likes; in this process, or in a server's."""
    register_kind(
        KIND, "bench", icon="file", url=lambda key: f"/?{key}", documents=lambda keys: [], keys=list, order=900
    )
    rates.RATES["search"] = rates.Rate(most=10**9, seconds=60)


def _file():
    offer()
    if SearchEntry.objects.filter(kind=KIND).count() == COUNT:
        return
    with transaction.atomic():
        SearchEntry.objects.filter(kind=KIND).delete()
        batch = []
        for document in documents(COUNT):
            batch.append(document)
            if len(batch) == BATCH:
                index_entries(kind=KIND, documents=batch)
                batch = []
        if batch:
            index_entries(kind=KIND, documents=batch)
    refresh_statistics("search_searchentry", vacuum=True)


def _statement(word):
    """Return the least a search can do: the index asked for one word, the 25 newest taken."""
    grams = grams_for(terms_of(word))
    if connection.vendor == "postgresql":
        match, query = "grams @@ %s::tsquery", " & ".join(f"'{gram}'" for gram, _beginning in grams)
    else:
        match = "id IN (SELECT rowid FROM search_grams WHERE search_grams MATCH %s)"
        query = "{grams} : (" + " AND ".join(f'"{gram}"' for gram, _beginning in grams) + ")"
    sql = f'SELECT id, title FROM search_searchentry WHERE {match} ORDER BY "on" DESC, id DESC LIMIT 25'  # noqa: S608 -- constants
    return sql, [query]


def _replayed(statements):
    """Return a shot that sends the statements and fetches what comes."""

    def shot():
        with connection.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params)
                cursor.fetchall()

    return shot


def _statements_of(word):
    """Return what a visitor's search for the word sends: the database's part, without Django's time to say it."""
    sent, execute = [], CursorWrapper.execute

    def note(cursor, sql, params=None):
        sent.append((sql, params))
        return execute(cursor, sql, params)

    # Before it is noted, the planner's counts of the grams have been read and the statements prepared. A wrapper that
    # Django offers would be told the statement itself, and not that it has been prepared.
    search(word, person=AnonymousUser())
    with mock.patch.object(CursorWrapper, "execute", note):
        search(word, person=AnonymousUser())
    return sent


def _operations(name, word):
    def look_up(bench, size):
        return _replayed([_statement(word)])

    def two_signed_in_and_look_up(bench, size):
        signed_in = shot_of("signed_in", size=size, cookies=bench.cookies(bench.person()))
        asked = look_up(bench, size)

        def shot():
            signed_in()
            signed_in()
            asked()

        return shot

    @register(f"search: {name}, SQL", limit=look_up, goal=2)
    def statements(bench):
        """Audience, title before text, count up to a thousand, the pieces around the words."""
        _file()
        return _replayed(_statements_of(word))

    # Four browsers compare it, as every page of row 17, with one page of the signed-in limit.
    @register(f"search: {name}, page", limit=two_signed_in_and_look_up, goal=1, has_loop=True, loop_limit="signed_in")
    def page(bench):
        """The page as a worker sees it."""
        _file()
        return bench.page(f"{reverse('search:search')}?{urlencode({'q': word})}", person=bench.person())


for _name, _word in WORDS.items():
    _operations(_name, _word)
