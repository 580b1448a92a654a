"""«Цифровая школа Северской области»: participants."""

from __future__ import annotations

from reports.demo.passports import officials as who
from reports.demo.passports.building import Row, participants

HEAD = "Руководитель регионального проекта"
ADMINISTRATOR = "Администратор регионального проекта"
OWNER = "Ответственный за достижение результата регионального проекта"
MEMBER = "Участник регионального проекта"


def rows() -> list[Row]:
    """Under each result those who work on it; the shares of a person add up to no more than a full day."""
    from reports.demo.passports import digital as project

    return participants(
        (
            (None, ((HEAD, who.DIGITAL_HEAD, "15"), (ADMINISTRATOR, who.DIGITAL_ADMINISTRATOR, "25"))),
            (
                "Общие организационные мероприятия по региональному проекту",
                (
                    (MEMBER, who.DIGITAL_ADMINISTRATOR, "10"),
                    (MEMBER, who.COMMUNICATIONS, "2"),
                    (MEMBER, who.MUNICIPAL_DEPARTMENTS, "5"),
                ),
            ),
            (
                project.CONNECTED,
                (
                    (OWNER, who.DIGITAL_HEAD, "5"),
                    (MEMBER, who.COMMUNICATIONS, "3"),
                    (MEMBER, who.NETWORKS, "30"),
                    (MEMBER, who.HEADS_OF_ORGANISATIONS, "5"),
                ),
            ),
            (
                project.WIRED,
                (
                    (OWNER, who.DIGITAL_ADMINISTRATOR, "10"),
                    (MEMBER, who.NETWORKS, "25"),
                    # Busy with «Тёплая школа» as well: together more than a person can do.
                    (MEMBER, who.REPAIRS, "40"),
                ),
            ),
            (
                project.EQUIPPED,
                (
                    (OWNER, who.DIGITAL_HEAD, "5"),
                    (MEMBER, who.EQUIPMENT, "40"),
                    (MEMBER, who.COLLEGES, "5"),
                    (MEMBER, who.HEADS_OF_ORGANISATIONS, "5"),
                ),
            ),
            (project.SERVED, ((OWNER, who.DIGITAL_ADMINISTRATOR, "10"), (MEMBER, who.EQUIPMENT, "20"))),
            (
                project.PORTFOLIO,
                (
                    (OWNER, who.DIGITAL_ADMINISTRATOR, "10"),
                    (MEMBER, who.COLLEGES, "10"),
                    (MEMBER, who.HEADS_OF_ORGANISATIONS, "5"),
                ),
            ),
            (project.TRAINED, ((OWNER, who.TRAINING, "10"), (MEMBER, who.COLLEGES, "5"))),
            (project.SITES, ((OWNER, who.NETWORKS, "10"), (MEMBER, who.HEADS_OF_ORGANISATIONS, "2"))),
        )
    )
