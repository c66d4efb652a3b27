#!/bin/sh
# checkquote beside tpm2_checkquote 5.4 over damaged quotes, signatures, PCR files, keys
# and nonces: what 5.4 refuses is refused, and what it alone accepts was damaged where it
# does not look.
. "$SRC/tests/e2e/lib.sh"
. "$SRC/tests/e2e/tss.sh"
. "$SRC/tests/diff/hurt.sh"
need_tools tpm2_createprimary tpm2_evictcontrol tpm2_readpublic tpm2_quote tpm2_checkquote openssl
cd "$TMP"
sim_tcp
mkdir mine
ln -s "$bq" mine/tpm2_checkquote

# quoted NAME HANDLE [OPTION...]: a quote in a directory of its own, by a key of the TPM.
list=sha256:0,7+sha1:1
quoted() {
	mkdir "$1"
	dir=$1 key=$2
	shift 2
	tpm2_readpublic -Q -c "$key" -f pem -o "$dir/key"
	printf c0de >"$dir/nonce"
	tpm2_quote -Q -c "$key" -l $list -q c0de -m "$dir/message" -s "$dir/signature" -o "$dir/values" -F values "$@"
	tpm2_quote -Q -c "$key" -l $list -q c0de -m "$dir/message" -s "$dir/signature" -o "$dir/pcrs" "$@"
	[ "$(wc -c <"$dir/message") $(wc -c <"$dir/pcrs")" = '121 668' ] || die 'not the files that are expected'
}
quoted rsa 0x81000003
tpm2_createprimary -Q -C o -G ecc256:ecdsa:null -c ctx -a 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign'
tpm2_evictcontrol -Q -C o -c ctx 0x81000013
tpm2_flushcontext -t
quoted ecc 0x81000013 --scheme ecdsa
sim_stop
soft_key

# damage WHAT KIND AT VALUE: of what is in now; a resigned message by a key that signs
# whatever it is given.
damage() {
	case $1 in
	resigned)
		hurt now/message "$2" "$3" "$4" >hurt.message
		openssl dgst -sha256 -sign soft.key -out now/signature hurt.message
		mv hurt.message now/message
		cp soft.pem now/key
		;;
	*)
		hurt "now/$1" "$2" "$3" "$4" >hurt.file
		mv hurt.file "now/$1"
		;;
	esac
}

# check TOOL: what is in now, with the list that bare values need.
check() {
	set -- "$1" -u now/key -m now/message -s now/signature -q "$(cat now/nonce)"
	case $what in
	values) set -- "$@" -f now/values -l $list ;;
	*) set -- "$@" -f now/pcrs ;;
	esac
	"$@"
}

# Why 5.4 alone accepts, by what was damaged where; nothing where it should not.
explain() { # WHAT KIND AT
	case $1.$2 in
	signature.append) echo 'what follows the signature' ;;
	pcrs.append | values.append) echo 'what follows the PCR values' ;;
	resigned.append) echo 'what follows the quote' ;;
	*.cut) ;;
	key.*) # OpenSSL skips control characters, and does not ask for all padding
		if [ "$3" -ge $(($(wc -c <$base/key) - 1)) ]; then
			echo 'what follows the dashes, on their line'
			return
		fi
		case $(od -An -tc -j"$3" -N1 $base/key) in
		*=) echo 'base64 without its padding' ;;
		*'\n') echo 'lines of another length' ;;
		esac
		;;
	resigned.*)
		if [ "$3" -lt 4 ]; then
			echo 'another magic (CVE-2024-29038)'
		elif [ "$3" -ge 71 ] && [ "$3" -lt 87 ]; then
			echo 'the quote is of other PCRs (CVE-2024-29039)'
		fi
		;;
	pcrs.*)
		# Selections, how many lists there are, and of the list the count and
		# eight places, of which SHA-256 digests fill two and a SHA-1 digest one.
		if [ "$3" -lt 20 ]; then
			echo 'the values are of other PCRs (CVE-2024-29039)'
		elif [ "$3" -lt 132 ]; then
			echo 'a place where no bank is'
		elif [ "$3" -ge 136 ] && [ "$3" -lt 140 ]; then
			echo 'more digests than PCRs'
		elif [ "$3" -ge 294 ] || { [ "$3" -ge 174 ] && [ "$3" -lt 206 ]; } ||
			{ [ "$3" -ge 240 ] && [ "$3" -lt 272 ]; }; then
			echo 'a place where no digest is'
		fi
		;;
	esac
}

# compare: what both make of what is in now, into seen.
compare() {
	theirs=0 ours=0
	check tpm2_checkquote >theirs 2>err || theirs=$?
	check mine/tpm2_checkquote >ours 2>err || ours=$?
	if [ $theirs != 0 ]; then
		[ $ours != 0 ] || die "only ours accepts: $*"
		echo "$2: refused by both" >>seen
	elif [ $ours = 0 ]; then
		cmp ours theirs || die "prints another thing: $*"
		echo "$2: accepted by both" >>seen
	else
		why=$(explain "$2" "$3" "$4")
		[ -n "$why" ] || die "only ours refuses, $(cat err): $*"
		echo "$2: only 5.4 accepts: $why" >>seen
	fi
}

mkdir now
for base in rsa ecc; do
	sizes=
	for file in message:2 message:4:resigned signature:3 pcrs:6 values:2 key:3 nonce:2; do
		name=${file%%:*} rest=${file#*:}
		case $rest in *:*) as=${rest#*:} ;; *) as=$name ;; esac
		sizes="$sizes $as:${rest%%:*}:$(wc -c <$base/"$name")"
	done
	# shellcheck disable=SC2086 # words on purpose
	hurts $base "${DIFF_ROUNDS:-300}" $sizes >list
	while read -r what kind at value; do
		cp $base/* now/
		damage "$what" "$kind" "$at" "$value"
		compare "$base" "$what" "$kind" "$at" "$value"
	done <list
done
totals seen
for what in message resigned signature pcrs values key nonce; do
	grep -q "^$what: refused by both" seen || die "nothing refused: $what"
done
grep -q '^resigned: accepted by both' seen || die 'nothing accepted'
