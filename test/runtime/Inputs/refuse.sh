# SPDX-License-Identifier: Apache-2.0
# expect NAME COMMAND...: the exit code and the first line that is not the warning.
expect() { name=$1; shift; code=0; out=$("$@" 2>&1) || code=$?; echo "$name: $code $(echo "$out" | grep -v 'not confined' | head -1)"; }

run="./snapsec-run --allow-missing=apparmor --policy /run/t/policy"
cp -r policy good
again() { rm -rf policy; cp -r good policy; }

expect apparmor ./snapsec-run --policy policy snap.one.do
expect 'still needed' ./snapsec-run --allow-missing=seccomp --policy policy snap.one.do
printf '\0' >> policy/seccomp/bpf/snap.one.do.bpf; expect changed $run snap.one.do; again
chmod o+w policy/seccomp/bpf/snap.one.do.bpf; expect writable $run snap.one.do; again
chmod 777 policy; expect directory $run snap.one.do; again
chown 1 policy; expect owner $run snap.one.do; again
mv policy/manifest.json policy/m; ln -s m policy/manifest.json; expect link $run snap.one.do; again
echo x > policy/manifest.json; expect manifest $run snap.one.do; again
expect label $run snap.one.nothing
expect snap $run snap.two.do
expect 'no label' $run two
expect program $run snap.one.do
expect user $run --user nobody-at-all snap.one.do
expect 'not root' setpriv --reuid 1 --regid 1 --clear-groups $run snap.one.do
expect option ./snapsec-run --polcy x snap.one.do
expect mechanism ./snapsec-run --allow-missing=apparmour snap.one.do
mkdir -p /var/snap/one/1; rmdir /var/snap/one/1/share; ln -s /etc /var/snap/one/1/share
umount /run/snapsec/ns/one.mnt; expect layout $run --snap snap snap.one.do
