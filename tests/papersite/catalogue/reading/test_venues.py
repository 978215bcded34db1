"""Where comments say that a paper was accepted: sentences as authors write them."""

import pytest

from papersite.catalogue.reading.venues import venue


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("Accepted at NeurIPS 2026. 14 pages, 5 figures", "NeurIPS 2026"),
        ("accepted by CVPR26", "CVPR 2026"),
        ("12 pages, accepted to ICML2025", "ICML 2025"),
        ("Accepted as ICLR 2025 (Spotlight)", "ICLR 2025 spotlight"),
        ("Accepted to CVPR 2025 workshop", "CVPR 2025 workshop"),
        ("Accepted at the AI Bridge Workshop, AAAI-26, Singapore", "AAAI 2026 workshop"),
        ("ACL 2026 Findings", "ACL 2026 findings"),
        ("The 19th European Conference on Computer Vision (ECCV 2026)", "ECCV 2026"),
        ("11 pages. Accepted at the 27th International Conference on AI in Education (AIED 2026)", "AIED 2026"),
        ("Accepted to the Conference on Robotics (ACRA), 2025", "ACRA 2025"),
        ('37 pages, accepted in "Expert Systems   With Applications"', "Expert Systems With Applications"),
        ("Published in IEEE Transactions on Images 2026", "IEEE Transactions on Images 2026"),
        ("Accepted in Journal of King Saud University", "Journal of King Saud University"),
        ("To appear in the 58th ACM Symposium on Theory of Computing (STOC 2026)", "STOC 2026"),
        ("Accepted in AICCSA 2025; code at https://example.org", "AICCSA 2025"),
        ("Accepted at ICCV 2025, Project Page:   https://example.org/x", "ICCV 2025"),
        ("To appear in Proc. of ICML'26", "ICML 2026"),
        ("Accepted for publication in Phys. Rev. Lett.", "Phys. Rev. Lett."),
        ("Accepted for publication in Phys. Rev. D. 12 pages", "Phys. Rev. D"),
        ("To appear in Proc. 75th Int. Astronautical Congress (IAC-24), Milan", "IAC-24"),
        ("Submitted to ICASSP 2026", ""),
        ("Under review at ICLR 2026", ""),
        ("7 pages, submitted to ACL ARR 2026 May (EMNLP)", ""),
        ("Our code will be released upon acceptance", ""),
        ("accepted by the journal", ""),
        ("14 pages, 5 figures", ""),
        ("Challenge of 2025", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_venue_is_read_from_a_comment(comment: str, expected: str) -> None:
    assert venue(comment) == expected


def test_a_very_long_comment_is_read_at_once() -> None:
    assert venue("accepted at " * 5000) == ""
    assert venue("(" * 100_000) == ""
