# SPDX-License-Identifier: Apache-2.0
check() { code=0; ./snapsec-run --allow-missing=$1 --cgroup v2 --policy policy --snap snap --self-check snap.one.do || code=$?; echo "exit $code"; }
check apparmor
# The same checks, another policy: no `deny seccomp` is true of the filter that lets everything through.
printf '\006\000\000\000\000\000\377\177' > policy/seccomp/bpf/snap.one.do.bpf
sum=$(sha256sum < policy/seccomp/bpf/snap.one.do.bpf | cut -d ' ' -f 1)
python3 - $sum <<'END'
import json, sys
m = json.load(open("policy/manifest.json"))
for o in m["outputs"]:
    if o["path"] == "seccomp/bpf/snap.one.do.bpf":
        o["sha256"], o["size"] = sys.argv[1], 8
json.dump(m, open("policy/manifest.json", "w"))
END
check apparmor
sed -i 's/\.checks"/.other"/' policy/manifest.json
check apparmor
