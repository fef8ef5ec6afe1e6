# Vårdnadshavarens sidor.

page-skip = Till innehållet
page-navigation = Sidor
page-leave = Lämna snabbt
page-navigation-consents = Samtycken
page-logout = Logga ut
page-consents = Dina samtycken
page-footer = Samrum visar vem som frågar om vad, och ser till att inget lämnas ut med stöd av ett samtycke som inte finns.
page-change = Du kan ändra dig när du vill.
page-until-day = till och med { $through }
page-until-moment = till { $until }

page-home-title = Du bestämmer vad som får delas
page-home-lead = Här ser du vilka som vill dela uppgifter om dig eller ditt barn. Du svarar ja eller nej, och du kan ändra dig när du vill.
page-home-waiting = { $count ->
    [0] Ingenting väntar på ditt svar.
    [one] En fråga väntar på ditt svar.
   *[other] { $count } frågor väntar på ditt svar.
}
page-home-to-consents = Gå till dina samtycken
page-home-no-login = Här går det ännu inte att logga in med e-legitimation. Prata med den som har frågat dig; du kan svara på papper eller muntligt.
page-home-how = Så går det till
page-home-step-asked = En verksamhet, till exempel socialtjänsten, frågar om uppgifter får delas.
page-home-step-read = Du läser vem som frågar, vad det gäller, vilka som får läsa och hur länge.
page-home-step-answer = Du svarar ja eller nej. Alla som måste svara ja ska ha gjort det innan något delas.
page-home-step-change = Du kan ta tillbaka ditt ja när du vill, utan att säga varför.

page-list-waiting = Väntar på svar
page-list-active = Gäller nu
page-list-ended = Gäller inte
page-list-none = Inget här.
page-list-asks = { $requester } frågar
page-list-asked = { $requester } frågade
page-list-about = Det gäller { $about }
page-list-until-waiting = Om alla säger ja gäller det
page-list-until-active = Gäller
page-standing-awaits-you = Väntar på ditt svar
page-standing-awaits-others = Du har sagt ja, någon annan har inte svarat
page-standing-active = Gäller
page-standing-not-asked = Ditt svar behövs inte längre
page-standing-declined = Någon sade nej
page-standing-revoked = Återkallat
page-standing-expired = Tiden har gått ut
page-standing-superseded = Ersatt av ett nyare

page-consent-title-question = Får de här uppgifterna delas?
page-consent-title = Ett samtycke
page-consent-ended-at = Det slutade gälla { $at }.
page-consent-lead = Läs i lugn och ro. Säg ja bara om du vill.
page-consent-asked = Det här frågar de om
page-consent-signatories = Vilka som svarar
page-consent-signatory-you = Du (nummer { $number })
page-consent-signatory = Nummer { $number }
page-consent-signed-at = sade ja { $at }
page-consent-not-signed = har inte sagt ja
page-consent-statement = Texten som du skriver under
page-consent-statement-now = Så lyder samtycket nu
page-consent-statement-lead = Säger du ja skriver du under precis den här texten.
page-consent-no-harm = Du behöver inte säga varför du svarar som du gör.
page-consent-yes = Ja, jag samtycker
page-consent-no = Nej, jag samtycker inte
page-consent-revoke-lead = Du behöver inte säga varför. Först får du läsa vad det innebär.

page-scope-requester = Vem som frågar
page-scope-asked-on = frågade { $day }
page-scope-about = Vem det gäller
page-scope-purpose = Varför
page-scope-acts = Du säger ja till
page-scope-categories = Vad uppgifterna får handla om
page-scope-kinds = Var de får stå
page-scope-circle = Vilka som får dela med varandra
page-scope-sources = Vilka som får lämna uppgifter
page-scope-recipients = Vilka som får läsa dem
page-scope-period = Hur länge
page-scope-from = från { $from }
page-scope-excluded = Det här får inte delas
page-scope-excluded-nothing = Inget särskilt är undantaget.
page-scope-excluded-unit = något till eller från { $unit }
page-scope-excluded-documents = { $count ->
    [one] ett särskilt dokument
   *[other] { $count } särskilda dokument
}

