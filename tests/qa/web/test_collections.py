"""Collections and judgements on the server: apart for each user, never lost, exported, located and measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa import limits
from qa.answering.library import Library
from qa.api.concurrency import ConcurrencyLimit, LibraryLoader
from qa.collections.collection import parse_collection
from qa.errors import CollectionError
from qa.web.routes.collections import DeskConflict, Desks, add_collection_pages, add_desk_pages
from qa.web.routes.responses import LimitedTasks
from qa.web.security.access import AccessControl, hash_password, password_checker
from qa.web.workers.pool import InlineTaskRunner
from tests.factories.harbours import PIER_2016

HASHES = {name: hash_password(f"{name}'s secret") for name in ("ann", "bob")}


def client(library: Library, desks: Desks | None, user: str = "") -> TestClient:
    """The pages of desks, with passwords where there are desks, called as a user."""
    loader = LibraryLoader(library)
    app = FastAPI()
    add_desk_pages(app, desks)
    add_collection_pages(app, loader, LimitedTasks(InlineTaskRunner(loader), ConcurrencyLimit(2, 20)))
    app.add_middleware(AccessControl, hosts=None, accepts=password_checker(HASHES) if desks else None)
    called = TestClient(app)
    if user:
        called.auth = (user, f"{user}'s secret")
    return called


def kept(called: TestClient, library: Library) -> dict[str, Any]:
    """A collection of one passage."""
    start = library.index.document("harbour-2016").text.index(PIER_2016)
    passage = called.get("/kept", params={"passage": f"harbour-2016@{start}-{start + len(PIER_2016)}"}).json()
    assert passage["text"] == PIER_2016
    return {
        "version": 1,
        "name": "Piers",
        "note": "",
        "items": [{"passages": [passage], "note": "blue?", "labels": []}],
    }


def test_two_users_never_see_each_others_desk(library: Library, tmp_path: Path) -> None:
    desks = Desks(tmp_path / "desks")
    ann, bob = (client(library, desks, name) for name in ("ann", "bob"))
    desk = {
        "collections": [kept(ann, library)],
        "current": 0,
        "judgements": [{"question": "How long?", "evidence": []}],
    }
    assert ann.get("/desk").json() == {"server": True, "revision": 0, "desk": None}
    assert ann.put("/desk", json={"revision": 0, "desk": desk}).json() == {"revision": 1}
    assert bob.get("/desk").json() == {"server": True, "revision": 0, "desk": None}
    assert bob.put("/desk", json={"revision": 0, "desk": desk | {"judgements": []}}).status_code == 200
    assert ann.get("/desk").json()["desk"] == desk
    assert client(library, desks).get("/desk").status_code == 401


def test_a_desk_changed_in_another_window_is_not_overwritten(library: Library, tmp_path: Path) -> None:
    ann = client(library, Desks(tmp_path), "ann")
    empty = {"collections": [], "current": 0, "judgements": []}
    assert ann.put("/desk", json={"revision": 0, "desk": empty}).status_code == 200
    assert ann.put("/desk", json={"revision": 0, "desk": empty}).status_code == 409
    assert ann.get("/desk").json()["revision"] == 1


def test_without_passwords_the_browser_keeps_the_desk(library: Library) -> None:
    anyone = client(library, None)
    assert anyone.get("/desk").json() == {"server": False}
    assert anyone.put("/desk", json={"revision": 0, "desk": {}}).status_code == 404


def test_a_crash_while_writing_leaves_the_old_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desks = Desks(tmp_path)
    desks.write("ann", 0, {"judgements": []})

    def fail(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr("corpus.filesystem.os.fsync", fail)
    with pytest.raises(OSError, match="no space"):
        desks.write("ann", 1, {"judgements": ["new"]})
    assert desks.read("ann") == (1, {"judgements": []})
    assert [path.suffix for path in tmp_path.iterdir() if path.name != "lock"] == [".json"]


def test_a_damaged_desk_is_reported_and_never_replaced(tmp_path: Path) -> None:
    desks = Desks(tmp_path)
    desks.write("ann", 0, {})
    (path,) = tmp_path.glob("*.json")
    path.write_text("{", encoding="utf-8")
    with pytest.raises(CollectionError, match="cannot be read") as caught:
        desks.read("ann")
    assert str(tmp_path) not in str(caught.value)
    with pytest.raises(CollectionError, match="cannot be read"):
        desks.write("ann", 1, {})
    assert path.read_text(encoding="utf-8") == "{"


def test_writes_that_race_lose_nothing(tmp_path: Path) -> None:
    desks = Desks(tmp_path)
    desks.write("ann", 0, {"collections": []})
    with pytest.raises(DeskConflict):
        Desks(tmp_path).write("ann", 0, {"collections": []})


def test_names_of_users_choose_no_file(tmp_path: Path) -> None:
    desks = Desks(tmp_path / "desks")
    for name in ("../../etc/x", "a/b", "", "\ud800", "A", "a"):
        desks.write(name, 0, {"user": name})
    assert len(list((tmp_path / "desks").glob("*.json"))) == 6
    assert desks.read("A") == (1, {"user": "A"})


@pytest.mark.parametrize(
    "desk",
    [None, [], {}, {"collections": [{}], "judgements": []}, {"collections": [], "judgements": [{"question": 3}]}],
)
def test_a_desk_of_another_form_is_refused(library: Library, tmp_path: Path, desk: object) -> None:
    ann = client(library, Desks(tmp_path), "ann")
    refused = ann.put("/desk", json={"revision": 0, "desk": desk})
    assert refused.json()["error"]
    assert ann.get("/desk").json()["revision"] == 0


def test_a_desk_over_the_limit_is_refused(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(limits.DESK.variable, "2000")
    judgements = [{"question": f"Question {number}?", "evidence": []} for number in range(99)]
    desk = {"collections": [], "current": 0, "judgements": judgements}
    refused = client(library, Desks(tmp_path), "ann").put("/desk", json={"revision": 0, "desk": desk})
    assert limits.DESK.variable in refused.json()["error"]


def test_a_full_disk_is_reported(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("corpus.filesystem.os.fsync", fail)
    empty = {"collections": [], "current": 0, "judgements": []}
    refused = client(library, Desks(tmp_path), "ann").put("/desk", json={"revision": 0, "desk": empty})
    assert (refused.status_code, "No space left" in refused.json()["error"]) == (507, True)


def test_a_collection_is_located_and_exported(library: Library) -> None:
    anyone = client(library, None)
    collection = kept(anyone, library)
    (state,) = anyone.post("/collection-states", content=json.dumps(collection)).json()
    assert (state["state"], state["passage"]["text"]) == ("present", PIER_2016)
    form = {"collection": json.dumps(collection), "format": "json", "style": "plain"}
    exported = anyone.post("/collection-export", files={name: (None, value) for name, value in form.items()})
    assert exported.headers["content-disposition"] == 'attachment; filename="Piers.json"'
    assert parse_collection(exported.json()) == parse_collection(collection)
    for form_change in ({"format": "exe"}, {"style": "x"}, {"collection": "{"}):
        sent = {name: (None, value) for name, value in (form | form_change).items()}
        assert anyone.post("/collection-export", files=sent).status_code == 400
    assert anyone.get("/kept", params={"passage": "nothing@1-2"}).status_code == 404


def test_judgements_give_measures_with_intervals(library: Library) -> None:
    anyone = client(library, None)
    passage = kept(anyone, library)["items"][0]["passages"][0]
    evidence = [{"doc": "harbour-2016", "start": passage["start"], "end": passage["end"], "grade": 2}]
    judged = [
        {"question": "How long is the northern pier painted by Ada Rowe?", "evidence": evidence},
        {"question": "Which soup won the fair?", "evidence": [], "answerable": False},
    ]
    page = anyone.post("/judged-measures", content=json.dumps(judged)).text
    assert "2 judged questions" in page
    assert "nDCG@10" in page
    assert anyone.post("/judged-measures", content='[{"question": 1}]').json()["error"]
