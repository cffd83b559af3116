# SPDX-License-Identifier: Apache-2.0
"""Text tests: a RUN line calls the tool, FileCheck (or diff) judges. `utils/check` calls lit with BUILD in the environment."""
import os
import shutil
import subprocess
import sys
import lit.formats

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
build = os.environ.get("BUILD", os.path.join(root, "build"))
llvm = os.environ.get("LLVM_BIN", "/usr/lib/llvm-14/bin")

config.name = "snapsecc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".test", ".sif", ".sir", ".yaml", ".aa"]
config.excludes = ["Inputs", "unit", "conformance", "lit.cfg.py"]
config.test_source_root = os.path.join(root, "test")
config.test_exec_root = os.path.join(build, "test")
config.environment["PATH"] = os.pathsep.join([os.path.join(build, "bin"), llvm, os.environ["PATH"]])
config.environment["NO_COLOR"] = "1"
config.environment["XDG_CACHE_HOME"] = os.path.join(build, "test", "cache")  # not the user's
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
config.substitutions += [
    ("%exits", "python3 " + os.path.join(root, "test", "exits.py")),
    ("%snapsecc", os.path.join(build, "bin", "snapsecc")),
    ("%snapsec-run", os.path.join(build, "bin", "snapsec-run")),
    ("%stdlib", os.path.join(root, "stdlib")),
    ("%examples", os.path.join(root, "examples")),
    ("%shared", os.path.join(os.path.dirname(root), "shared")),
    ("%root", root),
    ("%runtime", os.path.join(root, "test", "runtime", "Inputs")),
    ("%python", sys.executable),
]
if os.path.isdir(os.path.join(os.path.dirname(root), "shared", "reference")):
    config.available_features.add("reference")  # REQUIRES: reference
if shutil.which("apparmor_parser"):
    config.available_features.add("apparmor_parser")
# A VM boots a Debian kernel with AppArmor: needs the judges' vm-run, QEMU, and a kernel package to fetch or fetched before.
vm_run = os.path.join(os.path.dirname(root), "shared", "tools", "vm-run")
if os.path.exists(vm_run) and all(map(shutil.which, ("qemu-system-x86_64", "busybox", "cpio", "apt-get"))):
    config.available_features.add("vm")
# test/runtime/Inputs/sandbox.sh: root, a root that is a mount point (not so in a chroot), and what is mounted there.
probe = "mount -t tmpfs t /run && mkdir /run/u /run/w && mount -t overlay -o lowerdir=/etc,upperdir=/run/u,workdir=/run/w t /etc && mount -t bpf b /sys/fs/bpf"
if subprocess.run(["unshare", "-m", "--propagation", "private", "sh", "-c", probe], capture_output=True).returncode == 0:
    config.available_features.add("sandbox")
if os.access("/dev/kmsg", os.W_OK):
    config.available_features.add("kmsg")  # the kernel's log
if not os.path.exists("/sys/kernel/security/apparmor"):
    config.available_features.add("no-apparmor")
# Control groups that confine devices, as mounted here: REQUIRES: cgroup-v1, cgroup-v2
with open("/proc/self/mountinfo") as mounts:
    for line in mounts:
        kind, _, options = line.rstrip().partition(" - ")[2].split(" ", 2)
        if kind == "cgroup2" or kind == "cgroup" and "devices" in options.split(","):
            config.available_features.add("cgroup-v2" if kind == "cgroup2" else "cgroup-v1")
