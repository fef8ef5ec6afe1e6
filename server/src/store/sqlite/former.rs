//! What lay elsewhere once: sealed bodies had a file of their own.

use std::io::ErrorKind;
use std::path::Path;

use sqlx::SqlitePool;

use super::OpenError;

/// The former file, and what SQLite keeps beside one.
const FILES: [&str; 3] = ["bodies.db", "bodies.db-wal", "bodies.db-shm"];
/// One that no document names was never acknowledged.
const BRING_IN: &str = "
    INSERT INTO body (sender_id, document_id, digest, bytes, created_at)
    SELECT b.sender_id, b.document_id, b.digest, b.bytes, b.created_at FROM former.body b
    JOIN document d ON d.sender_id = b.sender_id AND d.id = b.document_id AND d.digest = b.digest
    ON CONFLICT DO NOTHING";

/// Brings the bodies of a former file in, and removes it once they are durable here.
pub(super) async fn bring_in(folder: &Path, writer: &SqlitePool) -> Result<(), OpenError> {
    let [file, ..] = FILES.map(|file| folder.join(file));
    if !file.exists() {
        return Ok(());
    }
    let bring_in = async {
        let mut connection = writer.acquire().await?;
        sqlx::query("ATTACH DATABASE $1 AS former")
            .bind(file.display().to_string())
            .execute(&mut *connection)
            .await?;
        let brought = sqlx::query(BRING_IN).execute(&mut *connection).await;
        sqlx::query("DETACH DATABASE former")
            .execute(&mut *connection)
            .await?;
        brought.map(|done| done.rows_affected())
    };
    let brought = bring_in.await.map_err(|source| OpenError::Database {
        path: file.clone(),
        source,
    })?;
    tracing::info!(
        bodies = brought,
        "sealed bodies were brought in from their former file"
    );
    for path in FILES.map(|file| folder.join(file)) {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(OpenError::Database {
                    path,
                    source: sqlx::Error::Io(error),
                });
            }
            _ => {}
        }
    }
    Ok(())
}
