import type { TlsFiles } from './tls-files.ts'

/** How much of TLS a connection to PostgreSQL insists on, by the words of libpq. */
const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const

export type SslMode = (typeof SSL_MODES)[number]

/** Of libpq and of the driver; Runnel reads them itself, for the driver means other things by the same words. */
const PARAMETERS = ['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'uselibpqcompat'] as const
/** Parameters with settings in their place. */
const REPLACED = {
  ssl: 'sslmode',
  sslrootcert: 'DATABASE_CA_FILE',
  sslcert: 'DATABASE_CERT_FILE',
  sslkey: 'DATABASE_KEY_FILE',
  uselibpqcompat: 'sslmode',
} as const

/**
 * What a URL of PostgreSQL and the files beside it ask for. A file asks for `verify-full`.
 *
 * @returns undefined where nothing is said
 */
export function sslModeOf(url: string, { caFile, certFile }: TlsFiles): SslMode | undefined {
  const given = new URL(url).searchParams.get('sslmode')
  const known = SSL_MODES.find((mode) => mode === given)
  return known ?? (caFile || certFile ? 'verify-full' : undefined)
}

/** The URL for the driver, which is given what they mean apart from it. */
export function withoutSslParameters(url: string): string {
  if (!/[?&](?:ssl|uselibpq)/.test(url)) return url
  const parsed = new URL(url)
  for (const name of PARAMETERS) parsed.searchParams.delete(name)
  return parsed.href
}

/** What is wrong with the parameters of a URL, in sentences. */
export function findSslModeProblems(url: string, files: TlsFiles): string[] {
  const { searchParams } = new URL(url)
  const problems = Object.entries(REPLACED)
    .filter(([name]) => searchParams.has(name))
    .map(([name, instead]) => `DATABASE_URL holds ${name}: use ${instead} in its place`)
  const given = searchParams.get('sslmode')
  if (given !== null && !SSL_MODES.some((mode) => mode === given))
    problems.push(`DATABASE_URL holds sslmode=${given}: expected ${SSL_MODES.join(', ')}`)
  if (given === 'disable' && (files.caFile || files.certFile))
    problems.push(
      'DATABASE_URL holds sslmode=disable, but DATABASE_CA_FILE or DATABASE_CERT_FILE ask for TLS',
    )
  return problems
}
