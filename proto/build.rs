//! Compiles the protocol with a pure Rust compiler: no `protoc` on any machine.

use std::error::Error;
use std::path::PathBuf;

const SERVICES: &[&str] = &[
    "samrum/directory/v1/directory_service.proto",
    "samrum/individual/v1/individual_service.proto",
    "samrum/consent/v1/consent_service.proto",
    "samrum/decision/v1/decision_service.proto",
    "samrum/exchange/v1/exchange_service.proto",
    "samrum/ledger/v1/ledger_service.proto",
    "samrum/audit/v1/audit_service.proto",
    "samrum/document/v1/document.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=samrum");
    let mut compiler = protox::Compiler::new(["."])?;
    compiler
        .include_source_info(true)
        .include_imports(true)
        .open_files(SERVICES)?;
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    std::fs::write(
        out.join("samrum.descriptor.bin"),
        compiler.encode_file_descriptor_set(),
    )?;
    tonic_prost_build::configure()
        .build_transport(false)
        .compile_fds(compiler.file_descriptor_set())?;
    Ok(())
}
