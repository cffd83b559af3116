# SPDX-License-Identifier: Apache-2.0
start() { ./snapsec-run --allow-missing=apparmor --policy policy --snap snap "$@" 2>&1 | grep -v 'not confined' || true; }
begin=$(cut -d " " -f 1 /proc/uptime)
logged() { dmesg | awk -v begin="$begin" -F "[][ ]+" '$2 > begin' | grep -q 'type=1326.*python3.*syscall=175 '; }
echo "== devmode"
start --exec snap.dev.do /usr/bin/python3 snap/try.py 'syscall 175 0 0 0' 'open /dev/kmsg' 'create /tmp/x'
echo "on the host: $(ls /tmp)"
# The kernel leaves records away when many come at a time.
for try in 1 2 3 4 5 6; do
  logged && break
  sleep 1; start --exec snap.dev.do /usr/bin/python3 snap/try.py 'syscall 175 0 0 0' > /dev/null
done
logged && echo "the call is logged"
echo "== classic"
start --exec snap.class.do /usr/bin/python3 snap/try.py 'open /dev/kmsg' 'create /tmp/y'
echo "on the host: $(ls /tmp)"
start --exec snap.class.do /bin/sh -c 'echo $HOME; grep Seccomp: /proc/self/status'
