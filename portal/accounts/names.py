"""Names as people search for them: by pinyin, whole or by initials."""

from functools import lru_cache

# Surnames read otherwise than the same character in other words (多音字姓氏).
_SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "任": "ren", "查": "zha",
    "朴": "piao", "盖": "ge", "华": "hua", "尉": "wei", "翟": "zhai", "员": "yun", "黑": "he",
    "乐": "yue", "覃": "qin", "宓": "mi", "晟": "cheng", "折": "she", "逄": "pang", "冼": "xian",
    "缪": "miao", "郗": "xi", "适": "kuo", "牟": "mu", "秘": "bi", "种": "chong", "重": "chong",
    "隗": "wei", "车": "che", "能": "nai", "召": "shao", "阚": "kan", "纪": "ji", "宁": "ning",
    "曲": "qu", "卜": "bu", "瞿": "qu", "褚": "chu", "洗": "xian", "幺": "yao", "教": "jiao",
    "厘": "li", "过": "guo", "万": "wan",
    "尉迟": "yu chi", "单于": "chan yu", "长孙": "zhang sun", "澹台": "tan tai", "万俟": "mo qi",
    "令狐": "ling hu", "宇文": "yu wen", "皇甫": "huang fu", "呼延": "hu yan", "夏侯": "xia hou",
    "欧阳": "ou yang", "上官": "shang guan", "诸葛": "zhu ge", "司马": "si ma", "司徒": "si tu",
    "东方": "dong fang", "独孤": "du gu", "慕容": "mu rong",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def _syllables(text):
    # Its dictionaries are 57 MiB and two seconds of starting; only a process that writes names needs them.
    from pypinyin import Style, lazy_pinyin

    # One reading a character, in the one most used; enough to find a person by.
    return tuple(
        part.lower()
        for part in lazy_pinyin(text, style=Style.NORMAL, errors=lambda left: left.replace(" ", ""))
        if part
    )


def name_key(name):
    """Return what a name is found by: the whole pinyin, a space, the initials ("曾国强" → "zengguoqiang zgq")."""
    for length in (2, 1):
        if surname := _SURNAMES.get(name[:length]):
            parts = (*surname.split(), *_syllables(name[length:]))
            break
    else:
        parts = _syllables(name)
    return f"{''.join(parts)} {''.join(part[0] for part in parts)}"[:120].strip()
