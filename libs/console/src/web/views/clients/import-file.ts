/** Content types that the import takes, by the ends of names. */
const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
}

/** What file dialogs offer. */
export const ACCEPTED = '.csv,.ndjson,.jsonl,text/csv,application/x-ndjson'

/** The content type of a file by its name; undefined for what cannot be imported. */
export function importType(name: string): string | undefined {
  const end = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(TYPES, end) ? TYPES[end] : undefined
}
