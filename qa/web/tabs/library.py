"""The tab that shows what the library holds and, where that is allowed, changes it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import gradio as gr
from markupsafe import Markup

from corpus import archives
from corpus.readers.registry import supported_suffixes
from corpus.translation import gettext as _
from corpus.translation import gettext_noop, join_items, ngettext, translate_sentence
from index.building.report import BuildReport
from qa import limits
from qa.errors import USER_ERRORS
from qa.templating import render
from qa.web.library_changes import (
    FIELDS,
    ChangeProgress,
    LibraryEditor,
    StagedFile,
    problems,
    skipped,
)
from qa.web.render.page import message, unreadable
from qa.web.tabs.widgets import (
    ONCE,
    PRIVATE,
    Services,
    TabContext,
    choice,
    html,
    include,
    library_facts,
    opening_html,
    progress_html,
)
from qa.web.workers.tasks import error_without_path

MAX_FILES_AT_ONCE = 50
"""Files added at once."""

_SECONDS_PER_PAGE = 10
"""Seconds of text recognition (`python -m tests.benchmarks.reading.scans`)."""


class LibraryTab:
    """The content of the library, from the page `library`, and the forms that change it."""

    name: ClassVar = "library"
    title: ClassVar = gettext_noop("Library")

    def __init__(self, services: Services) -> None:
        self._services = services

    def add(self, context: TabContext) -> None:
        """Create the components and their events."""
        self.shown = html(opening_html(), elem_id="yq-library-shown")
        context.tab.select(self.show, None, self.shown, **PRIVATE)
        if self._services.editor is not None:
            ChangesForm(self._services.editor, self).add(context)

    def show(self) -> Markup:
        """Return the current content of the library."""
        return include(self._services.loader, "library", _("The library"))

    def facts(self) -> Markup:
        """Return the line that describes the library."""
        return library_facts(self._services.loader)


@dataclass(frozen=True, slots=True)
class StagedFiles:
    """Uploaded files that were not added yet; `current` is the position of the file in the form."""

    files: tuple[StagedFile, ...] = ()
    current: int = 0

    def with_texts(self, texts: Sequence[str]) -> StagedFiles:
        """Return the files with the texts of the form stored for the current file."""
        if not self.files:
            return self
        edited = replace(self.files[self.current], texts=dict(zip(FIELDS, (text or "" for text in texts), strict=True)))
        return replace(self, files=(*self.files[: self.current], edited, *self.files[self.current + 1 :]))


class ChangesForm:
    """The forms that add and remove documents."""

    def __init__(self, editor: LibraryEditor, library: LibraryTab) -> None:
        self._editor = editor
        self._library = library

    def add(self, context: TabContext) -> None:
        """Create the components and their events."""
        with gr.Accordion(_("Add documents"), open=False, elem_id="yq-add"):
            self._lay_out_adding()
        with gr.Accordion(_("Remove documents"), open=False, elem_id="yq-remove"):
            self._lay_out_removing()
        self._wire(context.tab, context.header)

    def _lay_out_adding(self) -> None:
        with gr.Column(elem_classes=["yq-drop", f"yq-most-{limits.UPLOAD.value}", f"yq-files-{MAX_FILES_AT_ONCE}"]):
            self._upload = gr.UploadButton(
                _("Choose files, or drop them here"),
                file_count="multiple",
                file_types=[*supported_suffixes(), archives.SUFFIX],
                elem_id="yq-add-upload",
                scale=0,
                min_width=290,
            )
            self._unread = html("", elem_id="yq-add-unread", elem_classes=["yq-told"])
        with gr.Column(visible=False) as self._form:
            self._file = choice(_("File"), [("", "")], elem_id="yq-add-file")
            self._name = html("", elem_id="yq-add-name")
            with gr.Row():
                self._fields = [
                    gr.Textbox(label=_(label), interactive=True, max_lines=1, min_width=220, elem_id=f"yq-field-{key}")
                    for key, label in FIELDS.items()
                ]
            html(render("form.html", part="prefilled"))
            self._ocr = gr.Checkbox(label="", visible=False, interactive=True)
            with gr.Row(elem_id="yq-add-buttons"):
                self._add = gr.Button(_("Add"), variant="primary", elem_id="yq-add-start", scale=0, min_width=210)
                self._drop_one = gr.Button(
                    _("Discard this file"), visible=False, elem_id="yq-add-drop-one", scale=0, min_width=210
                )
                self._drop = gr.Button(_("Discard the files"), elem_id="yq-add-drop", scale=0, min_width=210)
        self._added = html("", elem_id="yq-add-report")
        self._staged_files = gr.State(StagedFiles())

    def _lay_out_removing(self) -> None:
        self._chosen = choice(_("Documents"), [], multiselect=True, elem_id="yq-remove-choice")
        self._ask = gr.Button(_("Remove …"), elem_id="yq-remove-ask", scale=0, min_width=120)
        with gr.Column(visible=False, elem_id="yq-remove-sure") as self._sure:
            self._question = html("")
            with gr.Row(elem_id="yq-remove-buttons"):
                self._yes = gr.Button(_("Yes, remove"), variant="stop", elem_id="yq-remove-yes", scale=0, min_width=170)
                self._no = gr.Button(_("No, keep"), elem_id="yq-remove-no", scale=0, min_width=120)
        self._removed = html("", elem_id="yq-remove-report")
        self._confirmed = gr.State(())  # the ids in the question

    def _wire(self, tab: gr.Tab, header: gr.Markdown) -> None:
        form = [self._staged_files, self._unread, self._form, self._file, *self._fields, self._add, self._ocr]
        form += [self._name, self._drop_one]
        inputs = [self._staged_files, *self._fields]
        shown = self._library.shown
        changed = [self._chosen, header]
        self._upload.upload(self._receive, [self._upload, *inputs], [*form, self._added], **PRIVATE)
        switched = [self._staged_files, *self._fields, self._name]
        self._file.input(self._switch, [self._file, *inputs], switched, **PRIVATE)
        self._drop_one.click(self._discard, inputs, [*form, self._added], **PRIVATE)
        self._drop.click(lambda: [*self._form_values(StagedFiles()), ""], None, [*form, self._added], **PRIVATE)
        self._add.click(self._do_add, [self._ocr, *inputs], [self._added, *form, shown], **ONCE).then(
            self._changed, None, changed, **PRIVATE
        )
        tab.select(self._choices, None, self._chosen, **PRIVATE)
        confirmation = [self._confirmed, self._sure, self._question, self._removed]
        self._ask.click(self._confirm, self._chosen, confirmation, **PRIVATE)
        self._no.click(lambda: gr.Column(visible=False), None, self._sure, **PRIVATE)
        self._yes.click(self._do_remove, self._confirmed, [self._removed, self._sure, shown], **ONCE).then(
            self._changed, None, changed, **PRIVATE
        )

    def _receive(self, uploads: list[str], staged_files: StagedFiles, *texts: str) -> Iterator[list[Any]]:
        """Stage uploaded files, telling the progress, and show their form."""
        staged_files = staged_files.with_texts(texts)
        unchanged = [gr.skip()] * (8 + len(FIELDS))
        paths = [Path(path) for path in uploads]
        staged: list[StagedFile] = []
        begin = time.monotonic()
        for number, path in enumerate(paths[:MAX_FILES_AT_ONCE]):
            total = min(len(paths), MAX_FILES_AT_ONCE)
            words = _("Reading %(file)s (%(number)s of %(count)s)", file=path.name, number=number + 1, count=total)
            bar = progress_html(number, total, words, time.monotonic() - begin)
            yield [gr.skip(), bar, *unchanged[2:], ""]
            staged += self._editor.stage_upload(path, MAX_FILES_AT_ONCE)
        unread = [file.reason for file in staged if file.reason]
        unread += [skipped(path.name, MAX_FILES_AT_ONCE) for path in paths[MAX_FILES_AT_ONCE:]]
        read = tuple(file for file in staged if not file.reason)
        first = len(staged_files.files) if read else staged_files.current
        yield [*self._form_values(StagedFiles((*staged_files.files, *read), first), unread), ""]

    def _discard(self, staged_files: StagedFiles, *texts: str) -> list[Any]:
        """Discard the file in the form with what was said of it, and show the one after it."""
        staged_files = staged_files.with_texts(texts)
        files = [file for position, file in enumerate(staged_files.files) if position != staged_files.current]
        return [*self._form_values(StagedFiles(tuple(files), max(0, min(staged_files.current, len(files) - 1)))), ""]

    def _form_values(self, staged_files: StagedFiles, unread: Sequence[str] = ()) -> list[Any]:
        """Return the values of the form for the current file."""
        count = len(staged_files.files)
        texts = staged_files.files[staged_files.current].texts if count else {}
        choices = [
            (_("%(number)s of %(count)s: %(file)s", number=number, count=count, file=file.name), str(number))
            for number, file in enumerate(staged_files.files, 1)
        ]
        return [
            staged_files,
            Markup().join(message(line) for line in unread),
            gr.Column(visible=bool(count)),
            gr.Dropdown(
                choices=choices or [("", "")], value=str(staged_files.current + 1) if count else "", visible=count > 1
            ),
            *(texts.get(key, "") for key in FIELDS),
            gr.Button(value=ngettext("Add the document", "Add %(count)s documents", count)),
            _recognition_question(sum(file.scans for file in staged_files.files)),
            _file_name(staged_files),
            gr.Button(visible=count > 1),
        ]

    def _switch(self, wanted: str, staged_files: StagedFiles, *texts: str) -> list[Any]:
        """Show another file in the form."""
        staged_files = staged_files.with_texts(texts)
        if wanted.isdecimal() and 0 < int(wanted) <= len(staged_files.files):
            staged_files = replace(staged_files, current=int(wanted) - 1)
        values = staged_files.files[staged_files.current].texts if staged_files.files else {}
        return [staged_files, *(values.get(key, "") for key in FIELDS), _file_name(staged_files)]

    def _do_add(self, ocr: bool, staged_files: StagedFiles, *texts: str) -> Iterator[list[Any]]:
        staged_files = staged_files.with_texts(texts)
        unchanged = [gr.skip()] * (8 + len(FIELDS))
        try:
            used_ids = {info.id: Path(info.source).name for info in self._editor.documents()}
            faults = problems(staged_files.files, used_ids, ocr=ocr)
            if faults or not staged_files.files:
                shown = replace(staged_files, current=faults[0].position) if faults else staged_files
                notes = Markup().join(message(fault.text) for fault in faults)
                values = self._form_values(shown)
                yield [notes, values[0], gr.skip(), *values[2:], gr.skip()]
                return
            for step in self._editor.add(staged_files.files, ocr=ocr):
                if step.report is None:
                    yield [_progress(step), *unchanged, gr.skip()]
                else:
                    yield [_report(step.report, self._editor), *self._form_values(StagedFiles()), self._library.show()]
        except (*USER_ERRORS, OSError) as error:
            yield [message(_error_text(error, self._editor)), staged_files, *unchanged[1:], gr.skip()]

    def _choices(self) -> gr.Dropdown:
        try:
            documents = self._editor.documents()
        except USER_ERRORS:
            documents = ()
        return gr.Dropdown(choices=[(f"{info.title} ({info.id})", info.id) for info in documents], value=[])

    def _changed(self) -> list[Any]:
        return [self._choices(), self._library.facts()]

    def _confirm(self, chosen: list[str]) -> list[Any]:
        selected = [info for info in self._editor.documents() if info.id in set(chosen or ())]
        if not selected:
            return [(), gr.Column(visible=False), "", message(_("Please choose the documents to remove."))]
        question = render(
            "form.html",
            part="confirm removal",
            documents=[(info.title, Path(info.source).name, self._editor.is_stored(info)) for info in selected],
        )
        return [tuple(info.id for info in selected), gr.Column(visible=True), question, ""]

    def _do_remove(self, confirmed: tuple[str, ...]) -> Iterator[list[Any]]:
        """Remove the documents that the question named, whatever has been chosen since."""
        try:
            for step in self._editor.remove(confirmed):
                if step.report is None:
                    yield [_progress(step), gr.Column(visible=False), gr.skip()]
                else:
                    yield [_report(step.report, self._editor), gr.Column(visible=False), self._library.show()]
        except (*USER_ERRORS, OSError) as error:
            yield [message(_error_text(error, self._editor)), gr.Column(visible=False), gr.skip()]


def _file_name(staged_files: StagedFiles) -> Markup:
    """Return the whole name of the file in the form, which its list may cut."""
    name = staged_files.files[staged_files.current].name if staged_files.files else ""
    return render("form.html", part="file name", name=name)


def _recognition_question(scans: int) -> gr.Checkbox:
    """Return the question whether to recognise pages that have no text, hidden if there are none."""
    label = ngettext(
        "Recognise the text of %(count)s page that has none, in about %(minutes)s min",
        "Recognise the text of %(count)s pages that have none, in about %(minutes)s min",
        scans,
        minutes=max(1, round(scans * _SECONDS_PER_PAGE / 60)),
    )
    return gr.Checkbox(label=label, visible=scans > 0, value=False)


def _progress(step: ChangeProgress) -> Markup:
    return progress_html(round(100 * step.share), 100, step.words, step.seconds)


def _report(report: BuildReport, editor: LibraryEditor) -> Markup:
    """Return what a change did, which files were not read and which values are inconsistent."""
    parts = [
        _(text, documents=join_items(values))
        for text, values in (
            (gettext_noop("Added %(documents)s."), report.added),
            (gettext_noop("Changed %(documents)s."), report.changed),
            (gettext_noop("Removed %(documents)s."), report.removed),
        )
        if values
    ]
    documents = ngettext("%(count)s document", "%(count)s documents", report.documents)
    passages = ngettext("%(count)s passage", "%(count)s passages", report.passages)
    counts = _("%(documents)s, %(passages)s.", documents=documents, passages=passages)
    lines = [unreadable(unread.path.name, unread.reason) for unread in report.unread]
    for line in (*report.contradictions, *report.warnings):
        document, separator, sentence = line.partition(": ")
        lines.append(_("To check: %(line)s", line=f"{document}{separator}{translate_sentence(sentence)}"))
    return render(
        "form.html",
        part="change report",
        folder=editor.files.name if report.added else "",  # never the path on the server
        remarks=Markup().join(message(line) for line in lines),
        summary=" ".join([*(parts or [_("Nothing changed.")]), counts]),
    )


def _error_text(error: Exception, editor: LibraryEditor) -> str:
    """Return an error message without paths on the server."""
    if isinstance(error, OSError) and error.strerror:
        return error_without_path(error)
    return str(error).replace(f"{editor.index}: ", "").replace(str(editor.index), _("the index"))
