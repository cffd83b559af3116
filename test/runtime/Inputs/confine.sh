# SPDX-License-Identifier: Apache-2.0
# $1: v1 or v2.
start() { label=$1; shift; ./snapsec-run --allow-missing=apparmor --cgroup "$version" --policy policy --snap snap "$label" -- "$@" 2>&1 | grep -v 'not confined' || true; }
version=$1
try=/snap/one/1/try.py

echo "== files"
start snap.one.do /usr/bin/python3 $try 'create /tmp/mine' 'create /usr/mine' 'create /snap/one/1/mine' 'create /var/snap/one/common/mine' 'create /mine'
start snap.other.do /bin/ls -a /tmp
echo "on the host: $(ls /tmp)"
start snap.one.stop /bin/ls /tmp

echo "== devices"
start snap.one.do /usr/bin/python3 $try 'open /dev/null' 'open /dev/full' 'open /dev/kmsg' 'open /dev/mem' 'pty'
start snap.old.do /usr/bin/python3 /snap/old/1/try.py 'open /dev/kmsg'

echo "== calls"
start snap.one.do /usr/bin/python3 $try 'syscall 39' 'syscall 165 0 0 0 0 0' 'syscall 175 0 0 0' 'socket 1 1 0' 'socket 16 3 0' 'socket 38 5 0'

echo "== layouts"
start snap.one.do /usr/bin/python3 $try 'create /usr/share/one/f' 'list /var/snap/one/1/share' 'create /etc/one.conf' 'list /opt/one' 'create /var/cache/one/f'
start snap.one.do /bin/ls -d /usr/share/doc /etc/passwd
start snap.other.do /bin/ls -d /usr/share/one

echo "== words and environment"
start snap.one.do /bin/sh -c 'echo $SECOND; echo $SNAP_NAME $SNAP_REVISION; pwd; ls /dev/pts'
start snap.one.hook.install /bin/echo hook
./snapsec-run --allow-missing=apparmor --cgroup $version --policy policy --snap snap --command stop snap.one.stop 2>/dev/null
echo 'echo shell $0' | ./snapsec-run --allow-missing=apparmor --cgroup $version --policy policy --snap snap --shell snap.one.do 2>/dev/null
./snapsec-run --allow-missing=apparmor --cgroup $version --policy policy --snap snap --exec --nice 7 snap.one.do /usr/bin/nice 2>/dev/null
./snapsec-run --allow-missing=apparmor --cgroup $version --policy policy --snap snap --user 4321 --exec snap.one.do /bin/sh -c 'id -u; id -G; grep -E "CapEff|CapPrm|NoNewPrivs" /proc/self/status' 2>/dev/null

echo "== kept"
first=$(stat -c %i /run/snapsec/ns/one.mnt)
start snap.one.stop /bin/true; [ "$first" = "$(stat -c %i /run/snapsec/ns/one.mnt)" ] && echo "the namespace is kept"
cp -r snap snap2; touch snap2/new
./snapsec-run --allow-missing=apparmor --cgroup $version --policy policy --snap snap2 snap.one.do /bin/ls /snap/one/1 2>/dev/null
