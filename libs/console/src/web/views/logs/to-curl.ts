interface CurlOptions {
  /** Origin of ingest-api. */
  readonly ingest: string
  /** The entry as it was sent. */
  readonly data: unknown
  /** Whether a key has to be sent: it is taken from the variable RUNNEL_API_KEY of the shell, and never written down. */
  readonly needsKey: boolean
  /** No other event has it: with the idempotency key of the entry itself, nothing would be stored. */
  readonly eventId: string
}

/** A command for a POSIX shell that stores an entry like this one. */
export function toCurl({ ingest, data, needsKey, eventId }: CurlOptions): string {
  const parts = [
    `curl -X POST ${quote(`${ingest}/api/v1/logs`)}`,
    "-H 'content-type: application/json'",
    ...(needsKey ? ['-H "authorization: Bearer $RUNNEL_API_KEY"'] : []),
    ...(hasOwnKey(data) ? [] : [`-H ${quote(`idempotency-key: ${eventId}`)}`]),
    `--data-raw ${quote(JSON.stringify(hasOwnKey(data) ? { ...data, eventId } : data))}`,
  ]
  return parts.join(' ')
}

/** Whether an entry names its idempotency key itself, as contracts: own-key.ts has it. */
function hasOwnKey(data: unknown): data is { readonly eventId: string } {
  return (
    typeof data === 'object' &&
    data !== null &&
    typeof (data as Record<string, unknown>)['eventId'] === 'string'
  )
}

/** Within single quotes a shell changes nothing; a quote itself has to step out of them. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
