# Vad kommandot samrum säger. Skäl, åtgärder och ordlistor har egna filer.

cli-ask-number = Personnummer (tolv siffror, visas inte):{" "}
cli-ask-name = Namn:{" "}
cli-ask-child = Barnet:
cli-ask-guardians = Alla vårdnadshavare; ett tomt nummer avslutar listan.
cli-ask-text = Skriv det som ska stå; Ctrl-D på en egen rad avslutar. (Hur en kallelse och ett svar skrivs: samrum send --help)
cli-ask-reason = Varför, i ord (en rad, utan personnummer):{" "}
cli-ask-guardian = Vårdnadshavaren:
cli-ask-maturity = Vad bedömningen kom fram till: DECIDES (barnet ensamt), TAKES_PART (barnet och vårdnadshavarna) eller GUARDIANS_DECIDE:{" "}

cli-yes = Ja
cli-no = Nej
cli-label-ground = Grund
cli-label-why = Skäl
cli-label-law = Lag
cli-label-do = Gör så här
cli-label-note = Observera
cli-label-or = Eller
cli-label-facts = Underlag
cli-on-consent = samtycke { $consent }, ändring { $revision }
cli-on-consent-ending = samtycke { $consent }, ändring { $revision }, gäller { $ending }
cli-alternative = Bestämmelsen { $provision } kan bära uppgiften om du åberopar den (--provision) och skriver varför.
cli-warning-category = Den enskilde har i ett samtycke undantagit uppgifter om { $category }; det hindrar inte den här grunden.
cli-warning-unit = Den enskilde har i ett samtycke undantagit en av enheterna; det hindrar inte den här grunden.
cli-warning-document = Den enskilde har i ett samtycke undantagit just det här dokumentet; det hindrar inte den här grunden.
cli-warning-other = { $sentence } Det hindrar inte den här grunden.
cli-fact-custody = vårdnaden
cli-fact-custody-register = vårdnaden enligt folkbokföringen, läst { $checked }
cli-fact-custody-court = vårdnaden enligt domstols beslut, läst { $checked }
cli-fact-assessment = mognadsbedömning { $id }
cli-fact-hindrance = uppgift { $id } om att en vårdnadshavare är förhindrad
cli-fact-risk = riskbedömning { $id } om en vårdnadshavare
cli-fact-representative = uppgift { $id } om en företrädare
cli-fact-care-order = vård enligt LVU { $id }
cli-fact-situation = omständighet { $id }
cli-decided = beslut { $decision }, { $at }
cli-decision = beslut { $decision }
cli-entry = post { $entry }
cli-transport = (över { $way })
cli-refused = Nekat. Varför, och vad som kan göras:
cli-explain-hint = alla skäl: samrum check explain { $decision }

cli-organisation-key = Huvudmannens nyckel finns i { $file }. Förvara den utan nätförbindelse. Den publika delen: { $key }
cli-key-generated = Nya nycklar { $key }. Registrera dem: samrum key register --organisation-key FIL
cli-key-registered = Nycklarna { $key } gäller nu.
cli-key-compromised = Nyckel { $key } är anmäld som röjd. Inget förseglas längre till den eller undertecknas med den, och det som väntar under den hålls inne: avsändarna måste skicka på nytt.
cli-key-compromised-before = Nyckel { $key } var redan anmäld som röjd; det som fortfarande väntade under den hålls inne.
cli-key-none-in-force = Enheten har nu ingen nyckel i bruk och ingen kan skicka till den. Gör och registrera en ny: samrum key generate, sedan samrum key register. Låt även spärra certifikatet om det kan ha kommit bort.
cli-document-key-compromised = Nyckeln som avsändaren undertecknade detta med har sedan dess anmälts som röjd. Fråga avsändaren på annat sätt om det är skrivet av dem innan du litar på det.
cli-sent-wrapped-anew = { $unit } hade en nyare nyckel: dokumentet förseglades till den.
cli-sent-signed-anew = Den här enheten hade en nyare nyckel: dokumentet undertecknades med den.
cli-withheld-why = Varför det hålls inne, och vad som kan göras: samrum check explain { $decision }
cli-signed-by = undertecknade med huvudmannens nyckel { $key }
cli-organisation-created = Huvudmannen { $id } finns i katalogen, med sina myndigheter:
cli-unit-created = Enheten { $id } finns i katalogen.
cli-board-reception = socialnämndens mottagning

