import { formatTimeOfDay, type LocalWindow } from '@runnel/contracts'
import type { Mailing, MailingWithWarnings } from '@runnel/contracts/api/mailing'
import type { Warnings } from './warnings/create-warnings.ts'
import type { StoredMailing } from '@runnel/repositories-mailings'

/** A mailing as every answer shows it. */
export function presentMailing(mailing: StoredMailing): Mailing {
  const { id, name, status, text, operatorCodes, tags, ratePerSecond, version, messageCount } = mailing
  const { channel, subject } = mailing
  return {
    id,
    name,
    status,
    start: toTime(mailing.startMs),
    end: toTime(mailing.endMs),
    channel,
    subject,
    text,
    filter: {
      operatorCodes: [...operatorCodes],
      tags: [...tags],
      received: [...mailing.received],
      notReceived: [...mailing.notReceived],
    },
    window: mailing.window && presentWindow(mailing.window),
    ratePerSecond,
    version,
    messageCount,
    materialised: mailing.materialised,
    createdAt: toTime(mailing.createdAtMs),
    updatedAt: toTime(mailing.updatedAtMs),
    startedAt: toNullableTime(mailing.startedAtMs),
    finishedAt: toNullableTime(mailing.finishedAtMs),
    settledAt: toNullableTime(mailing.settledAtMs),
    testOf: mailing.testOf,
    restReason: mailing.restReason,
    approval: mailing.approval && presentApproval(mailing.approval),
  }
}

/** A mailing as the answers to what creates, changes or starts it show it. */
export async function presentWithWarnings(
  mailing: StoredMailing,
  warnings: Warnings,
  nowMs: number,
): Promise<MailingWithWarnings> {
  return { ...presentMailing(mailing), warnings: await warnings.of(mailing, nowMs) }
}

function presentApproval({ missing, by, atMs }: NonNullable<StoredMailing['approval']>) {
  return { missing, by, at: toNullableTime(atMs) }
}

/** A window as people write it. */
export function presentWindow({ from, to }: LocalWindow): { from: string; to: string } {
  return { from: formatTimeOfDay(from), to: formatTimeOfDay(to) }
}

function toTime(ms: number): string {
  return new Date(ms).toISOString()
}

function toNullableTime(ms: number | null): string | null {
  return ms === null ? null : toTime(ms)
}
