export { inAudience, type AudienceFilter } from './audience-filter.ts'
export { findCheckable, findMismatches, repairStatistics, type Mismatch } from './check-statistics.ts'
export { closeRestedChunks } from './close-rested-chunks.ts'
export { createMailing, type CreateOptions } from './create-mailing.ts'
export { editMailing, type ComputeZone, type EditOptions, type OpenWindow } from './edit-mailing.ts'
export { expireMailings } from './expire-mailings.ts'
export {
  findScheduleWork,
  type FoundWork,
  type ScheduleTask,
  type ScheduleWork,
} from './find-schedule-work.ts'
export { completeMailing, finishSettling } from './finish-mailing.ts'
export { listHistory, type HistoryEntry } from './list-history.ts'
export type { Act, ActResult } from './lock-mailing.ts'
export {
  cancelMailing,
  deleteMailing,
  pauseMailing,
  resumeMailing,
  scheduleMailing,
} from './mailing-actions.ts'
export { materialiseBlock, type MaterialisedBlock, type MaterialiseOptions } from './materialise-block.ts'
export { findMailing, listMailings, type MailingListOptions } from './mailing-reads.ts'
export {
  readAudience,
  readRecipients,
  type Audience,
  type AudienceClient,
  type AudienceGroup,
} from './read-audience.ts'
export { purgeMinuteTallies } from './purge-tallies.ts'
export { refreshZones, type RefreshOptions } from './refresh-zones.ts'
export { retryFailedBlock, type RetriedBlock, type RetryOptions } from './retry-failed.ts'
export { settleBlock, type SettledBlock } from './settle-block.ts'
export { startMailing, type StartedMailing } from './start-mailing.ts'
export type { MailingDraft, StoredMailing } from './stored-mailing.ts'
