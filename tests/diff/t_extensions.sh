#!/bin/sh
# AMD's extensions as show reads them, beside `openssl asn1parse`: of the simulator's
# and of captured certificates, and of these with one byte of an extension changed.
. "$SRC/tests/e2e/lib.sh"
cd "$TMP"

# theirs DER: `name value` of each; in hex where it is not encoded as AMD's specification
# has it.
theirs() {
	openssl asn1parse -inform der -in "$1" 2>/dev/null | awk '
	function number(h) { return 16 * (index(digits, substr(h, 1, 1)) - 1) + index(digits, substr(h, 2, 1)) - 1 }
	BEGIN {
		digits = "0123456789ABCDEF"
		name["1"] = "struct_version"; name["2"] = "product_name"; name["4"] = "hardware_id"
		name["3.1"] = "spl_bootloader"; name["3.2"] = "spl_tee"; name["3.3"] = "spl_snp"
		name["3.4"] = "spl_4"; name["3.5"] = "spl_5"; name["3.6"] = "spl_6"
		name["3.7"] = "spl_7"; name["3.8"] = "spl_microcode"; name["3.9"] = "spl_fmc"
	}
	/OBJECT/ { oid = sub(/.*:1\.3\.6\.1\.4\.1\.3704\.1\./, "") ? $0 : "" }
	/\[HEX DUMP\]/ && (oid in name) {
		h = $0
		sub(/.*\[HEX DUMP\]:/, "", h)
		if (oid == "4")
			print name[oid], tolower(h)
		else if (oid == "2" && substr(h, 1, 2) == "16" && number(substr(h, 3, 2)) == length(h) / 2 - 2) {
			text = ""
			for (i = 5; i < length(h); i += 2) {
				c = number(substr(h, i, 2))
				if (c < 32 || c > 126)
					break
				text = text sprintf("%c", c)
			}
			print name[oid], (i > length(h) && text != "" ? text : tolower(h))
		} else if (oid != "2" && h ~ /^0201[0-7].$/)
			print name[oid], number(substr(h, 5))
		else if (oid != "2" && h ~ /^020200[89A-F].$/)
			print name[oid], number(substr(h, 7))
		else
			print name[oid], tolower(h)
		oid = ""
	}' | sort
}

ours() {
	"$bq" show "$1" 2>/dev/null | awk '$1 ~ /^(struct_version|product_name|hardware_id|spl_.*)$/ { print $1, $2 }' | sort
}

same() {
	ours "$1" >ours
	theirs "$1" >theirs
	cmp -s ours theirs
}

sim_start --throttle 0
cp "$sim/vcek.pem" milan.pem
sim_stop
for p in genoa turin; do
	rm -rf "$sim"
	sim_start --product $p --throttle 0
	cp "$sim/vcek.pem" $p.pem
	sim_stop
done
trap - EXIT
for f in milan.pem genoa.pem turin.pem "$captures"/*/*cek.pem "$captures"/*/other*.pem "$captures"/*/*.der; do
	[ -e "$f" ] || continue
	openssl x509 -in "$f" -outform der -out leaf.der
	same leaf.der || { diff ours theirs; die "not the same: $f"; }
	[ "$(wc -l <ours)" -ge 10 ] || die "only few extensions: $f"
done

# with OID OCTAL: turin.pem with these bytes for the end of that extension's value.
with() {
	openssl x509 -in turin.pem -outform der -out leaf.der
	end=$(openssl asn1parse -inform der -in leaf.der | awk -F '[:= ]+' -v oid="$1" '
	found { sub(/^ */, ""); print $1 + $5 + $7; exit }
	$0 ~ ":1.3.6.1.4.1.3704.1." oid "$" { found = 1 }')
	n=$(printf '%b' "$2" | wc -c)
	head -c $((end - n)) leaf.der
	printf '%b' "$2"
	tail -c +$((end + 1)) leaf.der
}

# Eight bare bytes that could be a wrapped six; a name with a byte that does not print.
with 4 '\0004\0006\0352\0251\0175\0274\0173\0315' >hurt.der
same hurt.der && grep -qx 'hardware_id 0406eaa97dbc7bcd' ours || die 'a hardware id is cut'
with 2 '\0007' >hurt.der
same hurt.der && grep -q '^product_name 16.*07$' ours || die 'a name verify refuses is shown as one'

# hurt N: leaf.der with its byte N changed, in one of a few ways.
hurt() {
	was=$(od -An -tu1 -j"$1" -N1 leaf.der)
	case $(($1 % 4)) in
	0) now=$((was ^ 128)) ;;
	1) now=$(((was + 1) & 255)) ;;
	2) now=$(((was + 255) & 255)) ;;
	*) now=$((was ^ 32)) ;;
	esac
	head -c "$1" leaf.der
	printf '%b' "\\0$(printf %o $now)"
	tail -c +$(($1 + 2)) leaf.der
}

alike=0 broken=0 pieces=0
for f in turin.pem "$captures"/azure-milan-2023/vcek.pem; do
	[ -e "$f" ] || continue
	openssl x509 -in "$f" -outform der -out leaf.der
	at=$(openssl asn1parse -inform der -in leaf.der | sed -n 's/^ *\([0-9]*\):.*:1\.3\.6\.1\.4\.1\.3704\..*/\1/p' | sort -n)
	first=$(echo "$at" | head -n 1) last=$(echo "$at" | tail -n 1)
	n=$((first - 2))
	while [ $n -lt $((last + 79)) ]; do
		hurt $n >hurt.der
		if same hurt.der; then
			alike=$((alike + 1))
		elif ! openssl x509 -inform der -in hurt.der -noout 2>err && [ ! -s ours ]; then
			broken=$((broken + 1))
		elif openssl asn1parse -inform der -in hurt.der | grep -q 'cons: OCTET STRING'; then
			pieces=$((pieces + 1)) # BER, which OpenSSL joins and asn1parse lists
		else
			diff ours theirs || :
			die "not the same: byte $n of $f changed"
		fi
		n=$((n + 1))
	done
done
echo "$alike read alike, $broken no certificates to OpenSSL either, $pieces octet strings in pieces"
[ $alike -gt $((broken + pieces)) ] || die 'too few are read at all'
