"""The parts of the library's tab that change it; they are laid out, and can be called, only where that is allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr

from corpus.readers.registry import supported_suffixes
from index.building.report import BuildReport
from qa import limits
from qa.api.library_loader import USER_ERRORS
from qa.web.library.changes import Changes, Step
from qa.web.library.uploaded_files import FIELDS, Staged, problems, stage
from qa.web.render.markup import escape
from qa.web.tabs import ask_handler
from qa.web.tabs.batch_handler import in_words
from qa.web.tabs.library import LibraryTab
from qa.web.tabs.widgets import PRIVATE, choice, html
from qa.web.workers.tasks import error_without_path

"""Bytes of an uploaded document."""

MOST_FILES = 50
"""Files that are added at once."""

_RUN: Any = PRIVATE | {"trigger_mode": "once", "concurrency_limit": None}


@dataclass(frozen=True, slots=True)
class Drafts:
    """The files that wait to be added, and which of them is in the form."""

    files: tuple[Staged, ...] = ()
    current: int = 0

    def with_texts(self, texts: Sequence[str]) -> Drafts:
        """With the form's texts kept for the file that is in it."""
        if not self.files:
            return self
        one = replace(self.files[self.current], texts=dict(zip(FIELDS, (text or "" for text in texts), strict=True)))
        return replace(self, files=(*self.files[: self.current], one, *self.files[self.current + 1 :]))


class ChangesTab:
    """The parts, in the order in which the page has them, and what happens between them."""

    def __init__(self, changes: Changes, library: LibraryTab, facts: Callable[[], str]) -> None:
        """`library` shows the library above, and `facts` says in a line what it holds."""
        self._changes = changes
        self._library = library
        self._facts = facts

    def add(self, tab: gr.Tab, header: gr.Markdown) -> None:
        """Add the parts and their events; `header` shows the facts."""
        with gr.Accordion("Add documents", open=False, elem_id="yq-add"):
            self._lay_out_adding()
        with gr.Accordion("Remove documents", open=False, elem_id="yq-remove"):
            self._lay_out_removing()
        self._wire(tab, header)

    def _lay_out_adding(self) -> None:
        with gr.Column(elem_classes=["yq-drop", f"yq-most-{limits.UPLOAD.value}", f"yq-files-{MOST_FILES}"]):
            self._upload = gr.UploadButton(
                "Choose files, or drop them here",
                file_count="multiple",
                file_types=list(supported_suffixes()),
                elem_id="yq-add-upload",
                scale=0,
                min_width=290,
            )
            self._unread = html("", elem_id="yq-add-unread")
        with gr.Column(visible=False, elem_id="yq-add-form") as self._form:
            self._file = choice("File", [("", "")], elem_id="yq-add-file")
            with gr.Row():
                self._fields = [
                    gr.Textbox(label=label, interactive=True, max_lines=1, min_width=220, elem_id=f"yq-field-{key}")
                    for key, label in FIELDS.items()
                ]
            html('<p class="yq-soft">Prefilled from the files. What you leave as it is counts as inferred.</p>')
            with gr.Row(elem_id="yq-add-buttons"):
                self._add = gr.Button("Add", variant="primary", elem_id="yq-add-start", scale=0, min_width=210)
                self._drop = gr.Button("Leave the files out", elem_id="yq-add-drop", scale=0, min_width=210)
        self._added = html("", elem_id="yq-add-report")
        self._drafts = gr.State(Drafts())

    def _lay_out_removing(self) -> None:
        self._chosen = choice("Documents", [], multiselect=True, elem_id="yq-remove-choice")
        self._ask = gr.Button("Remove …", elem_id="yq-remove-ask", scale=0, min_width=120)
        with gr.Column(visible=False, elem_id="yq-remove-sure") as self._sure:
            self._question = html("")
            with gr.Row(elem_id="yq-remove-buttons"):
                self._yes = gr.Button("Yes, remove", variant="stop", elem_id="yq-remove-yes", scale=0, min_width=170)
                self._no = gr.Button("No, keep", elem_id="yq-remove-no", scale=0, min_width=120)
        self._removed = html("", elem_id="yq-remove-report")
        self._asked_of = gr.State(())

    def _wire(self, tab: gr.Tab, header: gr.Markdown) -> None:
        form = [self._drafts, self._unread, self._form, self._file, *self._fields, self._add]
        inputs = [self._drafts, *self._fields]
        shown = self._library.shown
        changed = [self._chosen, header]
        self._upload.upload(self._receive, [self._upload, *inputs], [*form, self._added], **PRIVATE)
        self._file.input(self._switch, [self._file, *inputs], [self._drafts, *self._fields], **PRIVATE)
        self._drop.click(lambda: self._laid(Drafts()), None, form, **PRIVATE)
        self._add.click(self._do_add, inputs, [self._added, *form, shown], **_RUN).then(
            self._changed, None, changed, **PRIVATE
        )
        tab.select(self._choices, None, self._chosen, **PRIVATE)
        asking_of = [self._asked_of, self._sure, self._question, self._removed]
        self._ask.click(self._are_you_sure, self._chosen, asking_of, **PRIVATE)
        self._no.click(lambda: gr.Column(visible=False), None, self._sure, **PRIVATE)
        self._yes.click(self._do_remove, self._asked_of, [self._removed, self._sure, shown], **_RUN).then(
            self._changed, None, changed, **PRIVATE
        )

    def _receive(self, uploads: list[str], drafts: Drafts, *texts: str) -> list[Any]:
        """Files were chosen."""
        drafts = drafts.with_texts(texts)
        staged = [stage(self._changes.receive(Path(one))) for one in uploads[:MOST_FILES]]
        unread = [f"{one.name} is not read: {one.reason}" for one in staged if one.reason]
        unread += [f"{Path(one).name} is left out: add {MOST_FILES} files at once" for one in uploads[MOST_FILES:]]
        read = tuple(one for one in staged if not one.reason)
        first = len(drafts.files) if read else drafts.current
        return [*self._laid(Drafts((*drafts.files, *read), first), unread), ""]

    def _laid(self, drafts: Drafts, unread: Sequence[str] = ()) -> list[Any]:
        """The form of the file that is current."""
        count = len(drafts.files)
        texts = drafts.files[drafts.current].texts if count else {}
        choices = [(f"{number} of {count}: {one.name}", str(number)) for number, one in enumerate(drafts.files, 1)]
        return [
            drafts,
            "".join(ask_handler.message(one) for one in unread),
            gr.Column(visible=bool(count)),
            gr.Dropdown(
                choices=choices or [("", "")], value=str(drafts.current + 1) if count else "", visible=count > 1
            ),
            *(texts.get(key, "") for key in FIELDS),
            gr.Button(value="Add the document" if count == 1 else f"Add {count} documents"),
        ]

    def _switch(self, wanted: str, drafts: Drafts, *texts: str) -> list[Any]:
        """Another file is put into the form."""
        drafts = drafts.with_texts(texts)
        if wanted.isdecimal() and 0 < int(wanted) <= len(drafts.files):
            drafts = replace(drafts, current=int(wanted) - 1)
        found = drafts.files[drafts.current].texts if drafts.files else {}
        return [drafts, *(found.get(key, "") for key in FIELDS)]

    def _do_add(self, drafts: Drafts, *texts: str) -> Iterator[list[Any]]:
        drafts = drafts.with_texts(texts)
        same = [gr.skip()] * (5 + len(FIELDS))
        try:
            taken = {one.id: Path(one.source).name for one in self._changes.documents()}
            wrong = problems(drafts.files, taken)
            if wrong or not drafts.files:
                yield ["".join(ask_handler.message(one) for one in wrong), drafts, *same[1:], gr.skip()]
                return
            for step in self._changes.add(drafts.files):
                if step.report is None:
                    yield [_progress(step), *same, gr.skip()]
                else:
                    yield [_report(step.report, self._changes), *self._laid(Drafts()), self._library.show()]
        except (*USER_ERRORS, OSError) as error:
            yield [ask_handler.message(_said(error, self._changes)), drafts, *same[1:], gr.skip()]

    def _choices(self) -> gr.Dropdown:
        try:
            documents = self._changes.documents()
        except USER_ERRORS:
            documents = ()
        return gr.Dropdown(choices=[(f"{one.title} ({one.id})", one.id) for one in documents], value=[])

    def _changed(self) -> list[Any]:
        return [self._choices(), self._facts()]

    def _are_you_sure(self, chosen: list[str]) -> list[Any]:
        known = [one for one in self._changes.documents() if one.id in set(chosen or ())]
        if not known:
            return [(), gr.Column(visible=False), "", ask_handler.message("Choose the documents first.")]
        items = "".join(
            f"<li>{escape(one.title)} "
            + (
                "and its file, which was uploaded here"
                if self._changes.is_kept(one)
                else f"(its file {escape(Path(one.source).name)} stays where it is)"
            )
            + "</li>"
            for one in known
        )
        question = "Remove this document?" if len(known) == 1 else f"Remove these {len(known)} documents?"
        asked_of = tuple(one.id for one in known)
        return [asked_of, gr.Column(visible=True), f"<div><p><strong>{question}</strong></p><ul>{items}</ul></div>", ""]

    def _do_remove(self, asked_of: tuple[str, ...]) -> Iterator[list[Any]]:
        """Remove what was asked about, whatever has been chosen since."""
        try:
            for step in self._changes.remove(asked_of):
                if step.report is None:
                    yield [_progress(step), gr.Column(visible=False), gr.skip()]
                else:
                    yield [_report(step.report, self._changes), gr.Column(visible=False), self._library.show()]
        except (*USER_ERRORS, OSError) as error:
            yield [ask_handler.message(_said(error, self._changes)), gr.Column(visible=False), gr.skip()]


