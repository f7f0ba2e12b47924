/** Content types by the ends of names. What has another one, the server recognises by what is in it. */
const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  ndjson: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
}

/** Ends of the names of spreadsheets, which are not imported as they are. */
const SPREADSHEETS: readonly string[] = ['xlsx', 'xlsm', 'xlsb', 'xls', 'ods', 'numbers']

/** What file dialogs offer. */
export const ACCEPTED = '.csv,.tsv,.txt,.ndjson,.jsonl,text/csv,text/plain,application/x-ndjson'

/** The content type of a file by its name; undefined for a spreadsheet. */
export function importType(name: string): string | undefined {
  const end = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  if (SPREADSHEETS.includes(end)) return undefined
  return Object.hasOwn(TYPES, end) ? TYPES[end] : 'application/octet-stream'
}
