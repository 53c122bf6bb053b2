"""The ceiling that adjudication applies is the one that an enquiry tells, for every product and size of family."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi_claims.rules.compiled import compile_product
from msingi_insurance.rules.allowances import ceiling_left
from msingi_insurance.rules.consumption import Used
from msingi_insurance.rules.terms import Basis, Ceiling, Limits, Terms

AMOUNTS = st.none() | st.integers(0, 10_000).map(Decimal)


@st.composite
def _ceilings(draw: st.DrawFn) -> Ceiling:
    form = draw(st.sampled_from([("general",), ("ip", "op")]))

    def amounts() -> dict[str, Decimal | None]:
        return {name: draw(AMOUNTS) for name in form}

    def growth() -> Limits | None:
        return Limits(**amounts()) if draw(st.booleans()) else None

    base = {name: draw(st.integers(0, 10_000).map(Decimal)) for name in form}
    return Ceiling(basis=Basis.POLICY, **base, extra_member=growth(), maximum=growth())


@pytest.mark.rule("PRD-7", "POL-10")
@given(ceiling=_ceilings(), threshold=st.none() | st.integers(0, 9), members=st.integers(0, 15))
def test_adjudication_and_enquiry_know_one_ceiling(
    ceiling: Ceiling, threshold: int | None, members: int
) -> None:
    terms = Terms(threshold=threshold, ceiling=ceiling)
    compiled = compile_product("CHF", terms)

    told = ceiling_left(terms, Used(), members=members)

    assert told is not None
    applied = [compiled.ceiling_for(hospital=hospital, members=members) for hospital in (True, False)]
    assert applied == ([told.hospital, told.other] if ceiling.split else [told.general] * 2)


@pytest.mark.rule("PRD-7")
def test_a_ceiling_grows_with_the_members_above_the_threshold_to_its_maximum() -> None:
    ceiling = Ceiling(
        basis=Basis.POLICY,
        ip=Decimal(1000),
        op=Decimal(400),
        extra_member=Limits(ip=Decimal(50), op=Decimal(10)),
        maximum=Limits(ip=Decimal(1100)),
    )
    compiled = compile_product("CHF", Terms(threshold=2, ceiling=ceiling))

    grown = [compiled.ceiling_for(hospital=hospital, members=6) for hospital in (True, False)]

    assert grown == [Decimal(1100), Decimal(440)]