cli-individual-registered = I det här ärendet är personen { $id }.
cli-representation-recorded = Vårdnaden är registrerad.
cli-custody-register = { $count ->
    [one] En person har vårdnaden enligt folkbokföringen, läst { $checked }.
   *[other] { $count } personer har vårdnaden enligt folkbokföringen, läst { $checked }.
}
cli-custody-court = { $count ->
    [one] En person har vårdnaden enligt domstols beslut, läst { $checked }.
   *[other] { $count } personer har vårdnaden enligt domstols beslut, läst { $checked }.
}
cli-custody-unknown = Vem som har vårdnaden är inte registrerat, eller visas när samtycke har begärts.

cli-no-consents = Inget samtycke som den här enheten är part i.
cli-scope-one-way = från { $sources } till { $recipients }
cli-scope-circle = mellan alla: { $units }
cli-scope-about = om { $categories }; i { $kinds }
cli-scope-purpose = för { $purpose }; samtycket gäller: { $acts }
cli-scope-excluded = utom { $excluded }
cli-signatory = underskrivare { $number }
cli-signatory-signed = ✓ { $who } har skrivit under
cli-signatory-missing = · { $who } har inte skrivit under
cli-signatory-not-needed = · { $who } behöver inte skriva under
cli-capacity-guardian = vårdnadshavare
cli-capacity-individual = den enskilde
cli-capacity-representative = företrädare
cli-capacity-board = socialnämnden
cli-accepted = { $count ->
    [one] En myndighet har godtagit ett ja som en annan enhet har registrerat.
   *[other] { $count } myndigheter har godtagit ett ja som en annan enhet har registrerat.
}
cli-receipt-saved = Kvittot finns i { $file }.

cli-fact-recorded = Registrerat: { $fact }
cli-fact-to-attest = Inte intygat ännu. Det gör en kollega på enheten:
cli-fact-to-attest-risk = Skyddet gäller redan. Dela utan vårdnadshavaren får enheten först när en kollega har intygat:
cli-fact-attested = Intygat: { $fact }
cli-fact-by = registrerat av { $user }, { $at }
cli-fact-attested-by = intygat av { $user }, { $at }
cli-no-facts = Den här enheten har inte registrerat något om personen.
cli-found-maturity = Mognad: { $maturity }; för { $matter }, { $period }
cli-found-risk = Risk: { $guardian } skriver inte under och ser inte uppgifter om { $categories }; omprövas { $review }
cli-found-hindrance = Förhindrad: { $guardian }, { $ending }; { $alone }
cli-found-situation = Omständighet: { $circumstance }, { $period }
cli-hindered-alone = frågan kan inte vänta, och den andra vårdnadshavaren bestämmer ensam
cli-hindered-together = vårdnadshavarna bestämmer ändå tillsammans
cli-maturity-decides = barnet bestämmer självt
cli-maturity-takes-part = barnet bestämmer tillsammans med vårdnadshavarna
cli-maturity-guardians-decide = vårdnadshavarna bestämmer
cli-circumstance-ongoing-substance-misuse = fortgående missbruk
cli-circumstance-compulsory-psychiatric-care = psykiatrisk tvångsvård (LPT eller LRV)
cli-circumstance-cannot-consent = kan inte samtycka
cli-circumstance-protects-unborn-child = skydd för ett väntat barn
cli-circumstance-inquiry-decided = socialnämnden har beslutat om utredning
cli-circumstance-protected-person = skyddad person
cli-circumstance-older-or-disability-measures = insatser för äldre eller personer med funktionsnedsättning
cli-circumstance-lss-measures = insatser enligt LSS

cli-provision-on = påslagen
cli-provision-off = inte påslagen
cli-provision-duty = skyldighet; gäller alltid, kan inte slås av
cli-provision-not-in-force = gäller inte
cli-provision-frame = bär inget utlämnande
cli-provision-turned-on = { $provision } är påslagen; beslutet finns i loggen.
cli-provision-turned-off = { $provision } är avslagen; beslutet finns i loggen.

cli-sent = Skickat: dokument { $document }
cli-document-incomplete = Dokumentet skickades inte: det är inte vad dess slag kräver.
cli-report-sent = Vid fara för liv: ring 112. Är det bråttom: ring också socialtjänstens mottagning eller socialjouren.
cli-waits-in-outbox = Dokumentet väntar i utkorgen; samrum send retry skickar det igen, byte för byte.
cli-outbox-empty = Ingenting väntar i utkorgen.
cli-retry-refused = Nekat för gott: dokument { $document }
cli-retry-waiting = Väntar fortfarande: dokument { $document }

