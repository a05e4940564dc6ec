# ruff: noqa: E501, ISC004 -- pastes are kept as programs wrote them
"""What people paste, and what attackers send. Each paste is (name, pasted, clean)."""


def _item(level, marker, text, listed="l0"):
    return (
        f"<p class=MsoListParagraph style='margin-left:21.0pt;text-indent:-21.0pt;mso-list:{listed} level{level} lfo1'>"
        f"<![if !supportLists]><span lang=EN-US style='font-family:Wingdings'><span style='mso-list:Ignore'>{marker}"
        f"<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>"
        f"<span style='font-family:宋体'>{text}<o:p></o:p></span></p>\n"
    )


WORD_HEAD = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15">'
    "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->"
    "<style><!-- p.MsoNormal {margin:0cm;} --></style></head><body lang=ZH-CN><!--StartFragment-->"
)
WORD_FOOT = "<!--EndFragment--></body></html>"

PASTES = [
    (
        "headings_of_word_move_below_the_page_s_own",
        WORD_HEAD
        + "<h1 style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>一、</span><![endif]>"
        + "<span style='color:#C00000'>总则</span></h1><h2>（一）适用范围</h2><p class=MsoNormal>正文</p>"
        + WORD_FOOT,
        "<h2>一、总则</h2>\n<h3>（一）适用范围</h3>\n<p>正文</p>",
    ),
    (
        "headings_as_paragraphs",
        "<p class=MsoTitle>关于奖金的规定</p><p class=MsoHeading2>范围</p><p class='Heading3'>细则</p>"
        "<p style='mso-outline-level:2'>大纲二级</p><p role=heading aria-level=3>网页版</p>",
        "<h2>关于奖金的规定</h2>\n<h3>范围</h3>\n<h4>细则</h4>\n<h3>大纲二级</h3>\n<h4>网页版</h4>",
    ),
    (
        "headings_without_a_first_rank_stay",
        "<h2>甲</h2><h3>乙</h3><h5>丙</h5>",
        "<h2>甲</h2>\n<h3>乙</h3>\n<h4>丙</h4>",
    ),
    (
        "lists_of_word_become_lists",
        WORD_HEAD
        + _item(1, "1.", "一线岗位")
        + _item(2, "l", "夜班")
        + _item(2, "l", "白班")
        + _item(1, "2.", "管理岗位")
        + "<p class=MsoNormal><span>之后<o:p></o:p></span></p>"
        + _item(1, "3.", "其他")
        + WORD_FOOT,
        "<ol><li>一线岗位<ul><li>夜班</li><li>白班</li></ul></li><li>管理岗位</li></ol>\n<p>之后</p>\n"
        '<ol start="3"><li>其他</li></ol>',
    ),
    (
        "remarks_of_word_in_their_long_form",
        "<p class=MsoListParagraphCxSpFirst style='mso-list:l1 level1 lfo2'><!--[if !supportLists]--><span "
        "style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp;</span></span></span><!--[endif]-->"
        "口罩</p><p class=MsoListParagraphCxSpLast style='mso-list:l1 level1 lfo2'><!--[if !supportLists]-->·&nbsp;"
        "<!--[endif]-->手套</p>",
        "<ul><li>口罩</li><li>手套</li></ul>",
    ),
    (
        "numbers_that_are_quoted_stay_in_the_text",
        "<p class=MsoNormal style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>第三条<span>&nbsp;</span>"
        "</span>职工代表实行常任制。</p>"
        "<p class=MsoNormal style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>（一）</span>出席会议；</p>"
        "<p class=MsoNormal style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>1.1</span>签到</p>",
        "<p>第三条 职工代表实行常任制。</p>\n<p>（一）出席会议；</p>\n<p>1.1 签到</p>",
    ),
    (
        "tables_lose_widths_and_keep_merged_cells",
        "<table class=MsoTableGrid border=1 cellspacing=0 width=553 style='border-collapse:collapse'>"
        "<tr style='mso-yfti-irow:0;mso-yfti-firstrow:yes'><td width=184 valign=top style='width:138.3pt;border:solid'>"
        "<p class=MsoNormal align=center><b>单位</b></p></td><td width=184 colspan=2><p class=MsoNormal><b>人数</b></p></td>"
        "</tr><tr><td rowspan=2><p class=MsoNormal>乙烯厂</p><p class=MsoNormal>二车间</p></td><td><p>5</p></td>"
        "<td><p><o:p>&nbsp;</o:p></p></td></tr><tr><td>6</td><td>7</td></tr></table>",
        '<table><thead><tr><th>单位</th><th colspan="2">人数</th></tr></thead><tbody><tr><td rowspan="2">乙烯厂<br>二车间</td>'
        "<td>5</td><td></td></tr><tr><td>6</td><td>7</td></tr></tbody></table>",
    ),
    (
        "fonts_spans_and_smart_tags_leave_their_text",
        "<p class=MsoNormal><st1:chsdate Year=2026 w:st=on><span lang=EN-US>2026</span>年</st1:chsdate><font color=red face="
        "宋体 size=4><b><span style='mso-bidi-font-weight:normal'>重</span></b><b>要</b></font><u></u><span>通知</span></p>",
        "<p>2026年<strong>重要</strong>通知</p>",
    ),
    (
        "source_lines_of_word_put_no_space_between_characters",
        "<p class=MsoNormal>职工代表大会审议通过了\n奖金分配办法，自\r\n2026年起 执行 by\nlaw</p>",
        "<p>职工代表大会审议通过了奖金分配办法，自 2026年起 执行 by law</p>",
    ),
    (
        "reviewed_away_and_hidden_text_goes",
        "<p>奖金<span class=msoDel><del cite='mailto:王' datetime='2026'>三十</del></span><span class=msoIns><ins>三十五"
        "</ins></span>元<span style='display:none;mso-hide:all'>内部掌握</span><span class=MsoCommentReference>[A1]"
        "</span></p><div style='mso-element:comment-list'><p>批注</p></div>",
        "<p>奖金三十五元</p>",
    ),
    (
        "empty_paragraphs_and_hand_made_indents_go",
        "<p><o:p>&nbsp;</o:p></p><p>　　第一段</p><p>&nbsp;&nbsp;&nbsp;<br></p><div><br></div><p>第二段<br><br><br>末行<br></p>",
        "<p>第一段</p>\n<p>第二段<br><br>末行</p>",
    ),
    (
        "lists_with_tables_in_them_go_on_after_the_table",
        "<ol><li>甲<table><tr><td>1</td></tr></table></li><li>乙</li></ol>",
        '<ol><li>甲</li></ol>\n<table><tbody><tr><td>1</td></tr></tbody></table>\n<ol start="2"><li>乙</li></ol>',
    ),
    (
        "lists_straight_in_lists_belong_to_the_item_before",
        "<ul><li>甲</li><ul><li>乙</li></ul></ul>",
        "<ul><li>甲<ul><li>乙</li></ul></li></ul>",
    ),
    (
        "bold_around_paragraphs_reaches_into_them",
        "<b><p>甲</p>乙<p>丙<i>丁</b></i></p>",
        "<p><strong>甲</strong></p>\n<p><strong>乙</strong></p>\n<p><strong>丙<em>丁</em></strong></p>",
    ),
    (
        "links_of_word_s_own_jumps_go",
        "<p><a href='#_Toc1'>目录</a> <a href='https://example.cn/a?b=1&amp;c=2' onclick='x()'>外</a> <a href='#c3'>第三款</a></p>",
        '<p>目录 <a href="https://example.cn/a?b=1&amp;c=2" rel="noopener noreferrer">外</a> '
        '<a href="#c3" rel="noopener noreferrer">第三款</a></p>',
    ),
    (
        "broken_tables_and_paragraphs",
        "<table><tr><td>1<td>2<tr><td>3<td>4</table><p>甲<p>乙",
        "<table><tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></tbody></table>\n<p>甲</p>\n<p>乙</p>",
    ),
    (
        "unseen_characters_go_in_every_writing",
        "<p>工资\u202e单&#8238;x&#x200B;y\x00z\ud800&#xfeff;</p>",
        "<p>工资单xyz</p>",
    ),
    ("composed_form", "<p>e\u0301</p><p>\u0338x</p>", "<p>é</p>\n<p>x</p>"),
]

