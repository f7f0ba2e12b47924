import { parseField, writeField } from '@runnel/contracts/log-query'
import type { LogEntry, LogFieldNames } from '../../api/logs.ts'
import { USUAL_LEVELS } from './levels.ts'
import { entryMembers } from './entry-members.ts'
import { writeTerm } from './query-text.ts'

/** Fields as they are written in queries, with conditions on values that were seen. */
export type KnownFields = ReadonlyMap<string, ReadonlySet<string>>

const MAX_VALUES = 20
const MAX_VALUE_CHARACTERS = 60
const MAX_OFFERED = 50

/**
 * What may be asked for.
 *
 * @param entries at hand
 * @param served what the server offers, if it is here already
 */
export function knownFields(entries: readonly LogEntry[], served: LogFieldNames['fields'] = []): KnownFields {
  const fields = new Map<string, Set<string>>()
  const note = (path: readonly string[], value?: string) => {
    const name = writeField(path)
    const terms = fields.get(name) ?? new Set()
    fields.set(name, terms)
    const isShort = value !== undefined && value !== '' && value.length <= MAX_VALUE_CHARACTERS
    if (isShort && terms.size < MAX_VALUES) terms.add(writeTerm(path, value))
  }
  for (const level of USUAL_LEVELS) note(['level'], level)
  for (const name of ['service', 'message', 'trace_id']) note([name])
  for (const { field, values } of served) {
    const path = parseField(field) ?? [field]
    note(path)
    for (const value of values) note(path, value)
  }
  for (const entry of entries) {
    if (entry.service) note(['service'], entry.service)
    for (const { path, text, isScalar } of entryMembers(entry)) note(path, isScalar ? text : undefined)
  }
  return fields
}

/** The term that the text ends with, behind its - or (. */
const LAST_TERM = /(?:^|[\s(])-?([^\s()"-]*(?:"[^"]*"[^\s()"]*)?)$/

export interface Completion {
  /** What stands before the term. */
  readonly before: string
  readonly term: string
}

/** What the term at the end of a text may become: fields first, behind a colon values. */
export function completions(text: string, fields: KnownFields): Completion[] {
  const typed = LAST_TERM.exec(text)?.[1]
  if (typed === undefined) return []
  const before = text.slice(0, text.length - typed.length)
  const colon = typed.lastIndexOf(':')
  const offered =
    colon < 0 ? [...fields.keys()].map((name) => `${name}:`) : [...(fields.get(typed.slice(0, colon)) ?? [])]
  return offered
    .filter((term) => term.toLowerCase().startsWith(typed.toLowerCase()) && term !== typed)
    .slice(0, MAX_OFFERED)
    .map((term) => ({ before, term }))
}
