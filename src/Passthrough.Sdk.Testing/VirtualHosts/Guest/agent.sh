# Process 1 of a virtual host, after init: waits for orphans, while serve runs the commands that come over the first port.
#
# The first port takes a line for each request, "run NUMBER SCRIPT" or "kill NUMBER", with the script escaped for printf %b, and answers
# "ready" and "exit NUMBER CODE". The second and the third port carry output and errors, between a line that begins and one that ends
# those of a command. When the first port closes, nobody is left who could ask: the host ends.
home=/run/passthrough-sdk
$home/busybox mkdir $home/bin
$home/busybox --install -s $home/bin
export PATH=$home/bin
cd /

ln -s /proc/self/fd /dev/fd
ln -s fd/0 /dev/stdin; ln -s fd/1 /dev/stdout; ln -s fd/2 /dev/stderr
mkdir -p /run/lock /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t cgroup2 cgroup2 /sys/fs/cgroup
ip link set lo up
hostname virtual-host

port() { # NUMBER: its file, as soon as the driver has made it
  local file
  while :; do
    for file in /dev/vport*p"$1"; do [ ! -e "$file" ] || { echo "$file"; return; }; done
    sleep 0.05
  done
}

begin() { # NUMBER SCRIPT
  printf '%b' "$2" >"$home/command-$1"
  rm -f $home/output $home/errors
  mkfifo $home/output $home/errors
  # Through pipes: a port can be open once only, and a program may well open /dev/stdout again.
  exec 6<>$home/output 7<>$home/errors
  echo "@nonce@:begin:$1" >&4
  echo "@nonce@:begin:$1" >&5
  cat <&6 >&4 3>&- 4>&- 5>&- 6>&- 7>&- &
  copiers=$!
  cat <&7 >&5 3>&- 4>&- 5>&- 6>&- 7>&- &
  copiers="$copiers $!"
  (
    setsid /bin/sh "$home/command-$1" </dev/null >&6 2>&7 3>&- 4>&- 5>&- 6>&- 7>&- &
    command=$!
    echo $command >"$home/process-$1"
    wait $command
    code=$?
    # In the pipes, behind everything that the command wrote.
    echo "@nonce@:end:$1" >&6
    echo "@nonce@:end:$1" >&7
    rm -f "$home/command-$1" "$home/process-$1"
    echo "exit $1 $code" >&3
  ) &
  runner=$!
}

end() { # After the last command: what it left running writes to nowhere from now on, but is not disturbed.
  [ -n "$runner" ] || return 0
  wait $runner
  kill $copiers
  wait $copiers
  exec 8<$home/output
  cat <&8 >/dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8<&- &
  exec 8<$home/errors
  cat <&8 >/dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8<&- &
  exec 6>&- 7>&- 8<&-
  runner=
}

serve() {
  local verb number text
  runner=
  exec 3<>"$(port 1)" 4>"$(port 2)" 5>"$(port 3)"
  echo ready >&3
  while IFS=' ' read -r verb number text <&3; do
    case $verb in
      run) end; begin "$number" "$text";;
      kill)
        # The command has begun, but perhaps not yet said which process it is.
        while [ -e "$home/command-$number" ] && [ ! -s "$home/process-$number" ]; do sleep 0.05; done
        process=$(cat "$home/process-$number") && { kill -KILL "-$process" || kill -KILL "$process"; };;
    esac
  done 2>/dev/null
}

serve &
wait
echo o >/proc/sysrq-trigger
while :; do sleep 60; done
