type ParamValue = string | number | boolean | readonly string[] | undefined | null

/** Parameters of a request; what is undefined, null or empty is left out. */
export type Params = Readonly<Record<string, ParamValue>>

/** A path with its query; a list is a parameter several times. */
export function buildUrl(path: string, params: Params = {}): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    for (const one of typeof value === 'object' ? (value ?? []) : [value])
      if (one !== undefined && one !== '') query.append(name, String(one))
  }
  const text = query.toString()
  return text === '' ? path : `${path}?${text}`
}
