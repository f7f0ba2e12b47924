type ParamValue = string | number | boolean | undefined | null

/** Parameters of a request; what is undefined, null or empty is left out. */
export type Params = Readonly<Record<string, ParamValue>>

/** A path with its query. */
export function buildUrl(path: string, params: Params = {}): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
  }
  const text = query.toString()
  return text === '' ? path : `${path}?${text}`
}
