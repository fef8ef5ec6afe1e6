//! Once the story has been told: what can be looked at and tried while the hub stays up.
//!
//! Every command works as printed, from any folder.

use crate::narration::{Frame, Try};
use crate::story::{Remains, Scene};
use crate::teller::Teller;
use crate::world::{
    CHILD_PSYCHIATRY, EXEMPELBY, PUPIL_HEALTH, SOCIAL_SERVICES, day_in_stockholm, now, quoted, unit_id,
};

use jiff::SignedDuration;

/// How far back the auditor's command looks.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(24);

/// Prints links and commands.
pub(crate) fn show(scene: &Scene, remains: &Remains, teller: &mut Teller) {
    teller.plain("");
    teller.frame(&Frame::StaysUp);
    for (label, person) in scene.household.guardians() {
        let link = scene.link(label);
        let name = person.name;
        teller.frame(&Frame::LinkOf { name, link });
    }
    teller.plain("");
    teller.frame(&Frame::Commands);
    for (what, command) in commands(scene, remains) {
        teller.frame(&Frame::Command(what));
        teller.plain(&format!("  {command}"));
    }
    teller.plain("");
    if scene.place.is_kept() {
        let folder = scene.place.root().to_owned();
        teller.frame(&Frame::Kept { folder });
    }
    teller.frame(&Frame::HowToEnd);
}

/// Commands as a shell takes them, with what each shows.
fn commands(scene: &Scene, remains: &Remains) -> Vec<(Try, String)> {
    let script = quoted(&scene.place.script());
    let language = scene.language().code();
    let by = |profile: &std::path::Path, rest: &str| {
        format!("{script} --lang {language} --profile {} {rest}", quoted(profile))
    };
    let social_services = scene.place.unit(&SOCIAL_SERVICES);
    let psychiatry = scene.place.unit(&CHILD_PSYCHIATRY);
    let day = |back: SignedDuration| day_in_stockholm(now().saturating_sub(back).unwrap_or_default());
    let check = format!(
        "check --about {} --to {} {} --category SCHOOL_SITUATION --kind NOTE --purpose SIP",
        scene.child,
        unit_id(&CHILD_PSYCHIATRY),
        unit_id(&PUPIL_HEALTH)
    );
    let audit = format!(
        "audit search --from {} --until {} --reason test",
        day(LOOK_BACK),
        day(SignedDuration::ZERO)
    );
    vec![
        (Try::Directory, by(&social_services, "directory list")),
        (Try::Check, by(&social_services, &check)),
        (
            Try::Explain,
            by(&psychiatry, &format!("check explain {}", remains.late_fetch)),
        ),
        (Try::Inbox, by(&psychiatry, "inbox list --all")),
        (
            Try::Consent,
            by(&social_services, &format!("consent show {}", remains.consent)),
        ),
        (Try::Audit, by(&scene.place.auditor(&EXEMPELBY), &audit)),
        (Try::Verify, by(&social_services, "ledger verify")),
    ]
}
