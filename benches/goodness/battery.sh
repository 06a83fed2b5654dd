#!/usr/bin/env bash
# The generator before dieharder, a published statistical battery, in each order in which the product's counters can be
# read out. Prints what dieharder prints; fails if dieharder calls any test FAILED.
#
#   benches/goodness/battery.sh short [LAYOUT...]   20 tests a layout
#   benches/goodness/battery.sh full [LAYOUT...]    all tests (`dieharder -a`)
#
# Without layouts: all of them. Installs dieharder by apt-get where it is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."
# Tests that dieharder rates good and that take seconds: without 3d spheres, GCD, DCT, bit distributions, minimum
# distances, permutations and lagged sums.
short_tests="0 1 2 3 4 8 9 10 11 13 15 16 100 101 102 204 205 207 208 209"

command -v dieharder >/dev/null || apt-get install -y --no-install-recommends dieharder || {
    echo "install dieharder (Debian package \`dieharder\`) and run this again" >&2
    exit 2
}
mode=${1:-short}
shift || true
layouts=${*:-stream names replications seeds high low reversed}
cargo build --quiet --release -p ninefold-goodness --bin words
words=${CARGO_TARGET_DIR:-target}/release/words
out=${CARGO_TARGET_DIR:-target}/battery
mkdir -p "$out"

# The reader closes the pipe when a test has enough; that `words` then stops is no failure.
battery() {
    local layout=$1 test
    case $mode in
    full) { "$words" "$layout" 1 || true; } | dieharder -g 200 -a ;;
    short) for test in $short_tests; do { "$words" "$layout" "$test" || true; } | dieharder -g 200 -d "$test"; done ;;
    *) echo "\`$mode\` is neither short nor full" >&2 && exit 2 ;;
    esac
}

failed=0
for layout in $layouts; do
    echo "== $layout ($mode), $(dieharder -l | grep -o 'dieharder version [0-9.]*')"
    battery "$layout" | tee "$out/$layout-$mode.txt" | grep -E '\| +[0-9]+\|.*(PASSED|WEAK|FAILED)'
    count() { grep -c " $1 " "$out/$layout-$mode.txt" || true; }
    echo "-- $layout: $(count PASSED) passed, $(count WEAK) weak, $(count FAILED) failed"
    [ "$(count FAILED)" -eq 0 ] || failed=1
done
exit $failed
