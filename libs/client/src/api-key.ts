/** An API key, or what gives the present one: it is asked before every request, so that keys can be replaced. */
export type ApiKey = string | (() => string)

/** Adds the key to the headers of a request. */
export function authorize(headers: Headers, key: ApiKey | undefined): void {
  const present = typeof key === 'function' ? key() : key
  if (present !== undefined) headers.set('authorization', `Bearer ${present}`)
}
