import type { Alert, NotificationSettings } from '@runnel/contracts/api/alert'
import type { Notification } from '@runnel/contracts/api/notification'
import type { Page } from '@runnel/contracts/api/page'
import type { Report, ReportPreview } from '@runnel/contracts/api/report'
import { buildUrl, type Params } from './build-url.ts'
import { getJson, type Answer } from './get-json.ts'
import { sendJson } from './send-json.ts'

export type { Alert, Notification, NotificationSettings, Report, ReportPreview }

const REPORTS = '/api/v1/reports'

export function getReports(params: Params, signal: AbortSignal): Promise<Answer<Page<Report>>> {
  return getJson(REPORTS, params, signal)
}

/** @param day default: yesterday */
export function getReportPreview(
  day: string | undefined,
  signal: AbortSignal,
): Promise<Answer<ReportPreview>> {
  return getJson(`${REPORTS}/preview`, { day }, signal)
}

/** The address of the page that shows a report as mail programs do. */
export function previewHref(day: string | undefined): string {
  return buildUrl(`${REPORTS}/preview.html`, { day })
}

export function getAlerts(params: Params, signal: AbortSignal): Promise<Answer<Page<Alert>>> {
  return getJson('/api/v1/alerts', params, signal)
}

export function getNotificationSettings(signal: AbortSignal): Promise<Answer<NotificationSettings>> {
  return getJson('/api/v1/notifications/settings', {}, signal)
}

export function sendAgain(id: number): Promise<Notification> {
  return sendJson('POST', `/api/v1/notifications/${id}/send-again`)
}

export function sendReportNow(to: string, day: string): Promise<void> {
  return sendJson('POST', `${REPORTS}/send-now`, { to, day })
}
