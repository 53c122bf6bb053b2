"""The registry's part of the demonstration: a country's facilities, synthetic families, and the first story."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from msingi.demo.stage import Credential, Stage
from msingi.demo.wishes import Wishes
from msingi.work import Work
from msingi_registry.models.facility import Facility
from msingi_registry.models.person import Person
from msingi_registry.plugin import plugin
from msingi_registry.services.country_load import load_country
from msingi_registry.services.synthetic_load import load_synthetic_persons

if TYPE_CHECKING:
    from msingi.platform import Platform

Report = Callable[[str, int, int], None]
ADMIN, AUDITOR = "super_administrator", "auditor"
CLERK, COLLEAGUE = "awa.moussa", "bello.hamadou"
OWN_PASSWORD = "Sous le grand manguier 2026"  # noqa: S105 - of demonstration users, told by the story itself
FAMILY = [
    {
        "givenName": "Aïssatou",
        "familyName": "Ngo'o Bélinga",
        "sex": "FEMALE",
        "birthDate": "1988-03-14",
        "role": "HEAD",
    },
    {"givenName": "Paul", "familyName": "Bélinga", "sex": "MALE", "birthDate": "1984", "role": "SPOUSE"},
    {
        "givenName": "Grâce",
        "familyName": "Bélinga",
        "sex": "FEMALE",
        "birthDate": "2015-07",
        "role": "CHILD",
        "motherMember": 0,
    },
    {
        "givenName": "Emmanuel",
        "familyName": "Bélinga",
        "sex": "MALE",
        "birthDate": "2021-11-02",
        "role": "CHILD",
        "motherMember": 0,
    },
]


@plugin.demo_load
def load_facilities(platform: "Platform", _wishes: Wishes, report: Report) -> None:
    """Load the country's places and health facilities."""
    load_country(
        platform, platform.profile.country.iso3, lambda done, total: report("facilities", done, total)
    )


@plugin.demo_load
def load_persons(platform: "Platform", wishes: Wishes, report: Report) -> None:
    """Add made-up families, marked synthetic."""
    if wishes.persons:
        load_synthetic_persons(
            platform,
            platform.profile.country.iso3,
            wishes.persons,
            seed=wishes.seed,
            progress=lambda done, total: report("persons", done, total),
        )


@plugin.total
def count_registry(work: Work) -> Mapping[str, str]:
    """Say how many facilities and persons are registered."""
    counts = {"facilities": Facility, "persons": Person}
    return {
        name: str(work.session.scalar(select(func.count()).select_from(model)))
        for name, model in counts.items()
    }


@plugin.scene
def appoint_clerks(stage: Stage) -> None:
    """The administrator gives two regions a clerk each."""
    stage.title(fr="1. Un agent par district", en="1. A clerk for one district")
    stage.say(
        fr="L'administratrice choisit deux territoires et y crée un agent de saisie.",
        en="The administrator picks two territories and creates a clerk in each.",
    )
    found = stage.ask(
        ADMIN,
        'query { jurisdictions(first: 2, where: {level: {eq: 1}, kind: {eq: "admin"}}, orderBy: [CODE_ASC])'
        " { nodes { id name } totalCount } }",
    )["jurisdictions"]["nodes"]
    stage.facts["home"], stage.facts["elsewhere"] = found[0], found[-1]
    _appoint(stage, CLERK, "Awa Moussa", stage.facts["home"]["id"])
    _appoint(stage, COLLEAGUE, "Bello Hamadou", stage.facts["elsewhere"]["id"])


@plugin.scene
def register_family(stage: Stage) -> None:
    """The clerk signs in, finds a facility and registers a family of four."""
    stage.title(fr="2. Une famille de quatre", en="2. A family of four")
    stage.sign_in(CLERK, new_password=OWN_PASSWORD)
    facilities = stage.ask(
        CLERK,
        "query { facilities(first: 3, orderBy: [NAME_ASC]) { nodes { id code name type place { name } } totalCount } }",
    )["facilities"]["nodes"]
    stage.facts["facility"] = facilities[0]
    household = {
        "jurisdictionId": stage.facts["home"]["id"],
        "address": "Quartier Haoussa",
        "members": FAMILY,
    }
    registered = stage.ask(
        CLERK,
        "mutation($input: HouseholdDraft!) { registerHousehold(input: $input)"
        " { household { id code } members { id givenName familyName birthDate birthPrecision uhid isHead } } }",
        {"input": household},
        key="story-family",
    )["registerHousehold"]
    stage.facts["household"], stage.facts["members"] = registered["household"], registered["members"]


