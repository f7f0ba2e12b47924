import { isScope, KeyQuotasSchema, ROLES, SCOPES_OF_ROLE, type Role, type Scope } from '@runnel/contracts'
import type { KeyInput } from '@runnel/contracts/api/access-key'
import { UsageError } from '@runnel/runtime'

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const NAMESPACE = /^[A-Za-z0-9_-]{0,32}$/
const MAX_NAME = 100

/** The options of `create`, as they were written. */
export interface CreateOptions {
  readonly name?: string | undefined
  readonly scopes?: string | undefined
  readonly role?: string | undefined
  readonly test?: boolean | undefined
  readonly expires?: string | undefined
  readonly network?: readonly string[] | undefined
  readonly namespace?: string | undefined
  readonly quota?: readonly string[] | undefined
}

/** @throws UsageError that says what was expected */
export function readInput(options: CreateOptions, nowMs: number): KeyInput {
  const { name = '', test, expires, network, namespace, quota = [] } = options
  if (name.trim() === '' || name.length > MAX_NAME)
    throw new UsageError(`--name is missing: what the key is for, up to ${MAX_NAME} characters`)
  if (namespace !== undefined && !NAMESPACE.test(namespace))
    throw new UsageError('--namespace: up to 32 letters, digits, _ or -')
  return {
    name,
    scopes: readScopes(options),
    quotas: Object.fromEntries(quota.map(readQuota)),
    ...(test === true && { kind: 'test' as const }),
    ...(expires !== undefined && { expiresAt: readExpiry(expires, nowMs) }),
    ...(network !== undefined && { networks: [...network] }),
    ...(namespace !== undefined && { namespace }),
  }
}

/** @returns milliseconds of a text such as `90d`, `24h`, `30m`, `10s` or `0` */
export function readDuration(text: string, option: string): number {
  const [, number, unit = ''] = /^(\d{1,9})([smhd]?)$/.exec(text) ?? []
  const factor = unit === '' && Number(number) === 0 ? 0 : UNITS_MS[unit]
  if (number === undefined || factor === undefined)
    throw new UsageError(`${option} ${text}: expected a number with s, m, h or d, such as 24h`)
  return Number(number) * factor
}

function readScopes({ scopes, role }: CreateOptions): Scope[] {
  if ((scopes === undefined) === (role === undefined)) throw new UsageError('Give either --scopes or --role')
  if (role !== undefined) {
    if (!ROLES.includes(role as Role))
      throw new UsageError(`--role ${role}: expected one of ${ROLES.join(', ')}`)
    return [...SCOPES_OF_ROLE[role as Role]]
  }
  const names = (scopes ?? '').split(',').map((scope) => scope.trim())
  const wrong = names.find((name) => !isScope(name))
  if (wrong !== undefined)
    throw new UsageError(
      `--scopes: ${JSON.stringify(wrong)} is no scope: they are listed in docs/SECURITY.md`,
    )
  return names.filter(isScope)
}

function readQuota(text: string): [string, number] {
  const [name = '', value = ''] = text.split('=')
  if (!(name in KeyQuotasSchema.properties) || !/^[1-9]\d{0,8}$/.test(value)) {
    const names = Object.keys(KeyQuotasSchema.properties).join(', ')
    throw new UsageError(`--quota ${text}: expected NAME=NUMBER, where NAME is one of ${names}`)
  }
  return [name, Number(value)]
}

function readExpiry(text: string, nowMs: number): string {
  if (/^\d+[smhd]$/.test(text)) return new Date(nowMs + readDuration(text, '--expires')).toISOString()
  const at = new Date(text)
  if (!/^\d{4}-\d\d-\d\dT.+(?:Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(at.getTime()))
    throw new UsageError(`--expires ${text}: expected 90d, or a time such as 2030-01-01T00:00:00Z`)
  return at.toISOString()
}
