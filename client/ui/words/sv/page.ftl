# Vårdnadshavarens sidor.

page-skip = Till innehållet
page-navigation = Sidor
page-leave = Lämna snabbt
page-navigation-consents = Samtycken
page-logout = Logga ut
page-consents = Dina samtycken
page-footer = Samrum visar vem som frågar om vad.
page-change = Ett ja kan du ta tillbaka när du vill.

page-home-title = Får uppgifter delas? Du svarar ja eller nej
page-home-lead = Här ser du vilka som vill dela uppgifter om dig eller ditt barn. Du svarar ja eller nej. Ett ja kan du ta tillbaka när du vill.
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
page-home-step-answer = Du svarar ja eller nej. Alla som måste svara ja ska ha gjort det innan något delas med stöd av samtycket.
page-home-step-change = Du kan ta tillbaka ditt ja när du vill, utan att säga varför.

page-list-waiting = Väntar på svar
page-list-active = Gäller nu eller senare
page-list-resting = Vilar just nu
page-list-ended = Avslutade, eller inte längre dina att svara på
page-list-none = Inget här.
page-list-asked = { $requester } frågade { $day }
page-list-about = Det gäller { $about }
page-list-term-waiting = Om alla säger ja gäller det { $ending }
page-list-term-active = Gäller { $ending }
page-list-term-later = Gäller { $period }

page-standing-awaits-you = Väntar på ditt svar
page-standing-awaits-others = Du har sagt ja, någon annan har inte svarat
page-standing-recorded = Ditt ja är inskrivet av { $unit }
page-standing-unasked = Väntar på svar från andra
page-standing-begins = Börjar gälla { $from }
page-standing-active = Gäller
page-standing-resting = Vilar: just nu kan inget delas med stöd av det
page-standing-not-asked = Ditt svar behövs inte längre
page-standing-you-declined = Du sade nej
page-standing-you-revoked = Du tog tillbaka ditt ja
page-standing-declined = Någon sade nej
page-standing-revoked = Återkallat
page-standing-expired = Tiden har gått ut
page-standing-superseded = Ersatt av ett nyare

page-consent-title-question = Får de här uppgifterna delas?
page-consent-title = Ett samtycke
page-consent-ended-at = Det slutade gälla { $at }.
page-consent-closed-at = Frågan avslutades { $at }.
page-consent-you-declined-at = Du sade nej { $at }.
page-consent-you-revoked-at = Du tog tillbaka ditt ja { $at }.
page-consent-no-recorded-at = Ditt nej är inskrivet av { $unit } { $at }.
page-consent-recorded = Ditt ja är inskrivet av { $unit }.
page-consent-recorded-wrong = Stämmer det inte? Ta tillbaka det här och prata med verksamheten.
page-consent-unasked = Ingen har frågat dig, men du kan avsluta det när du vill.
page-consent-lead = Läs i lugn och ro. Säg ja bara om du vill.
page-consent-asked = Det här frågar de om
page-consent-signatories = Vilka som svarar
page-consent-signatory-you = Du (nummer { $number })
page-consent-signatory = En annan som ska svara (nummer { $number })
page-consent-signed-at = sade ja { $at }
page-consent-signed-on-paper = ja { $at }, på papper enligt { $unit }
page-consent-signed-orally = ja { $at }, muntligt enligt { $unit }
page-consent-took-back-at = sade ja, tog tillbaka det { $at }
page-consent-declined-at = sade nej { $at }
page-consent-declined-recorded = nej { $at }, enligt { $unit }
page-consent-not-signed = har inte sagt ja
page-consent-statement = Texten som du skriver under
page-consent-statement-now = Så lyder samtycket nu
page-consent-statement-lead = Säger du ja skriver du under precis den här texten.
page-consent-before = Innan du svarar
page-consent-before-no = Säger du nej delas inget med stöd av det här samtycket, och frågan är avslutad för alla. De kan fråga på nytt.
page-consent-before-silence = Svarar du inte delas inget med stöd av det, så länge ditt ja behövs.
page-consent-before-seen = Den som frågar och de andra som ska svara ser om och när du har sagt ja. Säger du nej ser de att någon har sagt nej. Är ni två förstår den andra att det var du.
page-consent-before-change = Säger du ja kan du ta tillbaka det när du vill. Säger du nej och ändrar dig måste de fråga på nytt.
page-consent-no-harm = Du behöver inte säga varför du svarar som du gör.
page-consent-session = Du är inloggad i en halvtimme. Hinner du inte kan du logga in igen; frågan finns kvar.
page-consent-yes = Ja, jag samtycker
page-consent-no = Nej, jag samtycker inte
page-consent-revoke-lead = Du behöver inte säga varför. Först får du läsa vad det innebär.
page-consent-receipt = Läs ditt kvitto

page-scope-requester = Vem som frågar
page-scope-asked-on = frågade { $day }
page-scope-about = Vem det gäller
page-scope-purpose = Varför
page-scope-sip = SIP är en plan som du, ditt barn och verksamheterna gör tillsammans: vem gör vad, och när.
page-scope-sip-own = SIP är en plan som du och verksamheterna gör tillsammans: vem gör vad, och när.
page-scope-acts = Du säger ja till
page-scope-categories = Vad uppgifterna får handla om
page-scope-kinds = I vilka dokument
page-scope-circle = Vilka som får dela med varandra
page-scope-sources = Vilka som får lämna uppgifter
page-scope-recipients = Vilka som får läsa dem
page-scope-period = Hur länge
page-scope-excluded = Det här får inte delas
page-scope-excluded-nothing = Inget särskilt är undantaget.
page-scope-excluded-unit = något till eller från { $unit }
page-scope-excluded-documents = { $count ->
    [one] ett särskilt dokument
   *[other] { $count } särskilda dokument
}

