from __future__ import annotations

import pytest

from testimonia.rights import is_restricted


@pytest.mark.parametrize(
    "rights",
    [
        "restricted",
        "Restricted: by order of the estate",
        " RESTRICTED until 2050",
        "http://purl.org/coar/access_right/c_16ec",
        "https://purl.org/coar/access_right/c_f1cf/",
        "http://purl.org/coar/access_right/c_14cb",
        "info:eu-repo/semantics/closedAccess",
        "info:eu-repo/semantics/embargoedAccess",
    ],
)
def test_restricted(rights: str) -> None:
    assert is_restricted(rights)


@pytest.mark.parametrize(
    "rights",
    [
        None,
        "",
        "CC BY 4.0",
        "unrestricted",
        "not restricted",
        "restrictedly speaking",
        "http://purl.org/coar/access_right/c_abf2",
        "info:eu-repo/semantics/openAccess",
    ],
)
def test_open(rights: str | None) -> None:
    assert not is_restricted(rights)
