export const USAGE = `npm run keys -- <command>: API keys, straight in PostgreSQL (DATABASE_URL)

  list                     all keys, without their secrets
  create --name TEXT       prints the key, this once, alone on stdout
      --scopes A,B | --role viewer|operator|sender|admin
      [--test]             its mailings never reach a channel
      [--expires 90d]      or a time: 2030-01-01T00:00:00Z; default: never
      [--network 10.0.0.0/8]...   accepted from there alone
      [--namespace NAME]   of its idempotency keys
      [--quota requests=100]...   requests, events, bytes (a second); reads, tails, exports (at a time)
  rotate ID [--overlap 24h]   prints another secret; the old one stays valid for that long (0: ends at once)
  revoke ID                ends it for good; within 5 seconds no replica accepts it
  accept-restored          after a backup was put back: the keys in the database are the right ones

  --json                   as JSON
  --data-dir FOLDER        of npm start, which has to be stopped for that

Replicas that reach PostgreSQL see a change within 2 seconds, all others by notice.`
