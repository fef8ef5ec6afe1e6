# The protocol's reasons: what went wrong with a call, and what to do.

reason-id-reused = This id has been used for something else; mint a new one.
reason-key-stale = The recipient has a newer key; the document must be sealed to it.
reason-key-unknown = The unit has no registered key yet.
reason-signature-invalid = The signature does not match the unit's key.
reason-body-mismatch = The body is not what the sender signed; was it cut short?
reason-field-invalid = A field cannot be read.
reason-limit-exceeded = Something is larger or more than is allowed.
reason-recipient-unknown = A recipient is not in the directory.
reason-not-found = It does not exist, or is not open to you.
reason-role-not-allowed = This role may not do this.
reason-certificate-unusable = The certificate is missing or cannot be used.
reason-acting-statement-invalid = The statement of who acts does not hold.
reason-state-conflict = It cannot be done as things stand now.
reason-lost-race = Somebody else changed it at the same time; try again.
reason-store-unavailable = The database does not answer; try again shortly.
reason-shutting-down = The hub is shutting down; try again shortly.
reason-stored-data-damaged = Stored data is damaged and is not released; contact whoever runs the hub.
reason-not-yet-sequenced = The entry has no place in the log yet; ask again in a second.
reason-sender-mismatch = The document names another sender than the certificate.
reason-internal = Something went wrong in the hub; contact whoever runs it if the error comes back.
