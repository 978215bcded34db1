"""A unit for each process of the table, one that prepares them, and a nightly backup."""

from papersite.deploy.place import Place
from papersite.runtime.processes import TABLE, Process

# systemd's own score of exposure, from 10 down to 0, is 1.3 with these.
HARDENING = """\
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
UMask=0027
"""
SERVICE = """\
User={name}
Group={name}
WorkingDirectory={folder}
StateDirectory={state}
StateDirectoryMode=0750
"""


def files(place: Place) -> dict[str, str]:
    """Text of each unit by its file's name."""
    return {
        f"{place.name}.target": _target(place),
        f"{place.name}-prepare.service": _prepare(place),
        **{f"{place.name}-{one.name}.service": _unit(place, one) for one in TABLE},
        f"{place.name}-backup.service": _backup(place),
        f"{place.name}-backup.timer": _timer(place),
    }


def _service(place: Place) -> str:
    # Paths of other places than /var/lib need a line of their own.
    inside = place.data.removeprefix("/var/lib/")
    return SERVICE.format(name=place.name, folder=place.folder, state=inside if "/" not in inside else place.name) + (
        "" if "/" not in inside else f"ReadWritePaths={place.data}\n"
    )


def _target(place: Place) -> str:
    wanted = " ".join(f"{place.name}-{one.name}.service" for one in TABLE)
    return f"""\
[Unit]
Description=Papersite, all of it on this machine
Wants={place.name}-prepare.service {wanted}

[Install]
WantedBy=multi-user.target
"""


def _prepare(place: Place) -> str:
    return f"""\
[Unit]
Description=Papersite: tables and static files of this release
After=network-online.target postgresql.service redis-server.service
Wants=network-online.target
PartOf={place.name}.target

[Service]
Type=oneshot
RemainAfterExit=yes
TimeoutStartSec=infinity
ExecStart={place.python} {place.manage} migrate --no-input
ExecStart={place.python} {place.manage} collectstatic --no-input --verbosity 0
{_service(place)}{HARDENING}"""


def _unit(place: Place, one: Process) -> str:
    where = f" --port {place.port}" if one.name == "web" else ""
    return f"""\
[Unit]
Description=Papersite: {one.does} ({one.runs.value})
After=network-online.target {place.name}-prepare.service postgresql.service redis-server.service
Wants=network-online.target
PartOf={place.name}.target
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart={place.python} {place.manage} start {one.name}{where}
Restart=always
RestartSec=2
KillMode=mixed
TimeoutStopSec={one.stop_within}
{_service(place)}{HARDENING}
[Install]
WantedBy={place.name}.target
"""


def _backup(place: Place) -> str:
    return f"""\
[Unit]
Description=Papersite: backup
After={place.name}-prepare.service postgresql.service

[Service]
Type=oneshot
TimeoutStartSec=infinity
ExecStart={place.python} {place.manage} backup {place.data}/backups --keep 14
Nice=10
IOSchedulingClass=idle
{_service(place)}{HARDENING}"""


def _timer(place: Place) -> str:
    return """\
[Unit]
Description=Papersite: a backup each night

[Timer]
OnCalendar=*-*-* 03:10:00
RandomizedDelaySec=20min
Persistent=yes

[Install]
WantedBy=timers.target
"""
