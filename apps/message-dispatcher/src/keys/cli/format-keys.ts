import type { AccessKey } from '@runnel/contracts/api/access-key'

const HEADINGS = ['ID', 'STATE', 'KIND', 'NAME', 'SCOPES', 'LAST USED', 'EXPIRES'] as const

/**
 * @param command that makes a key, for a list without keys
 * @returns a table with a heading, for a terminal
 */
export function formatKeys(keys: readonly AccessKey[], command: string): string {
  if (keys.length === 0) return `There are no keys yet: ${command} create --name TEXT --role admin`
  const rows = [HEADINGS, ...keys.map(toRow)]
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
  return rows.map((row) => line(row).trimEnd()).join('\n')
}

/** A name is free text: what moves the cursor or reorders a line stays out of the terminal. */
export function showKeyName(name: string): string {
  return name.replaceAll(/\p{C}/gu, '?')
}

function toRow(key: AccessKey): string[] {
  const state = key.oldSecretUntil === null ? key.state : `rotating until ${minute(key.oldSecretUntil)}`
  return [
    key.id,
    state,
    key.kind,
    showKeyName(key.name),
    scopesOf(key),
    minute(key.lastUsedAt),
    minute(key.expiresAt),
  ]
}

const MOST_SCOPES = 3

function scopesOf({ scopes }: AccessKey): string {
  const rest = scopes.length - MOST_SCOPES
  return scopes.slice(0, MOST_SCOPES).join(',') + (rest > 0 ? ` and ${rest} more` : '')
}

function minute(time: string | null): string {
  return time === null ? 'never' : `${time.slice(0, 16).replace('T', ' ')} UTC`
}
