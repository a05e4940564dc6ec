"""Sets of dimensions and scales that a new sheet may begin with, each with its source (domain.md §6.1, §6.2)."""

from decimal import Decimal

from .enums import CodeSet, Grading, Satisfaction, ScaleKind

FIFTH = Decimal("0.2")
DIMENSIONS = {
    CodeSet.FIVE: (
        ("工作业绩", Decimal("0.3"), ()),
        ("思想政治", FIFTH, ()),
        ("作风能力", FIFTH, ()),
        ("团结民主", Decimal("0.15"), ()),
        ("勤政廉洁", Decimal("0.15"), ()),
    ),
    CodeSet.CIVIL: (("德", FIFTH, ()), ("能", FIFTH, ()), ("勤", FIFTH, ()), ("绩", FIFTH, ()), ("廉", FIFTH, ())),
    CodeSet.EMPTY: (),
}
# Points of the words of a scale, and where they come from.
POINTS = {
    ScaleKind.GRADE: (
        (Grading.EXCELLENT, Decimal(100)),
        (Grading.COMPETENT, Decimal(80)),
        (Grading.BASIC, Decimal(60)),
        (Grading.INCOMPETENT, Decimal(40)),
    ),
    ScaleKind.SATISFACTION: (
        (Satisfaction.SATISFIED, Decimal(100)),
        (Satisfaction.FAIRLY, Decimal(70)),
        (Satisfaction.DISSATISFIED, Decimal(30)),
    ),
}
POINT_SOURCES = {
    ScaleKind.GRADE: "考核实践：优秀、称职、基本称职、不称职按100、80、60、40分折算",
    ScaleKind.SATISFACTION: "测评实践：满意、基本满意、不满意按100、70、30分折算，不了解不计分",
}
STEPS = (1, 2, 5, 10)  # of a score
