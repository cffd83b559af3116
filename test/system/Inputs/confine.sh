# SPDX-License-Identifier: Apache-2.0
# confine.sh DIRECTORY: inside the VM. DIRECTORY has snapsecc, snapsec-run, snap/ and the policies many/, two/ and devmode/. Prints a line a check.
set -u
cd "$1"
if [ "${2:-}" != inside ]; then # a root that pivot_root(2) can leave: the first one it cannot
  mkdir -p /newroot && mount --rbind / /newroot && cd /newroot && mount --move . / && exec chroot . sh "$0" "$1" inside
fi
chown -R 0:0 . ; chmod -R go-w .
echo 0 > /proc/sys/kernel/dmesg_restrict # else /dev/kmsg asks for a capability, too

# What the accesses are about.
mkdir -p /home/user/.ssh /media/usb /mnt /var/log /var/lib/dpkg /var/lib/NetworkManager /run/udev/data /run/systemd /run/resolvconf/interface \
  /etc/ssl /usr/share/zoneinfo /usr/share/fonts /boot /var/snap /var/lib/snapd/hostfs /var/lib/snapd/void /snap /dev/net /dev/mapper /dev/input /tmp
for f in /etc/fstab /etc/machine-id /etc/hostname /etc/sudoers /etc/ssl/openssl.cnf /etc/gai.conf /etc/rpc /home/user/document /home/user/.ssh/id \
  /home/user/.bashrc /media/usb/file /mnt/file /var/log/syslog /var/lib/dpkg/status /var/lib/NetworkManager/secret /run/udev/data/c1:3 /run/utmp \
  /run/systemd/notify-file /run/resolvconf/interface/file /usr/share/zoneinfo/UTC /usr/share/fonts/font /boot/config; do
  [ -e $f ] || echo text > $f
done
for n in fuse:10:229 kvm:10:232 net/tun:10:200 uinput:10:223 uhid:10:239 rfkill:10:242 hwrng:10:183 loop-control:10:237 vhost-net:10:238 \
  mapper/control:10:236 autofs:10:235 btrfs-control:10:234 cuse:10:203 input/mice:13:63 input/event0:13:64 tpm0:10:224 port:1:4 mem:1:1; do
  set -- $(echo $n | tr : ' '); [ -e /dev/$1 ] || mknod /dev/$1 c $2 $3
done
for p in /usr/bin/dirname /usr/bin/chpasswd /usr/sbin/modprobe /usr/sbin/ifconfig /usr/bin/cat /usr/bin/touch /usr/bin/ls /usr/bin/true /usr/bin/sleep /usr/sbin/swapoff; do # programs of their own, not links to one
  rm -f $p; cp /usr/bin/busybox $p
done

for policy in many two devmode; do ./snapsecc load $policy || exit 1; done
./snapsecc status | grep -c '(enforce): as loaded' | sed 's/$/ profiles are enforced/'
passed=0 failed=0
ok() { passed=$((passed + 1)); echo "ok    $*"; }
bad() { failed=$((failed + 1)); echo "WRONG $*"; }
expect() { if [ "$2" = "$3" ]; then ok "$1: $2"; else bad "$1: $2, not $3"; fi; }

# ---- self-checks of each label, and the audit line of each denial: by the process that made it
for run in many/runtime/snap.many.run; do
  for label in $(sed -n 's/^label //p' $run); do
    dmesg -c > /dev/null
    ./snapsec-run --policy many --snap snap --self-check $label > out 2> err || cat err
    grep . err
    dmesg -c > log
    awk -v label=$label '
      FNR == NR { if (match($0, / pid=[0-9]+/)) seen[substr($0, RSTART + 5, RLENGTH - 5)] = seen[substr($0, RSTART + 5, RLENGTH - 5)] $0; next }
      { pid = $NF; sub("]", "", pid); line = $0; sub(/ \[pid [0-9]+\]/, "", line) }
      $1 != "ok" || $2 != "deny" || $4 != "logged" { print label ": " line; next }
      { want = $3 == "seccomp" ? "type=1326" : "apparmor=\"DENIED\".*profile=\"" label "\""
        print label ": " (seen[pid] ~ want ? line ", logged" : "WRONG " substr(line, 7) ", but no record") }' log out > judged
    grep 'WRONG' judged
    passed=$((passed + $(grep -c ': ok ' judged))) failed=$((failed + $(grep -c WRONG judged)))
    echo "$label: $(grep -c ': ok *allow' judged) allowed, $(grep -c ': ok *deny' judged) denied ($(grep -c ', logged' judged) logged), $(grep -c WRONG judged) wrong, $(grep -c ': skip' judged) not tried"
    cat judged >> /out/judged.txt; cat log >> /out/log.txt
  done