def _progress(step: Step) -> str:
    percent = round(100 * step.share)
    left = f" · {in_words(step.seconds / step.share * (1 - step.share))} left" if step.share > 0.02 else ""
    return (
        f'<label class="yq-progress"><progress max="100" value="{percent}">{percent} %</progress> '
        f"<span>{escape(step.words)}{left}</span></label>"
    )


def _report(report: BuildReport, changes: Changes) -> str:
    """What a change did, with what was not read and what does not fit."""
    parts = [
        f"{what} {', '.join(values)}"
        for what, values in (("Added", report.added), ("Changed", report.changed), ("Removed", report.removed))
        if values
    ]
    done = f"{'. '.join(parts) or 'Nothing was changed'}. {report.documents:,} documents, {report.passages:,} passages."
    # the folder's name: where it lies on the server is nobody's concern
    kept = f" Uploaded files are kept in <code>{escape(changes.files.name)}</code>." if report.added else ""
    lines = [f"{one.path.name} is not read: {one.reason}" for one in report.unread]
    lines += [f"To check: {one}" for one in report.contradictions]
    return f'<div><p class="yq-done">{escape(done)}{kept}</p>{"".join(ask_handler.message(one) for one in lines)}</div>'


def _said(error: Exception, changes: Changes) -> str:
    """An error as a line for people, who need not know where on the server's disk something lies."""
    if isinstance(error, OSError) and error.strerror:
        return error_without_path(error)
    return str(error).replace(f"{changes.index}: ", "").replace(str(changes.index), "the index")
