//! Certificates that were revoked, and certificates that were renewed, while the port is open.

use std::path::PathBuf;

use rustls::AlertDescription;
use samrum_certs::{DevelopmentAuthority, Issued, Role, world};
use samrum_server::transport::tcp::{self, AcceptLimits, Connection, Incoming};
use samrum_server::transport::tls::{Reloader, TlsError, TlsFiles};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use crate::hub::{ANY_PORT, Site, next, soon, usual, while_refusing};
use crate::log::Log;
use crate::peer::{Peer, closed, der};

/// A site whose authority has a list, with the school's and the reception's certificates.
struct Listed {
    site: Site,
    school: Issued,
    reception: Issued,
}

impl Listed {
    fn new() -> Self {
        let site = Site::new();
        let school = site.client(Role::from(&world::SCHOOL));
        let reception = site.client(Role::from(&world::RECEPTION));
        let listed = Self {
            site,
            school,
            reception,
        };
        listed.revoke(&[]);
        listed
    }

    fn path(&self) -> PathBuf {
        self.site.path("revoked.pem")
    }

    fn files(&self) -> TlsFiles {
        TlsFiles {
            revocation_lists: vec![self.path()],
            ..self.site.files()
        }
    }

    fn revoke(&self, revoked: &[&Issued]) {
        let revoked: Vec<&str> = revoked.iter().map(|issued| issued.certificate.as_str()).collect();
        let list = self.site.authority.revocation_list(&revoked, usual()).unwrap();
        self.site.write("revoked.pem", &list);
    }

    fn peer(&self, certificate: &Issued) -> Peer {
        Peer::new(&self.site.authority, Some(certificate))
    }

    async fn open(&self) -> (Reloader, Incoming) {
        let reloader = self.site.reloader_of(self.files());
        let incoming = tcp::bind(ANY_PORT, reloader.watch(), AcceptLimits::default())
            .await
            .unwrap();
        (reloader, incoming)
    }
}

async fn connect(incoming: &mut Incoming, peer: &Peer) -> (Connection, TlsStream<TcpStream>) {
    let address = incoming.local_address();
    let (connection, stream) = tokio::join!(next(incoming), peer.connect(address));
    (connection, stream.unwrap())
}

/// That both ends hear each other.
async fn talk(connection: &mut Connection, stream: &mut TlsStream<TcpStream>) {
    let (mut asked, mut answered) = ([0; 3], [0; 3]);
    soon(async {
        stream.write_all(b"ask").await.unwrap();
        connection.read_exact(&mut asked).await.unwrap();
        connection.write_all(b"yes").await.unwrap();
        connection.flush().await.unwrap();
        stream.read_exact(&mut answered).await.unwrap();
    })
    .await;
    assert_eq!((&asked, &answered), (b"ask", b"yes"));
}

#[tokio::test]
async fn a_revoked_certificate_is_refused_and_another_of_the_same_authority_is_not() {
    let listed = Listed::new();
    listed.revoke(&[&listed.school]);
    let (_reloader, mut incoming) = listed.open().await;
    let mut log = Log::collect();
    let address = incoming.local_address();
    let revoked = listed.peer(&listed.school);
    let (alert, line) = while_refusing(&mut incoming, async {
        tokio::join!(revoked.refused_by(address), log.next())
    })
    .await;
    let expected = rustls::Error::AlertReceived(AlertDescription::CertificateRevoked);
    assert_eq!(alert, Some(expected));
    assert!(line.contains("has been revoked"), "{line}");
    let (mut connection, mut stream) = connect(&mut incoming, &listed.peer(&listed.reception)).await;
    talk(&mut connection, &mut stream).await;
}

#[tokio::test]
async fn whoever_is_revoked_is_cut_off_where_it_stands_and_others_are_not() {
    let listed = Listed::new();
    let (mut reloader, mut incoming) = listed.open().await;
    let (mut thief, mut thiefs_end) = connect(&mut incoming, &listed.peer(&listed.school)).await;
    let (mut honest, mut honest_end) = connect(&mut incoming, &listed.peer(&listed.reception)).await;
    talk(&mut thief, &mut thiefs_end).await;
    talk(&mut honest, &mut honest_end).await;

    // Read again without any change: nobody is bothered.
    reloader.read_again().await.unwrap();
    talk(&mut thief, &mut thiefs_end).await;

    let mut log = Log::collect();
    let serving = tokio::spawn(async move {
        // As a server does: it waits for the next bytes.
        let ended = thief.read(&mut [0; 1]).await.unwrap_err();
        let written = thief.write(b"what a call under way would answer").await;
        (ended.kind(), written.unwrap_err().kind())
    });
    listed.revoke(&[&listed.school]);
    reloader.read_again().await.unwrap();
    let aborted = std::io::ErrorKind::ConnectionAborted;
    assert_eq!(soon(serving).await.unwrap(), (aborted, aborted));
    soon(closed(&mut thiefs_end)).await;
    let mut line = log.next().await;
    while !line.contains("was cut off") {
        line = log.next().await;
    }
    assert!(line.contains("has been revoked"), "{line}");
    assert!(!line.contains("urn:samrum"), "{line}");
    talk(&mut honest, &mut honest_end).await;
}

