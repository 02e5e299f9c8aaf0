# What the scripts here share: packages, words on the terminal, processes that end with the script. Source it.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
artifacts=$root/artifacts

# No build node that outlives the script, no greeting, no telemetry.
export MSBUILDDISABLENODEREUSE=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

# What each job needs beyond bash, git and the .NET SDK, as Debian's packages.
unit_packages=(pciutils pci.ids bzip2 xz-utils zstd busybox-static libvirt-l10n libc-l10n)
package_packages=(qemu-system-x86 linux-image-amd64 busybox-static kmod xz-utils util-linux
  libvirt-daemon-system libvirt-clients libvirt-daemon-driver-qemu udev gcc libc6-dev zlib1g-dev)
lab_packages=(qemu-system-x86 linux-image-amd64 busybox-static kmod xz-utils udev pciutils e2fsprogs iproute2
  libvirt-daemon-system libvirt-clients libvirt-daemon-driver-qemu systemd grub-common grub2-common
  qemu-guest-agent
  lvm2 mdadm cryptsetup-bin dmsetup btrfs-progs xfsprogs dosfstools bcache-tools
  gcc libc6-dev zlib1g-dev)
# What a host is made of whose files are those of another release (tests/lab/platform).
platform_packages=("${lab_packages[@]}" pci.ids libvirt-l10n mdevctl procps)
# An Arm host (boot --iommu smmuv3): QEMU is this machine's, and the files are unpacked and not installed, because that would
# run Arm's programs here.
arm_packages=(qemu-system-arm qemu-efi-aarch64 mmdebstrap)
arm_platform_packages=(linux-image-arm64 busybox-static kmod udev pciutils pci.ids iproute2 mount util-linux bash dash coreutils
  findutils grep sed mawk procps libstdc++6 libgcc-s1)
xen_packages=(xen-hypervisor-4.17-amd64 xen-utils-4.17 libvirt-daemon-driver-xen)
# For mediated devices: the kernel's sample driver is built for the kernel that the lab boots (tests/lab/mtty).
mdev_packages() {
  local release
  release=$(lab_kernel) && release=${release#/boot/vmlinuz-}
  echo "linux-headers-$release" "linux-source-$(cut -d. -f1,2 <<<"$release")" make mdevctl
}
libvirt_packages=(libvirt0 libvirt-daemon libvirt-daemon-driver-qemu sasl2-bin libsasl2-modules qemu-system-x86 libvirt-dev gcc libc6-dev libxml2-utils)
publish_packages=(gcc libc6-dev zlib1g-dev)
measure_packages=(jq)

lab_kernel() { # [ROOT]: the kernel that the lab boots: Debian's newest one that is installed there
  find "${1:-}/boot" -maxdepth 1 \( -name 'vmlinuz-*-amd64' -o -name 'vmlinuz-*-arm64' \) ! -name '*-rt-*' ! -name '*-cloud-*' | sort -V | tail -n 1
}

fail() { # MESSAGE...: one line on stderr, exit code 3
  echo "$(basename "$0"): $*" >&2
  exit 3
}

missing_packages() { # PACKAGE...: those that are not installed, on one line
  local package
  for package; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
  done | sort -u | paste -sd ' '
}

need_packages() { # PACKAGE...: refuses when one is missing, with the command that helps
  local missing
  missing=$(missing_packages "$@")
  [ -z "$missing" ] || {
    echo "$(basename "$0"): not installed: $missing. Run as root: apt-get install -y --no-install-recommends $missing" >&2
    exit 2
  }
}

install_packages() { # PACKAGE...: installs what is missing, saying so first; refuses without root
  local missing log=$artifacts/apt.log
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  [ "$(id -u)" = 0 ] || need_packages "$@"
  echo "$(basename "$0"): installing with apt-get: $missing"
  mkdir -p "$artifacts"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086 # one word a package
  apt-get install -y --no-install-recommends $missing >"$log" 2>&1 ||
    { apt-get update && apt-get install -y --no-install-recommends $missing; } >>"$log" 2>&1 ||
    { tail -n 20 "$log" >&2; fail "apt-get could not install $missing (complete output: $log)"; }
}

need_dotnet() {
  command -v dotnet >/dev/null || fail "the .NET SDK is not installed or not on the PATH: dot.net/download"
}

dotnet_root() { dirname "$(readlink -f "$(command -v dotnet)")"; }
