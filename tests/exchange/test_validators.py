"""Exports before validators that others keep.

They bring many packages of their own and are no dependencies of the project: where they are not
installed (``pip install roc-validator rocrate nanopub``), these tests are skipped.
"""

from __future__ import annotations

import email.message
import io
import urllib.request
import urllib.response
from pathlib import Path

import pytest
import rdflib

from testimonia.library import Archive

NP = rdflib.Namespace("http://www.nanopub.org/nschema#")
# The validator asks for RO-Crate's context by a library of its own, which no one answers here.
NEEDS_NETWORK = {"ro-crate-1.1_3.1", "ro-crate-1.1_3.2"}


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> None:
    """RO-Crate's context as ``rocrate`` brings it, in the place of the network."""
    rocrate = pytest.importorskip("rocrate")
    written = (Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_bytes()

    class Answer(urllib.request.BaseHandler):
        handler_order = 1

        def https_open(self, request: urllib.request.Request) -> urllib.response.addinfourl:
            headers = email.message.Message()
            headers["Content-Type"] = "application/ld+json"
            answer = urllib.response.addinfourl(io.BytesIO(written), headers, request.full_url, 200)
            answer.msg = "OK"  # type: ignore[attr-defined]
            return answer

    monkeypatch.setattr(urllib.request, "_opener", urllib.request.build_opener(Answer))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("context")
def test_a_crate_is_what_ro_crate_requires(filled: Archive, target: Path) -> None:
    services = pytest.importorskip("rocrate_validator.services")
    models = pytest.importorskip("rocrate_validator.models")
    filled.package(target, "ro-crate")
    found = services.validate(
        services.ValidationSettings(
            rocrate_uri=str(target),
            profile_identifier="ro-crate-1.1",
            requirement_severity=models.Severity.RECOMMENDED,
            skip_availability_check=True,
        )
    )
    told = {each.check.identifier: each.message for each in found.get_issues()}
    required = {
        each.check.identifier
        for each in found.get_issues()
        if each.severity is models.Severity.REQUIRED
    }
    assert required <= NEEDS_NETWORK, told
    # Nobody knows who made the archive: it has no author and no publisher.
    assert {each for each in told if each not in required} <= {
        "ro-crate-1.1_22.2",
        "ro-crate-1.1_22.3",
    }, told


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_nanopublications_are_such(filled: Archive) -> None:
    nanopub = pytest.importorskip("nanopub")
    output = io.BytesIO()
    filled.export(output, "nanopublications")
    whole = rdflib.Dataset()
    whole.parse(data=output.getvalue(), format="trig")
    heads = [quad[3] for quad in whole.quads((None, rdflib.RDF.type, NP.Nanopublication, None))]
    assert len(heads) == len(set(heads)) > 1
    for head in heads:
        kinds = (NP.hasAssertion, NP.hasProvenance, NP.hasPublicationInfo)
        parts = [head] + [
            part for each in kinds for part in whole.graph(head).objects(predicate=each)
        ]
        one = rdflib.Dataset()
        for name in parts:
            for triple in whole.graph(str(name)):
                one.graph(str(name)).add(triple)
        configured = nanopub.NanopubConf(use_test_server=True)
        assert nanopub.Nanopub(rdf=one, conf=configured).is_valid
