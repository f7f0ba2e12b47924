/** Parameters to set; undefined, null and empty remove; a list sets the name several times. */
export type QueryChanges = Readonly<Record<string, string | readonly string[] | undefined | null>>

/** A query with changes made to it; the rest stays in its order. */
export function changeQuery(query: URLSearchParams, changes: QueryChanges): URLSearchParams {
  const next = new URLSearchParams(query)
  for (const [name, value] of Object.entries(changes)) {
    const values = (typeof value === 'string' ? [value] : (value ?? [])).filter((text) => text !== '')
    next.delete(name)
    for (const text of values) next.append(name, text)
  }
  return next
}

/** A path with a query, as it stands in the address bar. */
export function hrefOf(path: string, query: URLSearchParams): string {
  const text = query.toString()
  return text === '' ? path : `${path}?${text}`
}
