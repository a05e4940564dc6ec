"""The stock of regulations as a file: the template, reading, looking at it, letting it be written; and the feed."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _
from django.views import View

from portal.accounts.models import Unit
from portal.exports.feeds import PortalFeed
from portal.exports.responses import download
from portal.exports.workbook import Column, Sheet, make_workbook
from portal.kernel.days import local_day
from portal.kernel.forms import PortalForm
from portal.kernel.rows import only_one
from portal.kernel.verdicts import require
from portal.kernel.views import OperationFormView

from .. import operations as does
from .. import rules
from ..enums import Audience
from ..forms import RegulationsFileForm
from ..models import RegulationImport, RegulationVersion
from ..regulation_file import AUDIENCES, CATEGORIES, COLUMNS, KINDS, SHEET_NAME, sentence_of

SHOWN = 200
IMPORTS_SHOWN = 10
NEWEST = 30
WORDS = {
    "category": {value.value: word for word, value in CATEGORIES.items()},
    "kind": {value: word for word, value in KINDS.items() if word in ("制度", "流程")},
    "audience": {Audience.EVERYBODY: "公开", Audience.STAFF: "内部", Audience.UNIT: "本单位"},
}


class RegulationsFileView(OperationFormView):
    """Upload a file; it is read, not written. Below, the files of lately."""

    form_class = RegulationsFileForm
    template_name = "disclosures/regulations/file.html"

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_import_regulations(request.user))
        return super().dispatch(request, *args, **kwargs)

    def operate(self, form):
        file = form.cleaned_data["file"]
        found = does.read_import(file=file, file_name=file.name, actor=self.request.user, at=timezone.now())
        return redirect("disclosures:regulation_import", found.pk)

    def get_context_data(self, **kwargs):
        rows = RegulationImport.objects.select_related("uploaded_by", "written_by").defer("rows", "faults")
        return super().get_context_data(
            imports=list(rows[:IMPORTS_SHOWN]),
            columns=[(name, is_required) for name, _others, _most, is_required in COLUMNS.values()],
            **kwargs,
        )


class RegulationImportView(OperationFormView):
    """What a file says: its faults, or what would be written; another person lets it be written."""

    form_class = PortalForm
    template_name = "disclosures/regulations/import.html"

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_import_regulations(request.user))
        rows = RegulationImport.objects.select_related("uploaded_by", "written_by")
        self.found = only_one(rows.filter(pk=kwargs["pk"]))
        if self.found is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def operate(self, form):
        count = does.write_import(import_id=self.found.pk, actor=self.request.user, at=timezone.now())
        messages.success(self.request, _say("%(count)d regulations and flows are in the library.") % {"count": count})
        return redirect("disclosures:regulations")

    def get_context_data(self, **kwargs):
        found = self.found
        units = dict(Unit.objects.values_list("pk", "name"))
        return super().get_context_data(
            found=found,
            faults=[fault | {"sentence": sentence_of(fault)} for fault in found.faults[:SHOWN]],
            faults_total=len(found.faults),
            rows=[
                row | {"unit": units.get(row["unit"], "")} | {name: words[row[name]] for name, words in WORDS.items()}
                for row in found.rows[:SHOWN]
            ],
            left=max(len(found.rows) - SHOWN, 0),
            may_write=rules.may_write_import(self.request.user, found),
            **kwargs,
        )


class RegulationsTemplateView(View):
    """The empty template, with two rows that show how it is filled in."""

    def get(self, request):
        require(rules.may_import_regulations(request.user))
        widths = {"title": 36, "body": 60, "steps": 60, "unit": 18}
        columns = [
            Column(name + ("*" if must else ""), "text", widths.get(code, 14))
            for code, (name, _others, _most, must) in COLUMNS.items()
        ]
        units = Unit.objects.active().order_by("path").values_list("code", "name")
        book = make_workbook(
            title=_say("Template for regulations and flows"),
            sheets=[
                Sheet(name=SHEET_NAME, columns=columns, rows=EXAMPLES),
                Sheet(name="单位", columns=[Column("编码"), Column("名称", "text", 36)], rows=units),
            ],
            notes=[
                ("类别", "、".join(CATEGORIES)),
                ("类型", "制度、流程"),
                ("密级/范围", "、".join(AUDIENCES)),
                ("流程步骤", "一行一步：做什么 | 谁来做 | 输入 | 输出 | 时限 | 表单"),
            ],
        )
        return download(book, "制度流程导入模板.xlsx")


EXAMPLES = (
    (
        *(
            "ZD-2026-001",
            "劳动防护用品管理办法",
            "制度",
            "安全环保",
            "安全环保处",
            "启石安〔2026〕1号",
            "2026-01-01",
            "",
        ),
        *("公开", "第一条 为规范劳动防护用品的配备、发放和使用，制定本办法。\n第二条 本办法适用于公司全体职工。", ""),
    ),
    (
        *("LC-2026-001", "劳动防护用品领用流程", "流程", "安全环保", "安全环保处", "", "2026-01-01", "", "内部", ""),
        "提出申请 | 班组长 | 发放标准 | 领用单 | 1个工作日 | 领用单\n审核发放 | 车间安全员 | 领用单 | 台账 | 2个工作日",
    ),
)


class RegulationFeed(PortalFeed):
    """What came into force, changed or was repealed lately; only what everybody may read."""

    title = _("Regulations: what changed")
    description = _("What came into force, changed or was repealed, newest first.")

    def link(self):
        return reverse("disclosures:regulation_changes")

    def items(self):
        today = local_day(timezone.now())
        rows = RegulationVersion.objects.approved().filter(regulation__audience=Audience.EVERYBODY, news_on__lte=today)
        return rows.select_related("regulation__unit").defer("body", "folded").order_by("-news_on", "-id")[:NEWEST]

    def item_title(self, item):
        if item.is_repeal:
            return _say("Repealed: %(title)s") % {"title": item.title}
        words = _say("New: %(title)s") if item.number == 1 else _say("Changed: %(title)s")
        return words % {"title": item.title}

    def item_description(self, item):
        parts = (item.regulation.code, item.regulation.unit.name, item.document_number, item.note)
        return " · ".join(filter(None, parts))

    def item_link(self, item):
        if item.number:
            return reverse("disclosures:regulation_version", args=[item.regulation.code, item.number])
        return reverse("disclosures:regulation", args=[item.regulation.code])

    def item_day(self, item):
        return item.news_on
