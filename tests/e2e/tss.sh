# Sourced after lib.sh by the tests that run tpm2-tools beside ours.
# shellcheck shell=sh

need_tools() {
	for t in "$@"; do
		command -v "$t" >/dev/null || skip "no $t"
	done
}

verbs='readpublic nvread nvwrite nvdefine nvundefine nvreadpublic pcrread pcrextend pcrevent quote
	getcap getrandom rc_decode eventlog'

# links DIR PROGRAM: tpm2_VERB in DIR for each verb.
links() {
	mkdir "$1"
	for v in $verbs; do
		ln -s "$2" "$1/tpm2_$v"
	done
}

# The simulator over TCP, which both reach through TPM2TOOLS_TCTI.
sim_tcp() {
	tcp=$(free_port)
	sim_start --tcp "$tcp" --throttle 0
	unset BAREQUOTE_TCTI
	export TPM2TOOLS_TCTI="swtpm:host=127.0.0.1,port=$tcp"
}

# An RSA key of nobody's TPM, and its public half, as soft.key and soft.pem.
soft_key() {
	openssl genrsa -out soft.key 2048 2>/dev/null
	openssl pkey -in soft.key -pubout -out soft.pem
}

# A swtpm of its own over TCP, which both reach through TPM2TOOLS_TCTI.
swtpm_start() {
	port=$(free_port)
	mkdir "$TMP/state"
	swtpm socket --tpm2 --tpmstate dir="$TMP/state" --flags not-need-init,startup-clear \
		--server type=tcp,port="$port",bindaddr=127.0.0.1 \
		--ctrl type=tcp,port=$((port + 1)),bindaddr=127.0.0.1 &
	swtpm_pid=$!
	trap 'kill $swtpm_pid 2>/dev/null' EXIT
	unset BAREQUOTE_TCTI
	export TPM2TOOLS_TCTI="swtpm:host=127.0.0.1,port=$port"
	tries=0
	until tpm2_getcap -Q pcrs 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || die 'swtpm does not answer'
		sleep 0.05
	done
}
