import { scopesOf, type RouteAccess } from './route-access.ts'

/** How callers prove themselves, for OpenAPI; Swagger UI asks for these. */
export const SECURITY_SCHEMES = {
  key: { type: 'http', scheme: 'bearer', description: 'An API key: `Authorization: Bearer rnl_...`' },
  keyAsPassword: {
    type: 'http',
    scheme: 'basic',
    description: 'An API key as the password; the user name does not matter',
  },
  keyHeader: { type: 'apiKey', in: 'header', name: 'X-Api-Key', description: 'An API key' },
} as const

/** What every route says of its access at /docs. */
export interface AccessDescription {
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly description?: string
}

/**
 * The access that a route declares, for OpenAPI: each scheme with the scopes that it has to bring.
 *
 * @param description of the route itself
 */
export function describeAccess(access: RouteAccess, description: string | undefined): AccessDescription {
  const scopes = scopesOf(access)
  const security =
    access === 'public' ? [] : Object.keys(SECURITY_SCHEMES).map((scheme) => ({ [scheme]: [...scopes] }))
  const sentence =
    access === 'public'
      ? 'Needs no key.'
      : scopes.length === 0
        ? 'Needs any valid key.'
        : `Needs the scope ${scopes.map((scope) => `\`${scope}\``).join(' and ')}.`
  return { security, description: description === undefined ? sentence : `${description}\n\n${sentence}` }
}