done

# ---- started by execve, as programs are
profile() { # of a program that runs, as the kernel tells those outside
  ./snapsec-run --policy two --snap snap "$@" sleep 9 > /dev/null 2>err &
  for i in 1 2 3 4 5 6 7 8 9 10; do [ "$(cat /proc/$!/comm)" = sleep ] && break; sleep 0.2; done
  cat /proc/$!/attr/current; kill $!
}
start() { policy=$1; label=$2; shift 2; ./snapsec-run --policy $policy --snap snap $label "$@" 2>err; }
answer() { if "$@" > /dev/null 2>&1; then echo yes; else echo no; fi; }
expect 'the profile holds after execve' "$(profile snap.one.do)" 'snap.one.do (enforce)'
expect 'reads what the template allows' "$(answer start two snap.one.do cat /etc/passwd)" yes
expect 'does not read what it does not' "$(answer start two snap.one.do cat /etc/shadow)" no
expect 'writes its data' "$(answer start two snap.one.do touch /var/snap/one/common/x)" yes
expect 'writes no other data' "$(answer start two snap.one.do touch /var/snap/other/x)" no
start two snap.one.do touch /tmp/mine
expect 'sees its own /tmp' "$(start two snap.one.do ls /tmp)" mine
expect 'does not see the other /tmp' "$(start two snap.other.do ls /tmp)" ''
expect 'the host does not see it' "$(ls /tmp | grep mine)" ''
expect 'another user has the profile, too' "$(profile --user 1000 snap.one.do)" 'snap.one.do (enforce)'
expect 'and no capabilities' "$(./snapsec-run --policy two --snap snap --user 1000 snap.one.do cat /proc/self/status | grep CapEff | cut -f 2)" 0000000000000000
expect 'a hook has its own profile' "$(profile snap.one.hook.install)" 'snap.one.hook.install (enforce)'
expect 'a layout is there' "$(answer start two snap.one.do touch /usr/share/one/f)" yes
expect 'a device outside the list' "$(start many snap.many.none cat /dev/kmsg 2>&1; head -c 200 err | grep -o 'Operation not permitted')" 'Operation not permitted'

# ---- devmode: permitted and logged
dmesg -c > /dev/null
expect 'devmode reads it' "$(answer start devmode snap.dev.do cat /etc/shadow)" yes
dmesg -c > log
expect 'and logs it' "$(grep -c 'apparmor="ALLOWED".*profile="snap.dev.do.*name="/etc/shadow"' log)" 1
expect 'devmode makes calls' "$(start devmode snap.dev.do swapoff /nothing 2>&1; grep -o 'No such file' err)" 'No such file'
expect 'and logs them' "$(dmesg | grep -c 'type=1326.*comm="swapoff"')" 1

# ---- between load and run
sed 's/^ *capability sys_chroot,$//' two/apparmor/profiles/snap.one.do > other; apparmor_parser -K -r --policy-features=/sys/kernel/security/apparmor/features other
start two snap.one.do true; expect 'another profile of that name' "$(grep -o 'is not of this policy' err)" 'is not of this policy'
./snapsecc load two > out; expect 'loaded again, from the cache' "$(grep -o '6 profiles (6 from the cache)' out)" '6 profiles (6 from the cache)'
expect 'and started again' "$(answer start two snap.one.do true)" yes
./snapsecc unload two > /dev/null
start two snap.one.do true; expect 'unloaded' "$(grep -o 'is not loaded' err)" 'is not loaded'
expect 'nothing of it is left' "$(grep -c 'snap\.one\|snap\.other' /sys/kernel/security/apparmor/profiles; ls /run/snapsec/ns | grep -c one; find /sys/fs/cgroup -name 'snap.one.*' | wc -l)" "$(printf '0\n0\n0')"
echo "$passed checks passed, $failed failed"
