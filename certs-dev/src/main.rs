//! Writes the development authority's certificate, the hub's, and one client certificate per role of the
//! demo world. The only place of this crate that reads the clock.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::SystemTime;

use anyhow::Context as _;
use clap::Parser;
use samrum_certs::{Collection, DevelopmentAuthority, Existing, Validity};

/// Makes development certificates for Samrum: an authority, the hub, and every unit and role of the demo.
///
/// For invented people only: the hub refuses these certificates unless started with --dev. They last 90
/// days. The authority's own key is not kept; run again to get all new ones.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The folder to write to; made if it is not there.
    #[arg(long, value_name = "DIR", default_value = "certs-dev/out")]
    out: PathBuf,
    /// Replace certificates that are there already.
    #[arg(long)]
    force: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let existing = if arguments.force {
        Existing::Replace
    } else {
        Existing::Refuse
    };

    #[expect(
        clippy::disallowed_methods,
        reason = "the program's edge: the library takes the time from here"
    )]
    let now = SystemTime::now();
    let validity = Validity::starting(now).context("this machine's clock is not usable: set it")?;
    let authority = DevelopmentAuthority::new(validity)?;
    let files = Collection::issue(&authority, validity)?.write(&arguments.out, existing)?;

    let mut output = io::stdout().lock();
    for file in &files {
        writeln!(output, "{}", file.display())?;
    }
    writeln!(
        output,
        "{} files, valid for 90 days; for development only",
        files.len()
    )?;
    Ok(())
}
