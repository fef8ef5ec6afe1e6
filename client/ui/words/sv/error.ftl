# Protokollets skäl: vad som gick fel med ett anrop, och vad man kan göra.

reason-id-reused = Det här numret är redan använt för något annat; ta ett nytt.
reason-key-stale = Mottagaren har en nyare nyckel; dokumentet måste förseglas till den.
reason-key-unknown = Enheten har ingen registrerad nyckel ännu.
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
reason-store-unavailable = Databasen svarar inte; försök igen om en stund.
reason-shutting-down = Navet stängs; försök igen om en stund.
reason-stored-data-damaged = Lagrade uppgifter är skadade och lämnas inte ut; kontakta den som driver navet.
reason-not-yet-sequenced = Posten har inte fått sin plats i loggen ännu; fråga igen om en sekund.
reason-sender-mismatch = Dokumentet anger en annan avsändare än certifikatet.
reason-internal = Något gick fel i navet; kontakta den som driver det om felet kommer tillbaka.
