"""How many digests a second leave, beside bare smtplib and the usual packages, on SQLite and PostgreSQL.

    uv run --all-groups python tests/bench/mail.py [--small] [--readers N] [--saved N] [--only NAME…]

Two processes send to a mail server on this machine, which takes everything at once. Each mail has
twelve papers of a reader's own five of 300 topics. ``…_per_s`` counts planning, choosing, composing,
sending and settling; ``vs_smtplib`` is the slower database over what the same processes reach with
nothing but ``smtplib.sendmail`` of mails that lie ready. The last line is JSON. With ``--saved``
each reader saved so many papers, and some come because they are close to these;
``TASTE=false`` in front says what that costs.

PostgreSQL is that of ``DATABASE_URL``, or the local one; a database of its own is made and dropped.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent.parent
SERVER = os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1/postgres"
PROCESSES = 2
KEYS = (
    "readers", "postgres_per_s", "sqlite_per_s", "vs_smtplib", "vs_post_office", "vs_newsletter", "plan_per_s",
    "peak_mb", "scale_ratio",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Times the sending of digests and prints a line of JSON.")
    parser.add_argument("--small", action="store_true", help="under 45 seconds")
    parser.add_argument("--readers", type=int, default=0)
    parser.add_argument("--saved", type=int, default=0, help="papers that each reader saved; 30 are many")
    parser.add_argument("--only", nargs="*", default=["sqlite", "postgres", "smtplib", "post_office", "newsletter"])
    options = parser.parse_args()
    if "sqlite" not in options.only and {"smtplib", "post_office", "newsletter"} & {*options.only}:
        parser.error("the others send mails that were made for sqlite: name it too")
    readers = options.readers or (1_500 if options.small else 50_000)
    with tempfile.TemporaryDirectory() as folder, Sink() as sink:
        bench = Bench(Path(folder), sink, readers, options.saved)
        for name in options.only:
            getattr(bench, name)(readers)
        if "sqlite" in options.only:
            bench.scale(readers)
        print(json.dumps(bench.result()))


class Sink:
    """tests/sink.py in a process of its own."""

    def __enter__(self) -> "Sink":
        command = [sys.executable, str(ROOT / "tests/sink.py"), "-"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *error: object) -> None:
        assert self.process.poll() is None, "the mail server died: nothing above is true"
        self.process.kill()
        self.process.wait()


class Bench:
    def __init__(self, folder: Path, sink: Sink, readers: int, saved: int) -> None:
        self.folder = folder
        self.saved = saved
        self.sink = sink
        self.found: dict[str, float] = {"readers": readers}

    def say(self, text: str) -> None:
        print(text, flush=True)

    def result(self) -> dict[str, float]:
        rates = [self.found[name] for name in ("sqlite_per_s", "postgres_per_s") if name in self.found]
        found = {name: value for name, value in self.found.items() if not name.startswith("_")}
        for name in ("smtplib", "post_office", "newsletter"):
            if rates and f"_{name}" in self.found:
                found[f"vs_{name}"] = round(min(rates) / self.found[f"_{name}"], 2)
        return {name: found[name] for name in KEYS if name in found}

    def sqlite(self, readers: int) -> None:
        self.found["sqlite_per_s"] = self._ours("sqlite", readers, {})

    def postgres(self, readers: int) -> None:
        import psycopg

        name = f"bench_{uuid4().hex[:12]}"
        with psycopg.connect(SERVER, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
            try:
                url = f"{SERVER.rpartition('/')[0]}/{name}"
                self.found["postgres_per_s"] = self._ours("postgres", readers, {"DATABASE_URL": url})
            finally:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def scale(self, readers: int) -> None:
        """The time for all readers over that for a tenth of them, which should be ten."""
        found = dict(self.found)
        tenth = self._ours("a tenth", readers // 10, {})
        self.found = found | {"scale_ratio": round(10 * tenth / found["sqlite_per_s"], 1)}

    def _ours(self, name: str, readers: int, environment: dict[str, str]) -> int:
        environment = self._environment(name) | environment
        self._python(environment, f"prepare({readers}, {self.saved})")
        plan = self._python(environment, "plan()")
        sent = self._together(environment, "send()")
        assert sum(one["sent"] for one in sent) == readers, sent
        seconds = plan["seconds"] + max(one["ended"] for one in sent) - min(one["began"] for one in sent)
        rate = readers / seconds
        self.found["plan_per_s"] = min(self.found.get("plan_per_s", 10**9), round(readers / plan["seconds"]))
        self.found["peak_mb"] = max(self.found.get("peak_mb", 0), *(one["peak_mb"] for one in sent))
        self.say(f"processor: {sum(one['processor'] for one in sent):.2f} s")
        self.say(f"{name}: {rate:.0f} mails/s, planned {readers / plan['seconds']:.0f}/s, {sent}")
        return int(rate)

    def smtplib(self, readers: int) -> None:
        """The same processes and mails, ready as bytes, and nothing else to do."""
        sent = self._together(self._environment("sqlite"), f"push({min(readers, 20_000) // PROCESSES})")
        self.found["_smtplib"] = self._rate(sent)
        self.say(f"bare smtplib: {self.found['_smtplib']:.0f} mails/s")

    def post_office(self, readers: int) -> None:
        self._prepare_rivals(min(readers, 5000) // 5)
        (sent,) = self._run(self._rival(), ["post_office()"], "mail_rivals")
        self._rival_rate("post_office", [sent])

    def newsletter(self, readers: int) -> None:
        self._prepare_rivals(min(readers, 5000) // 5)
        self._rival_rate("newsletter", self._run(self._rival(), ["newsletter(0)", "newsletter(1)"], "mail_rivals"))

    def _rival_rate(self, name: str, sent: list[dict[str, Any]]) -> None:
        self.found[f"_{name}"] = self._rate(sent)
        self.say(f"{name}: {self.found[f'_{name}']:.0f} mails/s")

    def _prepare_rivals(self, count: int) -> None:
        if not (self.folder / "rivals").exists():
            (self.folder / "rivals").mkdir()
            self._python(self._environment("sqlite") | {"MAIL_JSON": str(self.folder / "rivals/mail.json")}, "show()")
            self._run(self._rival(), [f"prepare({count})"], "mail_rivals")

    def _rival(self) -> dict[str, str]:
        return self._environment("rivals") | {"RIVAL_PORT": str(self.sink.port), "DJANGO_SETTINGS_MODULE": ""}

    def _rate(self, sent: list[dict[str, Any]]) -> float:
        seconds = max(one["ended"] for one in sent) - min(one["began"] for one in sent)
        return float(sum(one["sent"] for one in sent) / seconds)

    def _environment(self, name: str) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
        return kept | {
            "DATA_DIR": str(self.folder / name), "DJANGO_SETTINGS_MODULE": "papersite.settings", "DEBUG": "false",
            "SECRET_KEY": "for-a-benchmark", "LOG_LEVEL": "ERROR", "DIGEST_JITTER_MINUTES": "0",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'tests/bench'}",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.sink.port}", "MAIL_FROM": "Papers <digest@papers.example.org>",
            "SITE_URL": "https://papers.example.org", "MAIL_POSTAL_ADDRESS": "1 Example Street, Exampleton",
        }  # fmt: skip

    def _python(self, environment: dict[str, str], call: str) -> Any:
        (answer,) = self._run(environment, [call])
        return answer

    def _together(self, environment: dict[str, str], call: str) -> list[Any]:
        return self._run(environment, [call] * PROCESSES)

    def _run(self, environment: dict[str, str], calls: list[str], module: str = "mail_work") -> list[Any]:
        """Each call in a process of its own, all at once; what each printed."""
        code = f"import {module}; {module}.report(lambda: {module}."
        started = [
            subprocess.Popen(
                [sys.executable, "-c", f"{code}{call})"],
                env=environment,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL if module == "mail_rivals" else None,
                text=True,
            )
            for call in calls
        ]
        answers = [process.communicate()[0] for process in started]
        assert all(process.returncode == 0 for process in started), answers
        return [json.loads(answer.splitlines()[-1]) for answer in answers]


if __name__ == "__main__":
    main()
