# Vad man kan göra.

remedy-request-consent = Be om samtycke.
remedy-ask-signatory = Påminn den som inte har svarat, eller fråga den som inte har tillfrågats.
remedy-widen-scope = Be om ett samtycke som omfattar detta, eller utelämna det.
remedy-leave-out = Utelämna det; bara den enskilde eller vårdnadshavarna kan ändra undantaget.
remedy-wait = Vänta tills samtycket börjar gälla.
remedy-verify-custody = Låt driften läsa in vårdnaden från folkbokföringen.
remedy-assess-maturity = Bedöm barnets mognad i den här frågan.
remedy-attest-fact = Låt en annan medarbetare på enheten intyga bedömningen.
remedy-accept-evidence = Låt den egna myndigheten ta ställning till underskriften.
remedy-register-individual = Registrera den enskilde.
remedy-change-basis = Välj en grund som kan bära det här dokumentet.
remedy-state-reason = Skriv varför bestämmelsen gäller.
remedy-send-to-reception = Skicka till socialnämndens mottagning.
remedy-send-anew = Skicka på nytt på en grund som gäller nu.
