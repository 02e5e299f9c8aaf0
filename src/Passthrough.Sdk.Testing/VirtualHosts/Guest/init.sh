#!/bin/busybox sh
# The first program in a virtual host: lays a tmpfs over the outer machine's root and goes on there with the agent.
fail() {
  echo "passthrough-sdk: $*" >/dev/console
  echo o >/proc/sysrq-trigger
  sleep 60
}

/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
for module in /modules/*; do
  [ ! -e "$module" ] || insmod "$module" || fail "the module ${module##*/} cannot be loaded"
done

p9=trans=virtio,version=9p2000.L,msize=512000
mkdir /outer /top
mount -t 9p -o $p9,cache=loose,ro outer /outer || fail "the outer machine's files cannot be mounted"
mount -t tmpfs -o size=75% tmpfs /top
mkdir /top/upper /top/work
mount -t overlay -o lowerdir=/outer,upperdir=/top/upper,workdir=/top/work overlay /new || fail "the overlay cannot be mounted"
mkdir -p /new/out /new/run /new/proc /new/sys /new/dev
mount -t 9p -o $p9 share /new/out 2>/dev/null || mount -t tmpfs tmpfs /new/out
mount -t tmpfs tmpfs /new/run
mkdir /new/run/passthrough-sdk
cp /agent /bin/busybox /new/run/passthrough-sdk/
for tree in proc sys dev; do mount --move /$tree /new/$tree; done
exec switch_root /new /run/passthrough-sdk/busybox sh /run/passthrough-sdk/agent
