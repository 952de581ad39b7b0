"""The setting that keeps full texts out of the graph is the archive's own."""

from __future__ import annotations

import io

from documents import ICE, put
from testimonia.library import Archive, import_package, open_archive

UNQUOTED = b"Nobody wondered"


def quads(archive: Archive) -> bytes:
    output = io.BytesIO()
    archive.export(output, "nquads")
    return output.getvalue()


def test_an_archive_remembers_that_its_graph_has_quotations_alone(archive: Archive) -> None:
    put(archive, ICE)
    assert UNQUOTED in quads(archive)
    archive.keep_text(False)
    with open_archive(archive.folder) as again:
        assert not again.settings.keep_text
        put(again, ICE)
        assert UNQUOTED not in quads(again)
        assert b"the ice is thick" in quads(again)
        (record,) = again.catalog.documents()
        assert again.catalog.text(record).text.content == ICE
        again.keep_text(True)
    with open_archive(archive.folder) as again:
        put(again, ICE)
        assert UNQUOTED in quads(again)


def test_the_setting_goes_with_a_package(archive: Archive) -> None:
    archive.keep_text(False)
    put(archive, ICE)
    archive.package(archive.folder.with_name("p"), "archive")
    import_package(archive.folder.with_name("p"), archive.folder.with_name("again"))
    with open_archive(archive.folder.with_name("again")) as again:
        assert not again.settings.keep_text
