# Builds the driver with the crates that Debian has as packages, and none from the network.
set -eu
folder=$1 build=$2
mkdir -p "$build/source"
cp "$folder/Cargo.toml" "$folder/driver.rs" "$build/source/"
/usr/bin/cargo build --release --offline --quiet --manifest-path "$build/source/Cargo.toml" --target-dir "$build/target" \
    --config 'source.crates-io.replace-with="debian"' \
    --config 'source.debian.directory="/usr/share/cargo/registry"'
cp "$build/target/release/driver" "$build/driver"
