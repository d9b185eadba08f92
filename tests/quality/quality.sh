#!/usr/bin/env bash
# quality.sh BUILD SOURCE [CORPUS]: how well things are found.  For each
# detector a table of precision and recall on the labelled lines of the tree
# (those in others/ are by other hands than the patterns) and, with CORPUS (a
# folder with labelled/*.tsv), on those; then whose words a text is made of, on
# labelled messages and the reply corpora below CORPUS; then what is found in
# the ordinary mail below CORPUS.
#
# Fails when a detector is below what the tree promises of it.
set -uo pipefail

build=${1:?usage: quality.sh BUILD SOURCE [CORPUS]}
source=${2:?usage: quality.sh BUILD SOURCE [CORPUS]}
corpus=${3-}
ctl=$build/councilctl
passed=0
failed=0

# score DETECTOR NAME PRECISION RECALL
score() {
	local file
	for file in "$source/tests/quality/$2.tsv" \
		"$source/tests/quality/others/$2.tsv" \
		${corpus:+"$corpus/labelled/$2.tsv"}; do
		[ -e "$file" ] || continue
		echo "# $1: $file"
		if "$ctl" score --detector "$1" --patterns "$source/conf/patterns" \
			--precision "$3" --recall "$4" "$file"; then
			passed=$((passed + 1))
		else
			echo "# below $3 precision or $4 recall"
			failed=$((failed + 1))
		fi
		echo
	done
}

score marking markings 0.98 0.98
score confidential confidential 0.95 0.85
score obligation obligations 0.95 0.90
score name signoffs 0.90 0.90
score phrase conduct 0.90 0.85
score phrase other_rules 0.90 0.85

echo "# whose words"
if python3 -B "$source/tests/quality/segments.py" "$ctl" ${corpus:+"$corpus"}; then
	passed=$((passed + 1))
else
	failed=$((failed + 1))
fi

# Folders of mail that nobody chose for what it says.
ordinary=()
for folder in ham-enron-saman ham-list-linuxmips ham-spamassassin syn-mxhero; do
	[ -z "$corpus" ] || [ ! -d "$corpus/mail/$folder" ] ||
		ordinary+=("$corpus/mail/$folder")
done
if [ ${#ordinary[@]} -gt 0 ]; then
	echo "# ordinary mail"
	if "$build/tests/quality/ordinary" "$source/conf/council.policy" \
		"${ordinary[@]}"; then
		passed=$((passed + 1))
	else
		echo "# more than 1 in 1,000 found confidential"
		failed=$((failed + 1))
	fi
fi
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
