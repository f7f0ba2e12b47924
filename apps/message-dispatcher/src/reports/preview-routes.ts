import { AppError } from '@runnel/contracts'
import { ReportPreviewSchema, type ReportFacts } from '@runnel/contracts/api/report'
import { EMAIL_PAGE_POLICY, ProblemSchema, type HttpServer } from '@runnel/http'
import { Type } from 'typebox'
import type { NotificationRouteContext } from '../notifications/notification-route-context.ts'
import { addDays, dayAt } from '../windows/local-days.ts'
import { parseDay } from './parse-day.ts'
import { readReportFacts } from './read-report-facts.ts'
import { renderReport } from './render-report.ts'

const Query = Type.Object(
  {
    day: Type.Optional(
      Type.String({ description: 'YYYY-MM-DD in REPORT_ZONE; default: yesterday. Today: so far' }),
    ),
  },
  { additionalProperties: false },
)

/** How the report of a day looks, or would look, read just now; nothing is sent. */
export function addPreviewRoutes(http: HttpServer, context: NotificationRouteContext): void {
  const { consoleUrl } = context
  const preview = async (day: string | undefined) => {
    const facts = await readFactsOf(context, day)
    return { facts, ...renderReport(facts, consoleUrl) }
  }
  http.get(
    '/api/v1/reports/preview',
    {
      config: { access: 'system:read' },
      schema: {
        tags: ['reports'],
        summary: 'Preview the report of a day: subject, text, HTML and the facts that they are made from',
        querystring: Query,
        response: { 200: ReportPreviewSchema, default: ProblemSchema },
      },
    },
    async ({ query }) => {
      const { facts, ...email } = await preview(query.day)
      return { day: facts.day, ...email, facts }
    },
  )
  http.get(
    '/api/v1/reports/preview.html',
    {
      config: { access: 'system:read' },
      schema: {
        tags: ['reports'],
        summary: 'Preview the report of a day as a page, as mail programs show it',
        querystring: Query,
        produces: ['text/html'],
      },
    },
    async ({ query }, reply) => {
      const { html } = await preview(query.day)
      return reply
        .header('content-type', 'text/html; charset=utf-8')
        .header('content-security-policy', EMAIL_PAGE_POLICY)
        .send(html)
    },
  )
}

/**
 * @param day default: yesterday, in the time zone of reports
 * @throws AppError invalid_field for a day that has not begun
 */
export async function readFactsOf(
  { runQuery, database, notifications, clock }: NotificationRouteContext,
  day: string | undefined,
): Promise<ReportFacts> {
  const { timeZone } = notifications.report
  await runQuery(async () => clock.synchronise?.())
  const nowMs = clock.nowMs()
  const today = dayAt(nowMs, timeZone)
  const chosen = day === undefined ? addDays(today, -1) : parseDay(day, 'day')
  if (chosen > today)
    throw new AppError('invalid_field', `The day ${chosen} has not begun: it is ${today} in ${timeZone}`, {
      field: 'day',
      expected: `a day up to ${today}`,
    })
  return runQuery(() => readReportFacts(database, chosen, timeZone, nowMs))
}