page-revoke = Ta tillbaka ditt ja
page-revoke-title = Vill du ta tillbaka ditt ja?
page-revoke-lead = Du behöver inte säga varför.
page-revoke-means = Det här händer
page-revoke-means-closed = Frågan avslutas för alla. Inget har lämnats ut med stöd av det här samtycket.
page-revoke-means-now = Samtycket slutar gälla genast. Inget mer lämnas ut med stöd av det.
page-revoke-means-waiting = Dokument som väntar med stöd av samtycket och inte har hämtats än stoppas.
page-revoke-means-told = Verksamheterna ser att samtycket har slutat gälla nästa gång de frågar Samrum.
page-revoke-means-everyone = Samtycket slutar gälla även om andra har sagt ja.
page-revoke-read = Det som redan har lästs kan inte göras oläst.
page-revoke-ask = Här går det ännu inte att se vad som redan har lämnats ut. Fråga verksamheterna; de kan svara.
page-revoke-copies = Kopior som någon redan har tagit emot hör till mottagarens egna handlingar.
page-revoke-duty = I vissa fall kräver lagen att uppgifter lämnas ändå, till exempel när ett barn kan fara illa.
page-revoke-confirm = Ja, ta tillbaka mitt ja
page-revoke-keep = Nej, låt samtycket vara
page-end = Avsluta det här
page-end-title = Vill du avsluta det här?
page-end-confirm = Ja, avsluta det
page-end-keep = Nej, låt det vara

page-receipt = Kvitto
page-receipt-answer = Ditt svar
page-receipt-yes = ja
page-receipt-no = nej
page-receipt-took-back = tog tillbaka ditt ja
page-receipt-ended = avslutat
page-receipt-recorded = enligt { $unit }
page-receipt-at = När
page-receipt-requester = Vem som frågade
page-receipt-entry = Post i loggen
page-receipt-consent = Samtyckets nummer
page-receipt-keep = Skriv ut sidan eller skriv av numren om du vill ha dem kvar. Med numren kan den som driver Samrum ta fram vad du svarade och när.
page-receipt-to-consent = Läs samtycket igen
page-receipt-signed-title = Du har sagt ja
page-receipt-signed-active = Ditt ja är antecknat. Alla har svarat ja, och samtycket gäller. Uppgifterna får delas från { $from }.
page-receipt-signed-waiting = Ditt ja är antecknat. Inget delas med stöd av det här samtycket förrän alla som måste svara har sagt ja.
page-receipt-signed-over = Ditt ja är antecknat. Det gäller inte längre.
page-receipt-declined-title = Du har sagt nej
page-receipt-declined-text = Ditt nej är antecknat. Inget lämnas ut med stöd av det här samtycket.
page-receipt-others = Samtycken som du har gett tidigare gäller fortfarande; dem ser du i listan.
page-receipt-revoked-title = Du har tagit tillbaka ditt ja
page-receipt-revoked-text = Samtycket har slutat gälla. Inget mer lämnas ut med stöd av det.
page-receipt-closed-text = Frågan är avslutad för alla. Inget har lämnats ut med stöd av det här samtycket.
page-receipt-ended-title = Det är avslutat
page-receipt-recorded-yes-title = Ditt ja är inskrivet
page-receipt-recorded-no-title = Ditt nej är inskrivet

page-problem-to-start = Till startsidan
page-problem-to-consents = Till dina samtycken
page-problem-read-again = Läs igen
page-problem-not-found-title = Sidan finns inte
page-problem-not-found-text = Adressen kan vara felskriven eller gammal, eller så kan du inte se sidan.
page-problem-logged-out-title = Du är inte inloggad
page-problem-logged-out-text = Du är inte inloggad, eller så har halvtimmen gått. Logga in igen.
page-problem-answer-refused = Ditt svar är inte antecknat.
page-problem-forged-title = Det gick inte att ta emot
page-problem-forged-text = Vi kan inte se att det var du som tryckte på knappen på vår sida. Inget har ändrats. Läs sidan igen och försök en gång till.
page-problem-unreadable-title = Det gick inte att läsa
page-problem-unreadable-text = Något saknades i det som skickades. Inget har ändrats. Gå tillbaka och försök igen.
page-problem-too-large-title = Det var för stort
page-problem-too-large-text = Det som skickades var större än vad sidan kan ta emot. Inget har ändrats.
page-problem-changed-title = Det har ändrats, läs igen
page-problem-changed-text = Det som frågan gäller ändrades medan du läste. Läs igen och svara sedan.
page-problem-ended-title = Det är redan avslutat
page-problem-ended-text = Frågan avslutades innan du svarade. Inget lämnas ut med stöd av det här samtycket.
page-problem-not-asked-title = Ditt svar behövs inte längre
page-problem-not-asked-text = Enligt uppgifterna i Samrum är det inte längre du som svarar i den här frågan. Är det fel? Prata med verksamheten som frågade.
page-problem-unavailable-title = Det går inte just nu
page-problem-unavailable-text = Försök igen om en stund. Har du svarat på något, se efter i dina samtycken om svaret är antecknat.
page-problem-broken-title = Något gick fel hos oss
page-problem-broken-text = Felet är vårt. Har du svarat på något, se efter i dina samtycken om svaret är antecknat. Försök igen senare.

page-demonstration = Demonstration
page-demonstration-people = Det här är en demonstration med påhittade människor. Logga in som en av dem:
page-demonstration-link = Logga in som { $label }
page-demonstration-warning = Det här är en demonstration. Människorna är påhittade.
page-demonstration-real = I verklig drift finns inte den här inloggningen.
page-demonstration-log-in = Logga in som { $label }

page-left-title = Klart
page-left-text = Du kan stänga fönstret.
