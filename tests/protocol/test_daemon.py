#!/usr/bin/env python3
"""How the daemon starts, reloads and stops, and what it does when it cannot."""
import grp
import os
import pwd
import re
import resource
import signal
import socket
import stat
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import milterclient as m
import tap
from harness import (AS_ROOT, CLERK, JONES, PATIENCE, POLICY, SMITH, Filter,
                     fields)
from test_protocol import (BODY, FOOTER, check_footer, check_untouched,
                           silent_copy)

EX_USAGE, EX_NOUSER, EX_UNAVAILABLE = 64, 67, 69
EX_CANTCREAT, EX_CONFIG = 73, 78
OTHER_WORDS = POLICY.replace("CC councillor {name}", "Copied to {name}")
OTHER_FOOTER = b"Copied to Sam Smith"


def refusal(f, status, *words):
    """It does not start, and says why."""
    got, out, err = f.run()
    assert got == status, (got, err)
    for word in words:
        assert word in err, (word, err)
    f.clean_up()
    return err


# The command line.

def test_options():
    f = Filter()
    try:
        assert f.run("--version")[1].startswith("council-milter ")
        assert "--check" in f.run("--help")[1]
        status, _, err = f.run("--nonsense")
        assert status == EX_USAGE and "--nonsense" in err, err
        assert f.run("stray")[0] == EX_USAGE
    finally:
        f.clean_up()


def test_check():
    f = Filter()
    try:
        status, out, err = f.run("--check")
        assert status == 0 and "1 rule," in out, (status, out, err)
        assert not os.path.exists(f.path)
        assert not os.path.exists(f.file("journal.sqlite"))
        f.write("council.policy", POLICY.replace("footer", "fotter"))
        status, out, err = f.run("--check")
        assert status == EX_CONFIG, err
        assert re.search(r"council\.policy:11:\d+: error: .*fotter", err), err
        f.write("council.policy", POLICY + "expect no rule\n"
                "    from clerk to cllr.jones bcc cllr.smith\n")
        status, out, err = f.run("--check")
        assert status == EX_CONFIG and "council.policy:13" in err, err
    finally:
        f.clean_up()


# Refusals to start.

def test_no_settings_file():
    f = Filter()
    os.unlink(f.file("council-milter.conf"))
    refusal(f, EX_CONFIG, "council-milter.conf", "No such file")


def test_wrong_settings():
    f = Filter()
    f.settings["milter"]["sokcet"] = "unix:/x"
    f.write_settings()
    refusal(f, EX_CONFIG, "[milter] sokcet: unknown key",
            'did you mean "socket"?')


def test_no_policy():
    f = Filter()
    os.unlink(f.file("council.policy"))
    refusal(f, EX_CONFIG, "council.policy", "cannot start")


def test_wrong_policy():
    f = Filter(POLICY.replace("sender is officer", "sender is offcer"))
    err = refusal(f, EX_CONFIG, "offcer", "cannot start")
    assert re.search(r"council\.policy:8:\d+: ", err), err


def test_failed_expectation():
    f = Filter(POLICY + "expect no rule\n"
               "    from clerk to cllr.jones bcc cllr.smith\n")
    refusal(f, EX_CONFIG, "council.policy:13", "cannot start")


def test_no_directory_for_the_socket():
    f = Filter()
    f.settings["milter"]["socket"] = "unix:" + f.file("none/s")
    f.write_settings()
    refusal(f, EX_UNAVAILABLE, "none/s", "directory does not exist")


def test_refusal_is_seen_where_there_is_no_syslog():
    f = Filter(log__to="syslog", milter__socket="unix:/none/s")
    refusal(f, EX_UNAVAILABLE, "/none/s", "directory does not exist")


def test_socket_name_too_long():
    f = Filter()
    f.settings["milter"]["socket"] = "unix:/" + "x" * 200
    f.write_settings()
    refusal(f, EX_UNAVAILABLE, "too long")


def test_a_file_where_the_socket_should_be():
    f = Filter()
    f.write("milter.sock", "precious")
    refusal(f, EX_UNAVAILABLE, "no socket")


def test_port_in_use():
    f = Filter()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        f.settings["milter"]["socket"] = \
            "inet:%d@127.0.0.1" % other.getsockname()[1]
        f.write_settings()
        refusal(f, EX_UNAVAILABLE, "the port is in use")


def test_journal_cannot_be_made():
    f = Filter(journal__file="/proc/journal.sqlite")
    refusal(f, EX_CANTCREAT, "/proc/journal.sqlite", "cannot start")


def test_key_that_others_may_read():
    f = Filter()
    f.write("marker.key", "k" * 32)
    os.chmod(f.file("marker.key"), 0o644)
    refusal(f, EX_CANTCREAT, "marker.key", "0600")


def test_key_that_is_none():
    f = Filter()
    f.write("marker.key", "short")
    os.chmod(f.file("marker.key"), 0o600)
    refusal(f, EX_CANTCREAT, "marker.key", "32 bytes")


