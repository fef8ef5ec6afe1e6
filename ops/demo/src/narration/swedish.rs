//! Berättelsen på svenska.

use super::{Frame, Line, Papers, Readable, ReportWords, Try};
use crate::step::{Outcome, StepId};
use crate::world::{Unit, quoted};

pub(super) const PAPERS: Papers = Papers {
    summons_title: "Möte om samordnad individuell plan",
    purpose: "Att komma överens om vem som gör vad så att Alva kan gå tillbaka till skolan",
    question: "Vilket stöd behöver Alva i skolan och hemma i vår, och vem ger det?",
    place: "Bibliotekets mötesrum, Exempelby",
    coordinator: "Samordnaren på enheten för barn och unga",
    competence: "Någon som känner Alva och får besluta om behandling",
    prepare: "Skriv ner vad ni gör i dag och vad ni ser framför er",
    reply: "Per kommer, med mandat att besluta om behandling i sex månader",
    note_title: "Inför mötet",
    note: "Alva sover dåligt inför skoldagar och har bett att få börja med halva dagar efter lovet.",
    report: "Alva säger att hon inte vågar gå hem i dag. Ett blåmärke på armen som hon inte vill berätta om.",
    audit: "Stickprov av utlämnanden, vårterminen",
};

pub(super) const READABLE: Readable = Readable {
    can_heading: "Vad navet kan läsa",
    can: &[
        "vilken verksamhet som sänder till vilken, när, hur mycket och på vilken grund",
        "dokumentets slag, kategorier och ändamål, eftersom samtycket prövas mot dem",
        "vilka barnet och vårdnadshavarna är: namn och personnummer ligger krypterade i databasen, med \
         nyckeln bredvid",
        "vad vårdnadshavarna tillfrågats om, och vad de svarat",
    ],
    cannot_heading: "Vad navet inte kan läsa",
    cannot: &[
        "vad en kallelse, ett svar, en anteckning eller en anmälan säger: den försluts hos avsändaren och \
         öppnas hos mottagaren",
        "dokumentets rubrik",
        "någon verksamhets privata nycklar",
    ],
};

pub(super) const REPORT: ReportWords = ReportWords {
    title: "Samrum: en kallelse, två vårdnadshavare och ett ändrat besked",
    lead: "En kallelse om ett barn gick fram för att båda vårdnadshavarna sa ja. Det tog stopp när en sa nej. \
           Här är varje steg som det gick, och kvittona som det kan kontrolleras med.",
    played: "Spelad",
    story: "Berättelsen",
    receipts: "Kvitton",
    receipts_lead: "Varje kontroll har en plats i en logg som bara kan växa. Lövets hash binder vad som beslutades \
                    utan att visa det; den signerade kontrollpunkten låser alla löv före den.",
    decision: "Kontroll",
    by: "Frågad av",
    answer: "Svar",
    place: "Plats i loggen",
    leaf: "Lövets hash",
    yes: "ja",
    no: "nej",
    checkpoint: "Signerad kontrollpunkt",
    log_key: "Loggens öppna nyckel",
    invented: "Alla personer och organisationer är påhittade. Certifikaten är bara till för utveckling.",
};

pub(super) const fn title(step: StepId) -> &'static str {
    match step {
        StepId::SummonsWithoutConsent => {
            "Socialtjänsten kallar BUP och elevhälsan till ett möte om Alva, nio år. Ingen har frågat hennes \
             vårdnadshavare."
        }
        StepId::ConsentRequested => "Socialtjänsten ber båda vårdnadshavarna om samtycke.",
        StepId::FirstGuardianSigns => {
            "Kim, den första vårdnadshavaren, läser på en sida vad det gäller och skriver under."
        }
        StepId::SummonsWithOneSignature => "Socialtjänsten försöker igen, med en underskrift av två.",
        StepId::SecondGuardianSigns => "Robin, den andra vårdnadshavaren, läser detsamma och skriver under.",
        StepId::Check => {
            "Innan ett ord är skrivet frågar socialtjänsten: får vi dela det här med BUP, elevhälsan och den \
             privata mottagningen?"
        }
        StepId::SummonsSent => "Socialtjänsten sänder kallelsen till de två som får ha den.",
        StepId::SummonsOpened => "BUP och elevhälsan öppnar kallelsen, och BUP svarar.",
        StepId::HubCannotRead => "Någon tar navets disk och söker i varje fil efter det som skrevs.",
        StepId::NoteQueued => "Socialtjänsten sänder en anteckning till BUP. Den väntar där, oöppnad.",
        StepId::ConsentRevoked => "Robin ändrar sig och säger nej.",
        StepId::NoteWithheld => "Socialtjänsten ser efter hur det gick med anteckningen.",
        StepId::LateFetch => "BUP försöker ändå öppna anteckningen.",
        StepId::ConcernReportPasses => {
            "Elevhälsan är orolig för Alva och anmäler det till socialtjänsten, fast samtycket är borta."
        }
        StepId::AuditShows => "Kommunens granskare tar fram vem som lämnat ut vad om Alva, och varför.",
        StepId::LedgerVerified => {
            "Två verksamheter kontrollerar att loggen har varje kontroll som de blivit lovade."
        }
        StepId::LedgerTampered => {
            "Någon på insidan kopierar navet, gör ett nej till ett ja och döljer det med loggens egen nyckel. \
             Samma kontroll körs mot kopian."
        }
    }
}