cli-inbox-empty = Ingenting väntar.
cli-inbox-lost = Navet kan inte nås; försöker igen.
cli-bytes = { $bytes } byte, förseglat
cli-alarm-unopened = LARM { $at }: orosanmälan { $delivery } har inte öppnats.
cli-alarm-unacknowledged = LARM { $at }: orosanmälan { $delivery } har hämtats men inte kvitterats; kanske har ingen läst den.
cli-alarm-failed = LARM { $at }: orosanmälan { $delivery } kom inte fram ({ $state }).
cli-alarm-rejected = LARM { $at }: orosanmälan { $delivery } avvisades av mottagaren och räknas inte som mottagen.
cli-alarm-over = Larmet är över: orosanmälan { $delivery } öppnades och kvitterades { $at }.
cli-alarm-call = Vid fara för liv: ring 112. Annars: ring socialtjänstens mottagning nu, utanför kontorstid socialjouren.
cli-alarm-open = Öppna den nu, eller ring avsändaren. Barnets behov av skydd ska bedömas genast.
cli-alarm-call-sender = Den går inte att öppna. Avsändaren är larmad och ska ringa er; se till att någon svarar. Barnets behov av skydd ska bedömas genast.
cli-alarm-tell-sender = Se till att avsändaren vet vart den ska.
cli-alarm-sender = Avsändare: { $unit }
cli-alarm-recipient = Mottagare: { $unit }
cli-alarm-document = Dokument { $document }
cli-acknowledged = Öppnat och kvitterat.
cli-rejected = Avvisat; avsändaren får veta varför.
cli-rejected-invalid = Dokumentet avvisades; avsändaren får veta varför.
cli-document-from = från { $sender }, { $at }
cli-document-id = dokument { $document }
cli-document-answers = svar på dokument { $document }
cli-minutes = { $minutes } minuter
cli-summons-purpose = Syfte
cli-summons-question = Fråga
cli-summons-at = När
cli-summons-place = Var
cli-summons-competence = Kompetens och mandat som efterfrågas
cli-summons-prepare = Att förbereda
cli-summons-coordinator = Samordnare
cli-reply-answer = Svar
cli-reply-message = Meddelande
cli-reply-proposed = Föreslagen tid
cli-answer-accept = tackar ja
cli-answer-decline = tackar nej
cli-answer-propose-time = föreslår en annan tid
cli-answer-delegate = skickar någon annan
cli-answer-written-contribution = lämnar ett skriftligt bidrag

cli-audit-rows = { $count ->
    [one] En rad; sökningen är post { $entry }.
   *[other] { $count } rader; sökningen är post { $entry }.
}
cli-the-hub = navet
cli-a-person = en person, i portalen
cli-event-check = Frågade om uppgifterna får lämnas
cli-event-send = Beslut om att skicka
cli-event-fetch = Beslut om utlämnande
cli-event-acknowledged = Kvitterat av mottagaren
cli-event-rejected = Avvisat av mottagaren
cli-event-withheld = Undanhållet för gott
cli-event-expired = Öppnades inte i tid
cli-event-alarmed = Orosanmälan oöppnad: båda sidor larmade
cli-event-consent = Samtycke ändrat
cli-event-audit-search = Granskat
cli-event-individual-registered = Enskild registrerad
cli-event-custody-recorded = Vårdnad registrerad
cli-event-fact-recorded = Bedömning eller omständighet registrerad
cli-event-fact-attested = Intygad av en kollega
cli-event-provision-set = Bestämmelse påslagen eller avslagen
cli-event-directory = Katalogen ändrad
cli-event-portal-login = Inloggad i portalen

cli-receipt = Post { $index } av { $size } i loggen; löv, kvittolapp och bevis stämmer.
cli-log-verified = { $verified ->
    [one] VERIFIERAD: ett löfte blev sin post, i en och samma logg om { $size } poster som bara växer.
   *[other] VERIFIERAD: { $verified } löften blev sina poster, i en och samma logg om { $size } poster som bara växer.
}
cli-log-tampered = MANIPULERAD: loggen om { $size } poster motsäger vad navet har lovat. Löften som håller: { $verified }.
cli-log-tampered-then = Behåll profilens mappar tickets och checkpoint: de är beviset. Tala om det för administratören.
cli-tickets-pending = Ännu inte i tur att stå i loggen, eller inte för den här anroparen att slå upp: { $pending }.
cli-finding-log-rewritten = Loggens förflutna är inte längre det som profilen har sett.
cli-finding-checkpoint-invalid = Den nyaste kontrollpunkten är inte vad loggen undertecknar.
cli-finding-entry-missing = Posten { $entry }, som navet lovade att skriva ner, finns inte i loggen.
cli-finding-entry-altered = Posten { $entry } är inte det som navet lovade att skriva ner.
cli-finding-receipt-invalid = Posten { $entry } visas i en annan logg än den nyaste kontrollpunktens.
