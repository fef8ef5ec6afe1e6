# Kvittot på ett samtycke: det som de som skrev under får spara.

receipt-title = Kvitto på samtycke
receipt-number = Kvittots nummer: { $receipt }
receipt-consent = Samtyckets nummer: { $consent } (ändring { $revision })
receipt-state = Läge: { $state }
receipt-signed = { $number }. { $capacity }: ja, { $method }, { $at }.
receipt-signed-recorded = { $number }. { $capacity }: ja, { $method }, { $at }. Antecknat av { $unit }.
receipt-unsigned = { $number }. { $capacity }: har inte svarat ja.
receipt-digest = SHA-256 för det som skrevs under: { $digest }
receipt-text-follows = Så lyder samtycket nu:

receipt-capacity-guardian = Vårdnadshavare
receipt-capacity-individual = Den som samtycket gäller
receipt-capacity-representative = Företrädare
receipt-capacity-board = Socialnämnden (11 § LVU)

receipt-method-portal = i portalen efter e-legitimation
receipt-method-paper = på papper
receipt-method-oral = muntligt inför två medarbetare

receipt-service = Samrum: uppgifter mellan verksamheter
receipt-purpose-category = 1 - Kärnverksamhet
receipt-termination = Samtycket gäller { $period }. Den som har samtyckt kan ta tillbaka det när som helst.
