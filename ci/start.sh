# Sourced by the scripts beside it: goes to the root of the source tree and says where to build, in $build. HEDDLE_BUILD_DIR
# names a directory for that (default: build/ in the source tree), so that the source tree may be read-only.
set -euo pipefail
root=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
build=$(realpath --canonicalize-missing "${HEDDLE_BUILD_DIR:-$root/build}")
export HEDDLE_BUILD_DIR=$build
export PYTHONDONTWRITEBYTECODE=1
cd "$root"

# Tests of sources, packages and pages: what is built, by which compiler or with which sanitizer, decides nothing that they say.
of_no_build='^(lint|docs|json|sarif|invariants|manual|gate|consumer|pages)\.'

# run_tests PRESET [ctest arguments]: the tests of a preset that ci/build has built.
run_tests() {
    ci/install-packages chromium chromium-driver python3-selenium  # one opens pages, and clicks
    # One more at a time than there are processors: some of them wait for real time, or for another process.
    ctest --test-dir "$build/$1" --output-on-failure --no-tests=error --parallel $(($(nproc) + 1)) "${@:2}"
}