/// The handshake is judged by what was in force when it began; what came into force meanwhile counts all the same.
#[tokio::test]
async fn who_is_revoked_during_its_handshake_gets_no_further() {
    let listed = Listed::new();
    let (mut reloader, mut incoming) = listed.open().await;
    let (mut connection, _stream) = connect(&mut incoming, &listed.peer(&listed.school)).await;
    // Let in, and not read from yet.
    listed.revoke(&[&listed.school]);
    reloader.read_again().await.unwrap();
    let ended = soon(connection.read(&mut [0; 1])).await.unwrap_err();
    assert_eq!(ended.kind(), std::io::ErrorKind::ConnectionAborted);
}

#[tokio::test]
async fn who_has_a_list_says_for_every_authority_what_is_revoked() {
    let listed = Listed::new();
    let other = DevelopmentAuthority::foreign(usual()).unwrap();
    let both = [listed.site.authority.certificate(), other.certificate()].concat();
    listed.site.write("clients.pem", &both);
    let theirs = other.client(Role::from(&world::SCHOOL), usual()).unwrap();
    let (_reloader, mut incoming) = listed.open().await;
    let mut log = Log::collect();
    let address = incoming.local_address();
    let peer = listed.peer(&theirs);
    let (_, line) = while_refusing(&mut incoming, async {
        tokio::join!(peer.refused_by(address), log.next())
    })
    .await;
    assert!(line.contains("no revocation list tells"), "{line}");

    // With a list of each authority, in two files or in one, its callers come in; without any list they do too.
    let empty = other.revocation_list(&[], usual()).unwrap();
    listed.site.write("others.pem", &empty);
    let separate = TlsFiles {
        revocation_lists: vec![listed.path(), listed.site.path("others.pem")],
        ..listed.site.files()
    };
    let own = std::fs::read_to_string(listed.path()).unwrap();
    listed.site.write("all.pem", &[own, empty].concat());
    let together = TlsFiles {
        revocation_lists: vec![listed.site.path("all.pem")],
        ..listed.site.files()
    };
    for files in [separate, together, listed.site.files()] {
        let reloader = listed.site.reloader_of(files);
        let mut incoming = tcp::bind(ANY_PORT, reloader.watch(), AcceptLimits::default())
            .await
            .unwrap();
        let (mut connection, mut stream) = connect(&mut incoming, &peer).await;
        talk(&mut connection, &mut stream).await;
    }
}

#[tokio::test]
async fn what_cannot_be_used_changes_nothing_and_is_told() {
    let listed = Listed::new();
    listed.revoke(&[&listed.school]);
    let (mut reloader, mut incoming) = listed.open().await;
    let sound = reloader.sound();
    assert!(*sound.borrow());
    let (mut honest, mut honest_end) = connect(&mut incoming, &listed.peer(&listed.reception)).await;
    let stranger = DevelopmentAuthority::new(usual()).unwrap();
    let forged = stranger.revocation_list(&[], usual()).unwrap();
    let mut cut_short = std::fs::read_to_string(listed.path()).unwrap();
    cut_short.truncate(cut_short.len() / 2);
    let no_list = listed.school.certificate.clone();
    for broken in ["", "not PEM at all", &cut_short, &no_list, &forged] {
        listed.site.write("revoked.pem", broken);
        let refused = reloader.read_again().await.unwrap_err();
        assert!(refused.to_string().contains("revoked.pem"), "{refused}");
        assert!(!*sound.borrow(), "health tells");
        talk(&mut honest, &mut honest_end).await;
        let revoked = listed.peer(&listed.school);
        let address = incoming.local_address();
        let alert = while_refusing(&mut incoming, revoked.refused_by(address)).await;
        let expected = rustls::Error::AlertReceived(AlertDescription::CertificateRevoked);
        assert_eq!(alert, Some(expected), "still revoked");
    }
    // A namesake's signature is none of the authority's.
    let forged = Reloader::open(
        listed.files(),
        samrum_server::transport::tls::Mode::Development,
        clock(),
    );
    assert!(
        matches!(forged, Err(TlsError::ForeignRevocationList { .. })),
        "nor does a hub start with it"
    );

    listed.revoke(&[]);
    reloader.read_again().await.unwrap();
    assert!(*sound.borrow());
    let (mut connection, mut stream) = connect(&mut incoming, &listed.peer(&listed.school)).await;
    talk(&mut connection, &mut stream).await;
}

