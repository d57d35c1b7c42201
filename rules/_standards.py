"""Every text the rules cite. Facts and clause numbers only; the wording of standards is not copied."""

from __future__ import annotations

from qa.standard import Standard, Trust

PUNCTUATION = Standard(
    "gbt15834",
    "标点符号用法",
    "GB/T 15834-2011",
    since="2012-06-01",
    unverified=frozenset({"B.3.1"}),
    # What these clauses ask is checked; their numbers are cited from memory.
    reported=frozenset({"4.1", "4.5.3"}),
)
NUMBERS = Standard(
    "gbt15835",
    "出版物上数字用法",
    "GB/T 15835-2011",
    since="2011-11-01",
    unverified=frozenset({"5.1.4 亿例"}),
    reported=frozenset({"体例", "4.2.3"}),
)
DOCUMENT_FORMAT = Standard(
    "gbt9704",
    "党政机关公文格式",
    "GB/T 9704-2012",
    since="2012-07-01",
    unverified=frozenset({"7.3.1", "7.3.2", "7.4.2", "7.3.8"}),
    # As above: the numbers of these are cited from memory.
    reported=frozenset({"7.2.5", "7.3.3", "7.3.4", "7.3.5.4"}),
)
INSPECTION = Standard(
    "gmh2019-19",
    "政府网站与政务新媒体检查指标",
    "国办秘函〔2019〕19号",
    since="2019-04-01",
    unverified=frozenset({"监管年度考核"}),
)
GUIDELINES = Standard(
    "gbf2017-47",
    "政府网站发展指引",
    "国办发〔2017〕47号",
    since="2017-05-15",
    unverified=frozenset({"商业广告", "附件", "离站提示", "链接"}),
    reported=frozenset({"网页设计规范", "转载来源", "失效标注"}),
)
ANNUAL_REPORT = Standard(
    "gbgkbh2021-30",
    "中华人民共和国政府信息公开工作年度报告格式",
    "国办公开办函〔2021〕30号",
    since="2021-09-26",
)
DISCLOSURE_REGULATIONS = Standard(
    "order711",
    "中华人民共和国政府信息公开条例",
    "国务院令第711号",
    since="2019-05-15",
)
DISCLOSURE_FEES = Standard(
    "gbh2020-109",
    "政府信息公开信息处理费管理办法",
    "国办函〔2020〕109号",
    trust=Trust.UNVERIFIED,
)
XINHUA = Standard(
    "xinhua2016",
    "新闻信息报道中的禁用词和慎用词（2016年7月修订）",
    "",
    since="2016-07-01",
    trust=Trust.REPORTED,
)
VARIANT_FORMS = Standard("gf1001", "第一批异形词整理表", "GF 1001-2001", since="2002-03-31")
DICTIONARY = Standard("xdhycd", "现代汉语词典（第7版）", trust=Trust.REPORTED)
COMMON_CHARACTERS = Standard("tygf2013", "通用规范汉字表", "国发〔2013〕23号", since="2013-06-05")
LANGUAGE_LAW = Standard("yywzf", "中华人民共和国国家通用语言文字法", since="2001-01-01")
REFORM_2018 = Standard("jggg2018", "国务院机构改革方案（2018年）", since="2018-03-17")
REFORM_2023 = Standard("jggg2023", "党和国家机构改革方案（2023年）", since="2023-03-16")
EDITING = Standard("bjsw", "编辑规范（通行做法）", "编辑规范（通行做法）", trust=Trust.UNVERIFIED)
ARITHMETIC = Standard("ss", "算术与历法核对", "算术与历法核对", trust=Trust.COMPUTED)
WCAG = Standard(
    "gbt37668",
    "信息技术 互联网内容无障碍可访问性技术要求与测试方法",
    "GB/T 37668-2019",
    trust=Trust.UNVERIFIED,
)
WEB_STANDARD = Standard("html", "HTML 标准（WHATWG）", "", "https://html.spec.whatwg.org/")

STANDARDS = tuple(value for value in list(globals().values()) if isinstance(value, Standard))
