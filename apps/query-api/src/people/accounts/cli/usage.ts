export const USAGE = `npm run accounts -- <command>: local accounts, straight in PostgreSQL (DATABASE_URL)

  list                     all accounts
  create NAME --role A,B   viewer, operator, sender, admin; prints the password and the secret of one-time codes, this once
  reset NAME               another password, another secret; unlocks it, and ends its sessions
  reseal                   seals the secrets of one-time codes with IDENTITY_SECRET that IDENTITY_SECRET_SECOND opens
  lock NAME                until reset; ends its sessions within 2 seconds

  --password-stdin         reads the password from stdin instead of making one
  --json                   as JSON
  --data-dir FOLDER        of npm start, which has to be stopped for that

create and reset need IDENTITY_SECRET, as query-api has it: it seals the secrets of one-time codes.`
