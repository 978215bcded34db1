"""Authors of one raw text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.sources.names import each, has_more, split
from tests.costs import least_seconds


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        (r"Ada Byron, Bo Forkel and Mirko M\"ahlisch", ("Ada Byron", "Bo Forkel", "Mirko Mählisch")),
        ("A. B. Smith (1), C. Doe (1 and 2) ((1) MIT, Cambridge, USA, (2) ETH)", ("A. B. Smith", "C. Doe")),
        (r"P. -A. Dupont, Ond\v rej Erd\H os, Borne--Pons", ("P.-A. Dupont", "Ondřej Erdős", "Borne-Pons")),
        ("李明、王芳，Ann Roe", ("李明", "王芳", "Ann Roe")),
        ("John Doe, Jr., Ann Lee III, Bo Ek", ("John Doe Jr.", "Ann Lee III", "Bo Ek")),
        ("The X Collaboration: G. Aad, B. Abbott, et al. (2900 more)", ("The X Collaboration", "G. Aad", "B. Abbott")),
        ("M. Roe for the Y Collaboration", ("M. Roe",)),
        ("A, B, and C; D & E,", ("A", "B", "C", "D", "E")),
        ("Anderson Sandberg, Andy Land", ("Anderson Sandberg", "Andy Land")),
        ("Ada Byron*, Bo Ek†, Ada Byron", ("Ada Byron", "Bo Ek")),
        ("A (B, C", ("A B", "C")),
        ("  \n , 1, ()", ()),
        ("Ann Roe, on behalf of CMS", ("Ann Roe",)),
        ("Ann Roe on behalf of ATLAS Collaboration", ("Ann Roe",)),
        ("Ann Roe on behalf of the ATLAS and CMS Collaborations, Bo Ek", ("Ann Roe", "Bo Ek")),
        ("Ann Roe, for the Pierre Auger Observatory", ("Ann Roe",)),
        ("Ann Roe (for the ALICE Collaboration)", ("Ann Roe",)),
        ("Ann Roe, and 12 others", ("Ann Roe",)),
        ("Ann Roe, Bo Ek, plus 3 others", ("Ann Roe", "Bo Ek")),
        ("Ann Roe and colleagues", ("Ann Roe",)),
        ("Ann Roe, Bo Ek and many others", ("Ann Roe", "Bo Ek")),
        ("Ann Roe, 120 additional authors", ("Ann Roe",)),
        ("Ann Roe, Bo Ek, …", ("Ann Roe", "Bo Ek")),
        ("and Huchuan Lu", ("Huchuan Lu",)),
        ("Gabriel Petre1, Ann Roe2, Bo Ek 3", ("Gabriel Petre", "Ann Roe", "Bo Ek")),
        ("01. AI, 4Paradigm, Team 5, X Æ A-12", ("01. AI", "4Paradigm", "Team 5", "X Æ A-12")),
        ("Deep Cognition and Language Research (DeCLaRe) Lab", ("Deep Cognition and Language Research Lab",)),
        ("Centre for Ice and Climate, Ann Roe", ("Centre for Ice and Climate", "Ann Roe")),
        ("Ann Roe and the Fermi Collaboration", ("Ann Roe", "the Fermi Collaboration")),
        ("A Roe, Ph.D., B Ek, 3rd, C Lee, Esq., D Ma, V, E Ra, Sr.", ("A Roe Ph.D.", "B Ek 3rd", "C Lee Esq.",
        "D Ma V", "E Ra Sr.")),
        ("Ann Roe, MD, PhD, Bo Ek, MSc", ("Ann Roe MD PhD", "Bo Ek MSc")),
        ("ATLAS and CMS Collaborations, Ann Roe", ("ATLAS and CMS Collaborations", "Ann Roe")),
        ("Ann Roe*1, Bo Ek‖, Cy Lee1,2", ("Ann Roe", "Bo Ek", "Cy Lee")),
        ("Roe, Ann and Ek, Bo", ("Ann Roe", "Bo Ek")),
        ("García Márquez, Gabriel and van der Berg, Jan", ("Gabriel García Márquez", "Jan van der Berg")),
        ("Ann Roe, Bo Ek and Cy Lee, Di Ma", ("Ann Roe", "Bo Ek", "Cy Lee", "Di Ma")),
        ("Ann Roe, with an appendix by Bo Ek", ("Ann Roe", "Bo Ek")),
        ("NANOGrav Collaboration and Ann Roe", ("NANOGrav Collaboration", "Ann Roe")),
        (r"{\L}ukasz Kowal and Nguy\~{\^e}n Duc", ("Łukasz Kowal", "Nguyễn Duc")),
    ],
)  # fmt: skip
def test_split(raw: str, names: tuple[str, ...]) -> None:
    assert split(raw) == names


@pytest.mark.parametrize(
    ("listed", "names"),
    [
        (["Donald Johann Jr. and Fred Prior"], ("Donald Johann Jr.", "Fred Prior")),
        (["Ann Roe and Bo Ek", "Cy Lee"], ("Ann Roe", "Bo Ek", "Cy Lee")),
        (["Ann Roe", "Jr."], ("Ann Roe Jr.",)),
        (["King, Jr., Leo", "King, Leo, III", "van den Berg, M. A.", "García Lorca, F."],
         ("Leo King Jr.", "Leo King III", "M. A. van den Berg", "F. García Lorca")),
        (["Prof. Dr. Ann Roe", "Dr Bo Ek", "Dr. No"], ("Ann Roe", "Bo Ek", "Dr. No")),
        (["/Ann Roe", "Bo Ek <bo@ek.example>", "Cy Lee cy.lee@uni.example"], ("Ann Roe", "Bo Ek", "Cy Lee")),
        (["Ann Roe, III", "Ma, Chiyu", "van der Berg, Jan"], ("Ann Roe III", "Chiyu Ma", "Jan van der Berg")),
        (["and Huchuan Lu", "Gabriel Petre1", "Bo Ek*"], ("Huchuan Lu", "Gabriel Petre", "Bo Ek")),
        (["01. AI", "4Paradigm", "Team 5", "X Æ A-12"], ("01. AI", "4Paradigm", "Team 5", "X Æ A-12")),
        (["Deep Cognition and Language Research (DeCLaRe) Lab"],
        ("Deep Cognition and Language Research (DeCLaRe) Lab",)),
        (["Language, Text and Speech Group (LTS)"], ("Language, Text and Speech Group (LTS)",)),
        (["Ann Roe on behalf of ATLAS Collaboration", "on behalf of CMS"], ("Ann Roe",)),
        (["Bo Ek 0000-0002-1825-0097", "Ann Roe with an appendix by Cy Lee"], ("Bo Ek", "Ann Roe", "Cy Lee")),
        (["Ann Roe ∗", "Bo Ek ✉", "St. John, Cy"], ("Ann Roe", "Bo Ek", "Cy St. John")),
        (["Ann Roe", "et al.", "and 12 others"], ("Ann Roe",)),
        (["Anderson Sandberg", "Rolando Forte", "李 明"], ("Anderson Sandberg", "Rolando Forte", "李 明")),
    ],
)  # fmt: skip
def test_each(listed: list[str], names: tuple[str, ...]) -> None:
    assert each(listed) == names
    assert each(names) == names


@pytest.mark.parametrize(
    ("raw", "more"),
    [
        ("Ann Roe, and 12 others", True),
        ("Ann Roe et al.", True),
        ("The X Collaboration: G. Aad, et al. (2900 more)", True),
        ("A. Roe, B. Ek (1200 additional authors not shown)", True),
        ("Ann Roe and colleagues", True),
        ("Ann Roe and Bo Ek", False),
        ("Petal Moore, Al Others-Smith", False),
    ],
)
def test_has_more(raw: str, more: bool) -> None:
    assert has_more(raw) is more


@given(st.text())
def test_split_never_fails_and_gives_tidy_names(raw: str) -> None:
    found = split(raw)

    assert all(name == " ".join(name.split()) and name for name in found)
    assert len(set(found)) == len(found)


@given(
    st.lists(st.sampled_from(["Ada Byron", "Bo Ek", "Cy Lee", "Di Ma"]), unique=True),
    st.sampled_from([", ", "; ", " and "]),
)
def test_split_finds_the_names_that_were_joined(names: list[str], by: str) -> None:
    assert split(by.join(names)) == tuple(names)


@pytest.mark.parametrize("piece", ["(", ")", ",", " ", "a,", "\\'", "and "])
def test_a_long_text_takes_no_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))

    assert least_seconds(lambda: split(text), enough=5) < 5


def test_five_thousand_authors_are_split() -> None:
    assert len(split(", ".join(f"Author A{'b' * number}" for number in range(1, 500)))) == 499
