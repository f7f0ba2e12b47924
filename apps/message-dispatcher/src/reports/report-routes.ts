import { AppError } from '@runnel/contracts'
import { PageSchema } from '@runnel/contracts/api/page'
import { ReportSchema, type Report, type ReportFacts } from '@runnel/contracts/api/report'
import {
  decodeCursor,
  encodeCursor,
  invalidCursor,
  ProblemSchema,
  toSizedPage,
  type HttpServer,
} from '@runnel/http'
import {
  findReport,
  listNotificationsOfDays,
  listReports,
  type StoredReport,
} from '@runnel/repositories-mailings'
import { Type } from 'typebox'
import type { NotificationRouteContext } from '../notifications/notification-route-context.ts'
import { presentNotification } from '../notifications/present-notification.ts'
import { shortPageParameters } from '../requests/page-parameters.ts'
import { addPreviewRoutes } from './preview-routes.ts'
import { isDay, parseDay } from './parse-day.ts'
import { addSendNowRoute } from './send-now-route.ts'

export function addReportRoutes(http: HttpServer, context: NotificationRouteContext): void {
  addReadRoutes(http, context)
  addPreviewRoutes(http, context)
  addSendNowRoute(http, context)
}

function addReadRoutes(http: HttpServer, { runQuery, database, pageBytes }: NotificationRouteContext): void {
  http.get(
    '/api/v1/reports',
    {
      config: { access: 'system:read' },
      schema: {
        tags: ['reports'],
        summary: 'List daily reports with the e-mails that were sent, newest first',
        querystring: Type.Object(shortPageParameters, { additionalProperties: false }),
        response: { 200: PageSchema(ReportSchema), default: ProblemSchema },
      },
    },
    async ({ query: { limit, cursor } }) => {
      const beforeDay = parseDayCursor(cursor)
      const found = await runQuery(() => listReports(database, { items: limit, bytes: pageBytes }, beforeDay))
      const days = found.items.map(({ day }) => day)
      const notified = await runQuery(() => listNotificationsOfDays(database, days))
      return toSizedPage(
        found,
        (report) => presentReport(report, notified),
        ({ day }) => encodeCursor('reports', day),
      )
    },
  )
  http.get(
    '/api/v1/reports/:day',
    {
      config: { access: 'system:read' },
      schema: {
        tags: ['reports'],
        summary: 'Read the report of one day as it was sent',
        params: Type.Object({ day: Type.String({ description: 'YYYY-MM-DD' }) }),
        response: { 200: ReportSchema, default: ProblemSchema },
      },
    },
    async ({ params }) => {
      const day = parseDay(params.day, 'day')
      const report = await runQuery(() => findReport(database, day))
      if (!report) throw new AppError('not_found', `There is no report of ${day}`)
      return presentReport(report, await runQuery(() => listNotificationsOfDays(database, [day])))
    },
  )
}

function presentReport(
  { day, skipped, facts, createdAt }: StoredReport,
  notified: Awaited<ReturnType<typeof listNotificationsOfDays>>,
): Report {
  return {
    ...{ day, skipped, createdAt: createdAt.toISOString() },
    facts: facts as ReportFacts,
    notifications: (notified.get(day) ?? []).map(presentNotification),
  }
}

/** @throws AppError invalid_cursor */
function parseDayCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined
  const { text } = decodeCursor(cursor, 'reports')
  if (!isDay(text)) throw invalidCursor()
  return text
}
