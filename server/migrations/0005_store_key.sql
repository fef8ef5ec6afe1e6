-- Whether the key beside the database is this database's: found out when the hub starts, not at the first name.
CREATE TABLE store_key (
  number INTEGER PRIMARY KEY CHECK (number = 1),
  probe  BLOB    NOT NULL                      -- known text, sealed
);