# None of these may leave more than text behind.
ATTACKS = [
    "<script>alert(1)</script>",
    "<p><img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><p>x",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<template><script>alert(1)</script><template><img src=x onerror=alert(1)></template></template>",
    "<p title='</p><script>alert(1)</script>'>x</p>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href='jav\nascript:alert(1)'>x</a>",
    "<a href='&#106;&#97;vascript&colon;alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='java\u200bscript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<a href='//evil.example/x'>x</a>",
    "<a href='/\\evil.example'>x</a>",
    "<a href='https:evil.example'>x</a>",
    "<a href='/x' target=_blank style='position:fixed' class=btn id=main name=x ping=//evil>x</a>",
    '<p style="background:url(javascript:alert(1));width:expression(alert(1))">x</p>',
    "<img srcset='x 1x, javascript:alert(1) 2x'><picture><source srcset=//evil></picture>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=//evil></object><embed src=//evil><link rel=stylesheet href=//evil><meta http-equiv=refresh content=0>",
    "<base href=//evil><form action=//evil><input name=csrfmiddlewaretoken><button formaction=//evil>x</button></form>",
    "<table background=//evil><td background='javascript:x' colspan='1 onload=x' rowspan=1e9>x</table>",
    "<ol start='1\" onclick=\"x' type=I reversed><li value=9>x</li></ol>",
    "<<script>script>alert(1)<</script>/script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<scr\u200bipt>alert(1)</scr\u200bipt>",
    "<p\u0338><b>x",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<textarea></textarea><img src=x onerror=alert(1)></textarea>",
    "<title></title><xmp></xmp><img src=x onerror=alert(1)>",
    "{{ 7|add:7 }}{% load static %}<p>{{ settings.SECRET_KEY }}",
    "<p>" * 500 + "<svg/onload=alert(1)>",
    "<a href='x'><a href='javascript:x'><table><a href='javascript:y'>",
    "<details open ontoggle=alert(1)><summary>x</summary></details><marquee onstart=alert(1)>x</marquee>",
    "<p><a href=\"/a'onmouseover='x\">x</a><a href='mailto:a@b?subject=<script>'>m</a>",
]
