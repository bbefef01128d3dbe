"""Make the sample applications (示例) of gd-smart-manufacturing-2024: invented units over every domain and grade.

    python tools/make_sample_applications.py            writes rulebooks/gd-smart-manufacturing-2024/sample/2024.csv
    python tools/make_sample_applications.py FILE       writes it there

The same seed gives the same file. Nobody in it exists.
"""

from __future__ import annotations

import csv
import io
import random
import sys
from pathlib import Path

from appraisal.model.eligibility import Eligibility
from appraisal.reading.rulebook import find_rulebook, read_rulebook

SEED = 2024
RULEBOOK = "gd-smart-manufacturing-2024"
BASIC = dict.fromkeys(
    (
        "registered",
        "legal_person",
        "safe_production",
        "no_accident",
        "credit_good",
        "not_dishonest",
        "no_bad_record",
        "no_infringement",
    ),
    "是",
) | {"earlier_batch": "无"}
YES = {
    "equipment": ("own_brand", "leading", "rd_institution", "market"),
    "software": ("own_ip", "core_technology", "market", "dev_environment"),
    "network": ("third_party_service", "own_ip", "ot_it"),
    "solution": ("main_business", "leading", "rd_institution"),
    "association": ("well_run",),
    "school": ("joint_base", "outside_teachers"),
    "finance": ("premises", "finance_team", "reputation", "satisfaction"),
    "pilot": ("exemplary", "willing", "completed", "results"),
    "discrete": (
        "erp",
        "mes",
        "aps",
        "plm",
        "flexible_line",
        "data_platform",
        "shop_data",
        "storage_system",
        "1.2-4",
        "1.2-5",
        "core_database",
        "security",
    ),
}


def yes(*sets: str) -> dict[str, str]:
    """Return yes to everything that these conditions ask."""
    return {name: "是" for chosen in sets for name in YES[chosen]}


