export { approveMailing } from './mailings/approve-mailing.ts'
export { readConditionMemory, writeConditionMemory } from './alerts/condition-memory.ts'
export { listAlerts, listAlertsDuring } from './alerts/list-alerts.ts'
export {
  type AlertEvent,
  noteCondition,
  type NoteConditionOptions,
  type SeenCondition,
} from './alerts/note-condition.ts'
export { purgeAlerts } from './alerts/purge-alerts.ts'
export type { StoredAlert } from './alerts/stored-alert.ts'
export {
  changeClientBlock,
  type ChangeBlockOptions,
  type ClientChange,
  countClientChange,
} from './clients/change-clients.ts'
export type { ClientFilter } from './clients/client-filter.ts'
export { countAttributes, countClients } from './clients/count-clients.ts'
export { listAttributeNames } from './clients/list-attribute-names.ts'
export { findClient, listClients } from './clients/read-clients.ts'
export {
  findImport,
  listImportErrors,
  listImports,
  listRefusedLines,
  type NumberedImportError,
  type RefusedLine,
  type StoredImport,
} from './clients/read-imports.ts'
export type { ClientMembers, StoredClient } from './clients/stored-client.ts'
export type { ClientUpsert } from './clients/upsert-clients.ts'
export { createClient, deleteClient, updateClient } from './clients/write-clients.ts'
export {
  finishImport,
  type ImportBatch,
  type ImportCounts,
  type ImportError,
  type ImportFailure,
  type KeptLines,
  startImport,
  storeImportBatch,
} from './clients/write-imports.ts'
export type { AudienceFilter } from './mailings/audience-filter.ts'
export { findCheckable, findMismatches, repairStatistics } from './mailings/check-statistics.ts'
export { closeRestedChunks } from './mailings/close-rested-chunks.ts'
export { createMailing } from './mailings/create-mailing.ts'
export { createTestSend } from './mailings/create-test-send.ts'
export { editMailing } from './mailings/edit-mailing.ts'
export { expireMailings } from './mailings/expire-mailings.ts'
export { findScheduleWork, type FoundWork, type ScheduleTask } from './mailings/find-schedule-work.ts'
export { completeMailing, finishSettling } from './mailings/finish-mailing.ts'
export { listHistory } from './mailings/list-history.ts'
export type { Act, ActResult } from './mailings/lock-mailing.ts'
export {
  cancelMailing,
  deleteMailing,
  pauseMailing,
  resumeMailing,
  scheduleMailing,
  unscheduleMailing,
} from './mailings/mailing-actions.ts'
export { findMailing, listMailings } from './mailings/mailing-reads.ts'
export { materialiseBlock } from './mailings/materialise-block.ts'
export { purgeSentTexts } from './purge-sent-texts.ts'
export { listMailingTexts, type StoredMailingText } from './mailings/list-mailing-texts.ts'
export { findSuppression, listSuppressions, type StoredSuppression } from './suppression/read-suppressions.ts'
export type { NewSuppression, SuppressionSource } from './suppression/suppress-phones.ts'
export {
  addSuppression,
  importSuppressions,
  reconcileOptOuts,
  removeSuppression,
  startSuppressionImport,
} from './suppression/write-suppressions.ts'
export {
  findSuppressedAddress,
  listSuppressedAddresses,
  type StoredSuppressedAddress,
} from './suppression/read-suppressed-addresses.ts'
export type { NewSuppressedAddress } from './suppression/suppress-addresses.ts'
export {
  addSuppressedAddress,
  importSuppressedAddresses,
  optOutAddress,
  removeSuppressedAddress,
} from './suppression/write-suppressed-addresses.ts'
export { type AuditFilter, listAudit } from './list-audit.ts'
export { purgeAuditLog } from './purge-audit-log.ts'
export { purgeMinuteTallies } from './mailings/purge-minute-tallies.ts'
export {
  type Audience,
  type AudienceClient,
  readAudience,
  readAudienceSample,
  readRecipients,
} from './mailings/read-audience.ts'
export { refreshZones } from './mailings/refresh-zones.ts'
export { restMailing, type RestOptions } from './mailings/rest-mailing.ts'
export { retryFailedBlock, type RetryOptions } from './mailings/retry-failed-block.ts'
export { reopenBlock } from './mailings/reopen-block.ts'
export { settleBlock } from './mailings/settle-block.ts'
export { startMailing } from './mailings/start-mailing.ts'
export type { MailingDraft, StoredMailing } from './mailings/stored-mailing.ts'
export {
  type AppliedTransition,
  applyTransitions,
  type Transition,
  type TransitionOptions,
} from './messages/apply-transitions.ts'
export {
  listMessages,
  type MessageFilter,
  type MessagePageOptions,
  type ListedMessage,
  type StoredMessage,
} from './messages/list-messages.ts'
export { findMessage, type StoredMessageWithAttempts } from './messages/find-message.ts'
export type { NewNotification, NotificationChannel } from './notifications/add-notifications.ts'
export {
  type ClaimedNotification,
  claimNotifications,
  type ClaimNotificationsOptions,
} from './notifications/claim-notifications.ts'
export { listNotificationsOfAlerts, listNotificationsOfDays } from './notifications/list-notifications.ts'
export { purgeNotifications } from './notifications/purge-notifications.ts'
export { sendNotificationAgain } from './notifications/send-again.ts'
export {
  beginTransfer,
  type NotificationOutcome,
  settleNotification,
} from './notifications/settle-notification.ts'
export type { StoredNotification } from './notifications/stored-notification.ts'
export { takeRound } from './notifications/take-round.ts'
export { countFailureReasons, type FailureReason } from './reports/count-failure-reasons.ts'
export { countOptOuts } from './reports/count-opt-outs.ts'
export {
  addNotification,
  createReport,
  findReport,
  listReportDays,
  listReports,
  purgeReports,
  type NewReport,
  type StoredReport,
} from './reports/daily-reports.ts'
export { type HandledMailing, listHandledMailings, type Period } from './reports/list-handled-mailings.ts'
export { listMailingsUnderWay } from './reports/list-mailings-under-way.ts'
export { beginBlocks, type BeginOptions, type BegunBlock, type Block } from './sending/begin-blocks.ts'
export { claimChunks, type ClaimChunksOptions, type ClaimedChunk } from './sending/claim-chunks.ts'
export { type ClaimedRetries, claimRetries } from './sending/claim-retries.ts'
export { beat, stopBeating } from './sending/heartbeats.ts'
export {
  changeProviderState,
  pauseProvider,
  type ProviderChange,
  type ProviderState,
  readProviderState,
  takeProbe,
} from './sending/provider-state.ts'
export { resumeProvider } from './sending/resume-provider.ts'
export { packTexts } from './sending/pack-texts.ts'
export { recordResults } from './sending/record-results.ts'
export { type ChunkRelease, releaseChunks } from './sending/release-chunks.ts'
export { releaseRetries } from './sending/release-retries.ts'
export { type ChunkLease, renewLeases } from './sending/renew-leases.ts'
export { readSendBacklog, type SendBacklog } from './sending/send-backlog.ts'
export type {
  AttemptContent,
  AttemptRecord,
  ClaimOptions,
  Recipient,
  SendClient,
  SendMailing,
  SendRecord,
} from './sending/send-types.ts'
export {
  listMailingOverview,
  type MailingSummary,
  type OverviewOptions,
} from './statistics/list-mailing-overview.ts'
export { type MailingStatistics, readMailingStatistics } from './statistics/mailing-statistics.ts'
export type { CountGroups } from './statistics/status-counts.ts'
export { findDashboard, listDashboards } from './dashboards/read-dashboards.ts'
export type { StoredDashboard, StoredDashboardHead } from './dashboards/stored-dashboard.ts'
export { createDashboard, deleteDashboard, editDashboard } from './dashboards/write-dashboards.ts'
