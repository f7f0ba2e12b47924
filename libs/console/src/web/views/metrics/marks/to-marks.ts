import type { LogEntry } from '../../../api/logs.ts'
import type { Mailing } from '../../../api/mailings.ts'
import { hrefOf } from '../../../data/change-query.ts'
import type { MarkKind } from './mark-choice.ts'

/** Something that happened while values were measured, and may explain them. */
export interface Mark {
  readonly kind: 'mailing' | 'deploy'
  /** What it was. */
  readonly text: string
  readonly atMs: number
  /** When it was over; now where it is under way. Undefined for what takes no time. */
  readonly untilMs?: number | undefined
  readonly href: string
}

/** What happened in a stretch of time. */
export interface Marks {
  readonly marks: readonly Mark[]
  /** Some are left out: marks of a kind reach back to here, in milliseconds since 1970. */
  readonly incomplete: readonly { readonly kind: MarkKind; readonly fromMs: number }[]
}

/** Log entries that say that something was deployed: docs/LOG-MEMBERS.md. */
export const DEPLOY_QUERY = 'event:deploy'

/** A mailing from its start to its end. */
export function mailingMark({ id, name, startedAt, finishedAt }: Mailing, nowMs: number): Mark[] {
  if (startedAt === null) return []
  return [
    {
      kind: 'mailing',
      text: name === '' ? `Mailing ${id}` : name,
      atMs: Date.parse(startedAt),
      untilMs: finishedAt === null ? nowMs : Date.parse(finishedAt),
      href: `/console/mailings/${id}`,
    },
  ]
}

/** A deployment, as the entry that reports it says. */
export function deployMark({ id, message, service, occurredAt }: LogEntry): Mark {
  const atMs = Date.parse(occurredAt)
  const around = { from: new Date(atMs - AROUND_MS), to: new Date(atMs + AROUND_MS) }
  const query = new URLSearchParams({
    ...{ query: DEPLOY_QUERY, entry: id },
    ...{ from: around.from.toISOString(), to: around.to.toISOString() },
  })
  return {
    kind: 'deploy',
    text: message || service || 'A deployment',
    atMs,
    href: hrefOf('/console/logs', query),
  }
}

const AROUND_MS = 30 * 60_000

/** Marks by time; each is called by its number in this order. */
export function sortMarks(marks: readonly Mark[]): Mark[] {
  return marks.toSorted((a, b) => a.atMs - b.atMs)
}
