//! The command `samrum-demo`: Samrum's story, played by real processes on this machine.
//!
//! This program composes and checks; what the hub and the command do is theirs. It is also each of them,
//! when a first argument asks for it.

mod afterwards;
mod arguments;
mod cases;
mod insider;
mod narration;
mod page;
mod process;
mod report;
mod search;
mod step;
mod story;
mod teller;
mod trouble;
mod verdict;
mod world;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use tokio::signal::unix::{SignalKind, signal};

use crate::arguments::{Arguments, Environment};
use crate::cases::Children;
use crate::narration::Frame;
use crate::process::{HubProcess, Part, Samrum, this_program};
use crate::story::{Remains, Scene};
use crate::teller::Teller;
use crate::trouble::{Result, Trouble};
use crate::world::{Household, Place};

/// What a shell says of a program that was interrupted: 128 and the signal's number.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    if let Some(part) = words.next().as_ref().and_then(Part::of) {
        return part.play(words);
    }
    let (arguments, environment) = (Arguments::parse(), Environment::of_process());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = runtime
        .map_err(Trouble::system("starting"))
        .and_then(|runtime| runtime.block_on(tell(&arguments, &environment)));
    outcome.unwrap_or_else(|trouble| {
        // Whoever reads may be gone; the exit code stands.
        let _ = writeln!(io::stderr(), "samrum-demo: {trouble}");
        ExitCode::FAILURE
    })
}

/// Sets the scene, plays, and clears away whatever happened.
async fn tell(arguments: &Arguments, environment: &Environment) -> Result<ExitCode> {
    let language = arguments.language(environment);
    let out = Box::new(io::stdout());
    let mut teller = Teller::new(out, language, arguments.json, environment.colour);
    let interrupted = interrupted()?;
    tokio::pin!(interrupted);
    let place = match &arguments.keep {
        Some(folder) => Place::kept(folder)?,
        None => Place::temporary()?,
    };
    let place = place.over(arguments.transport);
    let household = Household::on(world::now().to_zoned(jiff::tz::TimeZone::UTC).date());
    let household = household.ok_or_else(|| Trouble::unexpected("identity numbers", "none"))?;
    open(&household, &mut teller, arguments.cases);
    let program = this_program()?;
    place.prepare(&household, &program)?;
    let hub = HubProcess::start(&place.plan(&program, &place.data(), &place.log())).await?;
    let mut scene = Scene {
        samrum: Samrum::new(program.clone(), language),
        program,
        place,
        hub,
        household,
        child: String::new(),
    };
    let ended = tokio::select! {
        biased;
        () = &mut interrupted => Ok(Ended::Interrupted),
        ended = play(&mut scene, &mut teller, arguments, environment) => ended,
    };
    let code = match ended {
        Ok(Ended::Well(remains)) => {
            if !arguments.once {
                match *remains {
                    Left::Story(remains) => afterwards::story(&scene, &remains, &mut teller),
                    Left::Cases(children) => afterwards::cases(&scene, &children, &mut teller),
                }
                interrupted.await;
                teller.plain("");
                teller.frame(&Frame::Stopped);
            }
            Ok(ExitCode::SUCCESS)
        }
        Ok(Ended::Failed) => Ok(ExitCode::FAILURE),
        Ok(Ended::Interrupted) => Ok(ExitCode::from(INTERRUPTED)),
        Err(trouble) => Err(trouble),
    };
    let Scene { hub, place, .. } = scene;
    hub.stop().await?;
    place.leave()?;
    code
}

/// What is left to show while the hub stays up.
enum Left {
    /// Of the story.
    Story(Remains),
    /// Of the cases.
    Cases(Children),
}

/// How it ended.
enum Ended {
    /// Every step did what it must, or every case had its answer.
    Well(Box<Left>),
    /// A step or case did not; it has been told.
    Failed,
    /// Somebody ended this program.
    Interrupted,
}

fn open(household: &Household, teller: &mut Teller, cases: bool) {
    let guardians = household.guardians().map(|(_, person)| person.name);
    let child = household.child.name;
    teller.frame(if cases { &Frame::CasesTitle } else { &Frame::Title });
    teller.plain("");
    teller.frame(&Frame::Opening { child, guardians });
    teller.plain("");
    teller.frame(&Frame::SettingUp);
}

/// Fills the world, plays the story, writes the report.
async fn play(
    scene: &mut Scene,
    teller: &mut Teller,
    arguments: &Arguments,
    environment: &Environment,
) -> Result<Ended> {
    scene.place.write_profiles(&scene.hub)?;
    scene.child = world::found(&scene.samrum, &scene.place, &scene.household).await?;
    teller.frame(&Frame::Ready {
        seconds: teller.seconds(),
    });
    if arguments.cases {
        if !arguments.once {
            let folder = scene.place.root().to_owned();
            teller.plain("");
            teller.frame(&Frame::WorkFrom { folder });
        }
        let Some(children) = cases::play(scene, teller, !arguments.once).await? else {
            return Ok(Ended::Failed);
        };
        teller.plain("");
        teller.frame(&Frame::AllAnswered {
            seconds: teller.seconds(),
        });
        return Ok(Ended::Well(Box::new(Left::Cases(children))));
    }
    let Ok(remains) = story::play(scene, teller, arguments.pauses(environment)).await else {
        return Ok(Ended::Failed);
    };
    if let Some(file) = &arguments.report {
        let receipts = report::receipts(scene, &teller.decisions()).await?;
        report::write(
            file,
            teller.told(),
            &receipts,
            &scene.hub.verifier_key,
            teller.language(),
        )?;
        teller.plain("");
        teller.frame(&Frame::ReportWritten { file: file.clone() });
    }
    teller.plain("");
    teller.frame(&Frame::AllWell {
        seconds: teller.seconds(),
    });
    Ok(Ended::Well(Box::new(Left::Story(remains))))
}

/// Completes when somebody wants this program to end.
fn interrupted() -> Result<impl Future<Output = ()>> {
    let listen = |kind| signal(kind).map_err(Trouble::system("listening for signals"));
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut terminate = listen(SignalKind::terminate())?;
    let mut hang_up = listen(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
    })
}
