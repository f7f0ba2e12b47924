/** A command for a POSIX shell that sends a JSON value. */
export function toCurl(url: string, value: unknown): string {
  const body = quote(JSON.stringify(value))
  return `curl -X POST ${quote(url)} -H 'content-type: application/json' --data-raw ${body}`
}

/** Within single quotes a shell changes nothing; a quote itself has to step out of them. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** Where ingest-api listens unless it was moved. */
const INGEST_PORT = 8080

/** The route of ingest-api that takes logs, on the host that the console came from. */
export function ingestUrl(hostname: string): string {
  return `http://${hostname}:${INGEST_PORT}/api/v1/logs`
}
