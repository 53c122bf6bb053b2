"""Products: terms in and out unchanged, versions that follow, codes that stay unique, products that close."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.test_type_names import TEXTS
from tests.modules.msingi_insurance.insurance_fixtures import Scheme, product_input, scheme_of, sold
from tests.modules.msingi_insurance.test_insurance_policies import enrol

from msingi.errors import DomainError
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_insurance.models.product import ProductVersion
from msingi_insurance.plugin import EDIT_PRODUCTS, READ_PRODUCTS
from msingi_insurance.rules.terms import CoverageLine, LineKind, Terms
from msingi_insurance.services.products import create_product, digest_of, terms_of
from msingi_insurance.services.products_drafts import ProductDraft, read_product_file, write_product_file
from msingi_insurance.services.products_files import Loaded, load_product, product_file

CREATE = """mutation ($input: ProductDraft!) { createProduct(input: $input) {
  id version code currency currentVersion { id number digest terms } } }"""
NEXT = """mutation ($id: UUID!, $input: VersionDraft!, $v: Int!) {
  addProductVersion(productId: $id, input: $input, expectedVersion: $v) { number validFrom digest } }"""
CLOSE = "mutation ($id: UUID!, $v: Int!) { closeProduct(id: $id, expectedVersion: $v) { closedOn version } }"
CHANGE = """mutation ($id: UUID!, $input: ProductChanges!, $v: Int!) {
  changeProduct(id: $id, input: $input, expectedVersion: $v) { version } }"""
WHOLE: dict[str, Any] = {
    "insurance_period": 6,
    "start_cycles": ["01-01", "01-06"],
    "threshold": 2,
    "lump_sum": "200",
    "premium_child": "0",
    "deductible": {"basis": "treatment", "ip": "10", "op": "5"},
    "ceiling": {"basis": "policy", "ip": "9000", "op": "4000", "maximum": {"ip": "10000", "op": "5000"}},
    "max_number": {"visit": 0, "surgery": 2},
    "max_amount": {"delivery": "0"},
    "other_services": {
        "limitation": {
            "other": {"type": "C", "adult": "80", "child": "90"},
            "emergency": {"type": "F", "adult": "0"},
            "referral": None,
        },
        "ceiling_exclusion": {"adult": "H", "child": "B"},
    },
    "pools": [{"care": "I", "period": "year", "percentages": ["12.5"]}],
}


@pytest.fixture
def scheme(make_platform: MakePlatform, as_user: AsUser) -> Scheme:
    return scheme_of(make_platform, as_user)


@pytest.mark.rule("D-1", "PRD-6", "PRD-10", "INS-A3")
def test_terms_come_back_as_they_went_in(scheme: Scheme) -> None:
    wanted = Terms.model_validate(WHOLE)

    made = scheme.run(CREATE, {"input": {**product_input(scheme.places["CM"]), "terms": WHOLE}})[
        "createProduct"
    ]

    assert Terms.model_validate(made["currentVersion"]["terms"]) == wanted
    assert made["currentVersion"]["digest"] == digest_of(wanted)
    assert (made["currentVersion"]["number"], made["currency"]) == (1, "XAF")


@pytest.mark.rule("D-1")
def test_a_product_file_comes_back_as_it_went_in() -> None:
    content = (
        b'{"code": "CSU", "name": "x", "place": "CM", "date_from": "2026-01-01", "terms": {"lump_sum": "0"}}'
    )

    file = read_product_file(content)

    assert read_product_file(write_product_file(file)) == file
    for wrong in (b"{", b'{"code": "CSU"}', content.replace(b"lump_sum", b"lump")):
        with pytest.raises(DomainError) as refused:
            read_product_file(wrong)
        assert refused.value.code == "insurance.product_file_invalid"


@pytest.mark.rule("D-1", "X-01")
def test_a_product_file_is_refused_with_every_mistake_told_apart_by_its_path() -> None:
    content = (
        b'{"code": "A LONG CODE", "nme": "x", "place": "CM", "datefrom": "2026-01-01", '
        b'"terms": {"lump": "0", "zzz": 1, "items": [{"covered_amont": 2}]}}'
    )

    with pytest.raises(DomainError) as refused:
        read_product_file(content)

    assert str(refused.value) == (
        "The file is not a product. Missing: $.name, $.date_from. "
        "Unknown: $.terms.lump (did you mean “lump_sum”?), $.terms.zzz, $.terms.items, "
        "$.nme (did you mean “name”?), $.datefrom (did you mean “date_from”?). "
        "Not valid: $.code: write at most 8 characters."
    )
    assert TEXTS.refusal(refused.value, "fr") == (
        "Le fichier n'est pas un produit. Manquent : $.name, $.date_from. "
        "Inconnus : $.terms.lump (vouliez-vous « lump_sum » ?), $.terms.zzz, $.terms.items, "
        "$.nme (vouliez-vous « name » ?), $.datefrom (vouliez-vous « date_from » ?). "
        "Non valables : $.code : écrivez au plus 8 caractères."
    )


@pytest.mark.rule("X-01")
def test_the_schema_of_terms_is_described_in_the_readers_language(scheme: Scheme) -> None:
    ask = "{ productTermsSchema }"
    english, french = (
        scheme.run(ask, actor=replace(scheme.clerk, language=language))["productTermsSchema"]
        for language in ("en", "fr")
    )
    told, meant = (dict(_descriptions(schema)) for schema in (french, english))

    assert english == Terms.model_json_schema()
    assert (
        french["properties"]["deductible"]["description"] == "Franchise : ce que les assurés paient d'abord"
    )
    assert told.keys() == meant.keys()
    assert [path for path in meant if told[path] == meant[path]] == []


def _descriptions(part: Any, path: str = "$") -> Iterator[tuple[str, str]]:
    """Each description of a schema by the path of what it describes."""
    if isinstance(part, dict) and isinstance(part.get("description"), str):
        yield path, part["description"]
    for name, inner in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(inner, dict | list):
            yield from _descriptions(inner, f"{path}.{name}")


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_a_digest_does_not_depend_on_how_a_number_is_written(amount: Any) -> None:
    written = Terms(lump_sum=amount)

    assert digest_of(written) == digest_of(Terms(lump_sum=amount.normalize() + 0))


@pytest.mark.rule("PRD-6", "PRD-13")
def test_every_problem_of_the_terms_bears_its_path(scheme: Scheme) -> None:
    terms = {
        "insurance_period": 0,
        "deductible": {"basis": "policy", "general": "1", "ip": "2"},
        "colour": "red",
    }

    answer = scheme.platform.graphql.run(
        CREATE, {"input": product_input(scheme.places["CM"]) | {"terms": terms}}, actor=scheme.clerk
    )

    extensions = answer["errors"][0]["extensions"]
    assert extensions["code"] == "core.invalid_input"
    paths = {problem["path"] for problem in extensions["params"]["fields"]}
    assert paths == {"input.terms.insurance_period", "input.terms.deductible", "input.terms.colour"}


@pytest.mark.rule("PRD-10")
def test_coverage_names_codes_of_the_catalogue(scheme: Scheme) -> None:
    given = product_input(scheme.places["CM"], coverage=[{"kind": "item", "code": "NO-SUCH"}])

    assert scheme.refused(CREATE, {"input": given}) == "insurance.coverage_unknown"
    assert scheme.run("{ products { totalCount } }") == {"products": {"totalCount": 0}}


@pytest.mark.rule("PRD-1")
def test_wrong_terms_are_told_by_the_names_that_were_written_with_what_is_wrong(scheme: Scheme) -> None:
    terms = {
        "premium_adlt": "3",
        "lump_sum": "many",
        "ceiling": {"basis": "polcy"},
        "coverage": [{"kind": "item", "cod": "X"}],
    }
    draft = {**product_input(scheme.places["CM"]), "code": "TOO LONG A CODE", "terms": terms}

    answer = scheme.platform.graphql.run(CREATE, {"input": draft}, actor=scheme.clerk)

    (error,) = answer["errors"]
    told = {one["path"]: one["message"] for one in error["extensions"]["params"]["fields"]}
    assert told == {
        "input.code": "au plus 8 caractères",
        "input.terms.premium_adlt": "ce champ n'existe pas",
        "input.terms.lump_sum": "doit être un nombre",
        "input.terms.ceiling.basis": "doit être l'une des valeurs 'treatment', 'insuree', 'policy'",
        "input.terms.coverage.0.code": "obligatoire",
        "input.terms.coverage.0.cod": "ce champ n'existe pas",
    }


@pytest.mark.rule("PRD-1", "INS-A5")
def test_versions_follow_and_sold_policies_keep_theirs(scheme: Scheme) -> None:
    product = sold(scheme)
    policy = enrol(scheme, scheme.enrol().family.id, product)["policy"]
    dearer = {"validFrom": "2026-03-02", "terms": {"premium_adult": "900"}}
    same = {"validFrom": "2026-04-01", "terms": {"premium_adult": "300.0", "premium_child": "200"}}
    early = {"validFrom": "2025-12-31", "terms": {"premium_adult": "900"}}

    assert scheme.refused(NEXT, {"id": product, "input": same, "v": 2}) == "insurance.same_terms"
    assert scheme.refused(NEXT, {"id": product, "input": early, "v": 2}) == "insurance.version_too_early"
    assert scheme.refused(NEXT, {"id": product, "input": dearer, "v": 1}) == "core.stale_version"
    assert scheme.run(NEXT, {"id": product, "input": dearer, "v": 2})["addProductVersion"]["number"] == 2
    later = enrol(scheme, scheme.enrol().family.id, product)["policy"]
    earlier = enrol(scheme, scheme.enrol().family.id, product, enrolDate="2026-03-01")["policy"]
    assert (policy["value"], later["value"], earlier["value"]) == ("300 XAF", "900 XAF", "300 XAF")
    versions = scheme.run("{ productVersions(orderBy: [NUMBER_ASC]) { nodes { number validFrom } } }")
    assert [one["number"] for one in versions["productVersions"]["nodes"]] == [1, 2]


@pytest.mark.rule("PRD-1", "BAT-2", "BAT-3")
def test_pools_that_are_shared_out_by_another_period_begin_with_one(scheme: Scheme) -> None:
    monthly, yearly = (
        {"pools": [{"care": "B", "period": period, "percentages": ["10"] * parts}]}
        for period, parts in (("month", 12), ("year", 1))
    )
    made = scheme.run(CREATE, {"input": {**product_input(scheme.places["CM"]), "terms": monthly}})
    product, version = (made["createProduct"][name] for name in ("id", "version"))
    cut, begun = ({"validFrom": day, "terms": yearly} for day in ("2098-02-01", "2099-01-01"))

    refusal = scheme.refused(NEXT, {"id": product, "input": cut, "v": version})
    accepted = scheme.run(NEXT, {"id": product, "input": begun, "v": version})["addProductVersion"]

    assert refusal == "insurance.pools_in_the_middle"
    assert accepted["validFrom"] == "2099-01-01"


@pytest.mark.rule("PRD-1")
def test_codes_are_unique_among_products_that_are_open(scheme: Scheme) -> None:
    product = sold(scheme)
    again = {"input": product_input(scheme.places["CM"])}

    assert scheme.refused(CREATE, again) == "insurance.product_code_taken"
    closed = scheme.run(CLOSE, {"id": product, "v": 2})["closeProduct"]
    assert closed["closedOn"] == "2026-03-02"
    assert scheme.refused(CLOSE, {"id": product, "v": closed["version"]}) == "insurance.product_closed"
    assert scheme.run(CREATE, again)["createProduct"]["code"] == "CSU"


@pytest.mark.rule("PRD-1")
def test_a_product_that_was_sold_is_closed_and_never_deleted(scheme: Scheme) -> None:
    never, once = sold(scheme, code="NEVER"), sold(scheme, code="ONCE")
    enrol(scheme, scheme.enrol().family.id, once)
    delete = "mutation ($id: UUID!) { deleteProduct(id: $id, expectedVersion: 2) { id } }"

    assert scheme.refused(delete, {"id": once}) == "insurance.product_has_policies"
    assert scheme.run(delete, {"id": never})["deleteProduct"] == {"id": never}
    assert scheme.run("{ products { nodes { code } } }") == {"products": {"nodes": [{"code": "ONCE"}]}}


@pytest.mark.rule("PRD-1")
def test_conversions_never_come_back(scheme: Scheme) -> None:
    one, two = sold(scheme, code="ONE"), sold(scheme, code="TWO")

    assert scheme.run(CHANGE, {"id": one, "input": {"conversionProductId": two}, "v": 2})
    back = {"id": two, "input": {"conversionProductId": one}, "v": 2}
    assert scheme.refused(CHANGE, back) == "insurance.conversion_cycle"
    itself = {"id": two, "input": {"conversionProductId": two}, "v": 2}
    assert scheme.refused(CHANGE, itself) == "insurance.conversion_cycle"
    backwards = {"id": two, "input": {"dateTo": "2025-01-01"}, "v": 2}
    assert scheme.refused(CHANGE, backwards) == "insurance.product_dates_invalid"


@pytest.mark.rule("PRD-1", "attack 16")
def test_a_district_reads_the_product_of_the_country_and_decides_on_its_own(
    scheme: Scheme, as_user: AsUser
) -> None:
    product = sold(scheme)
    district = as_user(READ_PRODUCTS, EDIT_PRODUCTS, at=scheme.places["D1"])

    assert scheme.run("{ products { nodes { code } } }", actor=district) == {
        "products": {"nodes": [{"code": "CSU"}]}
    }
    assert scheme.refused(CLOSE, {"id": product, "v": 2}, actor=district) == "core.forbidden"
    own = product_input(scheme.places["D1"]) | {"code": "OWN"}
    assert scheme.run(CREATE, {"input": own}, actor=district)["createProduct"]["code"] == "OWN"
    abroad = product_input(scheme.places["D2"]) | {"code": "ABROAD"}
    assert scheme.refused(CREATE, {"input": abroad}, actor=district) == "core.forbidden"


@pytest.mark.rule("D-1", "INS-A5")
def test_a_file_adds_a_product_then_its_next_version_then_nothing(scheme: Scheme) -> None:
    content = (
        b'{"code": "CSU", "name": "x", "place": "CM", "date_from": "2026-01-01", "terms": {"lump_sum": "5"}}'
    )
    first, second = (read_product_file(one) for one in (content, content.replace(b'"5"', b'"6"')))

    done = [scheme.act(partial(load_product, file=file)) for file in (first, second, second)]

    assert [(one.outcome, one.version) for one in done] == [
        (Loaded.CREATED, 1),
        (Loaded.NEXT_VERSION, 2),
        (Loaded.UNCHANGED, 2),
    ]
    written = scheme.act(lambda work: product_file(work, "CSU"))
    assert (written.terms, written.place) == (second.terms, "CM")


OTHER_FORM = {"ceiling": {"basis": "policy", "ip": "900", "op": "500", "extra_member": {"general": "10"}}}


@pytest.mark.rule("PRD-7")
def test_a_draft_whose_ceiling_grows_in_another_form_is_refused_by_its_path(scheme: Scheme) -> None:
    draft = product_input(scheme.places["CM"]) | {"terms": OTHER_FORM}

    answer = scheme.platform.graphql.run(CREATE, {"input": draft}, actor=scheme.clerk)

    (problem,) = answer["errors"][0]["extensions"]["params"]["fields"]
    assert problem["path"] == "input.terms.ceiling.extra_member"


@pytest.mark.rule("PRD-7", "INS-A5", "D-1")
def test_a_version_that_was_stored_in_another_form_is_still_read_and_written_to_a_file(
    scheme: Scheme,
) -> None:
    draft = ProductDraft(
        code="CSU", name="x", jurisdiction_id=scheme.places["CM"], date_from=date(2026, 1, 1), terms=Terms()
    )
    stored = draft.model_copy(update={"terms": Terms.model_validate(OTHER_FORM)})
    product = scheme.act(lambda work: create_product(work, stored))

    read = scheme.act(lambda work: terms_of(work, [product.current_version_id]))
    content = write_product_file(scheme.act(lambda work: product_file(work, product.code)))

    ceiling = read[product.current_version_id].ceiling
    assert ceiling is not None
    assert ceiling.grown(hospital=True, above=2) == 920
    assert json.loads(content)["terms"] == OTHER_FORM
    with pytest.raises(DomainError, match="have the form of the ceiling"):
        read_product_file(content)


@pytest.mark.rule("PRD-10")
def test_coverage_lines_are_listed_by_code(scheme: Scheme) -> None:
    lines = [
        CoverageLine(kind=LineKind.SERVICE, code="S2"),
        CoverageLine(kind=LineKind.ITEM, code="M1"),
        CoverageLine(kind=LineKind.SERVICE, code="S1"),
    ]

    def write(work: Work) -> UUID:
        product = create_product(
            work,
            ProductDraft(
                code="X",
                name="x",
                jurisdiction_id=scheme.places["CM"],
                date_from=date(2026, 1, 1),
                terms={"premium_adult": "1"},
            ),
        )
        version = work.get(ProductVersion, product.current_version_id or product.id)
        version.terms = Terms(coverage=tuple(lines)).model_dump(mode="json")
        return version.id

    version = scheme.act(write)
    ask = """query ($id: UUID!, $after: String) { productCoverage(versionId: $id, kind: SERVICE, first: 1, after: $after) {
      totalCount lines { code priceOrigin other { type adult } maxQuantityAdult } } }"""

    page = scheme.run(ask, {"id": str(version)})["productCoverage"]
    following = scheme.run(ask, {"id": str(version), "after": "S1"})["productCoverage"]

    assert page["totalCount"] == 2
    line = {
        "priceOrigin": "PRICE_LIST",
        "other": {"type": "CO_INSURANCE", "adult": "100"},
        "maxQuantityAdult": None,
    }
    assert page["lines"] == [{"code": "S1", **line}]
    assert following["lines"] == [{"code": "S2", **line}]