pub(super) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Deny => "nekad",
        Outcome::Ok => "gjort",
        Outcome::Permit => "släppt fram",
        Outcome::Withheld => "stoppad",
        Outcome::Verified => "kontrollerad",
        Outcome::Rejected => "avslöjad",
    }
}

#[expect(
    clippy::too_many_lines,
    reason = "one table of sentences, to be read beside the other language's"
)]
pub(super) fn line(line: &Line) -> String {
    match line {
        Line::Because(reason) => reason.sentence.clone(),
        Line::Missing { name } => format!("{name} har inte skrivit under."),
        Line::Asked { until } => format!(
            "Frågan: att socialtjänsten, BUP och elevhälsan får dela med varandra det som mötet behöver, till och \
             med {until}. Båda vårdnadshavarna måste säga ja."
        ),
        Line::Signed { name, awaited: 0 } => {
            format!("{name} sa ja. Alla har skrivit under: samtycket gäller.")
        }
        Line::Signed { name, awaited } => format!("{name} sa ja. Underskrifter som ännu saknas: {awaited}."),
        Line::Answered {
            unit,
            permitted: true,
            ..
        } => format!("{}: ja.", unit.name),
        Line::Answered { unit, .. } => format!("{}: nej.", unit.name),
        Line::SummonsSent { units } => format!("Kallelsen gick fram, förseglad för {}.", names(units)),
        Line::SummonsRead { unit, question } => format!("{} läser: ”{question}”", unit.name),
        Line::ReplyRead { unit, message } => format!("{} tackar ja: ”{message}”", unit.name),
        Line::NotFound {
            phrases,
            files,
            kilobytes,
        } => format!(
            "{phrases} meningar, namn och nummer, som text, UTF-16, base64 och hexadecimalt: inte ett enda finns i \
             {files} filer ({kilobytes} kB)."
        ),
        Line::FoundThough { phrase, places } => {
            format!("Samma sökning hittar det som ligger öppet: ”{phrase}” (filer: {places}).")
        }
        Line::NoteWaits { unit } => format!("Anteckningen gick fram och väntar på {}.", unit.name),
        Line::Revoked {
            name,
            in_browser: true,
        } => format!("{name} tog tillbaka samtycket, i webbläsaren."),
        Line::Revoked {
            name,
            in_browser: false,
        } => {
            format!("{name} tog tillbaka samtycket på sidan, utan att behöva säga varför.")
        }
        Line::Withheld { milliseconds: 0 } => {
            "Stoppad för gott, i samma ögonblick som nejet. Ingen har läst den, och ingen kommer att göra det.".to_owned()
        }
        Line::Withheld { milliseconds } => format!(
            "Stoppad för gott, {milliseconds} ms efter nejet. Ingen har läst den, och ingen kommer att göra det."
        ),
        Line::ReadStaysRead => "Kallelsen var redan läst; det som är läst kan inte bli oläst.".to_owned(),
        Line::RestsOn { provision } => format!("Den vilar på en skyldighet, inte på samtycke: {provision}."),
        Line::ReportRead { unit } => format!("Anmälan gick fram, och {} har läst den.", unit.name),
        Line::Audited {
            organisation,
            permitted,
            denied,
        } => format!(
            "Granskaren hos {} ser varje kontroll av verksamheternas dokument (ja: {permitted}, nej: {denied}), \
             och ingen text.",
            organisation.name
        ),
        Line::AuditSeen => "Granskarens egen sökning finns också i listan.".to_owned(),
        Line::NothingFor { organisation } => format!(
            "Granskaren hos {}, som inte lämnat ut något, ser ingenting utom sin egen sökning.",
            organisation.name
        ),
        Line::TicketsHold { unit, tickets, size } => format!(
            "{}: alla {tickets} biljetter blev poster, i en och samma logg med {size} poster som bara vuxit.",
            unit.name
        ),
        Line::CopyHolds { tickets } => {
            format!("Den orörda kopian klarar kontrollen: {tickets} biljetter stämmer.")
        }
        Line::Altered { unit } => format!(
            "Sedan gör insidern nejet till {} till ett ja och signerar om hela loggen.",
            unit.name
        ),
        Line::NobodyWithoutTickets => {
            "Den som inte sparat några biljetter ser inget fel: den ändrade loggen stämmer med sig själv."
                .to_owned()
        }
        Line::FoundOut { sentence } => format!("Socialtjänsten hade sparat sina: {sentence}"),
    }
}

