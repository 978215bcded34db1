"""Errors as Hugging Face's client reads them."""

import json

from papersite.api import huggingface_errors


def test_the_words_stand_in_the_body_and_in_a_header() -> None:
    answer = huggingface_errors.answer(404, "No such “paper”", headers={"Retry-After": "1"})

    assert json.loads(answer.content) == {"error": "No such “paper”"}
    assert answer.headers["X-Error-Message"] == "No such ?paper?"
    assert answer.headers["Retry-After"] == "1"
