"""Invented patients of a training place. Own work: no name, village or number of anybody."""

from uuid import UUID, uuid5

from django.db import transaction

from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.tenancy import in_training
from apps.patients.actions.identity import register

# First name in both scripts, sex, age. Each bears the family name "Practice".
PEOPLE = (
    ("सीता", "Sita", "female", 34),
    ("मोहन", "Mohan", "male", 52),
    ("गीता", "Geeta", "female", 27),
    ("रमेश", "Ramesh", "male", 41),
    ("पूनम", "Poonam", "female", 22),
    ("सुरेश", "Suresh", "male", 66),
    ("आरती", "Aarti", "female", 6),
    ("अमित", "Amit", "male", 9),
    ("शबाना", "Shabana", "female", 38),
    ("इमरान", "Imran", "male", 29),
    ("लक्ष्मी", "Lakshmi", "female", 71),
    ("दिनेश", "Dinesh", "male", 58),
    ("रेखा", "Rekha", "female", 45),
    ("विकास", "Vikas", "male", 18),
    ("सुनीता", "Sunita", "female", 31),
    ("राजू", "Raju", "male", 3),
    ("कमला", "Kamla", "female", 63),
    ("अनिल", "Anil", "male", 47),
    ("ज्योति", "Jyoti", "female", 15),
    ("संजय", "Sanjay", "male", 36),
)


@transaction.atomic
def make_practice(*, id: UUID, actor: Actor) -> int:
    """Twenty invented patients, each named as such; the same form sent twice makes them once.

    Refused("patient.not_training") in a hospital, Forbidden.
    """
    if not in_training():
        raise Refused("patient.not_training")
    for n, (hindi, latin, sex, age) in enumerate(PEOPLE):
        register(
            id=uuid5(id, str(n)),
            name_hi=f"{hindi} अभ्यास",
            name_en=f"{latin} Practice",
            sex=sex,
            age=age,
            actor=actor,
        )
    return len(PEOPLE)