@plugin.scene
def print_card(stage: Stage) -> None:
    """The clerk issues a card that any facility can verify without a network."""
    stage.title(fr="3. La carte de consultation", en="3. The consultation card")
    head = stage.facts["members"][0]
    card = stage.ask(
        CLERK,
        "mutation($id: UUID!) { issueCard(personId: $id) { serial code issuedOn } }",
        {"id": head["id"]},
    )["issueCard"]
    pdf = stage.download(CLERK, f"/api/registry/cards/{head['id']}.pdf")
    path = stage.keep("carte.pdf", pdf)
    stage.say(fr=f"La carte imprimable est dans {path}.", en=f"The card to print is in {path}.")
    stage.ask(
        CLERK,
        "query($text: String!) { verifyCard(text: $text) { uhid initials birthYear serial } }",
        {"text": card["code"]},
    )


@plugin.scene
def look_from_elsewhere(stage: Stage) -> None:
    """A colleague of another territory sees nothing of it."""
    stage.title(fr="4. Un collègue d'un autre district", en="4. A colleague of another district")
    stage.sign_in(COLLEAGUE, new_password=OWN_PASSWORD)
    head = stage.facts["members"][0]
    opened = stage.ask(
        COLLEAGUE,
        "query($id: UUID!) { person(id: $id, basis: CARE) { givenName }"
        ' searchPersons(query: {name: "Ngo\'o Belinga"}) { initials } }',
        {"id": head["id"]},
    )
    stage.expect(opened == {"person": None, "searchPersons": []}, "another district saw the person")
    stage.say(
        fr="Il obtient la même réponse que pour une personne qui n'existe pas.",
        en="He gets the same answer as for a person who does not exist.",
    )


@plugin.scene
def catch_mistakes(stage: Stage) -> None:
    """A duplicate is caught in spite of another spelling, and a wrong date is explained."""
    stage.title(fr="5. Un doublon, une erreur", en="5. A duplicate, a mistake")
    stage.ask(
        CLERK,
        'query { searchPersons(query: {name: "belinga aissatou", birthYear: 1988}) { initials birthYear sex place uhidEnd } }',
    )
    twin = {
        "givenName": "Belinga Aissatou",
        "familyName": "Ngoo",
        "sex": "FEMALE",
        "birthDate": "1988-03-14",
        "jurisdictionId": stage.facts["home"]["id"],
    }
    register = "mutation($input: PersonDraft!) { registerPerson(input: $input) { id } }"
    stage.ask(CLERK, register, {"input": twin}, refused="registry.possible_duplicate")
    stage.ask(
        CLERK, register, {"input": {**twin, "birthDate": "2098-02-30"}}, refused="registry.birth_date_invalid"
    )


@plugin.scene
def read_the_trail(stage: Stage) -> None:
    """The auditor reads who registered the family, and the chain is verified."""
    stage.title(fr="6. La piste d'audit", en="6. The audit trail")
    stage.sign_in(AUDITOR, new_password=OWN_PASSWORD)
    lines = stage.ask(
        AUDITOR,
        "query($household: UUID!) { auditEntries(first: 5, record: $household, orderBy: [AT_DESC])"
        " { nodes { at action entity actorId } } }",
        {"household": stage.facts["household"]["id"]},
    )["auditEntries"]["nodes"]
    stage.expect(bool(lines), "the registration is not in the audit trail")


def _appoint(stage: Stage, username: str, name: str, place: str) -> None:
    created: dict[str, Any] = stage.ask(
        ADMIN,
        "mutation($user: NewUser!) { createUser(user: $user) { user { id username } oneTimePassword } }",
        {
            "user": {
                "username": username,
                "displayName": name,
                "jurisdictionId": place,
                "language": stage.language,
            }
        },
    )["createUser"]
    stage.ask(
        ADMIN,
        'mutation($user: UUID!, $place: UUID!) { grantRole(subjectId: $user, role: "clerk", jurisdictionId: $place)'
        " { id validFrom } }",
        {"user": created["user"]["id"], "place": place},
    )
    stage.cast[username] = Credential(username, created["oneTimePassword"])
