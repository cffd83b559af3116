#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""against_aadiff.py SNAPSECC SHARED COUNT [SNAP...]: asks `snapsecc query` and an independent judge (SHARED/tools/aadiff, which walks the
automata that apparmor_parser makes of the profile) the same random questions about the policy of real snaps. Paths are words of the
profile's own patterns, as they are or changed a little; signals, ptrace and capabilities are random. Prints `N accesses, N differ`."""
import concurrent.futures
import glob
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from importlib.machinery import SourceFileLoader

SNAPSECC, SHARED, COUNT = sys.argv[1].split(), sys.argv[2], int(sys.argv[3])
sys.dont_write_bytecode = True
aadiff = SourceFileLoader("aadiff", os.path.join(SHARED, "tools", "aadiff")).load_module()
random = random.Random(int(os.environ.get("SEED", "1")))
LABELS = ["unconfined", "snap.foo.bar", "snap.other.app", "/usr/sbin/cups", "snap.lxd.daemon", "docker-default"]
VARIABLES = {"PROC": "/proc", "HOME": "/home/user", "HOMEDIRS": "/home", "pid": "123", "pids": "77", "tid": "5", "sys": "/sys", "run": "/run",
             "multiarch": "x86_64-linux-gnu", "uid": "1000"}


def word_of(pattern):
    """A word that the pattern is likely to match; None where it cannot be made."""
    out, at, depth = "", 0, 0
    while at < len(pattern):
        c = pattern[at]
        if c == "\\" and at + 1 < len(pattern):
            out, at = out + pattern[at + 1], at + 2
            if pattern[at - 1] in "0123456789x":
                return None
        elif pattern.startswith("**", at):
            out, at = out + random.choice(["a", "b/c", ".x", "usr/lib/y", ".hidden/z", "bin"]), at + 2
        elif c in "*?":
            out, at = out + random.choice("ab7.") if c == "?" else out + random.choice(["a", "x1", ".cfg", "0", "lib.so"]), at + 1
        elif c == "[":
            end = pattern.find("]", at + 2)
            body = pattern[at + 1:end]
            if end < 0 or "\\" in body:
                return None
            out, at = out + (random.choice("Zq9") if body[0] == "^" else body[0] if random.random() < .7 else body[-1]), end + 1
        elif c == "{":
            end, level, parts, start = at, 0, [], at + 1
            while end < len(pattern):
                level += (pattern[end] == "{") - (pattern[end] == "}")
                if (pattern[end] == "," and level == 1) or level == 0:
                    parts.append(pattern[start:end])
                    start = end + 1
                    if level == 0:
                        break
                end += 1
            return None if not parts else word_of(out_escape(out) + random.choice(parts) + pattern[end + 1:])
        elif pattern.startswith("@{", at):
            end = pattern.find("}", at)
            value = VARIABLES.get(pattern[at + 2:end])
            if value is None:
                return None
            if value.startswith("/") and out.endswith("/"):
                value = value[1:]
            out, at = out + value, end + 1
        else:
            out, at = out + c, at + 1
    return out


def out_escape(text):
    return re.sub(r"([*?\[\]{}\\@,])", r"\\\1", text)


def changed(path):
    """The path, or one near it."""
    how = random.random()
    if how < .4:
        return path
    at = random.randrange(1, len(path) + 1)
    if how < .5:
        return path[:at]
    if how < .6:
        return path + random.choice(["/x", "x", ".new", "/.x", "/"])
    if how < .8:
        return path[:at] + random.choice("ax0._-/") + path[at:]
    return path[:at - 1] + random.choice("bs9./") + path[at:] if at > 1 else path


def questions(text, count):
    patterns = re.findall(r'(?m)^\s*(?:audit |deny |prompt |owner )*(?:file )?"?((?:/|@\{)[^"\s]*)"?', text)
    words = set(re.findall(r"(?m)^\s*capability (\w+)", text)) | {"sys_admin", "net_admin", "chown", "mknod", "setuid"}
    while count:
        kind = random.random()
        if kind < .06:
            yield "signal", (random.choice(["send", "receive"]), random.choice(["term", "kill", "hup", "usr1", "exists"]), random.choice(LABELS))
        elif kind < .12:
            yield "ptrace", (random.choice(["read", "trace", "readby", "tracedby"]), random.choice(LABELS))
        elif kind < .16:
            yield "capability", (random.choice(sorted(words)),)
        else:
            word = word_of(random.choice(patterns))
            path = word and changed(word)
            if not path or not path.startswith("/") or "//" in path or re.search(r'["\\*?\[\]{}@^\0]', path):
                continue
            yield "file", (path, random.choice("rrrwwamklxx"))
        count -= 1


