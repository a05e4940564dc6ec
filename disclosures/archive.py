"""
The archive package of a text: everything that is kept of it, with a hash of each part.

The same state makes the same bytes. What is not for those who work on the text
is not in it: of opinions only what everybody may read, and never who wrote them.
"""

import hashlib
import json
import re
import tempfile
import zipfile

from feedback.models import Reply
from feedback.rules import is_text_public
from portal.kernel.richtext import clean, text_of
from portal.ledger.queries import proofs_of
from portal.ledger.recording import subject_key

from .enums import VersionKind
from .models import Opinion, Rectification

EPOCH = (1980, 1, 1, 0, 0, 0)
README = """厂务公开归档包

编号：{number}
标题：{title}
单位：{unit}
档案号：{archive_no}

一、内容
versions/        各版本正文（html 和纯文本）
approvals.json   公开审批表各环节签署情况
opinions.json    职工意见、异议及答复（仅限已公开内容，不含任何匿名人员身份）
trail.json       办理全过程记录，含记录原文、所在序号和哈希值
files/           附件原件
metadata.json    公开信息、更正、撤回、整改、公示结果，以及各部分的 SHA-256
MANIFEST.sha256  全部文件的 SHA-256 清单

二、核对方法
1. 解压后在本目录执行：sha256sum -c MANIFEST.sha256
   每行显示 OK（成功）即文件未被改动。
2. trail.json 中每条记录：digest 等于 content 的 SHA-256；
   hash 等于“previous + 换行 + digest”的 SHA-256。
   hash 可在平台“核验台账”页面查询，并与公布的每日链头比对。
   seq 为空的记录尚未入链。
"""
LEFT_OUT = """
三、隐名
本公示已作个人信息隐名，隐名前的版本不在本包内，仅起草、签署和监督人员可以下载；其指纹见 metadata.json。
"""


