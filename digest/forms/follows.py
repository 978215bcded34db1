"""What a reader follows and leaves out."""

from typing import Any

from django import forms

from digest.models import Follow, Subscription
from papersite.catalogue.models import Author, Topic
from papersite.catalogue.search import language


class TopicsForm(forms.Form):
    """Which topics to include, and trending overall."""

    topics = forms.ModelMultipleChoiceField(
        Topic.objects.offered(), required=False, widget=forms.CheckboxSelectMultiple
    )
    trending = forms.BooleanField(required=False, label="Trending overall")

    def __init__(self, *args: Any, subscription: Subscription, **kwargs: Any) -> None:
        self.subscription = subscription
        follows = [follow for follow in subscription.follows.all() if not follow.mutes]
        kwargs["initial"] = {
            "topics": [follow.topic_id for follow in follows if follow.kind == Follow.Kind.TOPIC],
            "trending": any(follow.kind == Follow.Kind.TRENDING for follow in follows),
        }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        follows_more = self.subscription.follows.filter(kind__in=["author", "search"], mutes=False).exists()
        if not (cleaned.get("trending") or cleaned.get("topics") or follows_more):
            self.add_error("topics", "Choose at least one topic, or trending overall: else there is nothing to send.")
        return cleaned


class FollowForm(forms.Form):
    """One author, topic or search to follow or to mute."""

    topic = forms.ModelChoiceField(Topic.objects.all(), required=False)
    author = forms.ModelChoiceField(Author.objects.all(), required=False)
    search = forms.CharField(required=False, max_length=300, strip=True)
    mutes = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            raise forms.ValidationError("This topic or author is not here any more.")
        targets = {name: cleaned[name] for name in ("topic", "author", "search") if cleaned.get(name)}
        if len(targets) != 1:
            raise forms.ValidationError("Type what to follow, such as “protein folding” or author:hinton.")
        if search := cleaned.get("search"):
            query = language.parse(search)
            if query.problems or query.node is None:
                raise forms.ValidationError(" ".join(query.problems) or "This search asks for nothing.")
        return cleaned | {"kind": next(iter(targets)), "targets": targets}
