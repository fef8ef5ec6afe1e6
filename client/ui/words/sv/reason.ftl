# Varför inte: en mening för varje skäl som ett beslut kan ge. Ingen mening säger mer än sina argument.

reason-consent-missing = Det finns inget samtycke som den här enheten är part i.
reason-signature-missing = { $signatory ->
    [0] Någon som måste skriva under har aldrig tillfrågats.
   *[other] { $capacity ->
        [INDIVIDUAL] Den som det gäller har inte skrivit under.
        [REPRESENTATIVE] Företrädaren har inte skrivit under.
        [BOARD] Socialnämnden har inte skrivit under.
       *[GUARDIAN] Vårdnadshavare { $signatory } har inte skrivit under.
    }
}
reason-consent-declined = Någon som skulle skriva under har sagt nej.
reason-consent-revoked = Samtycket är återkallat.
reason-consent-expired = Samtycket gällde { $until }.
reason-consent-not-yet-valid = Samtycket gäller inte ännu. Det börjar gälla { $from }.
reason-consent-superseded = Ett nyare samtycke har ersatt det här.
reason-sender-outside-scope = Den som skickar är inte bland dem som får dela enligt samtycket.
reason-recipient-outside-scope = Mottagaren är inte bland dem som får läsa enligt samtycket.
reason-category-not-covered = Samtycket omfattar inte uppgifter om { $category }.
reason-category-excluded = Samtycket undantar uppgifter om { $category }.
reason-unit-excluded = En av enheterna är undantagen i samtycket.
reason-document-excluded = Just det här dokumentet är undantaget i samtycket.
reason-kind-not-covered = Samtycket omfattar inte dokument av slaget { $kind }.
reason-purpose-not-covered = Samtycket gäller ett annat ändamål än { $purpose }.
reason-act-not-consented = Samtycket omfattar inte { $act }.
reason-evidence-not-accepted = Underskriften är registrerad av en annan enhet, och den egna myndigheten har inte godtagit den.
reason-custody-unverified = Ingen har kontrollerat i folkbokföringen eller hos domstol vem som har vårdnaden.
reason-custody-outdated = Kontrollen av vårdnaden är för gammal; den gjordes { $checked }.
reason-no-competent-signatory = Det finns ingen som kan skriva under för den enskilde.
reason-maturity-unassessed = Den som vill dela har inte bedömt barnets mognad i den här frågan.
reason-fact-not-attested = Er egen bedömning har inte intygats av en kollega.
reason-subject-missing = Det är inte angivet vem dokumentet handlar om.
reason-basis-not-for-kind = Grunden kan inte bära dokument av slaget { $kind }.
reason-provision-unknown = Bestämmelsen finns inte bland dem som kan åberopas.
reason-provision-not-in-force = Ingen sådan bestämmelse gäller vid den här tidpunkten.
reason-provision-off = Bestämmelsen är inte påslagen i det här navet.
reason-provision-sender-mismatch = Bestämmelsen gäller inte för den som skickar.
reason-provision-recipient-mismatch = Bestämmelsen gäller inte till den här mottagaren.
reason-provision-circumstance-missing = En omständighet som bestämmelsen kräver är inte registrerad.
reason-provision-reason-missing = Skälet till att bestämmelsen gäller är inte skrivet.
reason-not-board-reception = Skyldigheten gäller mot socialnämndens mottagning, och mottagaren är inte den.
reason-basis-ended = Grunden som dokumentet skickades på finns inte längre och kommer inte tillbaka.
reason-delivery-withheld = Dokumentet är stoppat för gott.
reason-delivery-waiting = Dokumentet väntar på något som saknas hos avsändaren.
reason-key-compromised = Mottagarens nyckel som dokumentet är förseglat till har anmälts som röjd: dokumentet hålls inne för gott och avsändaren måste skicka det på nytt.
reason-delivery-expired = Dokumentet öppnades inte i tid.
