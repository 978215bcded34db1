"""What curators and readers fill in."""

import re
from typing import Any

from django import forms
from django.utils import timezone

from papersite.catalogue import trending
from papersite.catalogue.converters import CategoryConverter
from papersite.catalogue.models import Category, Paper, SavedPaper, SignalWeight, Topic
from papersite.catalogue.reading import cleaning
from papersite.catalogue.search import language
from papersite.catalogue.sources.library import identifiers
from papersite.catalogue.topics import merging, trying

# A year: beyond that a signal would be all that counts.
MOST_HOURS = 8760
LONGEST_TEXTS = {
    "abstract": cleaning.MAX_ABSTRACT,
    "summary": cleaning.MAX_ABSTRACT,
    "comment": cleaning.MAX_COMMENT,
}


class WeightsForm(forms.Form):
    """Hours for each doubling of a signal, one field a signal."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in trending.DEFAULT_WEIGHTS:
            self.fields[name] = forms.FloatField(
                label=trending.NAMES[name], min_value=0, max_value=MOST_HOURS, required=name != trending.PROMISE
            )
        self.fields["why"] = forms.CharField(max_length=200, required=False, help_text="Kept with the change.")

    def hours(self) -> dict[str, float]:
        """Of each signal, once it is valid; of promise only where it was given."""
        given = {name: self.cleaned_data[name] for name in trending.DEFAULT_WEIGHTS}
        return {name: hours for name, hours in given.items() if hours is not None}


class WeightForm(forms.ModelForm):  # type: ignore[type-arg]
    """One weight, within the bounds of the page where all are tried."""

    hours = forms.FloatField(min_value=0, max_value=MOST_HOURS)

    class Meta:
        model = SignalWeight
        fields = ["signal", "hours"]


class PaperForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a curator writes on a paper, within what is taken from a source. What was there before may stay."""

    boost = forms.FloatField(
        min_value=-MOST_HOURS, max_value=MOST_HOURS, help_text=Paper._meta.get_field("boost").help_text
    )

    # As long as an address of it.
    arxiv_id = forms.CharField(
        label=Paper._meta.get_field("arxiv_id").verbose_name, max_length=200, required=False,
        help_text="Such as 2605.29801, or its address there.",
    )  # fmt: skip

    class Meta:
        model = Paper
        fields = "__all__"

    def clean_arxiv_id(self) -> str:
        typed = str(self.cleaned_data["arxiv_id"])
        if "arxiv_id" not in self.changed_data or not typed:
            return typed
        if not (found := identifiers.bare_arxiv_id(typed)):
            raise forms.ValidationError("This is no identifier of arXiv’s, such as 2605.29801 or hep-th/9711200.")
        return found

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        until = timezone.now() + cleaning.AHEAD
        for name in {"submitted_at", "announced_at"}.intersection(self.changed_data):
            moment = typed.get(name)
            if moment is not None and not cleaning.EARLIEST <= moment <= until:
                self.add_error(name, f"{moment:%Y-%m-%d} lies outside 1990 and today.")
        for name, most in LONGEST_TEXTS.items():
            length = len(typed.get(name) or "")
            if name in self.changed_data and length > most:
                self.add_error(name, f"At most {most:,} characters; this has {length:,}.")
        return typed


class CategoryForm(forms.ModelForm):  # type: ignore[type-arg]
    """A category whose code can stand in its page's address."""

    class Meta:
        model = Category
        fields = ["code", "name"]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if "code" in self.changed_data and not re.fullmatch(CategoryConverter.regex, code):
            raise forms.ValidationError("A code is like cs.LG or hep-th.")
        return code


class TopicForm(forms.ModelForm):  # type: ignore[type-arg]
    """A topic whose search is understood as it was meant: nothing of it is left out in silence."""

    is_meant = forms.BooleanField(
        label="Everything or nothing is meant",
        required=False,
        help_text="Tick where the search is to find all papers of a week, or none.",
    )

    class Meta:
        model = Topic
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        text = typed.get("search", "")
        if text and "search" in self.changed_data and not typed.get("is_meant"):
            week = trying.papers_of_week(timezone.now())
            found = len(trying.found(text, week))
            if len(week) >= trying.FEW and found in (0, len(week)):
                self.add_error(
                    "is_meant", f"The search finds {found} of the {len(week)} papers of a week: tick to go on."
                )
        return typed

    def clean_search(self) -> str:
        text = str(self.cleaned_data["search"])
        query = language.parse(text)
        problems = [*query.problems]
        if query.sort:
            problems.append("A topic has no order of its own: leave “sort:” out.")
        if problems:
            raise forms.ValidationError(problems)
        return text


class MergeForm(forms.Form):
    """Where a topic goes, and what goes along. It has to be meant: what is merged cannot be told apart again."""

    into = forms.ModelChoiceField(Topic.objects.all(), label="Into")
    with_papers = forms.BooleanField(
        required=False,
        initial=True,
        label="With its papers",
        help_text="Its search, its categories and its papers go along. Otherwise only its followers and addresses do.",
    )
    is_meant = forms.BooleanField(label="This cannot be taken back, and is meant")

    def __init__(self, *args: Any, topic: Topic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic = topic
        self.fields["into"].queryset = Topic.objects.exclude(pk=topic.pk)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        into = typed.get("into")
        if into is not None and (problem := merging.problem_of(self.topic, into)):
            self.add_error("into", problem)
        return typed


class NoteForm(forms.ModelForm):  # type: ignore[type-arg]
    """A reader's note on a saved paper."""

    class Meta:
        model = SavedPaper
        fields = ["note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3, "maxlength": 2000})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Many stand on one page.
        self.auto_id = f"%s-{self.instance.pk}"


class LibraryForm(forms.Form):
    """A library as a file."""

    file = forms.FileField(
        label="Your library", allow_empty_file=True, help_text="BibTeX, RIS, CSL JSON, or Zotero's CSV.",
        widget=forms.FileInput(attrs={"accept": ".bib,.bibtex,.ris,.json,.csv,.tsv,.txt"}),
    )  # fmt: skip
