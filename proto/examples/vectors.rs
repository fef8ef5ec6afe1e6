//! Writes the generated vector files: `cargo run -p samrum-proto --example vectors`.
//!
//! Bytes on the wire and in signatures are frozen: a difference in these files is a new protocol version, and
//! the test that compares them is there to ask whether that was meant.

#[path = "../tests/vectors/generate.rs"]
mod generate;

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    for (name, content) in generate::files()? {
        std::fs::write(folder.join(name), content)?;
    }
    Ok(())
}
