# Protokollets skäl: vad som gick fel med ett anrop, och vad man kan göra.

reason-id-reused = Det här numret är redan använt för något annat; ta ett nytt.
reason-key-stale = En enhet har bytt nyckel; dokumentet måste förseglas till och undertecknas med nycklarna som gäller.
reason-key-unknown = Enheten har ingen registrerad nyckel ännu.
reason-key-not-in-force = Enhetens nyckel har anmälts som röjd och ingen ny har tagits i bruk; enheten måste registrera en ny: samrum key generate, sedan samrum key register.
reason-signature-invalid = Underskriften stämmer inte med enhetens nyckel.
reason-body-mismatch = Innehållet stämmer inte med det som avsändaren har skrivit under; blev det avbrutet?
reason-field-invalid = Ett fält kan inte läsas.
reason-limit-exceeded = Något är större eller fler än vad som är tillåtet.
reason-recipient-unknown = En mottagare finns inte i katalogen.
reason-not-found = Det finns inte, eller är inte öppet för dig.
reason-role-not-allowed = Den här rollen får inte göra detta.
reason-certificate-unusable = Certifikatet saknas eller kan inte användas.
reason-acting-statement-invalid = Uppgiften om vem som handlar stämmer inte.
reason-state-conflict = Det går inte i det läge som råder nu.
reason-lost-race = Någon annan ändrade samtidigt; försök igen.
reason-hub-busy = Navet har mycket att göra just nu; försök igen om en stund.
reason-too-many-sends = Enheten har så många dokument på väg samtidigt som den får; försök igen om en stund.
reason-store-unavailable = Databasen svarar inte; försök igen om en stund.
reason-shutting-down = Navet stängs; försök igen om en stund.
reason-stored-data-damaged = Lagrade uppgifter är skadade och lämnas inte ut; kontakta den som driver navet.
reason-not-yet-sequenced = Posten har inte fått sin plats i loggen ännu; fråga igen om en sekund.
reason-sender-mismatch = Dokumentet anger en annan avsändare än certifikatet.
reason-internal = Något gick fel i navet; kontakta den som driver det om felet kommer tillbaka.

# Vad som var fel på den här sidan: hur något begärdes.

error-option-missing = { $option } saknas
error-field = { $field }: { $problem }
error-file-form = { $file }: { $problem }
error-public-key = den publika nyckeln ska vara 64 hexadecimala siffror, som samrum key organisation visar den
error-key-id = nyckeln måste vara 64 hexadecimala siffror, så som samrum key list visar den
error-provision-without-basis = --provision hör ihop med --basis provision
error-reply-to-nothing = ett svar besvarar en kallelse; säg vilken med --in-reply-to DOKUMENT
error-scope = det som begärs kan inte vara ett samtycke: { $problem }
error-narrows-nothing = säg vad som ska undantas, eller ett tidigare slut; för att avsluta det helt: samrum consent revoke
error-paper-hash = --paper-sha256 ska vara 64 hexadecimala siffror
error-oral-witnesses = --oral ska ange två olika medarbetare
error-kind-without-form = dokument av slaget { $kind } har ingen form i den här versionen
error-document-form = dokumentet är inte som det ska vara: { $problem }
error-maturity = resultatet ska vara DECIDES, TAKES_PART eller GUARDIANS_DECIDE
error-input = det som skulle läsas kan inte läsas: { $problem }
error-input-number = standard in är tomt; numret ska stå där
error-input-person = på standard in ska det stå två rader: numret, sedan namnet
error-input-reason = skälet behövs i ord, skrivet eller på standard in
error-input-missing = { $member } saknas, som rad eller som fält i objektet på standard in
error-input-member = { $member } ska vara text
error-input-left-over = på standard in står mer än det som efterfrågas
error-input-json = det som står på standard in är inget JSON-objekt: rad { $line }, kolumn { $column }
error-input-family = standard in är tomt; barnet och vårdnadshavarna ska stå där
error-input-family-line = varje rad ska ha ett nummer, ett mellanslag och ett namn: barnet först
error-input-family-json = det som står på standard in är inte det objekt som efterfrågas: rad { $line }, kolumn { $column }; se samrum individual set-representation --help
error-input-guardians = högst { $most } personer kan ha vårdnaden
error-number-form = ett personnummer har tolv siffror: år, månad, dag och fyra till
error-number-date = de åtta första siffrorna i ett personnummer ska vara ett datum
error-number-serial = de fyra sista siffrorna i ett personnummer börjar aldrig med 000
error-number-check-digit = personnumrets sista siffra stämmer inte med de andra; blev något fel?
error-text-too-long = texten har fler än { $most } byte
error-text-encoding = texten är inte UTF-8
error-identity-number = argument { $place } ser ut som ett personnummer; sådana är aldrig argument: utelämna det, och skriv det när det efterfrågas eller ge det på standard in. Det kan nu finnas i skalets historik: ta bort det där

