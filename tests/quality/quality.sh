#!/usr/bin/env bash
# quality.sh COUNCILCTL SOURCE [CORPUS]: how well things are found.  For each
# detector a table of precision and recall on the labelled lines of the tree
# (those in others/ are by other hands than the patterns) and, with CORPUS (a
# folder with labelled/*.tsv), on those; then whose words a text is made of, on
# labelled messages and the reply corpora below CORPUS.
#
# Fails when a detector is below what the tree promises of it.
set -uo pipefail

ctl=${1:?usage: quality.sh COUNCILCTL SOURCE [CORPUS]}
source=${2:?usage: quality.sh COUNCILCTL SOURCE [CORPUS]}
corpus=${3-}
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
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
