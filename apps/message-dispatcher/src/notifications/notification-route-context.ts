import { createRunQuery, type RunQuery } from '@runnel/repositories-database'
import type { Deps } from '../deps.ts'
import type { NotificationContext } from './notification-context.ts'

/** Requests about reports and alerts that may wait for the database at once. */
const MAX_QUERIES = 20

/** What the routes of reports and alerts share. */
export interface NotificationRouteContext
  extends NotificationContext, Pick<Deps, 'clock' | 'log' | 'notifications' | 'pageBytes'> {
  readonly runQuery: RunQuery
}

export function createNotificationRouteContext(
  { clock, log, notifications, pageBytes }: Deps,
  context: NotificationContext,
): NotificationRouteContext {
  return { ...context, clock, log, notifications, pageBytes, runQuery: createRunQuery(MAX_QUERIES) }
}
