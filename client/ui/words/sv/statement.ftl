# Det som en vårdnadshavare skriver under. Varje ändring av orden är en ny version.

statement-title = Samtycke
statement-number = Samtyckets nummer: { $consent }
statement-requester = Den som frågar: { $requester }
statement-about = Det gäller: { $about }
statement-act-share = Jag samtycker till att uppgifter delas så som står här.
statement-act-plan = Jag samtycker till att en samordnad individuell plan görs.
statement-purpose = Ändamål: { $purpose }
statement-circle = De här verksamheterna får dela uppgifter med varandra: { $units }
statement-sources = De här verksamheterna får lämna uppgifter: { $units }
statement-recipients = De här verksamheterna får läsa dem: { $units }
statement-categories = Uppgifterna får handla om: { $categories }
statement-kinds = De får finnas i: { $kinds }
statement-period = Samtycket gäller { $period }.
statement-excluded-categories = Det här får inte delas: { $categories }
statement-excluded-units = De här verksamheterna får varken lämna eller läsa: { $units }
statement-excluded-documents = { $count ->
    [one] Ett särskilt dokument är undantaget.
   *[other] { $count } särskilda dokument är undantagna.
}
statement-excluded-nothing = Inget är undantaget.
statement-revocation = Jag kan ändra mig när jag vill, utan att säga varför. Då lämnas inget mer ut med stöd av samtycket.
statement-read = Det som redan har lästs kan inte göras oläst.
statement-duty = I vissa fall kräver lagen att uppgifter lämnas ändå, till exempel när ett barn kan fara illa. Det ändras inte av samtycket.
statement-version = Textens version: { $version }

# En tid, som den står mitt i en mening: här och på sidorna.
period-from = från { $from }
period-through = till och med { $through }
period-until = till { $until }
