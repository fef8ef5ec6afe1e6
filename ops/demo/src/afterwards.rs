//! Once the story has been told or the cases answered: what can be looked at and tried while the hub stays up.
//!
//! Every command works as printed: the story's from any folder, those of the cases from the world's.

use std::path::PathBuf;

use crate::cases::{Child, Children, LASTS, NECESSARY_SUPPORT};
use crate::narration::{Frame, Try};
use crate::story::{Remains, Scene};
use crate::teller::Teller;
use crate::world::{
    CHILD_PSYCHIATRY, EXEMPELBY, PUPIL_HEALTH, SOCIAL_SERVICES, day_in_stockholm, now, quoted, unit_id,
};

use jiff::SignedDuration;

/// How far back the auditor's command looks.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(24);

/// Prints links and commands after the story.
pub(crate) fn story(scene: &Scene, remains: &Remains, teller: &mut Teller) {
    links(scene, teller);
    teller.frame(&Frame::Commands);
    for (what, command) in commands(scene, remains) {
        teller.frame(&Frame::Command(what));
        teller.plain(&format!("  {command}"));
    }
    teller.plain("");
    teller.frame(&Frame::MoreCases);
    end(scene, teller);
}

/// Prints links and commands after the cases: what makes another answer of some of them.
pub(crate) fn cases(scene: &Scene, children: &Children, teller: &mut Teller) {
    links(scene, teller);
    teller.frame(&Frame::CaseCommands);
    for (what, profile, command) in case_commands(scene, children) {
        teller.frame(&Frame::Command(what));
        teller.command(&scene.again(&profile, &command), 2);
    }
    teller.plain("");
    end(scene, teller);
}

/// The guardians' pages.
fn links(scene: &Scene, teller: &mut Teller) {
    teller.plain("");
    teller.frame(&Frame::StaysUp);
    for (label, person) in scene.household.guardians() {
        let link = scene.link(label);
        let name = person.name;
        teller.frame(&Frame::LinkOf { name, link });
    }
    teller.plain("");
}

fn end(scene: &Scene, teller: &mut Teller) {
    if scene.place.is_kept() {
        let folder = scene.place.root().to_owned();
        teller.frame(&Frame::Kept { folder });
    } else {
        teller.frame(&Frame::HowToEnd);
    }
}

/// Commands of the cases, with what each does and whose profile does it.
fn case_commands(scene: &Scene, children: &Children) -> Vec<(Try, PathBuf, String)> {
    let thirteen = children.individual(Child::Thirteen, &SOCIAL_SERVICES);
    let until = day_in_stockholm(now().saturating_add(LASTS).unwrap_or_default());
    let social_services = scene.place.unit(&SOCIAL_SERVICES);
    vec![
        (
            Try::Assess,
            social_services.clone(),
            format!("individual assess {thirteen} --matter SIP --until {until}"),
        ),
        (
            Try::Facts,
            scene.place.colleague(&SOCIAL_SERVICES),
            format!("individual facts {thirteen}"),
        ),
        (
            Try::Receipt,
            social_services.clone(),
            format!("consent receipt {}", children.consent),
        ),
        (Try::Provisions, social_services, "provision list".to_owned()),
        (
            Try::TurnOff,
            scene.place.operator(),
            format!("provision off {NECESSARY_SUPPORT}"),
        ),
    ]
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
