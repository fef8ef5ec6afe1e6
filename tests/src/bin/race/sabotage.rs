//! Promises broken on purpose, in the database beneath the hubs: the program must notice.

use samrum_tests::Cluster;

/// Which promise is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Sabotage {
    /// A revocation is answered and forgotten
    Unrevoke,
    /// The revision check sees no change when a consent is taken back
    Blind,
    /// One hub reads and checks consents as they were half a second ago
    StaleNode,
    /// A delivery is told twice to its recipient
    Twice,
}

/// Forgets that a consent was taken back.
const UNREVOKE: &str = "
    CREATE FUNCTION unrevoke() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.state := OLD.state; NEW.revision := OLD.revision; RETURN NEW; END $$;
    CREATE TRIGGER unrevoke BEFORE UPDATE ON consent FOR EACH ROW
        WHEN (OLD.state = 2 AND NEW.state = 4) EXECUTE FUNCTION unrevoke()";
/// Leaves the revision as it was.
const BLIND: &str = "
    CREATE FUNCTION blind() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.revision := OLD.revision; RETURN NEW; END $$;
    CREATE TRIGGER blind BEFORE UPDATE ON consent FOR EACH ROW
        WHEN (OLD.state = 2 AND NEW.state = 4) EXECUTE FUNCTION blind()";
/// For one user, consents as they were half a second ago, to read and to check; what it writes is written.
const BEHIND: &str = "
    CREATE SCHEMA behind;
    CREATE FUNCTION behind.is_too_new(at BIGINT) RETURNS BOOLEAN LANGUAGE sql VOLATILE AS
        $$ SELECT at > (extract(epoch FROM clock_timestamp()) * 1000000)::bigint - 500000 $$;
    CREATE VIEW behind.consent AS SELECT id, individual_id, person_id, requester_id, scope,
        CASE WHEN state = 4 AND behind.is_too_new(state_at) THEN 2 ELSE state END AS state,
        state_at, was_active, requested_at,
        CASE WHEN state = 4 AND behind.is_too_new(state_at) THEN revision - 1 ELSE revision END AS revision,
        supersedes_id FROM public.consent;
    CREATE FUNCTION behind.write() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'INSERT' THEN INSERT INTO public.consent VALUES (NEW.*);
        ELSE UPDATE public.consent SET scope = NEW.scope, state = NEW.state, state_at = NEW.state_at,
            was_active = NEW.was_active, revision = NEW.revision WHERE id = NEW.id;
        END IF; RETURN NEW; END $$;
    CREATE TRIGGER write INSTEAD OF INSERT OR UPDATE ON behind.consent FOR EACH ROW
        EXECUTE FUNCTION behind.write();
    ALTER ROLE behind SET search_path = behind, public;
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'behind'";
/// Tells every inbox everything twice.
const TWICE: &str = "
    CREATE FUNCTION twice() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO inbox_event (recipient_id, delivery_id, state)
            VALUES (NEW.recipient_id, NEW.delivery_id, NEW.state); RETURN NULL; END $$;
    CREATE TRIGGER twice AFTER INSERT ON inbox_event FOR EACH ROW
        WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION twice()";

impl Sabotage {
    /// As whom one of the hubs comes to the database, so that it can be treated otherwise than the others.
    pub(crate) async fn user(self, cluster: &Cluster) -> Option<&'static str> {
        if self != Self::StaleNode {
            return None;
        }
        cluster
            .execute("postgres", "CREATE ROLE behind SUPERUSER LOGIN")
            .await;
        Some("behind")
    }

    /// Breaks it beneath running hubs.
    pub(crate) async fn strike(self, cluster: &Cluster, database: &str) {
        let statements = match self {
            Self::Unrevoke => UNREVOKE,
            Self::Blind => BLIND,
            Self::StaleNode => BEHIND,
            Self::Twice => TWICE,
        };
        cluster.execute(database, statements).await;
    }
}
