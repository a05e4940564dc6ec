"""The compose file, the image and the units: read as far as a machine without an engine can."""

import os
import re
import shutil
import subprocess

import pytest
import yaml
from django.conf import settings

from portal.env import SWITCHES

BASE = settings.BASE_DIR
COMPOSE = yaml.safe_load((BASE / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = {"web", "worker", "beat", "migrate"}
RUNNING = set(SERVICES) - {"migrate"}
INTERPOLATED = {"PORTAL_HOSTS": "portal.example.lan", "PORTAL_ORIGIN": "https://portal.example.lan"}


def test_all_parts_are_there():
    assert set(SERVICES) == OURS | {"proxy", "postgres", "redis"}


@pytest.mark.parametrize("name", sorted(RUNNING))
def test_part_is_watched_and_comes_back(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_only_the_proxy_is_published():
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert {name for name in SERVICES if "outside" in SERVICES[name]["networks"]} == {"proxy", "worker"}


def test_secrets_come_from_files_and_no_value_is_in_the_file():
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"./deploy/secrets/{name}"}
    text = (BASE / "docker-compose.yml").read_text(encoding="utf-8")
    assert not re.search(r"(PASSWORD|SECRET|KEY)\w*: *[\"']?[A-Za-z0-9+]{16,}", text)
    for name in OURS:
        environment = SERVICES[name]["environment"]
        secret_names = {n for n, switch in SWITCHES.items() if switch.kind == "secret"}
        plain = {key for key in environment if key in secret_names} - {"DATABASE_URL", "REDIS_URL"}
        assert plain == set()
        assert ":" not in environment["DATABASE_URL"].split("@")[0].removeprefix("postgres:")
    ignored = (BASE / ".gitignore").read_text().splitlines()
    assert {"deploy/secrets/", "deploy/tls/", ".env"} <= set(ignored)


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_parts_know_only_switches_that_exist_and_may_do_little(name):
    service = SERVICES[name]
    known = set(SWITCHES) | {f"{switch}_FILE" for switch in SWITCHES}
    assert set(service["environment"]) - known == set()
    assert service["environment"]["PORTAL_MODE"] == "production"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_web_and_worker_may_be_many_and_beat_is_one():
    for name in ("web", "worker"):
        assert SERVICES[name]["deploy"]["replicas"] == 2
        assert "container_name" not in SERVICES[name]
    assert "deploy" not in SERVICES["beat"]


def test_data_live_in_volumes_and_logs_keep_no_statement():
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())}
    assert set(COMPOSE["volumes"]) <= mounted
    command = SERVICES["postgres"]["command"]
    for setting in ("log_min_error_statement=panic", "log_error_verbosity=terse", "track_commit_timestamp=off"):
        assert setting in command
    assert "noeviction" in SERVICES["redis"]["command"]


def test_nobody_is_root():
    image = (BASE / "Dockerfile").read_text(encoding="utf-8")
    last = image.rsplit("FROM ", 1)[1]
    assert re.search(r"^USER 10001:10001$", last, re.M)
    assert SERVICES["postgres"]["user"] == "postgres"
    assert SERVICES["redis"]["user"] == "redis"
    assert "unprivileged" in SERVICES["proxy"]["image"]


def test_image_installs_the_hashed_lock_alone():
    image = (BASE / "Dockerfile").read_text(encoding="utf-8")
    installs = re.findall(r"pip install (.*)", image)
    assert installs == ["--no-cache-dir --no-deps --require-hashes -r requirements.lock"]


def test_proxy_forgets_who_opened_an_anonymous_page():
    conf = (BASE / "deploy" / "nginx" / "portal.conf").read_text(encoding="utf-8")
    log_format = re.search(r"log_format quiet '([^']*)'", conf)[1]
    assert "addr" not in log_format and "agent" not in log_format and "args" not in log_format
    assert re.search(r"~\^/a/\s+0;", conf)
    assert re.findall(r"access_log (.*);", conf).count("/dev/stdout quiet if=$is_logged") == 1
    assert "X-Forwarded-For $remote_addr" in conf  # never a list a visitor could lengthen


def test_units_run_as_nobody_in_particular():
    units = sorted((BASE / "deploy" / "systemd").glob("*.service"))
    assert [unit.stem for unit in units] == [f"portal-{n}" for n in ("backup", "beat", "periodic", "web", "worker")]
    for unit in units:
        text = unit.read_text(encoding="utf-8")
        assert "User=portal" in text and "NoNewPrivileges=yes" in text and "ProtectSystem=strict" in text


def test_authority_makes_a_certificate_browsers_take(tmp_path):
    if not shutil.which("openssl"):
        pytest.skip("needs openssl")
    script = tmp_path / "make-ca.sh"
    script.write_bytes((BASE / "deploy" / "make-ca.sh").read_bytes())
    for _turn in range(2):  # again: a new certificate by the same authority
        subprocess.run(["sh", script, "portal.example.lan", "192.0.2.7"], check=True, capture_output=True)
    shown = subprocess.run(
        ["openssl", "x509", "-in", tmp_path / "tls" / "portal.crt", "-noout", "-text"], capture_output=True, text=True
    ).stdout
    assert "DNS:portal.example.lan, IP Address:192.0.2.7" in shown
    assert "CA:FALSE" in shown


def _compose_command():
    for command in (["docker-compose"], ["docker", "compose"]):
        if shutil.which(command[0]) and subprocess.run([*command, "version"], capture_output=True).returncode == 0:
            return command
    return None


def test_compose_accepts_the_file():
    command = _compose_command()
    if command is None:
        pytest.skip("needs docker-compose or docker with its compose plugin")
    done = subprocess.run(
        [*command, "-f", BASE / "docker-compose.yml", "--project-directory", BASE, "config", "--quiet"],
        env={"PATH": os.environ["PATH"], **INTERPOLATED},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