def test_never_as_root():
    if not AS_ROOT:
        raise tap.Skip("needs root")
    for user, word in ((None, "set user"), ("root", "another user"),
                       ("no-such-user", "no such user")):
        f = Filter()
        f.identity = dict
        if user:
            f.settings["milter"]["user"] = user
        f.write_settings()
        refusal(f, EX_NOUSER, word)


# The socket.

def test_stale_socket():
    f = Filter()
    with f:
        f.send(signal.SIGKILL)
        f.process.wait()
        assert os.path.exists(f.path)
        f.start()
        with f.client() as client:
            check_footer(silent_copy(client))
    assert not os.path.exists(f.path)


def test_living_socket():
    with Filter() as f:
        status, _, err = f.run()
        assert status == EX_UNAVAILABLE, err
        assert "another filter answers" in err, err
        with f.client() as client:
            check_footer(silent_copy(client))


def test_socket_mode_and_group():
    with Filter(milter__socket_mode="0622") as f:
        assert f.socket_mode() == 0o622, oct(f.socket_mode())
    with Filter() as f:
        assert f.socket_mode() == 0o660
    group = grp.getgrgid(pwd.getpwnam("nobody").pw_gid if AS_ROOT
                         else os.getgid()).gr_name
    with Filter(milter__socket_group=group) as f:
        assert grp.getgrgid(os.stat(f.path).st_gid).gr_name == group
    f = Filter(milter__socket_group="no-such-group")
    refusal(f, EX_UNAVAILABLE, "no group of this system")


def test_inet_socket():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with Filter(milter__socket="inet:%d@127.0.0.1" % port) as f:
        with m.Client(port=port) as client:
            client.negotiate().connect("localhost", "127.0.0.1")
            check_footer(silent_copy(client))


def test_monitor_that_connects_and_leaves():
    with Filter() as f:
        for _ in range(50):
            m.Client(f.path).close()
        for _ in range(20):
            with f.connect() as client:
                client.quit()
        with f.client() as client:
            check_untouched(silent_copy(client, recipients=[JONES]))
        assert len(f.lines) == 1, f.lines


# Files.

def test_key_is_made_once():
    f = Filter()
    with f:
        info = os.stat(f.file("marker.key"))
        assert stat.S_IMODE(info.st_mode) == 0o600 and info.st_size == 32
        with open(f.file("marker.key"), "rb") as file:
            key = file.read()
        assert stat.S_IMODE(os.stat(f.file("journal.sqlite")).st_mode) & \
            0o077 == 0
        assert f.stop() == 0
        f.start()
        with open(f.file("marker.key"), "rb") as file:
            assert key == file.read()


def test_becomes_its_user():
    if not AS_ROOT:
        raise tap.Skip("needs root")
    nobody = pwd.getpwnam("nobody")
    f = Filter(milter__user="nobody")
    # A process that has changed its user cannot be searched for leaks.
    options = os.environ.get("ASAN_OPTIONS", "")
    f.start(env={**os.environ, "ASAN_OPTIONS": options + ":detect_leaks=0"},
            extra_groups=[0])
    with open("/proc/%d/status" % f.process.pid) as file:
        status = file.read()
    assert re.search(r"^Uid:(\s+%d){4}$" % nobody.pw_uid, status, re.M)
    assert re.search(r"^Gid:(\s+%d){4}$" % nobody.pw_gid, status, re.M)
    groups = re.search(r"^Groups:(.*)$", status, re.M).group(1).split()
    assert "0" not in groups, groups
    with f.client() as client:
        check_footer(silent_copy(client))
    assert f.stop() == 0
    f.clean_up()


# Reload.

def test_reload_while_a_connection_is_open():
    with Filter() as f, f.client() as client:
        check_footer(silent_copy(client))
        line = f.reload(OTHER_WORDS)
        assert "policy" in line and "1 rule," in line, line
        check_footer(silent_copy(client), footer=OTHER_FOOTER)
        with f.client() as another:
            check_footer(silent_copy(another), footer=OTHER_FOOTER)


def test_message_under_way_keeps_its_policy():
    with Filter() as f, f.client() as client:
        assert set(client.until_end_of_headers(
            CLERK, [JONES, SMITH],
            fields())) == {m.CONTINUE}
        f.reload(OTHER_WORDS)
        client.body(BODY)
        check_footer(client.end_of_message())
        check_footer(silent_copy(client), footer=OTHER_FOOTER)


def test_bad_reload_keeps_the_old_policy():
    bad = [
        (POLICY.replace("footer", "fotter"), "council.policy:11"),
        (POLICY + "expect no rule\n"
         "    from clerk to cllr.jones bcc cllr.smith\n",
         "council.policy:13"),
        ("", "council.policy"),
    ]
    with Filter() as f, f.client() as client:
        for policy, place in bad:
            line = f.reload(policy)
            assert "not reloaded" in line and "stays in force" in line, line
            f.wait_log(re.escape(place))
            check_footer(silent_copy(client))
        os.unlink(f.file("roster.csv"))
        assert "not reloaded" in f.reload(OTHER_WORDS)
        check_footer(silent_copy(client))


