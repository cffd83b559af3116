#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""load_time.py SNAPSECC SNAPS... [--pairs N] [--passes LIST] [--features FILE]

What the optimising passes change for apparmor_parser: each snap is compiled with all its plugs connected, once as ever (or with --passes
LIST) and once with `--passes none`; the parser then compiles both texts to binary policy (-Q -K), in turn, N times. Printed for each
snap: rules and bytes of the profiles, the parser's processor time (the least of N runs), all as ours against the unoptimised; then
medians and extremes. Profiles that differ in the app's name alone are measured once."""
import argparse
import glob
import os
import re
import statistics
import subprocess
import sys
import tempfile

FEATURES = "/etc/apparmor.d/abi/3.0"


def compile_snap(snapsecc, snap, out, passes):
    command = [*snapsecc.split(), "compile", "-q", snap, "-o", out, "--connect", "all", "--allow-unknown", "--target", "debian12", "--no-verify"]
    run = subprocess.run(command + (["--passes", passes] if passes else []), capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{snap}: exit {run.returncode}: {run.stderr[:300]}")


def distinct_profiles(directory):
    """A file for each text, names of the label left out."""
    seen = {}
    for path in sorted(glob.glob(os.path.join(directory, "apparmor", "profiles", "*"))):
        with open(path) as f:
            text = f.read()
        name = os.path.basename(path)
        app = re.escape(name.split(".")[-1])
        seen.setdefault(re.sub(r"\b" + app + r"\b", "APP", text.replace(name, "LABEL")), path)
    return sorted(seen.values())


def count_rules(paths):
    rules = size = 0
    for path in paths:
        with open(path) as f:
            text = f.read()
        size += len(text)
        rules += len(re.findall(r",\s*$", text, re.M))
    return rules, size


def parser_time(paths, features):
    options = [f"--{which}={features}" for which in ("policy-features", "kernel-features", "override-policy-abi")]
    process = subprocess.Popen(["apparmor_parser", "-Q", "-K", "-q", "-o", "/dev/null", *options, *paths], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"apparmor_parser: status {status} on {paths[0]}")
    return usage.ru_utime + usage.ru_stime


def summary(name, values):
    print(f"{name:12} median {statistics.median(values):.3f}  least {min(values):.3f}  most {max(values):.3f}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("snapsecc")
    arguments.add_argument("snaps", nargs="+")
    arguments.add_argument("--pairs", type=int, default=3)
    arguments.add_argument("--passes")
    arguments.add_argument("--features", default=FEATURES, help="features file that the parser compiles for")
    options = arguments.parse_args()
    ratios = {"rules": [], "bytes": [], "time": []}
    print(f"{'snap':32} {'profiles':>8} {'rules':>6} {'x':>5} {'bytes':>7} {'x':>5} {'ms':>6} {'x':>5}")
    for snap in options.snaps:
        with tempfile.TemporaryDirectory() as work:
            ours, plain = os.path.join(work, "ours"), os.path.join(work, "plain")
            compile_snap(options.snapsecc, snap, ours, options.passes)
            compile_snap(options.snapsecc, snap, plain, "none")
            profiles = distinct_profiles(ours)
            if not profiles:
                continue
            before = [p.replace(ours, plain) for p in profiles]
            times = [(parser_time(profiles, options.features), parser_time(before, options.features)) for _ in range(options.pairs)]
            (rules, size), (all_rules, all_size) = count_rules(profiles), count_rules(before)
        own, other = (min(column) for column in zip(*times))
        row = {"rules": rules / all_rules, "bytes": size / all_size, "time": own / other}
        for key, value in row.items():
            ratios[key].append(value)
        print(f"{os.path.basename(snap)[:-5]:32} {len(profiles):8} {rules:6} {row['rules']:5.2f} {size:7} {row['bytes']:5.2f} "
              f"{own * 1000:6.0f} {row['time']:5.2f}", flush=True)
    for key, values in ratios.items():
        summary(key, values)
    return 0


if __name__ == "__main__":
    sys.exit(main())