fn clock() -> std::sync::Arc<dyn rustls::time_provider::TimeProvider> {
    std::sync::Arc::new(crate::hub::StillClock(crate::hub::NOW_SECONDS))
}

#[tokio::test]
async fn an_overdue_list_counts_and_is_told() {
    let listed = Listed::new();
    let past = samrum_certs::Validity::ended(crate::hub::now()).unwrap();
    let revoked = [listed.school.certificate.as_str()];
    let overdue = listed.site.authority.revocation_list(&revoked, past).unwrap();
    listed.site.write("revoked.pem", &overdue);
    let (mut reloader, mut incoming) = listed.open().await;
    assert!(!*reloader.sound().borrow());
    let address = incoming.local_address();
    let revoked = listed.peer(&listed.school);
    let alert = while_refusing(&mut incoming, revoked.refused_by(address)).await;
    assert!(alert.is_some(), "what it revokes stays revoked");
    let (mut connection, mut stream) = connect(&mut incoming, &listed.peer(&listed.reception)).await;
    talk(&mut connection, &mut stream).await;
    listed.revoke(&[&listed.school]);
    reloader.read_again().await.unwrap();
    assert!(*reloader.sound().borrow());
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_to_whoever_comes_next() {
    let listed = Listed::new();
    let (mut reloader, mut incoming) = listed.open().await;
    let peer = listed.peer(&listed.school);
    let shown = |stream: &TlsStream<TcpStream>| stream.get_ref().1.peer_certificates().unwrap()[0].clone();
    let (mut before, mut before_end) = connect(&mut incoming, &peer).await;

    let renewed = listed.site.authority.hub(usual()).unwrap();
    listed.site.write("hub.pem", &renewed.certificate);
    // Half of a renewal: the key is still the former one.
    assert!(matches!(
        reloader.read_again().await,
        Err(TlsError::KeyMismatch { .. })
    ));
    let (_, meanwhile) = connect(&mut incoming, &peer).await;
    assert_eq!(shown(&meanwhile), shown(&before_end));

    listed.site.write_key("hub.key", renewed.key.expose_pem());
    reloader.read_again().await.unwrap();
    let (_, after) = connect(&mut incoming, &peer).await;
    assert_eq!(shown(&after), der(&renewed));
    assert_ne!(shown(&after), shown(&before_end));
    talk(&mut before, &mut before_end).await;
}

#[tokio::test]
async fn an_authority_that_is_no_longer_trusted_takes_its_callers_along() {
    let site = Site::new();
    let successor = DevelopmentAuthority::foreign(usual()).unwrap();
    let old = Peer::new(&site.authority, Some(&site.client(Role::from(&world::SCHOOL))));
    let new = successor.client(Role::from(&world::SCHOOL), usual()).unwrap();
    let new = Peer::new(&site.authority, Some(&new));
    let mut reloader = site.reloader();
    let mut incoming = tcp::bind(ANY_PORT, reloader.watch(), AcceptLimits::default())
        .await
        .unwrap();
    let (mut former, _stream) = connect(&mut incoming, &old).await;
    let both = [site.authority.certificate(), successor.certificate()].concat();
    site.write("clients.pem", &both);
    reloader.read_again().await.unwrap();
    let (mut latter, mut latter_end) = connect(&mut incoming, &new).await;
    site.write("clients.pem", &successor.certificate());
    reloader.read_again().await.unwrap();
    soon(former.read(&mut [0; 1])).await.unwrap_err();
    talk(&mut latter, &mut latter_end).await;
}

#[tokio::test]
async fn files_are_read_once_they_have_changed_and_settled() {
    let listed = Listed::new();
    let (mut reloader, mut incoming) = listed.open().await;
    assert!(!reloader.look().await, "nothing has changed");
    listed.revoke(&[&listed.school]);
    assert!(!reloader.look().await, "somebody may still be writing");
    assert!(reloader.look().await);
    assert!(!reloader.look().await, "once is enough");
    let address = incoming.local_address();
    let revoked = listed.peer(&listed.school);
    assert!(
        while_refusing(&mut incoming, revoked.refused_by(address))
            .await
            .is_some()
    );

    // Gone: told once, and found again when it is back.
    std::fs::remove_file(listed.path()).unwrap();
    assert!(!reloader.look().await);
    assert!(reloader.look().await);
    assert!(!*reloader.sound().borrow());
    assert!(!reloader.look().await, "told once");
    assert!(!*reloader.sound().borrow(), "and still so");
    listed.revoke(&[]);
    assert!(!reloader.look().await);
    assert!(reloader.look().await && *reloader.sound().borrow());
    let (mut connection, mut stream) = connect(&mut incoming, &listed.peer(&listed.school)).await;
    talk(&mut connection, &mut stream).await;
}