def test_good_reload_after_a_bad_one():
    with Filter() as f, f.client() as client:
        f.reload("rubbish")
        assert "not reloaded" not in f.reload(OTHER_WORDS)
        check_footer(silent_copy(client), footer=OTHER_FOOTER)


def test_tells_the_service_manager():
    with open(os.path.join(os.environ.get("BUILDDIR", "."), "config.h"),
              encoding="utf-8") as config:
        if "#define HAVE_SYSTEMD 1" not in config.read():
            raise tap.Skip("built without systemd")
    f = Filter()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(f.file("notify"))
        manager.settimeout(PATIENCE)
        f.give(f.file("notify"))
        f.start(env={**os.environ, "NOTIFY_SOCKET": f.file("notify")},
                **f.identity())
        said = manager.recv(4096).decode()
        assert said.startswith("READY=1\nSTATUS=1 rule,"), said
        for policy, status in (("rubbish", r"policy not reloaded .* 1 rule,"),
                               (OTHER_WORDS, r"1 rule,")):
            f.reload(policy)
            assert manager.recv(4096).startswith(b"RELOADING=1\n")
            said = manager.recv(4096).decode()
            assert re.match(r"READY=1\nSTATUS=" + status, said), said
        assert f.stop() == 0
        assert manager.recv(4096) == b"STOPPING=1"
    f.clean_up()


def test_hangup_reloads_too():
    with Filter() as f, f.client() as client:
        f.reload(OTHER_WORDS, signal.SIGHUP)
        check_footer(silent_copy(client), footer=OTHER_FOOTER)


def test_reload_under_load():
    with Filter() as f, f.client() as client:
        for i in range(20):
            f.write("council.policy", OTHER_WORDS if i % 2 else POLICY)
            f.send(signal.SIGUSR1)
            result = silent_copy(client)
            check_footer(result, footer=FOOTER if FOOTER in result.body
                         else OTHER_FOOTER)


# Trouble.

def limit_files(f, soft):
    """Sets how long the filter's files may become; None: as long as ever."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            # Only who runs the filter may do that, and we may be root.
            f.become_its_user()
            hard = resource.prlimit(f.process.pid, resource.RLIMIT_FSIZE)[1]
            resource.prlimit(f.process.pid, resource.RLIMIT_FSIZE,
                             (hard if soft is None else soft, hard))
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0


def test_disk_full():
    with Filter() as f, f.client() as client:
        check_footer(silent_copy(client))
        limit_files(f, 1)
        result = silent_copy(client, queue_id="E1")
        assert result.reply and result.reply.startswith("451 "), result.order
        assert result.body is None and not result.changes
        line = f.wait_log("E1: ")
        check_untouched(silent_copy(client, recipients=["a@example.org"]))
        limit_files(f, None)
        check_footer(silent_copy(client))
        assert f.alive() and "defer" in line, line


def test_journal_destroyed():
    import sqlite3
    with Filter() as f, f.client() as client:
        with sqlite3.connect(f.file("journal.sqlite"), timeout=30) as journal:
            tables = [name for name, in journal.execute(
                "select name from sqlite_master where type = 'table'"
                " and name not like 'sqlite_%'")]
            for name in tables:
                journal.execute("drop table if exists \"%s\"" % name)
        journal.close()
        result = silent_copy(client, queue_id="E2")
        assert result.reply and result.reply.startswith("451 "), result.order
        f.wait_log("E2: .*defer")


def test_MTA_that_goes_while_it_is_answered():
    with Filter() as f:
        for _ in range(5):
            with f.client() as client:
                for _ in client.until_end_of_headers(
                        CLERK, [JONES, SMITH], fields()):
                    pass
                client.body(BODY * 40000)
                client.send("E")
                client.flush()
        with f.client() as client:
            check_footer(silent_copy(client))


# The end.

def test_stop():
    for number in (signal.SIGTERM, signal.SIGINT):
        with Filter() as f, f.client() as client:
            check_footer(silent_copy(client))
            assert f.stop(number) == 0
            assert not os.path.exists(f.path)
            assert "stopped" in f.lines[-1] or f.wait_log("stopped")


def test_stop_finishes_what_is_under_way():
    with Filter() as f, f.client() as busy, f.client() as idle:
        assert set(busy.until_end_of_headers(
            CLERK, [JONES, SMITH],
            fields())) == {m.CONTINUE}
        busy.body(BODY)
        busy.flush()
        f.send(signal.SIGTERM)
        time.sleep(0.3)
        result = silent_copy(idle)
        assert result.verdict == m.REPLYCODE and \
            result.reply.startswith("451 "), result.order
        try:
            raise AssertionError(f.connect())
        except m.Closed:
            pass
        busy.body(BODY)
        check_footer(busy.end_of_message(), BODY + BODY)
        assert f.process.wait(60) == 0


if __name__ == "__main__":
    sys.exit(tap.run(sys.modules["__main__"]))