def units(rng: random.Random) -> list[tuple[str, dict[str, str]]]:
    """Return the units with their answers; what is left out is not known."""

    def some(low: int, high: int) -> str:
        return str(rng.randint(low, high))

    def revenue(low: int, high: int) -> dict[str, str]:
        return {f"main_revenue_{year}": some(low, high) for year in (2021, 2022, 2023)}

    def person(n: int) -> dict[str, str]:
        return {"contact": f"示例联系人{n}", "contact_phone": f"000-0000{n:04d}"}

    equipment = {
        "domain": "智能制造装备",
        **yes("equipment"),
        "invention_patents": some(5, 30),
        "rd_staff": some(20, 90),
        "cases_in_province": some(3, 12),
    }
    software = {
        "domain": "关键软件",
        **yes("software"),
        "software_copyrights": some(5, 40),
        "rd_staff": some(20, 60),
        "cases_in_province": some(5, 15),
        "written_cases": "5",
    }
    association = {
        "domain": "行业组织",
        **yes("association"),
        "cases_in_province": some(2, 8),
        "service_cases": some(5, 20),
    }
    pilot = {
        "domain": "智能制造试点示范",
        **yes("pilot", "discrete"),
        "project_table": "离散型行业",
        "management_equivalent": "是",
        "written_cases": "3",
    }
    # 1500 is the threshold: the mean of the first is far above it, of the second just below
    return [
        ("示例智能装备有限公司", {**BASIC, **equipment, **revenue(1600, 4000), **person(1), "priority": "2"}),
        (
            "示例精密机床有限公司",
            {
                **BASIC,
                **equipment,
                "main_revenue_2021": "1400",
                "main_revenue_2022": "1500",
                "main_revenue_2023": "1599",
                **person(2),
            },
        ),
        (
            "示例机器人股份有限公司",
            {**BASIC, **equipment, "main_revenue_2021": "2100", "main_revenue_2023": "2600", **person(3)},
        ),
        (
            "示例工业软件有限公司",
            {**BASIC, **software, **person(4), "priority": "1", "industries": "软件与信息服务;智能机器人"},
        ),
        (
            "示例网络科技有限公司",
            {
                **BASIC,
                "domain": "信息网络基础设施",
                **yes("network"),
                "cases_in_province": "5",
                "invention_patents": "5",
                **person(5),
                "priority": "4",
            },
        ),
        (
            "示例系统集成有限公司",
            {
                **BASIC,
                "domain": "智能制造系统解决方案",
                **yes("solution"),
                "cases_in_province": "8",
                "invention_patents": "7",
                "rd_staff": "19",
                **person(6),
            },
        ),
        (
            "示例智能制造协会",
            {**BASIC, **association, "service_staff": "24", "degree_staff": "10", "title_staff": "6", **person(7)},
        ),
        (
            "示例职业技术学院",
            {
                **BASIC,
                "domain": "智能制造人才",
                "unit_kind": "学校",
                **yes("school"),
                "partner_firms": "6",
                "cases_in_province": "3",
                **person(8),
                "priority": "3",
            },
        ),
        (
            "示例融资租赁有限公司",
            {
                **BASIC,
                "domain": "智能制造金融服务",
                **yes("finance"),
                "service_staff": "35",
                "finance_products": "4",
                "service_cases": "10",
                "cases_in_province": "10",
                **person(9),
                "priority": "5",
            },
        ),
        ("示例家电制造有限公司", {**BASIC, **pilot, "cases_in_province": "4", **person(10)}),
        ("示例汽车零部件有限公司", {**BASIC, **pilot, "cases_in_province": "6", **person(11), "priority": "6"}),
        (
            "示例人工智能有限公司",
            {
                **BASIC,
                "domain": "关键软件",
                "qualifications": "省级大数据/人工智能骨干（培育）企业",
                **person(12),
                "priority": "1",
            },
        ),
        (
            "示例公共技术平台有限公司",
            {
                **BASIC,
                "domain": "智能制造系统解决方案",
                "qualifications": "广东省智能制造公共技术支撑平台;省制造业数字化转型产业生态供给资源池",
                **person(13),
                "priority": "2",
            },
        ),
        (
            "示例创新中心有限公司",
            {
                "domain": "智能制造装备",
                "earlier_batch": "无",
                "qualifications": "智能制造领域省级及以上制造业创新中心",
                **person(14),
            },
        ),
        ("示例老伙伴有限公司", {**BASIC, **software, "earlier_batch": "第二批", **person(15)}),
        ("示例未填领域有限公司", {**BASIC, "rd_staff": "40", **person(16)}),
    ]


def rows(rulebook: Eligibility) -> list[tuple[str, str, str, str, str]]:
    """Return the rows of the file: each unit's answers, and a few that an office has verified."""
    found = [
        (unit, _word(rulebook, name), value, "", "示例")
        for unit, answers in units(random.Random(SEED))
        for name, value in answers.items()
    ]
    found.append(("示例汽车零部件有限公司", _word(rulebook, "cases_in_province"), "5", "核验", "示例：核验后少计一个"))
    found.append(("示例智能装备有限公司", _word(rulebook, "leading"), "是", "核验", "示例：专家评审"))
    return found


def _word(rulebook: Eligibility, name: str) -> str:
    """Return what people call an input."""
    field = rulebook.field_of[name]
    return field.name if name == field.id else f"{name.rpartition('_')[2]}年{field.name}"


def main() -> None:
    """Write the file beside the rulebook, or where the command line says."""
    path = find_rulebook(RULEBOOK)
    rulebook = read_rulebook(path).as_a(Eligibility)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["单位", "字段", "数值", "来源", "备注"])
    writer.writerows(rows(rulebook))
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else path.parent / "sample" / "2024.csv"
    target.write_bytes(buffer.getvalue().encode())
    print(target)


if __name__ == "__main__":
    main()