page-revoke = Ta tillbaka ditt ja
page-revoke-title = Vill du ta tillbaka ditt ja?
page-revoke-lead = Du kan ändra dig när du vill. Du behöver inte säga varför.
page-revoke-means = Det här händer
page-revoke-means-now = Samtycket slutar gälla genast. Inget mer lämnas ut med stöd av det.
page-revoke-means-waiting = Dokument som inte har öppnats än stoppas.
page-revoke-means-told = Verksamheterna får veta att samtycket har slutat gälla.
page-revoke-means-everyone = Samtycket slutar gälla även om andra har sagt ja.
page-revoke-read = Det som redan har lästs kan inte göras oläst.
page-revoke-duty = Kopior som någon redan har tagit emot hör till mottagarens egna handlingar. I vissa fall kräver lagen att uppgifter lämnas ändå, till exempel när ett barn kan fara illa.
page-revoke-confirm = Ja, ta tillbaka mitt ja
page-revoke-keep = Nej, låt samtycket vara

page-receipt = Kvitto
page-receipt-entry = Post i loggen:
page-receipt-consent = Samtycke:
page-receipt-keep = Skriv ut sidan eller skriv av numren om du vill ha dem kvar. Med dem går det att visa vad du svarade och när.
page-receipt-to-consent = Läs samtycket igen
page-receipt-signed-title = Du har sagt ja
page-receipt-signed-text = Ditt ja är antecknat. Inget delas förrän alla som måste svara har sagt ja.
page-receipt-declined-title = Du har sagt nej
page-receipt-declined-text = Ditt nej är antecknat. Inget lämnas ut med stöd av det här samtycket.
page-receipt-revoked-title = Du har tagit tillbaka ditt ja
page-receipt-revoked-text = Samtycket har slutat gälla. Inget mer lämnas ut med stöd av det.

page-problem-to-start = Till startsidan
page-problem-to-consents = Till dina samtycken
page-problem-read-again = Läs igen
page-problem-not-found-title = Sidan finns inte
page-problem-not-found-text = Adressen kan vara felskriven, eller så är det inget som visas för dig.
page-problem-logged-out-title = Du är inte inloggad
page-problem-logged-out-text = Du loggas ut efter en halvtimme. Logga in igen och försök en gång till. Inget har ändrats.
page-problem-forged-title = Det gick inte att ta emot
page-problem-forged-text = Vi kan inte se att det var du som tryckte på knappen på vår sida. Inget har ändrats. Läs sidan igen och försök en gång till.
page-problem-unreadable-title = Det gick inte att läsa
page-problem-unreadable-text = Något saknades i det som skickades. Inget har ändrats. Gå tillbaka och försök igen.
page-problem-too-large-title = Det var för stort
page-problem-too-large-text = Det som skickades var större än vad sidan kan ta emot. Inget har ändrats.
page-problem-changed-title = Det har ändrats, läs igen
page-problem-changed-text = Det som frågan gäller ändrades medan du läste. Ditt svar är inte antecknat. Läs igen och svara sedan.
page-problem-ended-title = Det gäller inte längre
page-problem-ended-text = Samtycket har redan slutat gälla. Inget lämnas ut med stöd av det.
page-problem-not-asked-title = Ditt svar behövs inte längre
page-problem-not-asked-text = Du behöver inte längre svara på det här, och därför kan du inte ändra det.
page-problem-unavailable-title = Det går inte just nu
page-problem-unavailable-text = Försök igen om en stund. Har du svarat på något, se efter i dina samtycken om svaret är antecknat.
page-problem-broken-title = Något gick fel hos oss
page-problem-broken-text = Felet är vårt, och driften är underrättad. Försök igen senare.

page-demonstration = Demonstration
page-demonstration-people = Det här är en demonstration med påhittade människor. Logga in som en av dem:
page-demonstration-link = Logga in som { $label }
page-demonstration-warning = Det här är en demonstration. Människorna är påhittade.
page-demonstration-real = I verklig drift finns inte den här inloggningen.
page-demonstration-log-in = Logga in som { $label }

page-left-title = Klart
page-left-text = Du kan stänga fönstret.