pub(super) fn frame(frame: &Frame) -> String {
    match frame {
        Frame::CasesTitle => {
            "Samrum: får det här delas? Samma fråga i det ena fallet efter det andra".to_owned()
        }
        Frame::Title => {
            "Samrum: en kallelse går fram för att vårdnadshavarna sa ja, och stoppas när en säger nej"
                .to_owned()
        }
        Frame::Opening {
            child,
            guardians: [first, second],
        } => format!(
            "Exempelby kommun, Region Exempel och en privat mottagning delar ett nav. {child} är nio år; {first} \
             och {second} har vårdnaden. Alla är påhittade, allt händer på den här datorn, varje verksamhet är en \
             egen process med egna nycklar och eget certifikat."
        ),
        Frame::SettingUp => "Gör nycklar och certifikat, startar navet, fyller katalogen …".to_owned(),
        Frame::Ready { seconds } => format!("Klart efter {} sekunder.", decimal(*seconds)),
        Frame::YourTurn { link } => format!(
            "Du är Robin, den andra vårdnadshavaren. Öppna länken, läs, och säg nej:\n\n    {link}\n\nEller tryck \
             Enter, så gör Robin det utan dig."
        ),
        Frame::AllAnswered { seconds } => format!(
            "Varje fall fick det svar som det ska ha, på {} sekunder.",
            decimal(*seconds)
        ),
        Frame::AllWell { seconds } => format!(
            "Alla 17 steg gjorde vad de måste, på {} sekunder.",
            decimal(*seconds)
        ),
        Frame::Failed { expected, came } => {
            format!("Det här steget gjorde inte vad det måste.\n  Väntat: {expected}\n  Kom: {came}")
        }
        Frame::ReportWritten { file } => format!("Berättelsen med sina kvitton: {}", file.display()),
        Frame::WorkFrom { folder } => format!(
            "Varje kommando nedan går att ge som det står, i ett annat fönster, efter:\n\n    cd {}",
            quoted(folder)
        ),
        Frame::StaysUp => "Navet är kvar. Vårdnadshavarnas sidor:".to_owned(),
        Frame::LinkOf { name, link } => format!("{name}: {link}"),
        Frame::Commands => "Kommandon att prova, i ett annat fönster:".to_owned(),
        Frame::Command(command) => tried(*command).to_owned(),
        Frame::CaseCommands => {
            "Skriv under eller ta tillbaka på en sida och fråga igen: svaren i fall 1 och 2 ändras. Mer att \
             prova, i ett annat fönster:"
                .to_owned()
        }
        Frame::MoreCases => {
            "Fjorton frågor av slaget ”får det här delas?”, var och en med sitt svar: samrum-demo --cases"
                .to_owned()
        }
        Frame::HowToEnd => "Ctrl-C stoppar navet och tar bort alltihop.".to_owned(),
        Frame::Kept { folder } => format!("Ctrl-C stoppar navet. Mappen blir kvar: {}", folder.display()),
        Frame::Stopped => "Stoppat.".to_owned(),
    }
}

/// What a command to try does.
const fn tried(command: Try) -> &'static str {
    match command {
        Try::Directory => "Vilka som kan nås",
        Try::Check => "Får socialtjänsten dela det här nu?",
        Try::Explain => "Varför det sena öppnandet nekades",
        Try::Inbox => "Vad som finns i BUP:s inkorg",
        Try::Consent => "Samtycket som det står nu",
        Try::Audit => "Vem som lämnat ut vad (frågar efter barnets nummer)",
        Try::Verify => "Håller loggen vad den lovat?",
        Try::Assess => "Fall 6: socialtjänsten gör sin bedömning (frågar vilken, och varför)",
        Try::Facts => "En kollega ser den, och intygar den: individual attest, samma profil",
        Try::Receipt => "Fall 1: kvittot som vårdnadshavarna har",
        Try::Provisions => "Vad ett utlämnande kan vila på, och vad som är påslaget",
        Try::TurnOff => "Fall 9: driften slår av bestämmelsen igen (frågar varför)",
    }
}

pub(super) fn provision(provision: &str) -> String {
    format!("Bestämmelse: {provision}")
}

pub(super) fn remedy(remedy: &str) -> String {
    format!("Vad som kan göras: {remedy}")
}

fn names(units: &[&Unit]) -> String {
    units
        .iter()
        .map(|unit| unit.name)
        .collect::<Vec<_>>()
        .join(" och ")
}

/// One decimal, with a comma.
fn decimal(number: f64) -> String {
    format!("{number:.1}").replace('.', ",")
}