error-usage-value = { $given } går inte för { $option }
error-usage-no-value = { $option } behöver ett värde
error-usage-value-why = { $given } går inte för { $option }: { $why }
error-usage-unknown = { $option } finns inte här
error-usage-command = det finns inget kommando { $command }
error-usage-missing = det här saknas: { $options }
error-usage-conflict = { $option } kan inte stå tillsammans med { $other }
error-usage-count = { $option } har fel antal värden
error-usage-possible = möjligt: { $possible }
error-usage-suggested = menade du { $suggested }?
error-usage-usage = Så här: { $usage }
error-usage-help = Mer: --help

error-profile-unnamed = ingen profil är angiven; ange --profile MAPP eller sätt SAMRUM_PROFILE
error-profile-unreadable = profilen går inte att läsa: { $problem }
error-profile-form = { $file } är ingen profil: { $what }
error-profile-value = { $file }, { $key }: { $what }
error-profile-unit = det här görs för en enhet, och profilen anger ingen; använd en enhets profil
error-profile-professional = det här görs av en medarbetare; lägg till [professional] med user, role och assurance_level i profilen
error-storage = { $action ->
    [read] kan inte läsa { $file }: { $what }
    [write] kan inte skriva { $file }: { $what }
    [create] kan inte skapa { $file }: { $what }
    [replace] kan inte ersätta { $file }: { $what }
    [remove] kan inte ta bort { $file }: { $what }
    [open] kan inte öppna { $file }: { $what }
    [list] kan inte lista { $file }: { $what }
    [lock] kan inte låsa { $file }: { $what }
    [blank] kan inte skriva över { $file }: { $what }
   *[synchronise] kan inte säkra { $file } på disken: { $what }
}
error-storage-too-long = { $file } är längre än { $most } byte och lästes inte
error-storage-damaged = { $file } är skadad: { $what }; återställ den från en säkerhetskopia eller ta bort den
error-no-keys = profilen har inga nycklar; kör samrum key generate och sedan samrum key register
error-keys-not-registered = ingen av profilens nycklar gäller; kör samrum key register --organisation-key FIL
error-key-elsewhere = dokumentet är förseglat till nyckeln { $key }, som den här profilen inte har; öppna det där nyckeln finns
error-key-replaced = enheten har en annan nyckel i bruk än den här profilens { $key }; kopiera nycklarna från den plats där den nyare gjordes, eller kör samrum key generate och sedan samrum key register här; därefter samrum send retry
error-key-unknown = enheten har ingen nyckel { $key }; samrum key list visar dess nycklar
error-key-not-in-force = nyckeln för enhet { $unit } har anmälts som röjd och ingen ny har tagits i bruk; inget skickades: be enheten registrera en ny nyckel, eller nå den på annat sätt
error-tls-file = { $file } kan inte användas i anslutningen ({ $role }): { $what }
error-busy = en annan process skickar just nu dokumentet { $document }; vänta på den
error-unit-unknown = ingen enhet heter { $name }; samrum directory list visar alla
error-unit-ambiguous = { $name } kan vara flera enheter: { $candidates }; skriv mer av namnet, eller id
error-organisation-key = det här är inte nyckeln till enhetens huvudman; använd den nyckel vars publika del katalogen visar
error-unreachable = navet kan inte nås: { $what }; försök igen
error-timed-out = navet svarade inte inom { $seconds } sekunder; försök igen, eller tillåt mer med --timeout
error-certificate-missing = navet begär ett certifikat och fick inget; ange certificate och key i profilen
error-certificate-foreign = navet känner inte utfärdaren av det här certifikatet; använd ett som navets drift har utfärdat
error-certificate-expired = certifikatet har gått ut; be navets drift om ett nytt
error-certificate-revoked = certifikatet är spärrat; be navets drift om ett nytt
error-certificate-unusable = navet godtar inte det här certifikatet ({ $alert }); be navets drift om ett nytt
error-hub-not-trusted = navets certifikat är inte betrott: { $what }; kontrollera hub och ca i profilen
error-not-a-hub = det som svarar är inget nav som talar TLS 1.3 ({ $what }); kontrollera hub i profilen
