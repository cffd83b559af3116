# SPDX-License-Identifier: Apache-2.0
# $1: v1 or v2. /dev/kmsg, 1:11, stands for a device that comes and goes. policy/ is the library: the snap's name is of this run alone,
# as `unload` looks for its groups everywhere.
name=lens$$
mv policy stdlib
cat > snap.yaml <<END
name: $name
version: 1.0
base: core22
apps:
  do: {command: bin/do, plugs: [camera]}
  other: {command: bin/do}
END
./snapsecc compile -q --stdlib stdlib --connect $name:camera=:camera snap.yaml -o policy
try() { ./snapsec-run --allow-missing=apparmor --cgroup $version --policy policy --snap snap --exec snap.$name.$1 /usr/bin/python3 snap/try.py 'open /dev/kmsg' 2>&1 | grep -v 'not confined'; }
tag() { mkdir -p /run/udev/tags/snap_${name}_do /run/udev/data; : > /run/udev/tags/snap_${name}_do/c1:11; printf "$1\nV:1\n" > /run/udev/data/c1:11; }
version=$1
echo "other program, $(try other)"
echo "none tagged, $(try do)"
tag "G:snap_${name}_do"
echo "tagged before, $(try do)"
tag "G:snap_${name}_do\nQ:snap_${name}_do"
echo "tagged, $(try do)"
./snapsec-device-helper remove snap_${name}_do /devices/virtual/mem/kmsg 1:11; rm /run/udev/tags/snap_${name}_do/*
echo "gone, $(try do)"
mkfifo fifo
# A running program sees the device come and go.
./snapsec-run --allow-missing=apparmor --cgroup $version --policy policy --snap snap snap.$name.do /usr/bin/python3 -c '
import os, sys
def attempt():
    try: os.close(os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)); print("yes", flush=True)
    except OSError as e: print(e.strerror, flush=True)
for line in sys.stdin: attempt()
' < fifo > seen 2>/dev/null &
exec 3> fifo
answer() { echo >&3; until [ "$(wc -l < seen)" -ge "$1" ]; do sleep 0.02; done; tail -1 seen; }
echo "running: $(answer 1)"
./snapsec-device-helper add snap_${name}_do /devices/virtual/mem/kmsg 1:11
echo "added: $(answer 2)"
./snapsec-device-helper unbind snap_${name}_do /devices/virtual/mem/kmsg 1:11
echo "unbound: $(answer 3)"
./snapsec-device-helper remove snap_${name}_do /devices/virtual/mem/kmsg 1:11
echo "removed: $(answer 4)"
code=0; ./snapsecc unload policy 2>&1 || echo "exit $?"
exec 3>&-; wait
./snapsecc unload policy
find /sys/fs/bpf/snapsec -type f 2>/dev/null || true; find $(sed -n 's/^.*:\(devices\)*:\(.*\)$/\2/p' /proc/self/cgroup | sed 's,^,/sys/fs/cgroup/*,') -name 'snap.*' 2>/dev/null
echo "nothing left"
