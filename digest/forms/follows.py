"""What a reader follows and leaves out."""

from typing import Any

from django import forms
from django.db.models import Q

from digest.following import follow_lists, follows
from digest.models import Follow, Subscription
from papersite.catalogue.models import Author, Topic


class TopicsForm(forms.Form):
    """Which topics to include, and trending overall."""

    topics = forms.ModelMultipleChoiceField(Topic.objects.none(), required=False, widget=forms.CheckboxSelectMultiple)
    trending = forms.BooleanField(required=False, label="Trending overall")

    def __init__(self, *args: Any, subscription: Subscription, **kwargs: Any) -> None:
        held = list(subscription.follows.all())
        self.others = [follow for follow in held if follow.kind in (Follow.Kind.AUTHOR, Follow.Kind.SEARCH)]
        included = [follow for follow in held if not follow.mutes]
        topics = [follow.topic_id for follow in included if follow.kind == Follow.Kind.TOPIC]
        kwargs["initial"] = {
            "topics": topics,
            "trending": any(follow.kind == Follow.Kind.TRENDING for follow in included),
        }
        super().__init__(*args, **kwargs)
        # What is offered to nobody new stays with those who have it.
        offered = Topic.objects.filter(Q(is_offered=True, is_catch_all=False) | Q(pk__in=topics)).order_by("name")
        self.fields["topics"].queryset = offered  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        follows_more = any(not follow.mutes for follow in self.others)
        if not self.errors and not (cleaned.get("trending") or cleaned.get("topics") or follows_more):
            self.add_error("topics", "Choose at least one topic, or trending overall: else there is nothing to send.")
        return cleaned


class FollowForm(forms.Form):
    """One author, topic, search or trending overall: to follow, to mute, or neither any more."""

    INCLUDE, MUTE, REMOVE = "include", "mute", "remove"

    topic = forms.ModelChoiceField(Topic.objects.all(), required=False)
    author = forms.ModelChoiceField(Author.objects.all(), required=False)
    search = forms.CharField(required=False, strip=True)
    trending = forms.BooleanField(required=False)
    mutes = forms.BooleanField(required=False)
    state = forms.ChoiceField(choices=[(name, name) for name in (INCLUDE, MUTE, REMOVE)], required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            raise forms.ValidationError("This topic or author is not here any more.")
        wanted = [
            make(cleaned[name])
            for name, make in (
                ("topic", follows.of_topic),
                ("author", follows.of_author),
                ("search", follows.of_search),
                ("trending", lambda _: follows.trending()),
            )
            if cleaned.get(name)
        ]
        if len(wanted) != 1:
            raise forms.ValidationError("Type what to follow, such as “protein folding” or author:hinton.")
        state = cleaned.get("state") or (self.MUTE if cleaned.get("mutes") else self.INCLUDE)
        follow = wanted[0]
        follow.mutes = state == self.MUTE
        if follow.mutes and follow.kind == Follow.Kind.TRENDING:
            raise forms.ValidationError("Trending overall can be followed or removed, not left out.")
        if follow.kind == Follow.Kind.SEARCH and state != self.REMOVE and (said := follows.problem_of(follow.search)):
            raise forms.ValidationError(said)
        return cleaned | {"state": state, "follow": follow}


class ListForm(forms.Form):
    """A list of follows, pasted or as a file."""

    text = forms.CharField(
        required=False,
        label="One a line",
        max_length=follow_lists.MAX_BYTES,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    file = forms.FileField(required=False, label="Or a file", allow_empty_file=True)
    # Lines that were ticked on a page which offers them.
    line = forms.Field(required=False, widget=forms.SelectMultiple)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        text, remark = "\n".join(filter(None, [cleaned.get("text", ""), *(cleaned.get("line") or ())])), ""
        try:
            if file := cleaned.get("file"):
                more, remark = follow_lists.decode(file.read(follow_lists.MAX_BYTES + 1))
                # A file's table must begin the text, or it is read as lines.
                text = f"{more}\n{text}" if text.strip() else more
            lines = follow_lists.read(text)
        except follow_lists.NoText as error:
            raise forms.ValidationError(str(error)) from None
        if not self.errors and not lines:
            raise forms.ValidationError("There is no line in this list that asks for something.")
        return cleaned | {"lines": lines, "remark": remark}
