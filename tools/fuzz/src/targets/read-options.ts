import { createEventIds } from '@runnel/contracts'

/** What a consumer reads messages by. */
export const READ = {
  nextId: createEventIds(),
  now: Date.now,
  retentionMs: 30 * 86_400_000,
  writtenEventLimitBytes: 2 * 1024 ** 2,
  isInbox: () => false,
}