def judge(profile, kind, what):
    """(owner, other) as the compiled policy has it."""
    if kind == "capability":
        bit = 1 << CAPABILITIES.index(what[0])
        return ((profile.caps[0] & bit) != 0,) * 2
    if kind == "file":
        answer = aadiff.query(profile, what[0], {})
        sides = re.fullmatch("owner: (.*), other: (.*)", answer)
        return tuple(granted(side, what[1]) for side in (sides.groups() if sides else (answer, answer)))
    name = "signal:%s|%s" % what[1:] if kind == "signal" else "ptrace:%s" % what[1]
    return (what[0] in aadiff.query(profile, name, {}).split(),) * 2


CAPABILITIES = re.search(r"caps \{mask \{([^}]*)", aadiff.FEATURES)[1].split()


def granted(text, permission):
    tokens = text.replace(",", " ").split()
    if permission == "x":
        return any(re.fullmatch("[A-Za-z]{1,3}x", token) for token in tokens)
    return any(permission in token for token in tokens if re.fullmatch("[rwamkl]+", token))


def access(kind, what):
    return {"file": "file %s %s", "capability": "capability %s", "signal": "signal %s set %s peer %s", "ptrace": "ptrace %s peer %s"}[kind] % what


def ask(tree, label, kind, what):
    run = subprocess.run([*SNAPSECC, "query", tree, "--label", label, "--json", access(kind, what)], capture_output=True, text=True)
    if run.returncode not in (0, 4):
        return "exit %d: %s" % (run.returncode, run.stderr[:200])
    mechanism = next(m for m in json.loads(run.stdout)["answers"][0]["mechanisms"] if m["mechanism"] == "apparmor")
    return {"allowed": (True, True), "owner": (True, False), "denied": (False, False)}.get(mechanism["verdict"], mechanism["verdict"])


def compiled(path):
    """The profile as the judge reads it, without the host's abstractions, which our answer leaves out too."""
    with open(path) as f:
        text = re.sub(r"(?m)^\s*#include <abstractions/.*\n", "", f.read())
    with tempfile.NamedTemporaryFile("w", suffix=".features") as features, tempfile.NamedTemporaryFile("w", suffix=".aa") as stripped:
        features.write(aadiff.FEATURES)
        stripped.write(text)
        features.flush()
        stripped.flush()
        options = {"parser": "apparmor_parser", "pass": [], "kernel_like": False, "features": features.name}
        return text, aadiff.parse_policy(aadiff.compile_policy(stripped.name, options))


def main():
    snaps = sys.argv[4:] or sorted(glob.glob(os.path.join(SHARED, "reference", "snaps", "*.yaml")))
    differ = asked = 0
    with tempfile.TemporaryDirectory() as work, concurrent.futures.ThreadPoolExecutor(2) as pool:
        todo = []
        for snap in snaps:
            tree = os.path.join(work, os.path.basename(snap)[:-5])
            run = subprocess.run([*SNAPSECC, "compile", "-q", snap, "-o", tree, "--connect", "all", "--allow-unknown", "--target", "debian12"], capture_output=True, text=True)
            if run.returncode:
                sys.exit("%s: exit %d: %s" % (snap, run.returncode, run.stderr[:500]))
            profiles = sorted(glob.glob(tree + "/apparmor/profiles/*"))
            if profiles:
                todo.append((tree, random.choice(profiles)))
        for i, (tree, path) in enumerate(todo):
            text, policy = compiled(path)
            label = os.path.basename(path)
            count = COUNT * (i + 1) // len(todo) - asked
            asked += count
            some = list(questions(text, count))
            answers = pool.map(lambda q: ask(tree, label, *q), some)
            for (kind, what), ours in zip(some, answers):
                theirs = judge(policy[label], kind, what)
                if ours != theirs:
                    differ += 1
                    print("%s: %s: query says %s, the compiled policy %s" % (label, access(kind, what), ours, theirs))
    print("%d accesses, %d differ" % (asked, differ))
    return 1 if differ or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
