# Sourced by what boots a kernel in QEMU: SRC, BUILD and the working directory are
# set; passed and failed count results.
# shellcheck shell=sh
cache=$BUILD/qemu
work=$(mktemp -d)
sim='' qemu='' ends=''
imds_port=$((20000 + $$ % 20000))

stop_sim() {
	[ -z "$sim" ] || { kill "$sim" && wait "$sim"; } 2>/dev/null || true
	sim=
}
finish() {
	[ -z "$qemu" ] || kill "$qemu" 2>/dev/null || true
	stop_sim
	eval "$ends"
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

fail() {
	echo "$*" >&2
	exit 1
}

# The kernel and its modules, out of their package without installing it.
fetch_kernel() {
	[ ! -d "$cache/modules" ] || return 0
	mkdir -p "$work/kernel"
	name=$(kernel_name)
	[ -n "$name" ] || { apt-get update -qq && name=$(kernel_name); }
	(cd "$work/kernel" && apt-get download -qq "$name" 2>/dev/null && dpkg-deb -x ./*.deb .)
	mkdir -p "$cache"
	cp "$work"/kernel/boot/vmlinuz-* "$cache/vmlinuz"
	cp "$work"/kernel/boot/config-* "$cache/config"
	cp -r "$work/kernel/lib/modules" "$cache/modules.new"
	mv "$cache/modules.new" "$cache/modules"
	echo "kernel: $name"
}

kernel_name() {
	apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1
}

result() { # NAME pass|fail [WHY]
	if [ "$2" = pass ]; then
		passed=$((passed + 1))
		echo "ok   $1"
	else
		failed=$((failed + 1))
		echo "FAIL $1${3:+: $3}"
		tail -n 40 "$work/console" | sed 's/^/     | /'
	fi
}

start_sim() { # [OPTION...]
	rm -f "$work/ready" "$work/ctrl"
	mkfifo "$work/ready"
	"$BUILD/hclsim" --dir "$cache/sim" --ctrl "$work/ctrl" --imds "$imds_port" --log "$work/sim.log" "$@" \
		>"$work/ready" 2>"$work/sim.err" &
	sim=$!
	read -r line <"$work/ready" || line=
	[ "$line" = ready ] || {
		cat "$work/sim.err"
		exit 1
	}
}

tpm_args() { # crb|tis
	echo "-chardev socket,id=c,path=$work/ctrl -tpmdev emulator,id=t,chardev=c -device tpm-$1,tpmdev=t"
}

verify() { # NONCE FILE [OPTION...]
	n=$1 f=$2
	shift 2
	"$BUILD/barequote" verify "$f" -n "$n" --roots "$cache/sim/ark.pem" --certs "$work/certs.pem" "$@"
}