def archive_package(publication, *, with_unmasked=True):
    """
    Return an open temporary file with the package of a text (fetched with its working relations).

    Without what stood there before it was masked for who may not read that;
    the package says so, and has the fingerprints of all versions.
    """
    versions = list(publication.versions.all())
    first = 1 if with_unmasked else max((row.number for row in versions if row.kind == VersionKind.MASKED), default=1)
    parts = {"README.txt": _readme(publication) + (LEFT_OUT if first > 1 else "")}
    for version in versions:
        if version.number < first:
            continue
        name = f"versions/v{version.number}"
        parts[f"{name}.html"] = _page(version)
        parts[f"{name}.txt"] = f"{version.title}\n\n{text_of(version.body)}\n"
    parts["approvals.json"] = _json(_approvals(publication))
    parts["opinions.json"] = _json(_opinions(publication))
    parts["trail.json"] = _json(proofs_of(subject_key(publication)))
    words = versions[-1] if first > 1 else publication
    files = publication.files.all() if with_unmasked else publication.shown_files
    held = [(_file_name(place, row), row.file) for place, row in enumerate(files, start=1)]
    package = tempfile.TemporaryFile(suffix=".zip")  # noqa: SIM115 -- the response that sends it closes it
    hashes = {}
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name, content):
            hashes[name] = hashlib.sha256(content).hexdigest()
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(info, content)

        for name, text in parts.items():
            put(name, text.encode())
        for name, stored in held:
            try:
                with stored.file.open("rb") as source:
                    put(name, source.read())
            except OSError:
                # Told, not hidden: what it was can still be proven against a copy.
                put(f"{name}.missing.txt", f"原件缺失\nSHA-256 {stored.sha256}\n".encode())
        put(
            "metadata.json",
            _json(_metadata(publication, words, files, dict(hashes), with_unmasked=with_unmasked)).encode(),
        )
        put("MANIFEST.sha256", "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items())).encode())
    package.seek(0)
    return package


def _json(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def _readme(publication):
    return README.format(
        number=publication.number,
        title=publication.title,
        unit=publication.unit.name,
        archive_no=publication.archive_no or "（尚未归档）",
    )


def _page(version):
    title = version.title.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<!DOCTYPE html>\n<html lang="zh"><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body><h1>{title}</h1>\n{clean(version.body)}\n</body></html>\n"
    )


def _approvals(publication):
    return [
        {
            "round": row.round,
            "step": row.step,
            "is_granted": row.is_granted,
            "note": row.note,
            "by": row.by.name,
            "at": row.at.isoformat(),
        }
        for row in publication.approvals.all()
    ]


def _opinions(publication):
    rows = list(
        Opinion.objects.filter(publication=publication, inquiry__route="ordinary")
        .select_related("inquiry")
        .order_by("inquiry__year", "inquiry__serial")
    )
    answers = {}
    for reply in Reply.objects.filter(inquiry__in=[row.inquiry_id for row in rows], state="delivered").order_by(
        "round"
    ):
        answers.setdefault(reply.inquiry_id, []).append({"text": reply.text, "measures": reply.measures})
    return [_opinion(row, answers.get(row.inquiry_id, [])) for row in rows]


def _opinion(row, answers):
    inquiry = row.inquiry
    said = {
        "number": inquiry.number,
        "kind": row.kind,
        "received_on": inquiry.received_on.isoformat(),
        "state": inquiry.state,
        "is_public": is_text_public(inquiry),
    }
    if said["is_public"]:
        said |= {"subject": inquiry.public_subject, "text": inquiry.public_body, "answers": answers}
    return said


def _metadata(publication, words, files, hashes, *, with_unmasked):
    facts = {name: getattr(publication, name) for name in ("number", "kind", "state", "audience", "archive_no")}
    facts |= {name: getattr(words, name) for name in ("title", "basis", "method", "objections_heard")}
    return {
        **facts,
        "format": 1,
        "id": str(publication.pk),
        "item": f"{publication.item.code} {publication.item.title}",
        "unit": publication.unit.name,
        "prepared_by": publication.owner.name,
        "drafted_by": publication.drafted_by.name,
        "drafted_at": publication.drafted_at.isoformat(),
        "publish_at": publication.publish_at.isoformat(),
        "shown_until": publication.shown_until.isoformat(),
        "is_forced": publication.is_forced,
        "force_reason": publication.force_reason,
        "versions": [
            {
                "number": row.number,
                "kind": row.kind,
                "note": row.note,
                "shown_from": row.shown_from.isoformat(),
                "fingerprint": row.fingerprint,
            }
            for row in publication.versions.all()
        ],
        "corrections": [_decision(row, row.note) for row in publication.corrections.all()],
        "withdrawals": [_decision(row, row.reason) for row in publication.withdrawals.all()],
        "rectifications": [
            {"reason": row.reason, "demand": row.demand, "done": row.done, "is_accepted": row.is_accepted}
            for row in Rectification.objects.filter(publication=publication).order_by("flagged_at", "pk")
        ],
        "notice": _notice(publication, with_unmasked=with_unmasked),
        "gaps": [[row.since.isoformat(), row.until.isoformat(), row.reason] for row in publication.gaps.all()],
        "files": [{"name": row.file.name, "caption": row.caption} for row in files],
        "sha256": hashes,
    }


def _decision(row, words):
    return {
        "asked_at": row.asked_at.isoformat(),
        "words": words,
        "is_granted": row.is_granted,
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
        "answer": row.answer,
    }


def _notice(publication, *, with_unmasked):
    if not hasattr(publication, "notice"):
        return None
    notice = publication.notice
    names = ("about", "basis", "workdays", "contact", "outcome", "outcome_note")
    closed = notice.closed_on.isoformat() if notice.closed_on else None
    said = {name: getattr(notice, name) for name in names} | {"closed_on": closed}
    return said | ({"unmasked": notice.unmasked} if with_unmasked and notice.unmasked else {})


def _file_name(place, row):
    safe = re.sub(r"[^\w.-]", "_", row.file.name).strip(".")[:80] or "file"
    return f"files/{place:02d}-{safe}"
